import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startTestGateway, startVendors, type TestGateway, type Vendors } from './start-gateway.ts';
import { customersOf, idsOf, type List, readPage, subscriptionsOf, walk } from './walk.ts';

const NO_CACHE = { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 };
const BILLAGAIN_ROWS = 150;
const SCAN_LIMIT_ROWS = 40;

interface Address {
  readonly line1: string | null;
  readonly city: string | null;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly countryCode: string | null;
}

interface Customer {
  readonly id: string;
  readonly account: string;
  readonly merchantAccountId: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly organizationName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly address: Address;
}

interface Subscription {
  readonly id: string;
  readonly billingCycle: string;
  readonly kind: string;
  readonly status: string;
  readonly planId: string | null;
  readonly planName: string | null;
  readonly createdAt: string | null;
  readonly lastBillingDate: string | null;
  readonly nextBillingDate: string | null;
  readonly amount: { readonly amount: string } | null;
}

/** What each field of a filter is compared with. */
const CUSTOMER_VALUES: Readonly<Record<string, (customer: Customer) => string | null>> = {
  merchantAccountId: (customer) => customer.merchantAccountId,
  firstName: (customer) => customer.firstName,
  lastName: (customer) => customer.lastName,
  organizationName: (customer) => customer.organizationName,
  email: (customer) => customer.email,
  phone: (customer) => customer.phone,
  street: (customer) => customer.address.line1,
  city: (customer) => customer.address.city,
  region: (customer) => customer.address.region,
  postalCode: (customer) => customer.address.postalCode,
  countryCode: (customer) => customer.address.countryCode,
};

const SUBSCRIPTION_TESTS: Readonly<Record<string, (subscription: Subscription, wanted: string) => boolean>> = {
  billingCycle: (subscription, wanted) => subscription.billingCycle === wanted,
  kind: (subscription, wanted) => subscription.kind === wanted,
  status: (subscription, wanted) => subscription.status === wanted,
  planId: (subscription, wanted) => subscription.planId === wanted,
  planName: (subscription, wanted) => subscription.planName?.toLowerCase() === wanted.toLowerCase(),
  createdFrom: (subscription, wanted) => (subscription.createdAt?.slice(0, 10) ?? '') >= wanted,
  createdTo: (subscription, wanted) => (subscription.createdAt?.slice(0, 10) ?? '9999') <= wanted,
  lastBillingFrom: (subscription, wanted) => (subscription.lastBillingDate ?? '') >= wanted,
  lastBillingTo: (subscription, wanted) => (subscription.lastBillingDate ?? '9999') <= wanted,
  nextBillingFrom: (subscription, wanted) => (subscription.nextBillingDate ?? '') >= wanted,
  nextBillingTo: (subscription, wanted) => (subscription.nextBillingDate ?? '9999') <= wanted,
  // Amounts here have two decimals at the most, so that a float is good enough to compare them by.
  amountFrom: (subscription, wanted) =>
    subscription.amount !== null && Number(subscription.amount.amount) >= Number(wanted),
  amountTo: (subscription, wanted) =>
    subscription.amount !== null && Number(subscription.amount.amount) <= Number(wanted),
};

let vendors: Vendors;
let gateway: TestGateway;
let customers: List;
let everyCustomer: readonly Customer[];

beforeAll(async () => {
  vendors = await startVendors({ billagain: { customers: BILLAGAIN_ROWS - 3 }, unipay: { customers: 120 } });
  gateway = await startTestGateway({ vendors, cache: NO_CACHE, scanLimitRows: SCAN_LIMIT_ROWS });
  customers = customersOf(gateway);
  const FIELDS = `id account merchantAccountId firstName lastName organizationName email phone
    address { line1 city region postalCode countryCode }`;
  const data = await gateway.read<Record<string, { nodes: Customer[] }>>(
    `{ billagain: customers(first: 200, accounts: ["billagain"]) { nodes { ${FIELDS} } }
       unipay: customers(first: 200, accounts: ["unipay"]) { nodes { ${FIELDS} } } }`,
  );
  everyCustomer = Object.values(data).flatMap(({ nodes }) => nodes);
  expect(everyCustomer).toHaveLength(BILLAGAIN_ROWS + 120);
});

