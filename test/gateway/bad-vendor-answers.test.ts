import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, startVendors, type TestGateway, type Vendors } from './start-gateway.ts';

const NO_CACHE = { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 };
const MAX_BYTES = 60_000;

let vendors: Vendors;
let gateway: TestGateway;
let xmlGateway: TestGateway;

beforeAll(async () => {
  vendors = await startVendors({ billagain: { customers: 20 }, unipay: { customers: 20 } });
  const options = { vendors, cache: NO_CACHE, limits: { maxResponseBytes: MAX_BYTES } };
  gateway = await startTestGateway(options);
  xmlGateway = await startTestGateway({ ...options, unipaySettings: { format: 'xml' } });
});

afterEach(() => {
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
});

afterAll(() => Promise.all([gateway.stop(), xmlGateway.stop()]));

type Row = Record<string, unknown>;

/** Changes one row of an answer, wherever it stands in it. */
function changeRow(idName: string, id: number, changes: Row): (body: string) => string {
  return (body) => {
    const answer = JSON.parse(body) as Row | Row[];
    const change = (row: Row) => (row[idName] === id ? { ...row, ...changes } : row);
    return JSON.stringify(Array.isArray(answer) ? answer.map(change) : change(answer));
  };
}

describe('an answer that is none', () => {
  const bodies = [
    ['garbage', { body: '\u0000\u0001{{{not json' }],
    ['half of one', { truncateBytes: 40 }],
    ['cut text that claims to be whole', { rewrite: (body: string) => body.slice(0, -10) }],
    ['of the wrong type', { body: '"a text"' }],
    ['a number', { body: '42' }],
    ['an HTML page', { body: '<html><body><h1>It works!</h1><br></body></html>', contentType: 'text/html' }],
    ['too large', { body: `[${' '.repeat(MAX_BYTES)}]` }],
    ['deeper than any document', { body: `${'['.repeat(2_000)}${']'.repeat(2_000)}` }],
  ] as const;

  it.each(bodies)('is a malformed answer for all that depended on it, and for nothing else: %s', async (_, dial) => {
    for (const name of ['billagain', 'unipay'] as const) {
      vendors[name].dials.set(dial);
      const other = name === 'billagain' ? 'unipay' : 'billagain';
      const { data, errors } = await gateway.query<Record<string, { nodes?: unknown[] } | null>>(
        `{ customers(first: 50) { nodes { id } completeness { account state } }
           own: customer(id: "Customer:${name}:${name === 'billagain' ? 302 : 1}") { id }
           subscription(id: "BillingSubscription:${name}:${name === 'billagain' ? 302 : 1}:1") { id }
           other: customer(id: "Customer:${other}:${other === 'billagain' ? 302 : 1}") { id } }`,
      );
      vendors[name].dials.clear();
      expect(errors?.map(({ path, extensions }) => [path?.[0], extensions?.code, extensions?.account]).sort()).toEqual([
        ['customers', 'VENDOR_MALFORMED_ANSWER', name],
        ['own', 'VENDOR_MALFORMED_ANSWER', name],
        ['subscription', 'VENDOR_MALFORMED_ANSWER', name],
      ]);
      expect(data?.own).toBeNull();
      expect(data?.other).not.toBeNull();
      expect(data?.customers?.nodes).toHaveLength(other === 'billagain' ? 23 : 20);
      expect(JSON.stringify([errors, gateway.logged])).not.toMatch(/It works|not json/);
    }
  });

  it('is an error, and not nobody, where BillAgain sends an empty body or an object for a list', async () => {
    for (const body of ['', '{}', 'null', '{"customers":[]}']) {
      vendors.billagain.dials.set({ path: /^\/(customers|by_customer_ids)$/, body });
      const { data, errors } = await gateway.query<{ customers: { nodes: unknown[] }; customer: unknown }>(
        '{ customers(accounts: ["billagain"]) { nodes { id } } customer(id: "Customer:billagain:302") { id } }',
      );
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual([
        'VENDOR_MALFORMED_ANSWER',
        'VENDOR_MALFORMED_ANSWER',
      ]);
      expect(data).toEqual({ customers: { nodes: [] }, customer: null });
    }
  });

  it.each([
    ['garbage', { body: '<customers><customer id="1"' }],
    ['a doctype', { body: '<!DOCTYPE x [<!ENTITY a "aaaa">]><customers><customer id="1" email="&a;"/></customers>' }],
    ['half of one', { truncateBytes: 60 }],
    ['JSON cut short', { body: '[{"id":1}' }],
  ])('is the same in XML: %s', async (_, dial) => {
    vendors.unipay.dials.set(dial);
    const { data, errors } = await xmlGateway.query<{ customers: { nodes: unknown[] } }>(
      '{ customers(accounts: ["unipay"]) { nodes { id email } } }',
    );
    expect(data?.customers.nodes).toEqual([]);
    expect(errors?.[0]?.extensions).toEqual(
      expect.objectContaining({ code: 'VENDOR_MALFORMED_ANSWER', account: 'unipay' }),
    );
  });
});

