import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type OwnRedis, startOwnRedis } from '../redis-server.ts';
import { startTestGateway, startVendors, type TestGateway, type Vendors } from './start-gateway.ts';

const NO_CACHE = { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 };
const MALFORMED = { code: 'VENDOR_MALFORMED_ANSWER', account: 'billagain', retryable: false };
const ID = 'Customer:billagain:302';

type Row = Record<string, unknown>;

let redis: OwnRedis;
let vendors: Vendors;
let gateway: TestGateway;

beforeAll(async () => {
  redis = await startOwnRedis();
  vendors = await startVendors({ billagain: { customers: 20 }, unipay: { customers: 20 } });
  gateway = await startTestGateway({ vendors, cache: NO_CACHE });
});

afterEach(() => {
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
});

afterAll(() => Promise.all([gateway.stop(), redis.stop()]));

/** Changes a vendor's rows, wherever they stand in its answers. */
function changeRows(name: 'billagain' | 'unipay', change: (row: Row) => Row, path?: RegExp): void {
  const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null;
  vendors[name].dials.set({
    ...(path && { path }),
    rewrite: (body) => {
      const answer = JSON.parse(body) as unknown;
      return JSON.stringify(Array.isArray(answer) ? answer.filter(isRow).map(change) : change(answer as Row));
    },
  });
}

const ofCustomer =
  (id: number, changes: Row) =>
  (row: Row): Row =>
    row.customerID === id ? { ...row, ...changes } : row;

