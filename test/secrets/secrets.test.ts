import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { Redis } from 'ioredis';
import type { CreateCustomerInput } from '../../src/model/customer-input.ts';
import { createSchema } from '../../src/resolvers/schema.ts';
import type { Dial } from '../../src/simulators/dials.ts';
import type { VendorAccount } from '../../src/vendors/vendor.ts';
import { type SharedRedis, startOwnRedis } from '../redis-server.ts';
import { connect, patience } from '../vendors/connected.ts';
import { type LocalGateway, startLocalGateway, startVendors, type Vendors } from '../writes/start-gateways.ts';

/** The card schemes' test numbers. The one goes everywhere, the other into the only field that takes one. */
const CARD = '4000056655665556';
const OWN_CARD = '5200828282828210';
const PASSWORD = 'Pa$$w0rd-of-a-contact';
const KEY = 'billagain-api-key-7b1f';
const UNIPAY_PASSWORD = 'unipay-password-93ac';

const basic = (username: string, password: string) => Buffer.from(`${username}:${password}`).toString('base64');

/** What must be seen nowhere, however its digits are grouped or its characters escaped. */
const SECRETS: Readonly<Record<string, RegExp>> = {
  'card number': /4000\D{0,3}0566\D{0,3}5566|0566\D{0,3}5566\D{0,3}5556/,
  'card number of its own field': /5200\D{0,3}8282\D{0,3}8282|8282\D{0,3}8282\D{0,3}8210/,
  password: /w0rd-of-a-contact/,
  'payment token': /f8f3b996-6fa6-4140-af73-df688af6365a|00000000-0000-4000-a000-/,
  'BillAgain credential': new RegExp(`${KEY}|${basic('1001', KEY)}`),
  'UniPay credential': new RegExp(`${UNIPAY_PASSWORD}|${basic('api-billgraph', UNIPAY_PASSWORD)}`),
};

function secretsIn(text: string): string[] {
  return Object.entries(SECRETS).flatMap(([name, pattern]) => (pattern.test(text) ? [name] : []));
}

let redis: SharedRedis;
let vendors: Vendors;
let schema: GraphQLSchema;
/** One that carries raw card data, and one that doesn't. */
let open: LocalGateway;
let shut: LocalGateway;
/** Every answer, as it came. */
let said: string[] = [];

beforeAll(async () => {
  redis = await startOwnRedis();
  vendors = await startVendors({
    billagain: { customers: 200, apiKey: KEY },
    unipay: { customers: 200, password: UNIPAY_PASSWORD },
  });
  const settings = { REDIS_URL: redis.url, LOG_LEVEL: 'trace' };
  open = await startLocalGateway(vendors, { ...settings, ALLOW_RAW_CARD_DATA: 'true' });
  shut = await startLocalGateway(vendors, settings);
  schema = await createSchema();
});
beforeEach(() => {
  said = [];
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
});
/** After each test, whatever it did: nothing that was said, logged, measured or stored holds any of it. */
afterEach(async () => {
  const metrics = await Promise.all([open, shut].map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
  expect(secretsIn(said.join('\n'))).toEqual([]);
  expect(secretsIn(JSON.stringify([...open.lines, ...shut.lines]))).toEqual([]);
  expect(secretsIn(metrics.join('\n'))).toEqual([]);
  expect(secretsIn(await readRedis())).toEqual([]);
});
afterAll(async () => {
  await Promise.all([open.stop(), shut.stop()]);
  await vendors.close();
  await redis.stop();
});

/** Every key and every value. */
async function readRedis(): Promise<string> {
  const client = new Redis(redis.url);
  const found: unknown[] = [];
  for (const key of await client.keys('*')) {
    const type = await client.type(key);
    const read = { string: 'get', hash: 'hgetall', set: 'smembers' }[type];
    if (read === undefined) throw new Error(`${key} is a ${type}, which this test can't read`);
    found.push(key, await client.call(read, key));
  }
  client.disconnect();
  return JSON.stringify(found);
}

interface Answer {
  readonly data?: Record<
    string,
    { readonly userErrors?: readonly { code: string; field: string[] | null }[] } | null
  > | null;
  readonly errors?: readonly { readonly message: string }[];
}

async function ask(gateway: LocalGateway, query: string, variables: object = {}): Promise<Answer> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  said.push(text);
  return JSON.parse(text) as Answer;
}

