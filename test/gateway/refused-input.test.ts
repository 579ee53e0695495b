import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from './start-gateway.ts';
import { customersOf, type List, readPage, subscriptionsOf } from './walk.ts';

let gateway: TestGateway;
let customers: List;

beforeAll(async () => {
  gateway = await startTestGateway({ billagain: { customers: 20 }, unipay: { customers: 20 } });
  customers = customersOf(gateway);
});

afterAll(() => gateway.stop());

const BAD_USER_INPUT = { code: 'BAD_USER_INPUT' };

/** Refused with a message like this, and no vendor was asked. */
async function expectRefusal(
  document: string,
  variables: Readonly<Record<string, unknown>>,
  message: RegExp,
): Promise<void> {
  const calls = await gateway.callsOf(async () => {
    const { errors } = await gateway.query(document, variables);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.message).toMatch(message);
    expect(errors?.[0]?.extensions).toEqual(BAD_USER_INPUT);
  });
  expect(calls).toEqual([]);
}

describe('`first`', () => {
  it.each([0, -1, 201, 2_147_483_647, -2_147_483_648])(
    'is refused as %d, by name and with what was expected',
    async (first) => {
      const message = new RegExp(`^\`first\` must be a whole number from 1 to 200; got ${first}$`);
      await expectRefusal('query ($first: Int) { customers(first: $first) { nodes { id } } }', { first }, message);
    },
  );

  it('is refused in a list of subscriptions, too, and leaves the rest alone', async () => {
    const { data, errors } = await gateway.query(
      '{ a: customer(id: "Customer:unipay:1") { subscriptions(first: 201) { nodes { id } } } b: customer(id: "Customer:unipay:1") { id } }',
    );
    expect(data).toEqual({ a: null, b: { id: 'Customer:unipay:1' } });
    expect(errors).toEqual([
      expect.objectContaining({
        message: '`first` must be a whole number from 1 to 200; got 201',
        path: ['a', 'subscriptions'],
        extensions: BAD_USER_INPUT,
      }),
    ]);
  });

  it('may be null, which is as good as left out', async () => {
    const data = await gateway.read<{ customers: { nodes: unknown[] } }>('{ customers(first: null) { nodes { id } } }');
    expect(data.customers.nodes).toHaveLength(25);
  });
});

