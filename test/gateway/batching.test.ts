import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway, UNKNOWN_NUMBER } from './start-gateway.ts';

const FIRST_GENERATED = 100_001;

interface Named {
  readonly id: string;
  readonly displayName: string | null;
}

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({
    billagain: { customers: 700 },
    unipay: { customers: 120 },
    limits: { concurrency: 7 },
    cache: { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 },
  });
});

afterAll(() => gateway.stop());

beforeEach(() => {
  gateway.billagain.dials.clear();
  gateway.unipay.dials.clear();
});

function generatedIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `Customer:billagain:${FIRST_GENERATED + index}`);
}

/** As the vendor itself has it. */
function nameAtBillagain(id: string): string {
  const row = gateway.billagain.customer(Number(id.split(':')[2]));
  return (row?.isCompany ? (row.Name ?? '') : `${row?.Name ?? ''} ${row?.LastName ?? ''}`).trim();
}

function nodesOf(ids: readonly string[]) {
  return gateway.query<{ nodes: (Named | null)[] }>(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Customer { displayName } } }',
    { ids },
  );
}

describe('many customers of BillAgain in one request', () => {
  it('are one call for 50 aliases, and each alias gets its own customer though the vendor shuffles them', async () => {
    const ids = generatedIds(50);
    const aliases = ids.map((id, index) => `c${index}: customer(id: "${id}") { id displayName }`);
    let data: Record<string, Named> = {};
    const calls = await gateway.callsOf(async () => {
      data = await gateway.read(`{ ${aliases.join('\n')} }`);
    });
    expect(calls).toEqual(['POST /by_customer_ids?page_size=200']);
    for (const [index, id] of ids.entries()) {
      expect(data[`c${index}`]).toEqual({ id, displayName: nameAtBillagain(id) });
    }
  });

  it('are at most two calls for 250 ids in nodes, in the order of the ids', async () => {
    const ids = generatedIds(250).reverse();
    let nodes: (Named | null)[] = [];
    const calls = await gateway.callsOf(async () => {
      nodes = (await nodesOf(ids)).data?.nodes ?? [];
    });
    expect(calls).toEqual(['POST /by_customer_ids?page_size=200', 'POST /by_customer_ids?page_size=200']);
    expect(nodes).toEqual(ids.map((id) => ({ id, displayName: nameAtBillagain(id) })));
  });

  it('take one call beside their list for the versions and days of statements of a whole page, and none beside the batch', async () => {
    const list = await gateway.callsOf(() =>
      gateway.read('{ customers(first: 50, accounts: ["billagain"]) { nodes { id version statementDay } } }'),
    );
    expect(list.map((call) => call.replace(/\?.*/, ''))).toEqual(['GET /customers', 'POST /by_customer_ids']);
    const [id] = generatedIds(1);
    const single = await gateway.callsOf(() => gateway.read(`{ customer(id: "${id}") { version statementDay } }`));
    expect(single).toEqual(['POST /by_customer_ids?page_size=200']);
  });

  it('are one call for customer, node, nodes and the customers of subscriptions together', async () => {
    const document = `{
      customer(id: "Customer:billagain:302") { id }
      node(id: "Customer:billagain:300") { id }
      nodes(ids: ["Customer:billagain:10622", "Customer:billagain:302"]) { id }
    }`;
    const calls = await gateway.callsOf(() => gateway.read(document));
    expect(calls).toEqual(['POST /by_customer_ids?page_size=200']);
    expect(JSON.parse(gateway.billagain.calls.calls[0]?.body ?? '')).toEqual({ ids: [302, 300, 10622] });
  });

  it('are null without an error where the vendor does not have them', async () => {
    const ids = [
      'Customer:billagain:999',
      'Customer:billagain:302',
      'Customer:billagain:998',
      'Customer:billagain:997',
    ];
    const { data, errors } = await nodesOf(ids);
    expect(data?.nodes).toEqual([null, { id: ids[1], displayName: 'Brielle Barnett' }, null, null]);
    expect(errors).toBeUndefined();
  });

  it('are asked for once where an id comes twice, and stand at each place', async () => {
    const { data } = await nodesOf(['Customer:billagain:302', 'Customer:billagain:300', 'Customer:billagain:302']);
    expect(data?.nodes.map((node) => node?.id)).toEqual([
      'Customer:billagain:302',
      'Customer:billagain:300',
      'Customer:billagain:302',
    ]);
  });

  it('may be 500 ids in nodes', async () => {
    const ids = generatedIds(500);
    const { data, errors } = await nodesOf(ids);
    expect(errors).toBeUndefined();
    expect(data?.nodes.map((node) => node?.id)).toEqual(ids);
  });

  it('are refused as 1001 ids, before any call', async () => {
    const calls = await gateway.callsOf(async () => {
      const { errors } = await nodesOf(generatedIds(1001));
      expect(errors).toEqual([
        expect.objectContaining({
          message: '`ids` may hold up to 1000 ids; got 1001',
          path: ['nodes'],
          extensions: { code: 'BAD_USER_INPUT' },
        }),
      ]);
    });
    expect(calls).toEqual([]);
  });

  it('are nothing at all for no ids', async () => {
    expect(await gateway.callsOf(() => nodesOf([]))).toEqual([]);
  });
});