const calls = () => vendors.billagain.calls.count() + vendors.unipay.calls.count();

/** Everything that a type can be asked for without more arguments, but for what leads to other records. */
function selectAll(type: GraphQLOutputType, depth = 4): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const fields = Object.values(named.getFields()).flatMap(({ name, args, type: itsType }) => {
    if (args.some((arg) => isNonNullType(arg.type)) || ['subscriptions', 'source'].includes(name)) return [];
    if (isLeafType(getNamedType(itsType))) return [name];
    if (depth === 0 || (name === 'customer' && named.name === 'BillingSubscription')) return [];
    return [`${name} ${selectAll(itsType, depth - 1)}`];
  });
  return `{ ${fields.join(' ')} }`;
}

// ── What goes in: every field of every input

interface Leaf {
  readonly path: readonly string[];
  readonly type: string;
}

function leavesOf(type: GraphQLInputType, path: readonly string[] = []): Leaf[] {
  if (isNonNullType(type)) return leavesOf(type.ofType, path);
  if (isListType(type)) return leavesOf(type.ofType, [...path, '0']);
  if (!isInputObjectType(type)) return [{ path, type: type.name }];
  return Object.values(type.getFields()).flatMap((field) => leavesOf(field.type, [...path, field.name]));
}

const PLAIN: Readonly<Record<string, unknown>> = {
  ...{ String: 'x', ID: '1', Int: 1, Boolean: true, Date: '2030-01-01', Decimal: '1' },
  ...{ expiryMonth: 1, expiryYear: 2090, number: OWN_CARD },
};

/** A value of the type with `value` at the path, and beside it only what must be there. */
function inputWith(type: GraphQLInputType, path: readonly string[], value: unknown, name = ''): unknown {
  if (isNonNullType(type)) return inputWith(type.ofType, path, value, name);
  const [first, ...rest] = path;
  if (isListType(type)) return first === undefined ? [] : [inputWith(type.ofType, rest, value, name)];
  if (!isInputObjectType(type)) return path.length === 0 && value !== PLAIN ? value : (PLAIN[name] ?? PLAIN[type.name]);
  const members = Object.values(type.getFields()).flatMap((field): [string, unknown][] => {
    if (field.name === first) return [[field.name, inputWith(field.type, rest, value, field.name)]];
    return isNonNullType(field.type) ? [[field.name, inputWith(field.type, [], PLAIN, field.name)]] : [];
  });
  return Object.fromEntries(members);
}

function setAt(input: unknown, path: readonly string[], value: unknown): void {
  const parent = path.slice(0, -1).reduce((part, name) => (part as Record<string, unknown>)[name], input);
  const last = path.at(-1) as string;
  const members = parent as Record<string, unknown>;
  // What the leaf itself was set to stays.
  if (members[last] === 'x' || members[last] === '1' || members[last] === undefined) members[last] = value;
}

/** What makes the rest of an input one that the account would carry out. */
const VALID: Readonly<Record<string, readonly [account: string, values: object][]>> = {
  createCustomer: [
    ['billagain', { currencyCode: 'ZAR', taxExempt: true }],
    ['unipay', { merchantAccountId: '2001', firstName: 'Ann' }],
  ],
  createSubscription: [
    ['billagain', { customerId: 'Customer:billagain:302', planId: '305' }],
    ['unipay', { customerId: 'Customer:unipay:1', planId: '11', paymentMethodId: '7' }],
  ],
};
const IDS: Readonly<Record<string, readonly string[]>> = {
  Customer: ['Customer:billagain:302', 'Customer:unipay:1'],
  Subscription: ['BillingSubscription:billagain:302:4832', 'BillingSubscription:unipay:1:16'],
};

interface Push {
  readonly name: string;
  readonly leaf: Leaf;
  readonly variables: Record<string, unknown>;
}

