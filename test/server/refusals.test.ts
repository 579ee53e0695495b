import { beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../gateway/start-gateway.ts';
import { codesOf, type Server, serve } from './serve.ts';

const SECRET = 'a-secret-of-the-router';
const UNSERVED = [
  'subscription { __typename }',
  'subscription Named { customers { nodes { id } } }',
  'subscription { ...F } fragment F on Query { __typename }',
];

describe('an operation of a kind that the schema does not have', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });

  async function ask(body: object): Promise<{ readonly status: number; readonly errors?: unknown }> {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, ...((await response.json()) as object) };
  }

  it.each(UNSERVED)("is the client's mistake, and nothing that is logged as ours: %s", async (query) => {
    const before = gateway.logged.length;
    const code = expect.stringMatching(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
    const refused = { status: 400, errors: [expect.objectContaining({ extensions: { code } })] };
    expect(await ask({ query })).toEqual(refused);
    expect(await ask({ query })).toEqual(refused);
    expect(gateway.logged.slice(before).join('')).not.toMatch(/a resolver failed|"level":50/);
  });

  it('is refused where a query stands beside it, and the query is not', async () => {
    const query = 'query Ask { __typename } subscription Listen { __typename }';
    expect(await ask({ query, operationName: 'Listen' })).toEqual({
      status: 400,
      errors: [{ message: 'the schema has no subscriptions; got one', extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect(await ask({ query, operationName: 'Ask' })).toEqual({ status: 200, data: { __typename: 'Query' } });
  });
});

it('by GET, everything but a query is refused with 405', async () => {
  const server = await serve();
  for (const query of ['subscription { __typename }', 'mutation { __typename }']) {
    const { status, headers, errors } = await server.get({ query });
    expect([status, headers.get('allow'), errors?.[0]?.extensions?.code]).toEqual([405, 'POST', 'BAD_REQUEST']);
  }
});

it('at /subgraph too, a subscription is refused as a mistake of who asks', async () => {
  const server = await serve({ SUBGRAPH_SECRET: SECRET });
  const response = await fetch(server.url.replace('/graphql', '/subgraph'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'router-authorization': SECRET },
    body: JSON.stringify({ query: 'subscription { __typename }' }),
  });
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
});

const NULLED: readonly (readonly [string, string])[] = [
  ["a field's argument", 'query ($v: ID = "Customer:billagain:302") { customer(id: $v) { id } }'],
  ["an item of an argument's list", 'query ($v: ID = "Customer:billagain:302") { nodes(ids: ["secret", $v]) { id } }'],
  [
    "a mutation's argument",
    'mutation ($v: ID = "Customer:billagain:302") { deleteCustomer(id: $v, dryRun: true) { deletedId } }',
  ],
  [
    "a member of an argument's object",
    'mutation ($v: String = "unipay") { createCustomer(input: { account: $v, email: "secret" }) { customer { id } } }',
  ],
  ['@include of a root field', 'query ($v: Boolean = true) { billingAccounts @include(if: $v) { name } }'],
  ['@skip of a nested field', 'query ($v: Boolean = true) { billingAccounts { name @skip(if: $v) } }'],
];

describe("null for a variable with a default, where null can't stand, is the client's mistake", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ server: { subgraphSecret: SECRET } });
  });

  describe.each(['graphql', 'subgraph'])('at /%s', (path) => {
    it.each(NULLED)('in %s, and nothing that is logged as ours', async (_, query) => {
      const before = gateway.logged.length;
      // A query that comes again is run by what was found out about it before.
      for (let time = 1; time <= 5; time += 1) {
        const response = await fetch(`${gateway.url}/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'router-authorization': SECRET },
          body: JSON.stringify({ query, variables: { v: null } }),
        });
        expect(await response.json()).toMatchObject({
          errors: [
            {
              message: expect.stringMatching(
                /^Argument "\w+" (of non-null type "\w+!" must not be null|has invalid value)\.$/,
              ),
              extensions: { code: 'BAD_USER_INPUT' },
            },
          ],
        });
      }
      expect(gateway.logged.slice(before).join('')).not.toMatch(/a resolver failed|"level":50|secret/);
    });
  });
});

const MISSPELT: Readonly<Record<string, { readonly query: string; readonly variables?: object }>> = {
  'a field': { query: '{ custmer(id: "x") { id } }' },
  'a field of a record': { query: '{ customer(id: "x") { emial } }' },
  'a field of an interface': { query: '{ node(id: "x") { email } }' },
  'an argument': { query: '{ customers(frist: 1) { nodes { id } } }' },
  "a directive's argument": { query: '{ __typename @skip(iff: true) }' },
  'a directive': { query: '{ __typename @skp(if: true) }' },
  'a type': { query: '{ node(id: "x") { ... on Custmer { id } } }' },
  'a fragment': { query: '{ ...Frag } fragment Frog on Query { __typename }' },
  "an input object's field": { query: '{ customers(filter: { emial: "x" }) { nodes { id } } }' },
  'an enum value': { query: 'mutation { createCustomer(input: { kind: PERSN }) { __typename } }' },
  "a variable's type": { query: 'query ($f: CustomerFiltr) { customers(filter: $f) { nodes { id } } }' },
  "a variable's field": {
    query: 'query ($f: CustomerFilter) { customers(filter: $f) { nodes { id } } }',
    variables: { f: { emial: 'x' } },
  },
  "a variable's enum value": {
    query: 'mutation ($i: CreateCustomerInput!) { createCustomer(input: $i) { __typename } }',
    variables: { i: { kind: 'PERSN', lastNme: 'x' } },
  },
  'a selection that is left out': { query: '{ customer(id: "x") { address } }' },
  'a word in the wrong quotes': { query: 'mutation { createCustomer(input: { kind: "PERSON" }) { __typename } }' },
};

describe('without introspection, an error suggests no name', () => {
  let closed: Server;
  let open: Server;
  beforeAll(async () => {
    closed = await serve({ INTROSPECTION: 'off', SUBGRAPH_SECRET: SECRET });
    open = await serve({ INTROSPECTION: 'on' });
  });

  it.each(Object.keys(MISSPELT))('for %s', async (name) => {
    const { errors } = await closed.post(MISSPELT[name]);
    expect(errors).not.toHaveLength(0);
    expect(JSON.stringify(errors)).not.toMatch(/did you mean/i);
    // By GET as well, where there is such a thing.
    const byGet = await closed.get({ query: MISSPELT[name]?.query ?? '' });
    expect(JSON.stringify(byGet.errors ?? [])).not.toMatch(/did you mean/i);
  });

  it('and with it, it helps', async () => {
    expect((await open.post(MISSPELT['a field'])).errors?.[0]?.message).toContain('Did you mean "customer"');
    expect((await open.post(MISSPELT["a variable's field"])).errors?.[0]?.message).toContain('Did you mean');
  });
});

describe('mistakes beyond counting are told as a few and the remark that there are more', () => {
  let server: Server;
  beforeAll(async () => {
    server = await serve();
  });
  const times = (count: number, of: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => of(i)).join(' ');

  it.each<[string, string]>([
    ['101 unknown fields', `{ ${times(101, (index) => `unknown${index}`)} }`],
    ['a known directive a thousand times', `{ __typename ${times(1000, () => '@skip(if: false)')} }`],
    ['an unknown directive a thousand times', `{ __typename ${times(1000, () => '@unknown')} }`],
    ['a directive a thousand times on a fragment', `{ ... ${times(1000, () => '@include(if: true)')} { __typename } }`],
    ['an unknown argument a thousand times', `{ customers(${times(1000, (i) => `a${i}: 1`)}) { nodes { id } } }`],
    [
      'an alias of different fields a thousand times',
      `{ ${times(500, () => 'a: __typename a: billingAccounts { name }')} }`,
    ],
    ['variables of unknown types', `query (${times(1000, (i) => `$v${i}: T${i}`)}) { __typename }`],
  ])('%s', async (_, query) => {
    const { errors = [], data } = await server.post({ query });
    expect(data).toBeUndefined();
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThanOrEqual(9);
    expect(JSON.stringify(errors).length).toBeLessThan(5000);
  });

  it('a thousand mistakes in one variable', async () => {
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const answer = await server.post({ query, variables: { ids: Array.from({ length: 1000 }, () => ({})) } });
    expect(answer.errors).toHaveLength(9);
    expect(new Set(codesOf(answer))).toEqual(new Set(['BAD_USER_INPUT']));
    expect(answer.errors?.at(-1)?.message).toMatch(/^Too many errors/);
  });

  it('a thousand aliases, whatever they stand for and wherever', async () => {
    for (const query of [
      `{ ${times(1000, (index) => `a${index}: __typename`)} }`,
      `{ ${times(1000, () => 'a: __typename')} }`,
      `{ ...F } fragment F on Query { ${times(1000, (index) => `a${index}: customer(id: "Customer:billagain:302") { id }`)} }`,
    ]) {
      expect(codesOf(await server.post({ query }))).toEqual(['OPERATION_TOO_COMPLEX']);
    }
    const some = await server.post({ query: `{ ${times(300, (index) => `a${index}: __typename`)} }` });
    expect(some.errors).toBeUndefined();
  });
});