describe('one unreadable row', () => {
  const UNNUMBERED = { customerID: 'one hundred' };

  it('harms only itself in a batch', async () => {
    vendors.billagain.dials.set({ path: /by_customer_ids/, rewrite: changeRow('customerID', 300, UNNUMBERED) });
    const { data, errors } = await gateway.query(
      `{ nodes(ids: ["Customer:billagain:302", "Customer:billagain:300", "Customer:billagain:10622"]) { id }
         a: customer(id: "Customer:billagain:300") { id } b: customer(id: "Customer:billagain:302") { id } }`,
    );
    expect(data).toEqual({
      nodes: [{ id: 'Customer:billagain:302' }, null, { id: 'Customer:billagain:10622' }],
      a: null,
      b: { id: 'Customer:billagain:302' },
    });
    const MISSING = 'billagain: loadCustomersByIds: record 300 is missing beside a row without a readable number';
    expect(errors?.map(({ path, message }) => [path, message])).toEqual(
      expect.arrayContaining([
        [['nodes', 1], MISSING],
        [['a'], MISSING],
      ]),
    );
    expect(errors).toHaveLength(2);
  });

  it.each([
    ['without custom fields', '', /^\/customers$/],
    ['with custom fields', 'customFields { key }', /^\/customers\/with_customfields$/],
  ])('harms only itself in a list %s', async (_, selection, path) => {
    vendors.billagain.dials.set({ path, rewrite: changeRow('customerID', 100_003, UNNUMBERED) });
    const { data, errors } = await gateway.query<{ customers: { nodes: { id: string }[]; completeness: unknown } }>(
      `{ customers(first: 200) { nodes { id ${selection} } completeness { account state } } }`,
    );
    expect(data?.customers.nodes).toHaveLength(42);
    expect(JSON.stringify(data)).not.toContain('Customer:billagain:100003"');
    expect(errors).toEqual([
      expect.objectContaining({
        message:
          'billagain: customer without a readable customerID: customerID must be a whole number; got text of 11 characters',
        path: ['customers'],
        extensions: { code: 'VENDOR_MALFORMED_ANSWER', account: 'billagain', retryable: false },
      }),
    ]);
  });

  it('harms only itself in a list of subscriptions', async () => {
    const owner = [...Array(20).keys()]
      .map((index) => index + 1)
      .find((id) => vendors.unipay.subscriptionIds(id).length > 2);
    const [first, second, ...others] = vendors.unipay.subscriptionIds(owner ?? 0);
    vendors.unipay.dials.set({ path: /subscriptions/, rewrite: changeRow('id', second ?? 0, { id: 'two' }) });
    const { data, errors } = await gateway.query<{ customer: { subscriptions: { nodes: { vendorId: string }[] } } }>(
      `{ customer(id: "Customer:unipay:${owner}") { subscriptions { nodes { vendorId } } } }`,
    );
    expect(data?.customer.subscriptions.nodes.map(({ vendorId }) => Number(vendorId))).toEqual([first, ...others]);
    expect(errors?.map(({ path, extensions }) => [path, extensions?.code])).toEqual([
      [['customer', 'subscriptions'], 'VENDOR_MALFORMED_ANSWER'],
    ]);
  });

  it.each([
    ['nothing', null],
    ['a text', '"?"'],
    ['an empty record', '{}'],
    ['a list', '[]'],
  ])('harms only itself where it is %s', async (_, row) => {
    vendors.billagain.dials.set({ path: /^\/customers$/, rewrite: (body) => body.replace(/^\[/, `[${row},`) });
    const { data, errors } = await gateway.query<{ customers: { nodes: unknown[] } }>(
      '{ customers(first: 5, accounts: ["billagain"]) { nodes { id } } }',
    );
    expect(data?.customers.nodes).toHaveLength(4);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['VENDOR_MALFORMED_ANSWER']);
  });

  it('is an error, not another customer, where a single read brings somebody else', async () => {
    vendors.unipay.dials.set({ path: /^\/customers\/1\./, rewrite: (body) => body.replace('"id":1,', '"id":2,') });
    const { data, errors } = await gateway.query('{ customer(id: "Customer:unipay:1") { id } }');
    expect(data).toEqual({ customer: null });
    expect(errors?.[0]?.extensions?.code).toBe('VENDOR_MALFORMED_ANSWER');
  });
});

describe('what is merely unexpected', () => {
  it('is tolerated: numbers as text, unknown words and fields, null and ""', async () => {
    vendors.billagain.dials.set({
      path: /by_customer_ids/,
      rewrite: changeRow('customerID', 302, {
        customerID: '302',
        ActiveSubs: '5',
        isSuspended: 0,
        PaymentMethod: 'shells',
        RegistrationNumber: 245,
        countryStateID: '',
        Surprise: [{ a: 1 }],
        comp_status: 'Dormant',
        isActive: null,
      }),
    });
    expect(
      await gateway.read(
        '{ customer(id: "Customer:billagain:302") { activeSubscriptionCount paymentMethod registrationNumber status rawStatus billAgain { taxRegionId } } }',
      ),
    ).toEqual({
      customer: {
        activeSubscriptionCount: 5,
        paymentMethod: 'UNKNOWN',
        registrationNumber: '245',
        status: 'UNKNOWN',
        rawStatus: 'Dormant',
        billAgain: { taxRegionId: null },
      },
    });
  });
});