/** Each mutation with the value in one field at a time, at each vendor. */
function pushesOf(mutation: ReturnType<GraphQLObjectType['getFields']>[string], value: string): Push[] {
  const { name, args } = mutation;
  const bases =
    VALID[name] ??
    (IDS[name.includes('Subscription') ? 'Subscription' : 'Customer'] ?? []).map((id) => ['', { id }] as const);
  return args.flatMap((arg) =>
    leavesOf(arg.type, [arg.name]).flatMap((leaf) =>
      bases.map(([account, values]): Push => {
        const variables: Record<string, unknown> = {};
        for (const each of args) {
          const isIt = each === arg;
          if (!isIt && !isNonNullType(each.type)) continue;
          variables[each.name] = inputWith(each.type, isIt ? leaf.path.slice(1) : [], isIt ? value : PLAIN, each.name);
        }
        const all = account === '' ? values : { account, ...values };
        for (const [field, given] of Object.entries(all)) {
          const path = 'input' in variables ? ['input', field] : [field];
          if (path.join('.') !== leaf.path.join('.')) setAt(variables, path, given);
        }
        return {
          name: `${name} ${leaf.path.join('.')} ${account || String((values as { id?: string }).id)}`,
          leaf,
          variables,
        };
      }),
    ),
  );
}

function documentOf(mutation: ReturnType<GraphQLObjectType['getFields']>[string]): string {
  const declared = mutation.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = mutation.args.map(({ name }) => `${name}: $${name}`).join(', ');
  return `mutation (${declared}) { ${mutation.name}(${passed}) ${selectAll(mutation.type)} }`;
}

const mutations = () => Object.values(schema.getMutationType()?.getFields() ?? {});
const OWN_FIELD = 'input.billAgain.paymentMethod.creditCard.number';
const PASSWORD_FIELD = 'input.billAgain.contact.password';