describe('custom fields', () => {
  const read = (document: string, variables = {}) => gateway.callsOf(() => gateway.read(document, variables));
  const LIST = 'GET /customers?page=1&page_size=100';
  const LIST_WITH_CUSTOM_FIELDS = 'GET /customers/with_customfields?page=1&page_size=100';

  it('come with a list of 100 in one call, each with its own customer', async () => {
    interface Page {
      customers: { nodes: { vendorId: string; customFields: { key: string; value: string | null }[] }[] };
    }
    let page: Page | undefined;
    const calls = await gateway.callsOf(async () => {
      page = await gateway.read<Page>(
        '{ customers(first: 100, accounts: ["billagain"]) { nodes { vendorId customFields { key value } } } }',
      );
    });
    expect(calls).toEqual([LIST_WITH_CUSTOM_FIELDS]);
    expect(page?.customers.nodes).toHaveLength(100);
    for (const { vendorId, customFields } of page?.customers.nodes ?? []) {
      const own = gateway.billagain.customFieldsOf(Number(vendorId));
      // At BillAgain "" and null both mean none (seed 002).
      expect(customFields.map(({ key, value }) => [key, value || null])).toEqual(
        own.map(({ Key, Value }) => [Key, Value || null]),
      );
    }
  });

  it.each([
    ['customField', '{ customers(first: 100, accounts: ["billagain"]) { nodes { customField(key: "x") { value } } } }'],
    ['an edge', '{ customers(first: 100, accounts: ["billagain"]) { edges { node { customFields { key } } } } }'],
    [
      'an alias',
      '{ some: customers(first: 100, accounts: ["billagain"]) { rows: nodes { mine: customFields { key } } } }',
    ],
    [
      'a named fragment within another',
      `{ customers(first: 100, accounts: ["billagain"]) { ...Page } }
       fragment Page on CustomerConnection { nodes { ...Fields } }
       fragment Fields on Customer { customFields { key } }`,
    ],
    [
      'an inline fragment on the interface',
      `{ customers(first: 100, accounts: ["billagain"]) { nodes { ... on Node { ... on Customer { customFields { key } } } } } }`,
    ],
    [
      'a second selection of the same field',
      '{ customers(first: 100, accounts: ["billagain"]) { nodes { id } nodes { customFields { key } } } }',
    ],
  ])('are seen ahead in %s', async (_, document) => {
    expect(await read(document)).toEqual([LIST_WITH_CUSTOM_FIELDS]);
  });

  it.each([
    ['@include(if: $yes)', true],
    ['@skip(if: $no)', true],
    ['@include(if: $yes) @skip(if: $no)', true],
    ['@include(if: $no)', false],
    ['@skip(if: $yes)', false],
    ['@include(if: $byDefault)', false],
  ])('obey %s with variables, on a field and on a fragment', async (directives, isAsked) => {
    const variables = 'query ($yes: Boolean!, $no: Boolean!, $byDefault: Boolean! = false)';
    const uses =
      '... on Customer @include(if: $yes) { id } ... on Customer @skip(if: $no) { id } ... @include(if: $byDefault) { id }';
    const documents = [
      `${variables} { customers(first: 100, accounts: ["billagain"]) { nodes { ${uses} customFields ${directives} { key } } } }`,
      `${variables} { customers(first: 100, accounts: ["billagain"]) { nodes { ${uses} ...F ${directives} } } }
       fragment F on Customer { customFields { key } }`,
    ];
    for (const document of documents) {
      expect(await read(document, { yes: true, no: false })).toEqual([isAsked ? LIST_WITH_CUSTOM_FIELDS : LIST]);
    }
  });

  it('cost nothing where they are not asked for', async () => {
    expect(await read('{ customers(first: 100, accounts: ["billagain"]) { nodes { id displayName } } }')).toEqual([
      LIST,
    ]);
    expect(await read('{ customer(id: "Customer:billagain:302") { id } }')).toEqual([
      'POST /by_customer_ids?page_size=200',
    ]);
  });

  it('of a few customers are read one by one, and with the customer in one call', async () => {
    expect(await read('{ customer(id: "Customer:billagain:302") { email customFields { key } } }')).toEqual([
      'GET /customers/with_customfields/302',
    ]);
  });

  it('of an unknown customer are null with the customer', async () => {
    const document = `{ customer(id: "Customer:billagain:${UNKNOWN_NUMBER}") { customFields { key } } }`;
    expect(await gateway.query(document)).toEqual({ data: { customer: null } });
  });

  it('cost no call of their own at UniPay, which has none', async () => {
    const calls = await read(
      '{ customers(first: 100, accounts: ["unipay"]) { nodes { customFields { key } customField(key: "x") { key } } } }',
    );
    expect(calls).toEqual(['GET /customers.json?offset=0&limit=100']);
  });

  it('are those of the keys asked for, and split where several answers were given', async () => {
    const LANGUAGES = 'What languages are you fluent in?';
    const data = await gateway.read(
      `query ($key: String!) {
        some: customer(id: "Customer:billagain:302") { customFields(keys: [$key]) { key values } customField(key: $key) { value } }
        none: customer(id: "Customer:billagain:300") { customFields(keys: [$key]) { value values } customField(key: "no such") { key } }
      }`,
      { key: LANGUAGES },
    );
    expect(data).toEqual({
      some: {
        customFields: [{ key: LANGUAGES, values: ['English', 'Spanish'] }],
        customField: { value: 'English:Spanish' },
      },
      none: { customFields: [{ value: null, values: [] }], customField: null },
    });
  });
});