describe('a cursor', () => {
  const CUSTOMERS = 'query ($after: String) { customers(first: 1, after: $after) { nodes { id } } }';
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each([
    'garbage',
    'YXJyYXljb25uZWN0aW9uOjEw',
    '=====',
    ' ',
    '💥',
    'x'.repeat(100_000),
    encode(null),
    encode([]),
    encode({}),
    encode(['mark']),
    encode(['mark', {}]),
    encode(['mark', [['billagain']]]),
    encode(['mark', [['billagain', -1]]]),
    encode(['mark', [['billagain', 1.5]]]),
    encode(['mark', [['billagain', '1']]]),
    encode(['mark', [['billagain', 1e300]]]),
    encode(['mark', [[1, 1]]]),
  ])('is refused where this API never gave it out: %.40s', (after) =>
    expectRefusal(CUSTOMERS, { after }, /^`after` must be a cursor that this API gave out, unchanged$/),
  );

  it('is refused by any other list than its own', async () => {
    const [owner, other] = [
      subscriptionsOf(gateway, 'Customer:unipay:1'),
      subscriptionsOf(gateway, 'Customer:unipay:2'),
    ];
    const cursors = {
      all: (await readPage(customers, { first: 1 })).pageInfo.endCursor,
      one: (await readPage(customers, { first: 1, accounts: ['unipay'] })).pageInfo.endCursor,
      filtered: (await readPage(customers, { first: 1, filter: { city: 'London' } })).pageInfo.endCursor,
      otherFilter: (await readPage(customers, { first: 1, filter: { city: 'Boston' } })).pageInfo.endCursor,
      subscriptions: (await readPage(owner, { first: 1 })).pageInfo.endCursor,
      otherSubscriptions: (await readPage(other, { first: 1 })).pageInfo.endCursor,
      filteredSubscriptions: (await readPage(owner, { first: 1, filter: { status: 'ACTIVE' } })).pageInfo.endCursor,
    };
    const lists: Readonly<Record<keyof typeof cursors, (after: string | null) => ReturnType<List>>> = {
      all: (after) => customers({ first: 1, after }),
      one: (after) => customers({ first: 1, after, accounts: ['unipay'] }),
      filtered: (after) => customers({ first: 1, after, filter: { city: 'London' } }),
      otherFilter: (after) => customers({ first: 1, after, filter: { city: 'Boston' } }),
      subscriptions: (after) => owner({ first: 1, after }),
      otherSubscriptions: (after) => other({ first: 1, after }),
      filteredSubscriptions: (after) => owner({ first: 1, after, filter: { status: 'ACTIVE' } }),
    };
    for (const [listName, list] of Object.entries(lists)) {
      for (const [cursorName, cursor] of Object.entries(cursors)) {
        const { errors } = await list(cursor);
        const told = errors?.map(({ message, extensions }) => [message, extensions]);
        const message =
          '`after` must be a cursor of this very list; this one belongs to another list, filter or choice of accounts';
        expect([listName, cursorName, told]).toEqual([
          listName,
          cursorName,
          listName === cursorName ? undefined : [[message, BAD_USER_INPUT]],
        ]);
      }
    }
  });

  it('holds no name, address or other part of a filter', async () => {
    const { pageInfo } = await readPage(customers, { first: 1, filter: { email: 'poqo@hotmail.com' } });
    expect(Buffer.from(pageInfo.endCursor ?? '', 'base64url').toString()).not.toMatch(/poqo|hotmail/);
  });
});