describe('a card number', () => {
  it.each(['shut', 'open'] as const)('in any field of any input is refused before any call: %s', async (which) => {
    const gateway = { shut, open }[which];
    let texts = 0;
    for (const mutation of mutations()) {
      const document = documentOf(mutation);
      for (const written of [CARD, '4000 0566 5566 5556']) {
        for (const { name, leaf, variables } of pushesOf(mutation, written)) {
          if (which === 'open' && leaf.path.join('.') === OWN_FIELD) continue;
          const before = calls();
          const { data, errors } = await ask(gateway, document, variables);
          const path = leaf.path.slice(leaf.path[0] === 'input' ? 1 : 0).join('.');
          const userErrors = data?.[mutation.name]?.userErrors ?? [];
          const isRefused = userErrors.some(
            ({ code, field }) => code === 'RAW_CARD_DATA_REFUSED' && field?.join('.') === path,
          );
          // An id or an account that isn't one, or a value that isn't of its type, doesn't come as far; nor what the account can't do at all.
          const isNone =
            errors !== undefined ||
            userErrors.some(({ code, field }) => code === 'UNSUPPORTED_BY_VENDOR' && field === null) ||
            (userErrors.length > 0 && ['account', 'customerId'].includes(path));
          expect({ name, calls: calls() - before, isRefused: isRefused || isNone }).toEqual({
            name,
            calls: 0,
            isRefused: true,
          });
          if (isRefused) texts += 1;
        }
      }
    }
    expect(texts).toBeGreaterThan(200);
  });

  it('beside other faults is told with them', async () => {
    const input = { account: 'billagain', taxExempt: true, currencyCode: 'rand', email: CARD, merchantAccountId: '1' };
    const { data } = await ask(
      shut,
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { userErrors { code field } } }',
      { input },
    );
    expect(data?.createCustomer?.userErrors).toEqual([
      { code: 'RAW_CARD_DATA_REFUSED', field: ['email'] },
      { code: 'INVALID', field: ['currencyCode'] },
      { code: 'UNSUPPORTED_BY_VENDOR', field: ['merchantAccountId'] },
    ]);
  });

  it('in an id, a filter, a cursor or a name of an account is refused, and in none of their messages', async () => {
    const before = calls();
    const filter = schema.getType('CustomerFilter');
    const fields = isInputObjectType(filter) ? Object.keys(filter.getFields()) : [];
    expect(fields.length).toBeGreaterThan(10);
    const filters = fields.map((name) => `customers(filter: { ${name}: "${CARD}" }) { nodes { id } }`);
    const queries = [
      ...filters,
      ...['billagain', 'unipay'].map((name) => `customer(id: "Customer:${name}:${CARD}") { id }`),
      ...['billagain', 'unipay'].map((name) => `node(id: "BillingSubscription:${name}:${CARD}:1") { id }`),
      ...['billagain', 'unipay'].map((name) => `subscription(id: "BillingSubscription:${name}:1:${CARD}") { id }`),
      `nodes(ids: ["Customer:unipay:${CARD}", "${CARD}"]) { id }`,
      `customer(id: "${'x'.repeat(70)} ${CARD}") { id }`,
      `customers(after: "${CARD}") { nodes { id } }`,
      `customers(accounts: ["${CARD}"]) { nodes { id } }`,
      `customers(first: ${CARD}) { nodes { id } }`,
    ];
    for (const query of queries) {
      const { errors } = await ask(shut, `{ ${query} }`);
      expect({ query, isRefused: (errors?.length ?? 0) > 0 }).toEqual({ query, isRefused: true });
    }
    expect(calls()).toBe(before);
  });

  it('in its own field is refused where the gateway is not set up for it, and never goes to UniPay', async () => {
    const creditCard = { number: OWN_CARD, expiryMonth: 1, expiryYear: 2090 };
    const billAgain = { paymentMethod: { creditCard } };
    const document =
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { userErrors { code } } }';
    const before = calls();
    const atBillAgain = { account: 'billagain', currencyCode: 'ZAR', taxExempt: true, billAgain };
    const atUnipay = { account: 'unipay', merchantAccountId: '2001', firstName: 'Ann', billAgain };
    for (const input of [atBillAgain, atUnipay]) {
      const { data } = await ask(shut, document, { input });
      expect(data?.createCustomer?.userErrors).toContainEqual({ code: 'RAW_CARD_DATA_REFUSED' });
    }
    const { data } = await ask(open, document, { input: atUnipay });
    expect(data?.createCustomer?.userErrors).toEqual([{ code: 'UNSUPPORTED_BY_VENDOR' }]);
    expect(calls()).toBe(before);
    expect(secretsIn(JSON.stringify(vendors.unipay.calls.calls))).toEqual([]);
  });

  it('in its own field has a check digit and is not over, else nothing is asked', async () => {
    const document =
      'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { userErrors { code field } } }';
    const before = calls();
    for (const [change, field] of [
      [{ number: '5200828282828211' }, 'number'],
      [{ number: '5200 8282 8282 8210' }, 'number'],
      [{ number: '52008282' }, 'number'],
      [{ expiryMonth: 13 }, 'expiryMonth'],
      [{ expiryMonth: 0 }, 'expiryMonth'],
      [{ expiryYear: 30 }, 'expiryYear'],
      [{ expiryYear: 2020 }, 'expiryYear'],
    ] as const) {
      const creditCard = { number: OWN_CARD, expiryMonth: 1, expiryYear: 2090, ...change };
      const input = {
        account: 'billagain',
        currencyCode: 'ZAR',
        taxExempt: true,
        billAgain: { paymentMethod: { creditCard } },
      };
      const { data } = await ask(open, document, { input });
      const path = ['billAgain', 'paymentMethod', 'creditCard', field];
      expect(data?.createCustomer?.userErrors).toEqual([{ code: 'INVALID', field: path }]);
    }
    expect(calls()).toBe(before);
  });
});

