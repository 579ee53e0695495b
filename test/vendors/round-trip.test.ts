import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VendorRefusal } from '../../src/errors.ts';
import type { UnipaySettings } from '../../src/model/account.ts';
import { holdsCardNumber } from '../../src/model/card-number.ts';
import type { Customer } from '../../src/model/customer.ts';
import type { AddressInput, CreateCustomerInput, UpdateCustomerInput } from '../../src/model/customer-input.ts';
import { normalizeDecimal } from '../../src/model/scalars.ts';
import type { BillingSubscription } from '../../src/model/subscription.ts';
import type { CreateSubscriptionInput, UpdateSubscriptionInput } from '../../src/model/subscription-input.ts';
import { startBillagain } from '../../src/simulators/billagain/server.ts';
import type { Simulator } from '../../src/simulators/simulator.ts';
import { PLANS } from '../../src/simulators/unipay/plans.ts';
import { startUnipay } from '../../src/simulators/unipay/server.ts';
import type { PlannedWrite, VendorAccount } from '../../src/vendors/vendor.ts';
import { connect, patience } from './connected.ts';

/** What is written and then read back is what was asked, or somebody says why not; and what is not named stays. */

const RUNS = 150;

const PLAN_ID = String(PLANS[0]?.id);

const ODD_TEXTS = [
  ...[
    '"quoted"',
    "O'Brien",
    'a & b',
    '<b>',
    '&amp;',
    '&#10;',
    ']]>',
    'x=y&z',
    '100%',
    '%41',
    'a+b',
    '\\',
    '\\u0041',
    '?',
    '#',
  ],
  ...['line one\nline two', 'tab\tbed', 'carriage\r\nreturn', ' leading', 'trailing ', '   ', '\u00a0', '\u2028'],
  ...['0', '1', '-1', '1e3', '007', 'null', 'undefined', 'true', '{}', '[]', '{{x}}', '__proto__', 'constructor'],
  ...[
    'Zoë Ångström',
    'e\u0301',
    '👋🏽',
    '👩‍👩‍👧',
    '京都市',
    'שלום',
    'مرحبا \u200f123',
    '\u202eesrever',
    '\ufeff',
    '\u0085',
  ],
  ...['x'.repeat(126), 'x'.repeat(300), 'ж'.repeat(2000), '\u0000', '\u001f', '\ud83d', '\udc4b', '\ufffe'],
];

const text = fc
  .oneof(
    { weight: 3, arbitrary: fc.constantFrom(...ODD_TEXTS) },
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  )
  .filter((value) => !holdsCardNumber(value));
const perhaps = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
const emptyOr = (value: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 8, arbitrary: perhaps(value) }, { weight: 1, arbitrary: fc.constant('') });
const some = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(shape, { requiredKeys: [] });
const aDay = fc
  .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const names = {
  kind: perhaps(fc.constantFrom('INDIVIDUAL' as const, 'COMPANY' as const)),
  displayName: emptyOr(text),
  firstName: emptyOr(text),
  lastName: emptyOr(text),
  organizationName: emptyOr(text),
};

/** Texts that UniPay's shorter fields take, half of the time. */
const short = (maxLength: number) => fc.oneof(text, fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength }));

const unipayFields = {
  ...names,
  email: emptyOr(text),
  phone: emptyOr(fc.oneof(text, fc.stringMatching(/^\+?[\d ()-]{1,14}$/))),
};
const unipayAddress = some({
  line1: emptyOr(text),
  city: emptyOr(short(50)),
  region: emptyOr(short(3)),
  postalCode: emptyOr(short(10)),
  countryCode: emptyOr(fc.constantFrom('US', 'ZA', 'XX', 'us')),
});