afterAll(() => gateway.stop());

function sameText(value: string | null, wanted: string): boolean {
  return value?.trim().toLowerCase() === wanted.trim().toLowerCase();
}

/** The vendor's parameters without those of the page. */
function filterParameters(call: string): Record<string, string> {
  const parameters = new URLSearchParams(call.slice(call.indexOf('?')));
  parameters.delete('offset');
  parameters.delete('limit');
  return Object.fromEntries(parameters);
}

describe('a filter of customers', () => {
  it('is pushed down to UniPay, each field as the vendor names it', async () => {
    const filter = {
      merchantAccountId: '2001',
      firstName: 'José',
      lastName: "O'Brien & Söhne",
      organizationName: '100% + 1=Fitness',
      email: 'a+b@example.com',
      phone: '+1-555-000001',
      street: '1 Main St/2',
      city: 'Zürich',
      region: 'TX',
      postalCode: '73301',
      countryCode: 'US',
    };
    const calls = await gateway.callsOf(() => readPage(customers, { first: 10, accounts: ['unipay'], filter }));
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatch(/^GET \/customers\.json\?offset=0&limit=11&/);
    expect(filterParameters(calls[0] ?? '')).toEqual({
      accountId: '2001',
      firstName: 'José',
      lastName: "O'Brien & Söhne",
      organizationName: '100% + 1=Fitness',
      email: 'a+b@example.com',
      phone: '+1-555-000001',
      street: '1 Main St/2',
      city: 'Zürich',
      state: 'TX',
      zipCode: '73301',
      countryCode: 'US',
    });
  });

  it('is scanned for at BillAgain up to the limit, which completeness says; the rest is behind endCursor', async () => {
    const wanted = everyCustomer.findLast(({ account, email }) => account === 'billagain' && email);
    const filter = { email: wanted?.email?.toUpperCase() ?? '' };
    const states: string[] = [];
    const calls = await gateway.callsOf(async () => {
      const pages = await walk(customers, { first: 5, accounts: ['billagain'], filter });
      expect(idsOf(pages)).toEqual(
        everyCustomer.filter(({ email }) => sameText(email, filter.email)).map(({ id }) => id),
      );
      states.push(...pages.flatMap(({ completeness }) => completeness.map(({ state }) => state)));
    });
    expect(states).toEqual(['SCAN_LIMIT', 'SCAN_LIMIT', 'SCAN_LIMIT', 'COMPLETE']);
    expect(calls).toHaveLength(Math.ceil(BILLAGAIN_ROWS / SCAN_LIMIT_ROWS));
    for (const call of calls) expect(call).toMatch(/^GET \/customers\?page=\d+&page_size=\d+$/);
  });

  it('that no row of an account can match needs no call, and completeness says why', async () => {
    const filter = { merchantAccountId: '2001' };
    const calls = await gateway.callsOf(async () => {
      const page = await readPage(customers, { first: 5, accounts: ['billagain'], filter });
      expect(page).toMatchObject({
        nodes: [],
        pageInfo: { hasNextPage: false },
        completeness: [
          {
            account: 'billagain',
            state: 'COMPLETE',
            reason: 'billagain has no customer with this merchantAccountId',
          },
        ],
      });
    });
    expect(calls).toEqual([]);
  });

  it.each([
    ['merchantAccountId', 'abc'],
    ['firstName', 'x'.repeat(126)],
    ['phone', '1'.repeat(16)],
    ['region', 'Texas'],
    ['countryCode', 'USA'],
  ])("longer or other than UniPay's field can hold matches nothing there, without a call: %s", async (name, value) => {
    const calls = await gateway.callsOf(async () => {
      const page = await readPage(customers, { first: 5, accounts: ['unipay'], filter: { [name]: value } });
      expect(page.completeness).toEqual([
        { account: 'unipay', state: 'COMPLETE', reason: `unipay has no customer with this ${name}` },
      ]);
    });
    expect(calls).toEqual([]);
  });

  it('finds what a brute-force filter of all customers finds, whatever is asked for, at any page size', async () => {
    const field = fc.constantFrom(...Object.keys(CUSTOMER_VALUES));
    const filters = fc
      .record({
        pattern: fc.nat({ max: BILLAGAIN_ROWS + 119 }),
        fields: fc.uniqueArray(field, { minLength: 1, maxLength: 3 }),
      })
      .map(({ pattern, fields }) => {
        const customer = everyCustomer[pattern] as Customer;
        const entries = fields.map((name) => [name, CUSTOMER_VALUES[name]?.(customer) ?? null] as const);
        return Object.fromEntries(entries.filter(([, value]) => value !== null && value.length <= 100));
      })
      // "" and spaces are no names; how each vendor takes them is its own matter.
      .filter((filter) => Object.values(filter).every((value) => value?.trim() !== ''));
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 60 }), async (filter, first) => {
        const expected = everyCustomer.filter((customer) =>
          Object.entries(filter).every(([name, wanted]) =>
            sameText(CUSTOMER_VALUES[name]?.(customer) ?? null, wanted ?? ''),
          ),
        );
        const found = idsOf(await walk(customers, { first, filter }));
        for (const account of ['billagain', 'unipay']) {
          const of = (ids: readonly string[]) => ids.filter((id) => id.startsWith(`Customer:${account}:`));
          expect(of(found)).toEqual(of(expected.map(({ id }) => id)));
        }
        expect(found).toHaveLength(expected.length);
      }),
      { numRuns: 40, seed: 20_261_120 },
    );
  });
});