describe('a card number and a password', () => {
  const createCustomer = () => mutations().find(({ name }) => name === 'createCustomer');
  const billAgain = {
    contact: { firstName: 'Joe', password: PASSWORD },
    paymentMethod: { creditCard: { number: OWN_CARD, expiryMonth: 1, expiryYear: 2090, brand: 'VISA' } },
  };
  const input = { account: 'billagain', currencyCode: 'ZAR', taxExempt: true, displayName: 'Joe Soap', billAgain };

  async function create(variables: object): Promise<Answer> {
    const mutation = createCustomer();
    if (mutation === undefined) throw new Error('the schema has createCustomer');
    return ask(open, documentOf(mutation), variables);
  }

  it('in their own fields go to BillAgain, and of the card the last four digits come back', async () => {
    const { data } = await create({ input, idempotencyKey: 'one' });
    expect(data?.createCustomer).toMatchObject({
      userErrors: [],
      customer: { billAgain: { card: { lastFourDigits: '8210' } } },
    });
    const sent = vendors.billagain.calls.calls.findLast(({ method }) => method === 'POST')?.body;
    expect(sent).toContain(`"Number":${OWN_CARD}`);
    expect(sent).toContain(`"Password":"${PASSWORD}"`);
    expect((await create({ input, idempotencyKey: 'one' })).data?.createCustomer).toMatchObject({ replayed: true });
  });

  it('are masked in a dry run', async () => {
    const { data } = await create({ input, dryRun: true });
    expect(data?.createCustomer).toMatchObject({ dryRun: { body: expect.stringContaining('************8210') } });
  });

  it.each<[string, Dial]>([
    ['drops the connection', { drop: 'after' }],
    ['never got it', { drop: 'before' }],
    ['stops in the middle of its answer', { truncateBytes: 200 }],
    [
      'refuses it, quoting it',
      { status: 400, body: JSON.stringify({ Errors: [{ Message: `${OWN_CARD} ${PASSWORD}` }] }) },
    ],
    ['fails, quoting it', { status: 500, body: `<h1>${OWN_CARD} ${PASSWORD}</h1>`, contentType: 'text/html' }],
    ['answers in another format', { status: 201, body: `${OWN_CARD} ${PASSWORD}` }],
    ['answers with a list', { status: 201, body: JSON.stringify([OWN_CARD, PASSWORD]) }],
    ['answers another record', { status: 201, body: JSON.stringify({ customerID: PASSWORD, Balance: OWN_CARD }) }],
    ['wants no credentials', { status: 401, body: JSON.stringify({ Errors: [{ Message: `${KEY} ${PASSWORD}` }] }) }],
    ['has too much to do', { retryAfterSeconds: 1, body: `${OWN_CARD} ${PASSWORD}` }],
  ])('are told to nobody when the vendor %s', async (name, dial) => {
    vendors.billagain.dials.set({ method: 'POST', path: /^\/customers$/, times: 1, ...dial });
    const before = vendors.billagain.calls.count('POST');
    const { data, errors } = await create({ input, idempotencyKey: name.replaceAll(' ', '-') });
    expect(vendors.billagain.calls.count('POST')).toBe(before + 1);
    expect((data?.createCustomer?.userErrors?.length ?? 0) + (errors?.length ?? 0)).toBeGreaterThan(0);
  });

  it('given as something that is no text are not quoted', async () => {
    const wrongs = [
      { ...billAgain, contact: { password: [PASSWORD, { of: PASSWORD }] } },
      { ...billAgain, contact: { password: PASSWORD, unknown: 1 } },
      { contact: PASSWORD },
      { paymentMethod: { creditCard: { number: Number(OWN_CARD), expiryMonth: 1, expiryYear: 2090 } } },
      { paymentMethod: { creditCard: { number: OWN_CARD, expiryMonth: 'x' } } },
    ];
    for (const wrong of wrongs) {
      const { errors } = await create({ input: { ...input, billAgain: wrong } });
      expect(errors?.length).toBeGreaterThan(0);
    }
  });
});

it('a password in its own field is refused with nothing of it where it is malformed', async () => {
  const document =
    'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { userErrors { code field message } dryRun { body } } }';
  const contact = { password: `${PASSWORD}\u0000` };
  const input = { account: 'billagain', currencyCode: 'ZAR', taxExempt: true, billAgain: { contact } };
  for (const dryRun of [false, true]) {
    const { data } = await ask(shut, document.replace('(input: $input)', `(input: $input, dryRun: ${dryRun})`), {
      input,
    });
    const path = PASSWORD_FIELD.split('.').slice(1);
    expect(data?.createCustomer?.userErrors).toMatchObject([{ code: 'INVALID', field: path }]);
  }
});

// ── What comes back: every field of every vendor record

/** Names of other records' numbers and of amounts, which are nobody's card, however many digits they have. */
const NUMBERS =
  /^(customerID|subscriptionID|countryID|countryStateID|PrimaryGatewayID|paymentMethodID|package\w*ID|component(Version)?ID|id|accountId|planId|Balance|balance|amount|taxAmount)$/;

/** Paths of a record's fields, those within it too. */
function pathsOf(record: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(record)) return record.slice(0, 1).flatMap((item) => pathsOf(item, [...path, 0]));
  if (typeof record !== 'object' || record === null) return [[...path]];
  return Object.entries(record).flatMap(([name, value]) => pathsOf(value, [...path, name]));
}