const billagainFields = {
  ...names,
  reference: emptyOr(text),
  registrationNumber: emptyOr(text),
  taxNumber: emptyOr(text),
  email: emptyOr(text),
  emailCc: emptyOr(text),
  phone: emptyOr(text),
  mobilePhone: emptyOr(text),
  fax: emptyOr(text),
  sendsInvoices: fc.boolean(),
  sendsStatements: fc.boolean(),
  statementDay: perhaps(fc.integer({ min: 0, max: 26 })),
  gatewayId: emptyOr(fc.constantFrom('99', '97', 'x', '9007199254740991')),
  paymentMethod: perhaps(fc.constantFrom('CASH', 'CHEQUE', 'CREDIT_CARD', 'DEBIT_ORDER', 'EFT', 'BANK_ACCOUNT')),
};
const billagainAddress = some({
  line1: emptyOr(text),
  line2: emptyOr(text),
  city: emptyOr(text),
  region: emptyOr(text),
  postalCode: emptyOr(text),
});
const billagainDetails = some({
  company: emptyOr(text),
  taxCountryId: perhaps(fc.constantFrom('71', '1', '2')),
  taxRegionId: perhaps(fc.constantFrom('1', '2')),
});

/** What a customer shows of each field that an input can name. */
function flatten(customer: Pick<Customer, 'address' | 'billAgain'> & object): Record<string, unknown> {
  const { address, billAgain, ...plain } = customer as Customer;
  return {
    ...plain,
    ...prefixed('address', address),
    ...prefixed('billAgain', billAgain ?? {}),
  };
}

function prefixed(part: string, members: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [`${part}.${name}`, value]));
}

type CustomerInput = Partial<CreateCustomerInput & UpdateCustomerInput>;

/** What an input asks for, by the same names. Null for a part as a whole asks for each of its fields to be empty. */
function asked(input: CustomerInput): Record<string, unknown> {
  const { address, billAgain, account: _account, id: _id, ...plain } = input;
  const parts = { ...prefixed('address', address ?? {}), ...prefixed('billAgain', billAgain ?? {}) };
  return Object.fromEntries(
    Object.entries({ ...plain, ...parts })
      .filter(([name, value]) => value !== undefined && !(name === 'kind' && value === null))
      .map(([name, value]) => [name, value === '' ? null : value]),
  );
}

function expectAsked(input: CustomerInput, after: Customer): void {
  const shown = flatten(after);
  for (const [name, value] of Object.entries(asked(input))) {
    // A name to show is told from others where none was given, and shown without the spaces around it.
    if (name === 'displayName') {
      if (value !== null) expect(after.displayName).toBe(String(value).trim());
    } else if (name === 'reference' && value === after.vendorId) {
    } else expect({ [name]: shown[name] }).toEqual({ [name]: value });
  }
}

/** Fields that are told from others, and so may change with them. */
const TOLD_FROM: Readonly<Record<string, readonly string[]>> = {
  kind: ['organizationName'],
  displayName: ['kind', 'firstName', 'lastName', 'organizationName', 'billAgain.company'],
  firstName: ['displayName'],
  lastName: ['displayName'],
  organizationName: ['billAgain.company'],
  'billAgain.company': ['organizationName'],
  'billAgain.taxRegion': ['billAgain.taxRegionId'],
  'address.country': ['billAgain.taxCountryId'],
  'address.countryCode': ['billAgain.taxCountryId'],
};

function expectUntouched(input: CustomerInput, before: Customer, after: Customer): void {
  const touched = new Set(Object.keys(asked(input)));
  for (const part of ['address', 'billAgain'] as const) {
    if (input[part] === null) for (const name of Object.keys(before[part] ?? {})) touched.add(`${part}.${name}`);
  }
  const [was, is] = [flatten(before), flatten(after)];
  for (const name of Object.keys(was)) {
    if (touched.has(name) || TOLD_FROM[name]?.some((source) => touched.has(source))) continue;
    expect({ [name]: is[name] }).toEqual({ [name]: was[name] });
  }
}