describe('a filter of customers at the billing profile of UniPay', () => {
  it('is pushed down where seed 000 knows it, and scanned for elsewhere', async () => {
    const billing = await startVendors({ unipay: { customers: 60, profile: 'billing' } });
    const other = await startTestGateway({ vendors: billing, cache: NO_CACHE, unipaySettings: { profile: 'billing' } });
    const list = customersOf(other);
    const all = await other.read<{ customers: { nodes: Customer[] } }>(
      '{ customers(first: 200, accounts: ["unipay"]) { nodes { id lastName address { city } } } }',
    );
    const both = all.customers.nodes.find(({ lastName, address }) => lastName && address.city);
    const filter = { lastName: both?.lastName ?? '', city: both?.address.city ?? '' };
    let found: string[] = [];
    const calls = await other.callsOf(async () => {
      found = idsOf(await walk(list, { first: 10, accounts: ['unipay'], filter }));
    });
    await other.stop();
    expect(found).toEqual(
      all.customers.nodes
        .filter(({ lastName, address }) => sameText(lastName, filter.lastName) && sameText(address.city, filter.city))
        .map(({ id }) => id),
    );
    expect(filterParameters(calls[0] ?? '')).toEqual({ lastName: filter.lastName });
  });
});

describe('a filter of subscriptions', () => {
  const FIELDS =
    'id billingCycle kind status planId planName createdAt lastBillingDate nextBillingDate amount { amount }';

  it('is pushed down to UniPay whole, all thirteen fields, amounts in whole cents within the borders', async () => {
    const filter = {
      billingCycle: 'SEMI_ANNUALLY',
      kind: 'FIXED',
      status: 'ACTIVE',
      planId: '12',
      planName: 'Gold & Co',
      createdFrom: '2024-02-29',
      createdTo: '2025-01-01',
      lastBillingFrom: '2025-01-02',
      lastBillingTo: '2025-01-03',
      nextBillingFrom: '2025-01-04',
      nextBillingTo: '2025-01-05',
      amountFrom: '0.005',
      amountTo: '19.999',
    };
    const calls = await gateway.callsOf(() =>
      readPage(subscriptionsOf(gateway, 'Customer:unipay:1'), { first: 10, filter }),
    );
    expect(calls).toHaveLength(2);
    expect(calls[1]).toMatch(/^GET \/customers\/1\/subscriptions\.json\?offset=0&limit=11&/);
    expect(filterParameters(calls[1] ?? '')).toEqual({
      billingCycleType: 'S',
      type: 'F',
      status: 'C',
      planId: '12',
      name: 'Gold & Co',
      createDateFrom: '2024-02-29',
      createDateTo: '2025-01-01',
      lastBillingDateFrom: '2025-01-02',
      lastBillingDateTo: '2025-01-03',
      nextBillingDateFrom: '2025-01-04',
      nextBillingDateTo: '2025-01-05',
      amountFrom: '1',
      amountTo: '1999',
    });
  });

  it.each([
    [
      'UniPay, which has no trials',
      'Customer:unipay:1',
      { status: 'TRIAL' },
      'unipay has no subscription with this status',
    ],
    [
      'UniPay, which has no other cycles',
      'Customer:unipay:1',
      { billingCycle: 'CUSTOM' },
      'unipay has no subscription with this billingCycle',
    ],
    [
      'BillAgain, which tells no amounts',
      'Customer:billagain:302',
      { amountFrom: '0' },
      'billagain has no subscription with this amountFrom',
    ],
  ])('matches nothing at %s, without a call', async (_, owner, filter, reason) => {
    let page: Awaited<ReturnType<typeof readPage>> | undefined;
    const calls = await gateway.callsOf(async () => {
      page = await readPage(subscriptionsOf(gateway, owner), { first: 10, filter });
    });
    expect(page).toMatchObject({ nodes: [], completeness: [{ state: 'COMPLETE', reason }] });
    expect(calls.filter((call) => call.includes('subscriptions'))).toEqual([]);
  });

  it('is looked for in the rows at BillAgain, and nothing of it is on the wire', async () => {
    const calls = await gateway.callsOf(() =>
      readPage(subscriptionsOf(gateway, 'Customer:billagain:100001'), {
        first: 10,
        filter: { status: 'ACTIVE', kind: 'PERPETUAL' },
      }),
    );
    expect(calls[1]).toMatch(/^GET \/customers\/100001\/subscriptions\?page=1&page_size=\d+$/);
  });

  it('finds what a brute-force filter of all subscriptions finds, at any page size', async () => {
    const data = await gateway.read<
      Record<string, { nodes: { id: string; subscriptions: { nodes: Subscription[] } }[] }>
    >(
      `{ a: customers(first: 12, accounts: ["billagain"]) { nodes { id subscriptions(first: 200) { nodes { ${FIELDS} } } } }
         b: customers(first: 12, accounts: ["unipay"]) { nodes { id subscriptions(first: 200) { nodes { ${FIELDS} } } } } }`,
    );
    const owners = Object.values(data).flatMap(({ nodes }) => nodes);
    const rows = owners.flatMap(({ subscriptions }) => subscriptions.nodes);
    expect(rows.length).toBeGreaterThan(40);
    const wantedOf = (name: string, row: Subscription): string | null => {
      if (name.startsWith('created')) return row.createdAt?.slice(0, 10) ?? null;
      if (name.startsWith('lastBilling')) return row.lastBillingDate;
      if (name.startsWith('nextBilling')) return row.nextBillingDate;
      if (name.startsWith('amount')) return row.amount?.amount ?? null;
      return row[name as 'status'];
    };
    const field = fc.constantFrom(...Object.keys(SUBSCRIPTION_TESTS));
    const filters = fc
      .record({
        pattern: fc.nat({ max: rows.length - 1 }),
        fields: fc.uniqueArray(field, { minLength: 1, maxLength: 3 }),
      })
      .map(({ pattern, fields }) => {
        const entries = fields.map((name) => [name, wantedOf(name, rows[pattern] as Subscription)] as const);
        return Object.fromEntries(entries.filter(([, value]) => value !== null));
      });
    await fc.assert(
      fc.asyncProperty(
        filters,
        fc.nat({ max: owners.length - 1 }),
        fc.integer({ min: 1, max: 5 }),
        async (filter, at, first) => {
          const owner = owners[at];
          const expected = owner?.subscriptions.nodes.filter((row) =>
            Object.entries(filter).every(([name, wanted]) => SUBSCRIPTION_TESTS[name]?.(row, wanted ?? '')),
          );
          const found = idsOf(await walk(subscriptionsOf(gateway, owner?.id ?? ''), { first, filter }));
          expect(found).toEqual(expected?.map(({ id }) => id));
        },
      ),
      { numRuns: 80, seed: 20_261_120 },
    );
  });
});