describe('an id', () => {
  const CUSTOMER = 'query ($id: ID!) { customer(id: $id) { id } }';
  const NODE = 'query ($id: ID!) { node(id: $id) { id } }';
  const SUBSCRIPTION = 'query ($id: ID!) { subscription(id: $id) { id } }';

  const shapeless = [
    '',
    ' ',
    ':',
    '::',
    '302',
    'Customer',
    'Customer:',
    'Customer:billagain',
    'Customer:billagain:',
    'Customer::302',
    'Customer:billagain:302:',
    'Customer:billagain:302:1',
    'Customer:billagain:302:1:2',
    'customer:billagain:302',
    'Invoice:billagain:302',
    ' Customer:billagain:302',
    '__proto__:billagain:302',
    'Q3VzdG9tZXI6MzAy',
    'x'.repeat(10_000),
  ];

  it.each(shapeless)(
    'is refused for its shape by customer and node, with the form that was expected: %.40s',
    async (id) => {
      await expectRefusal(
        CUSTOMER,
        { id },
        /^a customer's id must be "Customer:<account>:<vendorId>", e\.g\. "Customer:billagain:302"(, or .*)?; got |^id must be "Customer:/,
      );
      await expectRefusal(NODE, { id }, /^id must be "Customer:<account>:<vendorId>".*; got /);
    },
  );

  it.each([
    'Customer:unipay:1',
    'BillingSubscription:unipay:1',
    'BillingSubscription:unipay:1:',
    'BillingSubscription:unipay::1',
    'BillingSubscription:unipay:1:2:3',
    '',
  ])('is refused for its shape by subscription: %s', (id) =>
    expectRefusal(SUBSCRIPTION, { id }, /must be .*"BillingSubscription:<account>:<customer vendorId>:<vendorId>"/),
  );

  it('of a subscription is no id of a customer', () =>
    expectRefusal(CUSTOMER, { id: 'BillingSubscription:unipay:1:2' }, /^a customer's id must be "Customer:/));

  it.each([
    'with_customfields',
    '0302',
    '0',
    '-1',
    '+302',
    '302 ',
    ' 302',
    '302.0',
    '3e2',
    '0x12e',
    '../x',
    '..%2Fx',
    '302/subscriptions',
    '302?x=1',
    '302#',
    '٣٠٢',
    '３０２',
    '302\n',
    '302\u0000',
    '9'.repeat(30),
    'null',
  ])('is refused where the vendor has no such numbers, before any call: Customer:billagain:%s', async (vendorId) => {
    const expected = /numbers each customer with a whole number such as 302; got /;
    for (const account of ['billagain', 'unipay']) {
      await expectRefusal(CUSTOMER, { id: `Customer:${account}:${vendorId}` }, expected);
      await expectRefusal(NODE, { id: `Customer:${account}:${vendorId}` }, expected);
      await expectRefusal(SUBSCRIPTION, { id: `BillingSubscription:${account}:${vendorId}:1` }, expected);
      await expectRefusal(
        SUBSCRIPTION,
        { id: `BillingSubscription:${account}:1:${vendorId}` },
        /numbers each subscription with a whole number such as 302; got /,
      );
    }
  });

  it.each(['nowhere', 'BILLAGAIN', 'constructor', '__proto__', 'billagain '])(
    'is refused for its account: %s',
    async (account) => {
      const expected = /^account must be one of "billagain", "unipay"; got "/;
      await expectRefusal(CUSTOMER, { id: `Customer:${account}:1` }, expected);
      await expectRefusal(SUBSCRIPTION, { id: `BillingSubscription:${account}:1:1` }, expected);
    },
  );

  it('that is malformed stands as an error at its own place in nodes, and harms no other', async () => {
    const ids = [
      'Customer:billagain:302',
      'nonsense',
      'Customer:nowhere:1',
      'Customer:unipay:1',
      'Customer:billagain:0302',
      'Customer:billagain:300',
    ];
    const { data, errors } = await gateway.query<{ nodes: ({ id: string } | null)[] }>(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids },
    );
    expect(data?.nodes.map((node) => node?.id ?? null)).toEqual([ids[0], null, null, ids[3], null, ids[5]]);
    expect(errors?.map(({ path, extensions }) => [path, extensions])).toEqual([
      [['nodes', 1], BAD_USER_INPUT],
      [['nodes', 2], BAD_USER_INPUT],
      [['nodes', 4], BAD_USER_INPUT],
    ]);
  });
});

describe('an unknown account', () => {
  it('is refused in `accounts`, with the names that there are', () =>
    expectRefusal(
      'query ($accounts: [String!]) { customers(accounts: $accounts) { nodes { id } } }',
      { accounts: ['billagain', 'nowhere'] },
      /^account must be one of "billagain", "unipay"; got "nowhere"$/,
    ));
});

describe('a value of a filter', () => {
  it.each([
    [{ createdFrom: '2026-02-30' }, /Date must be a calendar day as yyyy-MM-dd; got text of 10 characters/],
    [{ createdTo: '2026-1-1' }, /Date must be a calendar day/],
    [{ nextBillingFrom: 20260101 }, /Date must be a calendar day.*got a number/],
    [
      { amountFrom: '1,50' },
      /Decimal must be a decimal number as a string, e\.g\. "1728\.0667"; got text of 4 characters/,
    ],
    [{ amountTo: '1e3' }, /Decimal must be/],
    [{ amountTo: 0.1 }, /Decimal must be/],
    [{ amountTo: '9'.repeat(101) }, /Decimal must be/],
    [{ status: 'GONE' }, /at "filter.status"; Value does not exist in "SubscriptionStatus" enum/],
  ])('that cannot be meant is refused before any call: %j', async (filter, message) => {
    const calls = await gateway.callsOf(async () => {
      const { errors } = await gateway.query(
        'query ($filter: SubscriptionFilter) { customer(id: "Customer:unipay:1") { subscriptions(filter: $filter) { nodes { id } } } }',
        { filter },
      );
      expect(errors?.[0]?.message).toMatch(message);
      expect(errors?.[0]?.extensions).toEqual(BAD_USER_INPUT);
    });
    expect(calls).toEqual([]);
  });
});