/** Undefined where it was refused, with reasons that name fields of the input or required ones. */
async function carryOut<R>(plan: PlannedWrite<R>): Promise<{ readonly record: R | undefined } | undefined> {
  if (plan.problems.length > 0) {
    for (const { field, message } of plan.problems) {
      expect(field?.length).toBeGreaterThan(0);
      expect(message).toContain(field?.join('.'));
    }
    return undefined;
  }
  try {
    return { record: await plan.send(patience()) };
  } catch (error) {
    // The vendor's own reasons, such as a reference that is taken: told as REFUSED_BY_VENDOR.
    if (error instanceof VendorRefusal) return undefined;
    throw error;
  }
}

async function read(account: VendorAccount, vendorId: string): Promise<Customer> {
  const customer = (await account.loadCustomers([vendorId], { customFields: false }, patience())).get(vendorId);
  if (customer === undefined || customer instanceof Error) throw customer ?? new Error(`no customer ${vendorId}`);
  return customer;
}

interface Place {
  readonly name: string;
  start(): Promise<{ readonly simulator: Simulator; readonly account: VendorAccount }>;
  readonly fields: { readonly [name: string]: fc.Arbitrary<unknown> };
  readonly address: fc.Arbitrary<AddressInput>;
  readonly details: fc.Arbitrary<object> | undefined;
  readonly newFields: { readonly [name: string]: fc.Arbitrary<unknown> };
}

function unipay(
  settings: Pick<UnipaySettings, 'profile' | 'format' | 'requestFormat'>,
  xmlScalars?: 'elements',
): Place {
  return {
    name: `UniPay ${Object.values(settings).join(' ')} ${xmlScalars ?? ''}`.trim(),
    async start() {
      const { profile } = settings;
      const simulator = await startUnipay({ customers: 3, profile, ...(xmlScalars ? { xmlScalars } : {}) });
      const { username, password } = simulator.settings;
      const more = { formatSelection: 'both', pageSize: 100, actionPath: '/~{action}' } as const;
      const credentials = { username, password };
      return {
        simulator,
        account: connect(simulator, { vendor: 'UNIPAY', credentials, unipay: { ...settings, ...more } }),
      };
    },
    fields: unipayFields,
    address: unipayAddress,
    details: undefined,
    newFields: { merchantAccountId: fc.constant('2001'), reference: emptyOr(short(60)) },
  };
}

const PLACES: Place[] = [
  {
    name: 'BillAgain',
    async start() {
      const simulator = await startBillagain({ customers: 0 });
      const credentials = { username: simulator.accountId, password: simulator.apiKey };
      return { simulator, account: connect(simulator, { vendor: 'BILLAGAIN', credentials }) };
    },
    fields: billagainFields,
    address: billagainAddress,
    details: billagainDetails,
    newFields: { currencyCode: fc.constantFrom('ZAR', 'USD'), taxExempt: fc.boolean() },
  },
  unipay({ profile: 'management', format: 'json', requestFormat: 'json' }),
  unipay({ profile: 'management', format: 'xml', requestFormat: 'xml' }),
  unipay({ profile: 'billing', format: 'json', requestFormat: 'xurl' }),
];

