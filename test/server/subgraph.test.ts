import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningSubgraph, startSubgraph } from './start-subgraph.ts';

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Customer { id displayName }
    ... on BillingSubscription { id status }
  }
}`;

interface Reference {
  readonly __typename: string;
  readonly [key: string]: unknown;
}

const customer = (id: string): Reference => ({ __typename: 'Customer', id });
const customerByNumber = (account: string, vendorId: unknown): Reference => ({
  __typename: 'Customer',
  account,
  vendorId,
});

describe('the subgraph', () => {
  let subgraph: RunningSubgraph;

  beforeAll(async () => {
    subgraph = await startSubgraph();
  });

  it('answers _service with the schema that composition reads', async () => {
    const { body } = await subgraph.askAsRouter('{ _service { sdl } }');
    const printed = readFileSync(new URL('../../schema/subgraph.graphql', import.meta.url), 'utf8');
    const { sdl } = (body.data as unknown as Record<'_service', { sdl: string }>)._service;
    expect(sdl.trim() === printed.trim() ? 'current' : 'schema/subgraph.graphql is stale: run `npm run print`').toBe(
      'current',
    );
  });

  it.each([
    ['no secret', {}],
    ['another secret', { 'router-authorization': 'the-router-and-billgraph-know-iT' }],
    ['an empty secret', { 'router-authorization': '' }],
  ])('answers 401 to %s', async (_case, headers) => {
    const response = await fetch(`${subgraph.url}/subgraph`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it.each(['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }'])(
    'has no %s at /graphql, whoever asks',
    async (query) => {
      const { body } = await subgraph.ask(query, {}, { 'router-authorization': 'the-router-and-billgraph-know-it' });
      expect(body.errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
    },
  );

  it('traces for the router, and for nobody at /graphql', async () => {
    const asking = { 'apollo-federation-include-trace': 'ftv1' };
    const query = '{ billingAccounts { name } }';
    expect((await subgraph.askAsRouter(query, {}, asking)).body.extensions).toEqual({ ftv1: expect.any(String) });
    expect((await subgraph.askAsRouter(query)).body.extensions).toBeUndefined();
    expect((await subgraph.ask(query, {}, asking)).body.extensions).toBeUndefined();
  });

  it('is not there without a secret to know the router by', async () => {
    const { url } = await startSubgraph({ SUBGRAPH_SECRET: '' });
    expect((await fetch(`${url}/subgraph`, { method: 'POST' })).status).toBe(404);
  });
});

describe('_entities', () => {
  let subgraph: RunningSubgraph;
  let billagainNumbers: readonly string[];
  let unipayNumbers: readonly string[];
  let subscriptionIds: readonly string[];

  beforeAll(async () => {
    subgraph = await startSubgraph({ VENDOR_CONCURRENCY: '7', CACHE_TTL_SECONDS: '0' });
    const { body } = await subgraph.ask(`{
      billagain: customers(first: 40, accounts: ["billagain"]) { nodes { vendorId } }
      unipay: customers(first: 40, accounts: ["unipay"]) { nodes { vendorId subscriptions(first: 1) { nodes { id } } } }
    }`);
    interface Row {
      readonly vendorId: string;
      readonly subscriptions: { readonly nodes: readonly { readonly id: string }[] };
    }
    const rows = (name: string) => (body.data as unknown as Record<string, { nodes: Row[] }>)[name]?.nodes ?? [];
    billagainNumbers = rows('billagain').map(({ vendorId }) => vendorId);
    unipayNumbers = rows('unipay').map(({ vendorId }) => vendorId);
    subscriptionIds = rows('unipay').flatMap(({ subscriptions }) => subscriptions.nodes.map(({ id }) => id));
    subgraph.billagain.calls.clear();
    subgraph.unipay.calls.clear();
  });

  it('resolves 100 mixed references in their order, each error in its own place, with few calls', async () => {
    /** What is asked, and the id that must come back: null for what there is none of, undefined for an error. */
    const asked: (readonly [Reference, string | null | undefined])[] = [];
    for (let index = 0; index < 35; index++) {
      const [first, second] = [billagainNumbers[index] ?? '', unipayNumbers[index] ?? ''];
      asked.push(
        index % 2
          ? [customerByNumber('billagain', first), `Customer:billagain:${first}`]
          : [customer(`Customer:billagain:${first}`), `Customer:billagain:${first}`],
        index % 2
          ? [customer(`Customer:unipay:${second}`), `Customer:unipay:${second}`]
          : [customerByNumber('unipay', second), `Customer:unipay:${second}`],
      );
    }
    const malformed: Reference[] = [
      customer('302'),
      customer('Customer:nowhere:302'),
      customerByNumber('nowhere', '302'),
      customerByNumber('billagain', '03O2'),
      customerByNumber('billagain', null),
      customerByNumber('unipay', { nested: true }),
      { __typename: 'Customer' },
      { __typename: 'Customer', id: 302 },
      { __typename: 'Customer', id: null },
      { __typename: 'BillingSubscription' },
      { __typename: 'BillingSubscription', id: 'Customer:billagain:302' },
      { __typename: 'Invoice', id: '1' },
      { __typename: 'Money', amount: '1' },
    ];
    asked.push(...malformed.map((reference) => [reference, undefined] as const));
    for (const id of subscriptionIds.slice(0, 10)) asked.push([{ __typename: 'BillingSubscription', id }, id]);
    asked.push(
      [customer('Customer:billagain:999999999'), null],
      [customerByNumber('unipay', '999999999'), null],
      // An ID may be written as a number.
      [customerByNumber('billagain', Number(billagainNumbers[0])), `Customer:billagain:${billagainNumbers[0]}`],
    );
    while (asked.length < 100)
      asked.push([
        customer(`Customer:billagain:${billagainNumbers[asked.length % 40]}`),
        `Customer:billagain:${billagainNumbers[asked.length % 40]}`,
      ]);
    // As a router sends them: whatever comes first.
    asked.sort(([left], [right]) => JSON.stringify(left).length - JSON.stringify(right).length);

    // So that calls which may go side by side do.
    subgraph.unipay.dials.set({ latencyMs: 20 });
    const { body } = await subgraph.askAsRouter(ENTITIES, { representations: asked.map(([reference]) => reference) });

    const entities = body.data?._entities as unknown as ({ readonly id: string } | null)[];
    expect(entities.map((entity) => entity?.id ?? null)).toEqual(asked.map(([, id]) => id ?? null));
    const places = asked.flatMap(([, id], index) => (id === undefined ? [index] : []));
    expect(body.errors?.map(({ path }) => path?.[1]).sort(byNumber)).toEqual(places);
    expect(new Set(body.errors?.map(({ extensions }) => extensions?.code))).toEqual(new Set(['BAD_USER_INPUT']));

    expect(asked).toHaveLength(100);
    expect(subgraph.billagain.calls.count('POST', /by_customer_ids/)).toBe(1);
    expect(subgraph.billagain.calls.count()).toBe(1);
    expect(subgraph.unipay.calls.count()).toBe(35 + 10 + 1);
    expect(subgraph.unipay.calls.maxConcurrent).toBeLessThanOrEqual(7);
    expect(subgraph.unipay.calls.maxConcurrent).toBeGreaterThan(1);
  });

  it('keeps each error in its own place when the router asks so often that the query is compiled', async () => {
    const [number = ''] = unipayNumbers;
    const representations = [
      customer(`Customer:unipay:${number}`),
      customer('302'),
      { __typename: 'Invoice', id: '1' },
      customer('Customer:billagain:999999999'),
      customerByNumber('nowhere', '302'),
    ];
    for (let hit = 1; hit <= 5; hit++) {
      const { body } = await subgraph.askAsRouter(ENTITIES, { representations });
      expect(body.data?._entities).toEqual([
        expect.objectContaining({ id: `Customer:unipay:${number}` }),
        ...[null, null, null, null],
      ]);
      expect(body.errors?.map(({ path }) => path?.[1]).sort(byNumber)).toEqual([1, 2, 4]);
    }
  });

  it('names each record that a router keeps by the tag that drops it', async () => {
    const [number = ''] = billagainNumbers;
    const [subscriptionId = ''] = subscriptionIds;
    const [, account, owner] = subscriptionId.split(':');
    const { body } = await subgraph.askAsRouter(ENTITIES, {
      representations: [
        customer(`Customer:billagain:${number}`),
        customerByNumber('billagain', number),
        { __typename: 'BillingSubscription', id: subscriptionId },
      ],
    });
    expect(body.extensions).toEqual({
      apolloEntityCacheTags: [
        [`billgraph-Customer:billagain:${number}`],
        [`billgraph-Customer:billagain:${number}`],
        [`billgraph-${subscriptionId}`, `billgraph-Customer:${account}:${owner}`],
      ],
    });
  });

  it('names all records of an answer that a router keeps, whatever field they came by', async () => {
    const [subscriptionId = ''] = subscriptionIds;
    const tagsOf = async (query: string) => (await subgraph.askAsRouter(query)).body.extensions?.apolloCacheTags;
    expect(await tagsOf('{ customer(id: "Customer:billagain:302") { displayName } }')).toEqual([
      'billgraph-Customer:billagain:302',
    ]);
    expect(
      await tagsOf(`{ node(id: "${subscriptionId}") { ... on BillingSubscription { customer { status } } } }`),
    ).toEqual([`billgraph-${subscriptionId}`, `billgraph-Customer:unipay:${subscriptionId.split(':')[2]}`]);
    expect(await tagsOf('{ customers(first: 2, accounts: ["billagain"]) { nodes { id } } }')).toEqual([
      `billgraph-Customer:billagain:${billagainNumbers[0]}`,
      `billgraph-Customer:billagain:${billagainNumbers[1]}`,
      'billgraph-lists',
    ]);
    expect(await tagsOf('{ billingAccounts { name } }')).toBeUndefined();
    expect(
      await tagsOf('mutation { archiveCustomer(id: "Customer:billagain:302", dryRun: true) { customer { id } } }'),
    ).toBeUndefined();
  });

  it('tells clients of no tags', async () => {
    const { body } = await subgraph.ask('{ customer(id: "Customer:billagain:302") { displayName } }');
    expect(body.extensions).toBeUndefined();
  });
});

function byNumber(left: unknown, right: unknown): number {
  return Number(left) - Number(right);
}

describe('_entities of two vendors of which one is silent', () => {
  it('are those of the other, with the lists that belong to them, in time', async () => {
    const subgraph = await startSubgraph({ REQUEST_TIMEOUT_MS: '2000', CACHE_TTL_SECONDS: '0' });
    subgraph.billagain.dials.set({ latencyMs: 60_000 });
    const representations = ['billagain:302', 'unipay:1', 'billagain:300', 'unipay:2'].map((one) =>
      customer(`Customer:${one}`),
    );
    const startedMs = performance.now();
    const { body } = await subgraph.askAsRouter(
      `query ($representations: [_Any!]!) {
        _entities(representations: $representations) { ... on Customer { id subscriptions { nodes { id } } } }
      }`,
      { representations },
    );
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    const entities = body.data?._entities as unknown as ({ id: string; subscriptions: { nodes: unknown[] } } | null)[];
    expect(entities.map((entity) => entity?.id ?? null)).toEqual([
      null,
      'Customer:unipay:1',
      null,
      'Customer:unipay:2',
    ]);
    expect(entities[1]?.subscriptions.nodes.length).toBeGreaterThan(0);
    expect(body.errors?.map(({ path }) => path?.join('.')).sort()).toEqual(['_entities.0', '_entities.2']);
  });
});