function replaced(record: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (Array.isArray(record)) return record.map((item, index) => (index === first ? replaced(item, rest, value) : item));
  return { ...(record as object), [first]: replaced((record as Record<string, unknown>)[first], rest, value) };
}

const VALUES: unknown[] = [CARD, '4000-0566-5566-5556', `pays with ${CARD} 12/27`, Number(CARD)];

describe('a card number in any field of what a vendor answers', () => {
  /** Asks for a record of its own each time, so that none comes from the cache. */
  async function pushBack(
    at: 'billagain' | 'unipay',
    record: object,
    ask1: (id: number) => { readonly path: RegExp; readonly query: string; readonly wrap?: (row: unknown) => unknown },
    ids: number[],
  ): Promise<void> {
    for (const path of pathsOf(record)) {
      if (NUMBERS.test(String(path.at(-1)))) continue;
      for (const value of VALUES) {
        const id = ids.shift();
        if (id === undefined) throw new Error('more customers are needed');
        const { path: asked, query, wrap = (row) => row } = ask1(id);
        const row = replaced(wrapId(record, id), path, value);
        vendors[at].dials.set({ path: asked, body: JSON.stringify(wrap(row)) });
        const { data, errors } = await ask(shut, query);
        expect(data !== undefined || errors !== undefined).toBe(true);
      }
    }
  }

  function wrapId(record: object, id: number): object {
    const name = ['customerID', 'subscriptionID', 'id'].find((one) => one in record) ?? 'id';
    return { ...record, [name]: id };
  }

  const idsFrom = (first: number) => Array.from({ length: 400 }, (_, index) => first + index);
  const customerFields = () => selectAll(schema.getType('Customer') as GraphQLObjectType);
  const subscriptionFields = () => selectAll(schema.getType('BillingSubscription') as GraphQLObjectType);

  it("is cut in BillAgain's customers, their custom fields and what no line reads", async () => {
    const row = vendors.billagain.customer(302);
    const record = {
      ...row,
      CustomFields: [{ Key: 'k', Value: 'v' }],
      Contact: { Name: 'Joe', Password: 'x' },
      PrimaryPaymentMethod: { CreditCard: { CardType: 'VISA', LastFourDigits: '4242', ExpiryMonth: 1 } },
      Unheard: 'of',
    };
    const query = (id: number) => `{ customer(id: "Customer:billagain:${id}") ${customerFields()} }`;
    await pushBack('billagain', record, (id) => ({ path: /^\/customers\//, query: query(id) }), idsFrom(200_000));
    expect(said.join()).toContain('************5556');
  });

  it("is cut in BillAgain's subscriptions", async () => {
    const [record] = vendors.billagain.subscriptionsOf(302);
    const query = (id: number) =>
      `{ subscription(id: "BillingSubscription:billagain:${300_000 + id}:${id}") ${subscriptionFields()} }`;
    const wrap = (row: unknown) => [row];
    const asked = (id: number) => ({ path: /\/subscriptions$/, query: query(id), wrap });
    await pushBack('billagain', record ?? {}, asked, idsFrom(1));
  });

  it("is cut in UniPay's customers and subscriptions", async () => {
    const customer = {
      ...vendors.unipay.customer(1),
      firstName: 'A',
      phone: '1',
      street2: 'x',
      status: 'A',
      unheard: 'of',
    };
    const query = (id: number) => `{ customer(id: "Customer:unipay:${id}") ${customerFields()} }`;
    await pushBack('unipay', customer, (id) => ({ path: /^\/customers\//, query: query(id) }), idsFrom(1000));
    const subscriptionId = vendors.unipay.subscriptionIds(1)[0] ?? 0;
    const subscription = {
      ...vendors.unipay.subscription(1, subscriptionId),
      note: 'x',
      taxAmount: 1,
      paymentOptionId: '1',
    };
    const { paymentOptionId: _number, ...rest } = subscription;
    const asked = (id: number) => ({
      path: /\/subscriptions\//,
      query: `{ subscription(id: "BillingSubscription:unipay:1:${id}") ${subscriptionFields()} }`,
    });
    await pushBack('unipay', rest, asked, idsFrom(5000));
    expect(said.join()).toContain('************5556');
  });

  it("is told to nobody from a failure's words", async () => {
    const words = `${CARD} ${PASSWORD}`;
    const failures: [number, string][] = [
      [400, JSON.stringify({ Errors: [{ Message: words }] })],
      [410, JSON.stringify({ Errors: [{ Message: words }] })],
      [200, JSON.stringify({ failureCode: CARD, failureMessage: words })],
      [200, JSON.stringify({ failureCode: 'F01', failureMessage: words })],
      [200, `<exception failureCode="V01" failureMessage="${words}"/>`],
      [200, words],
      [200, JSON.stringify({ customerID: words, id: words })],
      [500, words],
      [401, words],
    ];
    let id = 600_000;
    for (const [status, body] of failures) {
      for (const at of ['billagain', 'unipay'] as const) {
        id += 1;
        vendors[at].dials.set({ status, body });
        const before = vendors[at].calls.count();
        await ask(shut, `{ customer(id: "Customer:${at}:${id}") { id displayName subscriptions { nodes { id } } } }`);
        expect(vendors[at].calls.count()).toBeGreaterThan(before);
      }
    }
  });

  it('is neither in what is read back after an update, nor in its dry run', async () => {
    vendors.billagain.change(300, { Company: CARD, State: `at ${CARD}` });
    const document =
      'mutation ($id: ID!, $dryRun: Boolean) { updateCustomer(input: { id: $id, fax: "1" }, dryRun: $dryRun)';
    const query = `${document} { userErrors { code } dryRun { body } customer ${customerFields()} } }`;
    for (const dryRun of [true, false]) {
      const { data } = await ask(shut, query, { id: 'Customer:billagain:300', dryRun });
      expect(data?.updateCustomer?.userErrors).toEqual([]);
    }
    expect(vendors.billagain.customer(300)).toMatchObject({ Company: CARD, State: `at ${CARD}`, Fax: '1' });
  });
});

// ── What is thrown

describe('an error that a dialect throws', () => {
  const input: CreateCustomerInput = {
    account: 'billagain',
    currencyCode: 'ZAR',
    taxExempt: true,
    billAgain: {
      contact: { password: PASSWORD },
      paymentMethod: { creditCard: { number: OWN_CARD, expiryMonth: 1, expiryYear: 2090 } },
    },
  };
  const words = `${CARD} ${PASSWORD}`;

  it.each<[string, Dial]>([
    ['a connection that is cut', { drop: 'before' }],
    ['an answer that never comes', { drop: 'after' }],
    ['half an answer', { truncateBytes: 20 }],
    ['a refusal', { status: 400, body: JSON.stringify({ Errors: [{ Message: words }] }) }],
    ['a fault', { status: 500, body: words }],
    ['no JSON', { status: 200, body: words }],
    ['another record', { status: 200, body: JSON.stringify({ customerID: words, Balance: words }) }],
    ['no credentials', { status: 401, body: words }],
    ['a failure of UniPay', { status: 200, body: JSON.stringify({ failureCode: 'F02', failureMessage: words }) }],
  ])('after %s holds none of it, however deep one looks', async (_name, dial) => {
    const { billagain, unipay } = vendors;
    const accounts: VendorAccount[] = [
      connect(billagain, { vendor: 'BILLAGAIN', credentials: { username: '1001', password: KEY } }),
      connect(unipay, { vendor: 'UNIPAY', credentials: { username: 'api-billgraph', password: UNIPAY_PASSWORD } }),
    ];
    billagain.dials.set(dial);
    unipay.dials.set(dial);
    const errors: unknown[] = [];
    for (const account of accounts) {
      const isBillAgain = account.vendor === 'BILLAGAIN';
      const { billAgain: _billAgain, ...plain } = input;
      const plan = account.planCreateCustomer(
        isBillAgain ? input : { ...plain, merchantAccountId: '2001', firstName: PASSWORD },
      );
      await plan.send(patience()).catch((error: unknown) => errors.push(error));
      const found = await account
        .loadCustomers(['302'], { customFields: true }, patience())
        .catch((error: unknown) => error);
      errors.push(found);
      await account.close();
    }
    expect(errors.length).toBeGreaterThan(2);
    expect(secretsIn(inspect(errors, { depth: Infinity, showHidden: true, maxStringLength: Infinity }))).toEqual([]);
  });
});