describe.each(PLACES)('a customer at $name', ({ start, fields, address, details, newFields }) => {
  let simulator: Simulator;
  let account: VendorAccount;
  beforeAll(async () => {
    ({ simulator, account } = await start());
  });
  afterAll(async () => {
    await account.close();
    await simulator.close();
  });

  const parts = { address: perhaps(address), ...(details ? { billAgain: perhaps(details) } : {}) };
  /** Few fields each time, so that many an input is one that can be carried out. */
  const few = (all: { readonly [name: string]: fc.Arbitrary<unknown> }) =>
    fc.subarray(Object.keys(all), { minLength: 1, maxLength: 5 }).chain((chosen) => {
      const shape = Object.fromEntries(chosen.map((name) => [name, all[name] as fc.Arbitrary<unknown>]));
      return fc.record(shape);
    });
  const updates = few({ ...fields, ...parts }) as fc.Arbitrary<CustomerInput>;
  const creates = fc
    .tuple(few({ ...fields, ...parts }), fc.record(newFields), fc.constantFrom({}, { organizationName: 'Acme' }))
    .map(([input, required, name]) => ({ ...name, ...input, ...required }) as CustomerInput);

  it('reads as it was asked to be created, or is refused', async () => {
    let carriedOut = 0;
    await fc.assert(
      fc.asyncProperty(creates, async (input) => {
        simulator.calls.clear();
        const plan = account.planCreateCustomer({ account: account.name, ...input } as CreateCustomerInput);
        const done = await carryOut(plan);
        if (done === undefined) {
          expect(plan.problems.length > 0 ? simulator.calls.count() : 0).toBe(0);
          return;
        }
        carriedOut += 1;
        const created = done.record as Customer;
        expectAsked(input, created);
        expect({ ...(await read(account, created.vendorId)), primaryPaymentMethodId: null }).toEqual({
          ...created,
          primaryPaymentMethodId: null,
        });
      }),
      { numRuns: RUNS },
    );
    expect(carriedOut).toBeGreaterThan(RUNS / 5);
  });

  it('reads as it was asked to be changed, and else as it was', async () => {
    let carriedOut = 0;
    await fc.assert(
      fc.asyncProperty(creates, updates, async (first, change) => {
        const plain = { organizationName: 'Acme', currencyCode: first.currencyCode, taxExempt: first.taxExempt };
        const [odd, even] = [first, { merchantAccountId: first.merchantAccountId, ...plain }].map((input) =>
          account.planCreateCustomer(JSON.parse(JSON.stringify({ account: account.name, ...input }))),
        ) as [PlannedWrite<Customer>, PlannedWrite<Customer>];
        const created = (await carryOut(odd)) ?? (await carryOut(even));
        if (!created?.record) throw new Error('the plain customer can be created');
        const { vendorId } = created.record;
        const before = await read(account, vendorId);
        const plan = await account.planUpdateCustomer(
          vendorId,
          { id: '', ...change } as UpdateCustomerInput,
          patience(),
        );
        if (plan === null) throw new Error('the customer was just created');
        const done = await carryOut(plan);
        const after = await read(account, vendorId);
        if (done === undefined) {
          expect(after).toEqual(before);
          return;
        }
        carriedOut += 1;
        expectAsked(change, after);
        expectUntouched(change, before, after);
        if (change.address === null) {
          // The country is told from where taxes are charged.
          const { country: _country, countryCode: _countryCode, ...rest } = after.address;
          expect(Object.values(rest).filter(Boolean)).toEqual([]);
        }
      }),
      { numRuns: RUNS },
    );
    expect(carriedOut).toBeGreaterThan(RUNS / 20);
  });
});