describe('an optional field that cannot be read', () => {
  it.each([
    ['suspendedAt', 'SuspendedDate', '2016-12-15', 'an instant with an offset; got text of 10 characters'],
    ['suspendedAt', 'SuspendedDate', '2016-12-15T10:00:00', 'an instant with an offset; got text of 19 characters'],
    [
      'statementLastSentAt',
      'StatementLastSentDate',
      '2016-12-15',
      'an instant with an offset; got text of 10 characters',
    ],
    ['statementLastSentAt', 'StatementLastSentDate', 1_475_000_000, 'an instant with an offset; got a number'],
    ['statementLastSentAt', 'StatementLastSentDate', 'ab', 'an instant with an offset; got text of 2 characters'],
    ['activeSubscriptionCount', 'ActiveSubs', 'five', 'a whole number; got text of 4 characters'],
    ['taxExempt', 'isWaiveTaxes', 'perhaps', 'true or false; got text of 7 characters'],
    ['email', 'Email', { secret: 'poqo@hotmail.com' }, 'text; got a record'],
    ['gatewayId', 'PrimaryGatewayID', [1], 'a whole number; got a list of 1'],
  ])('is null, and told once with its path: %s from %s as %j', async (ours, theirs, value, expected) => {
    changeRows('billagain', ofCustomer(302, { [theirs]: value }));
    // gatewayId's list is no text at all.
    const told = theirs === 'PrimaryGatewayID' ? 'text; got a list of 1' : expected;
    const { data, errors } = await gateway.query<{ customer: Row }>(
      `{ customer(id: "${ID}") { vendorId displayName ${ours} } }`,
    );
    expect(data?.customer).toEqual({ vendorId: '302', displayName: expect.any(String), [ours]: null });
    expect(errors).toEqual([
      expect.objectContaining({
        message: `billagain: customer 302: ${theirs} must be ${told}`,
        path: ['customer', ours],
        extensions: MALFORMED,
      }),
    ]);
    expect(JSON.stringify(errors)).not.toContain('poqo');
  });

  it('is not told to who does not ask for it', async () => {
    changeRows('billagain', ofCustomer(302, { SuspendedDate: '2016-12-15' }));
    expect(await gateway.read(`{ customer(id: "${ID}") { vendorId displayName } }`)).toBeTruthy();
    expect(
      await gateway.read(
        `query ($no: Boolean = false) { customer(id: "${ID}") { vendorId suspendedAt @include(if: $no) } }`,
      ),
    ).toBeTruthy();
  });

  it('is told at the name that the operation gives it, in fragments too', async () => {
    changeRows('billagain', ofCustomer(302, { SuspendedDate: 'x', City: {}, Balance: 'much' }));
    const { data, errors } = await gateway.query(
      `{ who: node(id: "${ID}") { ...F } }
       fragment F on Customer { since: suspendedAt at: address { town: city line1 } balance { amount } }`,
    );
    expect(data).toEqual({ who: { since: null, at: { town: null, line1: expect.anything() }, balance: null } });
    expect(errors?.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        ['who', 'since'],
        ['who', 'at', 'town'],
        ['who', 'balance'],
      ]),
    );
    expect(errors).toHaveLength(3);
  });

  it('is told once for a whole list, and every record is there', async () => {
    changeRows('billagain', (row) => ({ ...row, SuspendedDate: '2016-12-15' }));
    const { data, errors } = await gateway.query<{ customers: { nodes: Row[] } }>(
      '{ customers(first: 200, accounts: ["billagain"]) { nodes { id suspendedAt } } }',
    );
    expect(data?.customers.nodes).toHaveLength(23);
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(
          /^billagain: customer \d+: SuspendedDate must be an instant with an offset; got text of 10 characters; and 22 more of this list$/,
        ),
        path: ['customers', 'nodes', 0, 'suspendedAt'],
        extensions: MALFORMED,
      }),
    ]);
  });

  it('is told at the place of its record in edges, in nodes by ids, and in lists of subscriptions', async () => {
    changeRows('billagain', ofCustomer(300, { ActiveSubs: 'five' }));
    const { errors } = await gateway.query(
      `{ nodes(ids: ["${ID}", "Customer:billagain:300", "Customer:billagain:999999"]) { id ... on Customer { activeSubscriptionCount } }
         customers(first: 200, accounts: ["billagain"]) { edges { node { n: activeSubscriptionCount } } } }`,
    );
    expect(errors?.map(({ path }) => path)).toEqual([
      ['nodes', 1, 'activeSubscriptionCount'],
      ['customers', 'edges', expect.any(Number), 'node', 'n'],
    ]);

    const owner = [...Array(20).keys()]
      .map((index) => index + 1)
      .find((id) => vendors.unipay.subscriptionIds(id).length > 2);
    const [, second] = vendors.unipay.subscriptionIds(owner ?? 0);
    changeRows('unipay', (row) => (row.id === second ? { ...row, amount: '12.5' } : row), /subscriptions/);
    const { data, errors: ofList } = await gateway.query<{ customer: { subscriptions: { nodes: Row[] } } }>(
      `{ customer(id: "Customer:unipay:${owner}") { subscriptions { nodes { vendorId amount { amount } } } } }`,
    );
    expect(data?.customer.subscriptions.nodes[1]).toEqual({ vendorId: String(second), amount: null });
    expect(ofList?.map(({ path }) => path)).toEqual([['customer', 'subscriptions', 'nodes', 1, 'amount']]);
  });

  it('is UNKNOWN where the schema has a word for it, and an empty list where it is a list', async () => {
    changeRows('billagain', ofCustomer(302, { isActive: {}, isCompany: 'maybe', CustomFields: 'none' }));
    const { data, errors } = await gateway.query<{ customer: Row }>(
      `{ customer(id: "${ID}") { kind status customFields { key } vendorId } }`,
    );
    expect(data?.customer).toEqual({ kind: 'UNKNOWN', status: 'UNKNOWN', customFields: [], vendorId: '302' });
    expect(errors?.map(({ path }) => path?.[1]).sort()).toEqual(['customFields', 'kind', 'status']);
  });

  it('of one custom field leaves the others and the rest of it', async () => {
    changeRows(
      'billagain',
      ofCustomer(302, { CustomFields: [{ Key: 'a', Value: 'x' }, 7, { Key: 'b', Value: { c: 1 } }] }),
    );
    const { data, errors } = await gateway.query<{ customer: Row }>(
      `{ customer(id: "${ID}") { customFields { key value } } }`,
    );
    expect(data?.customer.customFields).toEqual([
      { key: 'a', value: 'x' },
      { key: 'b', value: null },
    ]);
    expect(errors?.map(({ path }) => path)).toEqual([
      ['customer', 'customFields'],
      ['customer', 'customFields', 'value'],
    ]);
  });

  it('ends the record where it is the number that the record is known by', async () => {
    changeRows(
      'billagain',
      (row) => (row.customerID === 300 ? { ...row, customerID: 'three hundred' } : row),
      /^\/customers$/,
    );
    const { data, errors } = await gateway.query<{ customers: { nodes: Row[] } }>(
      '{ customers(first: 200, accounts: ["billagain"]) { nodes { id } } }',
    );
    expect(data?.customers.nodes).toHaveLength(22);
    expect(errors?.map(({ message, path }) => [message, path])).toEqual([
      [
        'billagain: customer without a readable customerID: customerID must be a whole number; got text of 13 characters',
        ['customers'],
      ],
    ]);
  });

  it('that a filter looks at ends its row, as nobody knows whether it matches', async () => {
    changeRows('billagain', ofCustomer(302, { Email: { at: 'x' } }));
    const list = (filter: string) =>
      gateway.query<{ customers: { nodes: Row[] } }>(
        `{ customers(first: 200, accounts: ["billagain"], filter: ${filter}) { nodes { id } } }`,
      );
    const { data, errors } = await list('{ email: "poqo@hotmail.com" }');
    expect(data?.customers.nodes).toEqual([]);
    expect(errors?.map(({ message, path }) => [message, path])).toEqual([
      [
        'billagain: customer 302: Email must be text; got a record; whether the filter matches is not known',
        ['customers'],
      ],
    ]);
    expect((await list('{ email: "poqo@hotmail.com", lastName: "Nobody" }')).errors).toBeUndefined();
  });

  it('of custom fields is told where they are read by themselves', async () => {
    changeRows('billagain', ofCustomer(302, { CustomFields: [{ Key: 'a', Value: {} }] }), /with_customfields/);
    const { data, errors } = await gateway.query<{ archiveCustomer: { customer: Row } }>(
      `mutation { archiveCustomer(id: "${ID}") { customer { id fields: customFields { key value } } } }`,
    );
    expect(data?.archiveCustomer.customer.fields).toEqual([{ key: 'a', value: null }]);
    expect(errors?.map(({ path }) => path)).toEqual([['archiveCustomer', 'customer', 'fields', 'value']]);
  });

  it('is told from a cache as it was from the vendor, and counted when it is read', async () => {
    changeRows('billagain', ofCustomer(302, { SuspendedDate: '2016-12-15' }));
    const cached = await startTestGateway({ vendors, redisUrl: redis.url });
    const document = `{ customer(id: "${ID}") { suspendedAt source { cached } } }`;
    const answers = [await cached.query<{ customer: { source: object } }>(document)];
    answers.push(await cached.query(document));
    expect(answers.map(({ data }) => data?.customer.source)).toEqual([{ cached: false }, { cached: true }]);
    for (const { errors } of answers) expect(errors?.map(({ path }) => path)).toEqual([['customer', 'suspendedAt']]);
    const metrics = await (await fetch(`${cached.url}/metrics`)).text();
    expect(metrics).toContain('billgraph_unreadable_fields_total{account="billagain",field="SuspendedDate"} 1');
    await cached.stop();
  });

  it('is the same from the third request on, when queries are compiled', async () => {
    changeRows('billagain', ofCustomer(302, { SuspendedDate: '2016-12-15' }));
    const answers = [];
    for (let time = 0; time < 5; time++) {
      answers.push(await gateway.query(`query Compiled { customer(id: "${ID}") { s: suspendedAt vendorId } }`));
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]?.errors).toHaveLength(1);
  });
});