describe('the subscriptions of 100 customers of UniPay', () => {
  it("are at most 101 calls, never more at once than the account's concurrency", async () => {
    interface Page {
      customers: { nodes: { vendorId: string; subscriptions: { nodes: { vendorId: string }[] } }[] };
    }
    gateway.unipay.dials.set({ path: /subscriptions/, latencyMs: 5 });
    let page: Page | undefined;
    const calls = await gateway.callsOf(async () => {
      page = await gateway.read<Page>(
        '{ customers(first: 100, accounts: ["unipay"]) { nodes { vendorId subscriptions { nodes { vendorId } } } } }',
      );
    });
    expect(calls.length).toBeLessThanOrEqual(101);
    expect(gateway.unipay.calls.maxConcurrent).toBe(7);
    expect(page?.customers.nodes).toHaveLength(100);
    for (const { vendorId, subscriptions } of page?.customers.nodes ?? []) {
      expect(subscriptions.nodes.map((row) => Number(row.vendorId))).toEqual(
        gateway.unipay.subscriptionIds(Number(vendorId)),
      );
    }
  });

  it('lead back to their customers without another call', async () => {
    const calls = await gateway.callsOf(() =>
      gateway.read(
        '{ customers(first: 3, accounts: ["unipay"]) { nodes { subscriptions { nodes { customer { email } } } } } }',
      ),
    );
    expect(calls).toHaveLength(4);
  });
});

describe('one subscription', () => {
  it('is read by its id as the list gave it, and null where there is none', async () => {
    interface Page {
      customers: { nodes: { subscriptions: { nodes: { id: string; status: string; planId: string }[] } }[] };
    }
    const FIELDS = 'id status planId nextBillingDate customer { id }';
    const page = await gateway.read<Page>(
      `{ customers(first: 10) { nodes { subscriptions { nodes { ${FIELDS} } } } }
         unipay: customers(first: 10, accounts: ["unipay"]) { nodes { subscriptions { nodes { ${FIELDS} } } } } }`,
    );
    const listed = Object.values(page as unknown as Record<string, Page['customers']>).flatMap(({ nodes }) =>
      nodes.flatMap(({ subscriptions }) => subscriptions.nodes),
    );
    expect(listed.length).toBeGreaterThan(20);
    const aliases = listed.map(({ id }, index) => `s${index}: subscription(id: "${id}") { ${FIELDS} }`);
    const byId = await gateway.read<Record<string, unknown>>(`{ ${aliases.join(' ')} }`);
    expect(Object.values(byId)).toEqual(listed);
    const unknown = [
      `BillingSubscription:unipay:1:${UNKNOWN_NUMBER}`,
      `BillingSubscription:unipay:${UNKNOWN_NUMBER}:1`,
      `BillingSubscription:billagain:302:${UNKNOWN_NUMBER}`,
      `BillingSubscription:billagain:${UNKNOWN_NUMBER}:1`,
    ].map((id, index) => `s${index}: subscription(id: "${id}") { id }`);
    expect(await gateway.query(`{ ${unknown.join(' ')} }`)).toEqual({
      data: { s0: null, s1: null, s2: null, s3: null },
    });
  });
});