describe('a subscription at BillAgain', () => {
  let simulator: Simulator;
  let account: VendorAccount;
  beforeAll(async () => {
    ({ simulator, account } = await (PLACES[0] as Place).start());
  });
  afterAll(async () => {
    await account.close();
    await simulator.close();
  });

  it('reads as it was asked to be created, or is refused', async () => {
    let carriedOut = 0;
    const units = fc.oneof(
      fc.tuple(fc.nat(), fc.nat(9999)).map(([whole, fraction]) => normalizeDecimal(`${whole}.${fraction}`)),
      fc.constantFrom('0', '-2', '123456789012345678901234567890.1234567890123456789'),
    );
    const input: fc.Arbitrary<Partial<CreateSubscriptionInput>> = some({
      planId: perhaps(fc.constantFrom('305', '123456789012345', 'x', '')),
      startDate: perhaps(aDay),
      endDate: perhaps(fc.oneof(aDay, fc.constantFrom('2023-02-29'))),
      cycleMonths: perhaps(fc.integer({ min: 0, max: 24 })),
      cycleDays: perhaps(fc.integer({ min: 0, max: 400 })),
      components: fc.array(fc.record({ id: fc.constantFrom('1', '2', 'x'), units: perhaps(units) }), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(input, async ({ components, ...plain }) => {
        const asked = { account: '', customerId: '', planId: '1', ...plain, ...(components ? { components } : {}) };
        const created = await carryOut(account.planCreateSubscription('302', asked));
        if (!created?.record) return;
        const key = { account: account.name, customerVendorId: '302', vendorId: created.record.vendorId };
        const there = await account.loadSubscription(key, patience());
        expect(there).toEqual(created.record);
        expect(there).toMatchObject({ ...plain, planId: asked.planId });
        expect(there?.components.map(({ id, units }) => ({ id, units }))).toEqual(components ?? []);
        carriedOut += 1;
      }),
      // Mostly one of ten is carried out: twice as many, so that chance alone leaves enough.
      { numRuns: 2 * RUNS },
    );
    expect(carriedOut).toBeGreaterThan(RUNS / 20);
  });
});

describe.each(PLACES.filter(({ name }) => name !== 'BillAgain'))('a subscription at $name', ({ start }) => {
  let simulator: Simulator;
  let account: VendorAccount;
  beforeAll(async () => {
    ({ simulator, account } = await start());
  });
  afterAll(async () => {
    await account.close();
    await simulator.close();
  });

  const amount = fc.oneof(
    fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((cents) => String(cents / 100)),
    fc.constantFrom('0.001', '-1', '21474836.48', '99999999999999999'),
  );
  const creates: fc.Arbitrary<Partial<CreateSubscriptionInput>> = some({
    reference: emptyOr(short(60)),
    note: emptyOr(text),
    amount: perhaps(amount),
    firstBillingDate: perhaps(fc.oneof(aDay, fc.constantFrom('2026-02-30'))),
  });
  const updates: fc.Arbitrary<Partial<UpdateSubscriptionInput>> = some({
    note: emptyOr(text),
    paymentMethodId: emptyOr(fc.constantFrom('1', '123456789012345', 'x')),
  });

  it('reads as it was asked to be created and changed, or is refused', async () => {
    let carriedOut = 0;
    await fc.assert(
      fc.asyncProperty(creates, updates, async (input, change) => {
        const required = { account: '', customerId: '', planId: PLAN_ID, paymentMethodId: '7' };
        const created = await carryOut(account.planCreateSubscription('1', { ...required, ...input }));
        if (!created?.record) return;
        const { vendorId } = created.record;
        const key = { account: account.name, customerVendorId: '1', vendorId };
        const before = (await account.loadSubscription(key, patience())) as BillingSubscription;
        expectSame(input, before);
        const plan = await account.planUpdateSubscription(key, { id: '', ...change }, patience());
        const done = await carryOut(plan as PlannedWrite<BillingSubscription>);
        const after = await account.loadSubscription(key, patience());
        const changes = done === undefined ? {} : change;
        const cleared = Object.entries(changes).map(([name, value]) => [name, value || null]);
        expect(after).toEqual({ ...before, ...Object.fromEntries(cleared) });
        carriedOut += 1;
      }),
      { numRuns: RUNS },
    );
    expect(carriedOut).toBeGreaterThan(RUNS / 5);
  });

  function expectSame(
    { reference, note, amount: asked, firstBillingDate }: typeof creates extends fc.Arbitrary<infer I> ? I : never,
    read: BillingSubscription,
  ) {
    if (reference !== undefined) expect(read.reference).toBe(reference || null);
    if (note !== undefined) expect(read.note).toBe(note || null);
    if (asked) expect(read.amount?.amount).toBe(asked);
    if (firstBillingDate) expect(read.firstBillingDate).toBe(firstBillingDate);
  }
});