describe('an amount', () => {
  it.each([
    ['255000000.1216', '255000000.1216'],
    ['4242424242424242', '4242424242424242'],
    ['4111111111111111.5', '4111111111111111.5'],
  ])('is read whatever its digits are: %s', async (sent, expected) => {
    vendors.billagain.dials.set({ rewrite: (body) => body.replace(/"Balance":[^,]*/g, `"Balance":${sent}`) });
    expect(await gateway.read(`{ customer(id: "${ID}") { balance { amount } } }`)).toEqual({
      customer: { balance: { amount: expected } },
    });
  });
});

describe('an update of a customer with a field that cannot be read', () => {
  it('goes through, and sends that field back as it came', async () => {
    changeRows(
      'billagain',
      ofCustomer(302, { StatementDate: 'soon', SuspendedDate: '2016-12-15', Fax: { number: 1 } }),
    );
    const { data, errors } = await gateway.query<{ updateCustomer: { dryRun: { body: string }; userErrors: Row[] } }>(
      `mutation { updateCustomer(input: { id: "${ID}", phone: "+27821234567" }, dryRun: true) { userErrors { message } dryRun { body } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data?.updateCustomer.userErrors).toEqual([]);
    const body = JSON.parse(data?.updateCustomer.dryRun.body ?? '{}') as Row;
    expect(body).toEqual(expect.objectContaining({ StatementDay: 'soon', Fax: { number: 1 }, Tel: '+27821234567' }));
  });
});
