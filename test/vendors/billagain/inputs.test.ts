import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Customer } from '../../../src/model/customer.ts';
import type {
  BillAgainCreateInput,
  CreateCustomerInput,
  UpdateCustomerInput,
} from '../../../src/model/customer-input.ts';
import type { CreateSubscriptionInput } from '../../../src/model/subscription-input.ts';
import { type BillagainSimulator, startBillagain } from '../../../src/simulators/billagain/server.ts';
import type { PlannedWrite, VendorAccount } from '../../../src/vendors/vendor.ts';
import { connect, patience } from '../connected.ts';

let simulator: BillagainSimulator;
let account: VendorAccount;

beforeAll(async () => {
  simulator = await startBillagain({ customers: 0 });
  account = connect(simulator, {
    vendor: 'BILLAGAIN',
    credentials: { username: simulator.accountId, password: simulator.apiKey },
  });
});
afterAll(async () => {
  await account.close();
  await simulator.close();
});

const REQUIRED = { account: 'billagain', currencyCode: 'ZAR', taxExempt: false };

/** "CODE path.of.field" of each problem. */
function problemsOf({ problems }: Pick<PlannedWrite<unknown>, 'problems'>): string[] {
  return problems.map(({ code, field }) => `${code} ${field?.join('.')}`);
}

function problemsOfCreate(input: Partial<CreateCustomerInput>): string[] {
  return problemsOf(account.planCreateCustomer({ ...REQUIRED, ...input }));
}

async function problemsOfUpdate(input: Omit<UpdateCustomerInput, 'id'>): Promise<string[]> {
  const plan = await account.planUpdateCustomer('300', { id: '', ...input }, patience());
  if (plan === null) throw new Error('customer 300 is there');
  return problemsOf(plan);
}

describe("what is wrong with a BillAgain customer's input", () => {
  it('is that nothing of what is required was given', () => {
    expect(problemsOf(account.planCreateCustomer({ account: 'billagain' }))).toEqual([
      'REQUIRED currencyCode',
      'REQUIRED taxExempt',
    ]);
    expect(problemsOfCreate({ currencyCode: '', taxExempt: null })).toEqual([
      'REQUIRED currencyCode',
      'REQUIRED taxExempt',
    ]);
  });

  it('is not that nobody said whether it is a company, where the names say so', () => {
    expect(problemsOfCreate({})).toEqual([]);
  });

  it.each<[object, string]>([
    [{ currencyCode: 'zar' }, 'INVALID currencyCode'],
    [{ currencyCode: 'ZA' }, 'INVALID currencyCode'],
    [{ currencyCode: 'RAND' }, 'INVALID currencyCode'],
    [{ address: { countryCode: 'za' } }, 'INVALID address.countryCode'],
    [{ address: { countryCode: 'ZAF' } }, 'INVALID address.countryCode'],
    [{ statementDay: 0 }, 'INVALID statementDay'],
    [{ statementDay: 26 }, 'INVALID statementDay'],
    [{ statementDay: -1 }, 'INVALID statementDay'],
    [{ gatewayId: 'x' }, 'INVALID gatewayId'],
    [{ gatewayId: '0' }, 'INVALID gatewayId'],
    [{ gatewayId: '99 ' }, 'INVALID gatewayId'],
    [{ paymentMethod: 'BANK_ACCOUNT' }, 'INVALID paymentMethod'],
    [{ paymentMethod: 'UNKNOWN' }, 'INVALID paymentMethod'],
    [{ kind: 'UNKNOWN' }, 'INVALID kind'],
    [{ email: 'a\u0000@b.c' }, 'INVALID email'],
    [{ taxNumber: 'x\u001b[31m' }, 'INVALID taxNumber'],
    [{ address: { line1: 'x\ud83d' } }, 'INVALID address.line1'],
    [{ address: { city: '\udc00x' } }, 'INVALID address.city'],
    [{ fax: 'x\uffff' }, 'INVALID fax'],
    [{ kind: 'COMPANY', organizationName: 'x\u0007' }, 'INVALID organizationName'],
    [{ kind: 'COMPANY', lastName: 'x\u0007' }, 'INVALID lastName'],
    [{ displayName: 'x\ud83d' }, 'INVALID displayName'],
    [{ firstName: '\u0000', lastName: 'Lee' }, 'INVALID firstName'],
    [{ firstName: 'Ann', lastName: '\u0000' }, 'INVALID lastName'],
    [{ kind: 'INDIVIDUAL', organizationName: '\u0000' }, 'INVALID organizationName'],
    [{ merchantAccountId: '2001' }, 'UNSUPPORTED_BY_VENDOR merchantAccountId'],
  ])('%j: %s', (input, problem) => {
    expect(problemsOfCreate(input)).toEqual([problem]);
  });

  it.each<[Partial<CreateCustomerInput>]>([
    [{ statementDay: 1 }],
    [{ statementDay: 25 }],
    [{ statementDay: null }],
    [{ gatewayId: '123456789012345678' }],
    [{ address: null, billAgain: null, kind: null }],
    [{ email: 'line one\nline two\ttab\r' }],
    [{ address: { line1: 'x'.repeat(10_000) } }],
  ])('%j: nothing', (input) => {
    expect(problemsOfCreate(input)).toEqual([]);
  });

  it.each<[BillAgainCreateInput, string]>([
    [{ taxCountryId: 'ZA' }, 'INVALID billAgain.taxCountryId'],
    [{ taxRegionId: '-1' }, 'INVALID billAgain.taxRegionId'],
    [{ company: '\u0000' }, 'INVALID billAgain.company'],
    [{ contact: { password: 'x\u0000' } }, 'INVALID billAgain.contact.password'],
    [{ contact: { email: '\ud800' } }, 'INVALID billAgain.contact.email'],
    [{ subscriptions: Array.from({ length: 6 }, () => ({ planId: '1' })) }, 'INVALID billAgain.subscriptions'],
    [{ subscriptions: [{ planId: '1' }, { planId: '' }] }, 'REQUIRED billAgain.subscriptions.1.planId'],
    [{ subscriptions: [{ planId: 'x' }] }, 'INVALID billAgain.subscriptions.0.planId'],
    [{ subscriptions: [{ planId: '1', startDate: '15 Dec 2016' }] }, 'INVALID billAgain.subscriptions.0.startDate'],
    [{ subscriptions: [{ planId: '1', endDate: '2023-02-29' }] }, 'INVALID billAgain.subscriptions.0.endDate'],
    [{ subscriptions: [{ planId: '1', cycleMonths: 0 }] }, 'INVALID billAgain.subscriptions.0.cycleMonths'],
    [{ subscriptions: [{ planId: '1', cycleMonths: 1, cycleDays: 7 }] }, 'INVALID billAgain.subscriptions.0.cycleDays'],
    [{ subscriptions: [{ planId: '1', invoiceLeadDays: -1 }] }, 'INVALID billAgain.subscriptions.0.invoiceLeadDays'],
    [
      { subscriptions: [{ planId: '1', components: [{ id: '1' }, { id: '' }] }] },
      'REQUIRED billAgain.subscriptions.0.components.1.id',
    ],
    [
      { subscriptions: [{ planId: '1', components: [{ id: '1', versionNumber: 0 }] }] },
      'INVALID billAgain.subscriptions.0.components.0.versionNumber',
    ],
    [
      { paymentMethod: { creditCard: { number: '0424242', expiryMonth: 1, expiryYear: 2030 } } },
      'INVALID billAgain.paymentMethod.creditCard.number',
    ],
    [
      {
        paymentMethod: {
          creditCard: { number: '4242424242424242', expiryMonth: 1, expiryYear: 2030, nameOnCard: '\u0000' },
        },
      },
      'INVALID billAgain.paymentMethod.creditCard.nameOnCard',
    ],
    [
      {
        paymentMethod: {
          creditCard: { number: '4242424242424242', expiryMonth: 1, expiryYear: 2030 },
          gatewayIds: ['115', 'x'],
        },
      },
      'INVALID billAgain.paymentMethod.gatewayIds.1',
    ],
  ])('billAgain %j: %s', (billAgain, problem) => {
    expect(problemsOfCreate({ billAgain })).toEqual([problem]);
  });

  it('takes five subscriptions', () => {
    const subscriptions = Array.from({ length: 5 }, () => ({ planId: '1' }));
    expect(problemsOfCreate({ billAgain: { subscriptions } })).toEqual([]);
  });

  it('is told all at once, and nothing of it with its value', () => {
    const secret = '\u0000the-value';
    const plan = account.planCreateCustomer({
      account: 'billagain',
      currencyCode: secret,
      merchantAccountId: secret,
      gatewayId: secret,
      statementDay: 31,
      address: { countryCode: secret, line2: secret },
      firstName: secret,
      billAgain: { taxCountryId: secret, contact: { password: secret }, subscriptions: [{ planId: secret }] },
    });
    expect(problemsOf(plan).sort()).toEqual([
      'INVALID address.countryCode',
      'INVALID address.line2',
      'INVALID billAgain.contact.password',
      'INVALID billAgain.subscriptions.0.planId',
      'INVALID billAgain.taxCountryId',
      'INVALID currencyCode',
      'INVALID firstName',
      'INVALID gatewayId',
      'INVALID statementDay',
      'REQUIRED taxExempt',
      'UNSUPPORTED_BY_VENDOR merchantAccountId',
    ]);
    expect(JSON.stringify(plan.problems)).not.toContain('the-value');
  });

  it.each<[Omit<UpdateCustomerInput, 'id'>, string[]]>([
    [{ currencyCode: null }, ['REQUIRED currencyCode']],
    [{ currencyCode: '' }, ['REQUIRED currencyCode']],
    [{ taxExempt: null }, ['REQUIRED taxExempt']],
    [{ kind: null }, ['INVALID kind']],
    [{ kind: 'UNKNOWN' }, ['INVALID kind']],
    [{ address: { countryCode: 'US' } }, ['UNSUPPORTED_BY_VENDOR address.countryCode']],
    // Customer 300 has a country, which an edit can't take away.
    [{ address: { countryCode: null } }, ['UNSUPPORTED_BY_VENDOR address.countryCode']],
    [{ address: null }, ['UNSUPPORTED_BY_VENDOR address.countryCode']],
    [{ address: { countryCode: 'ZA' } }, []],
    [{ paymentMethod: 'UNKNOWN' }, ['INVALID paymentMethod']],
    [{ paymentMethod: 'BANK_ACCOUNT' }, []],
    [{ billAgain: { taxRegionId: 'x' }, statementDay: 30 }, ['INVALID statementDay', 'INVALID billAgain.taxRegionId']],
    [{ billAgain: null }, []],
  ])('an update with %j: %j', async (input, problems) => {
    expect(await problemsOfUpdate(input)).toEqual(problems);
  });
});

describe("what is wrong with a BillAgain subscription's input", () => {
  const problemsOfSubscription = (input: Partial<CreateSubscriptionInput>) =>
    problemsOf(account.planCreateSubscription('302', { account: 'billagain', customerId: '', ...input }));

  it.each<[Partial<CreateSubscriptionInput>, string]>([
    [{}, 'REQUIRED planId'],
    [{ planId: '' }, 'REQUIRED planId'],
    [{ planId: '1', startDate: '2016-13-01' }, 'INVALID startDate'],
    [{ planId: '1', cycleMonths: -1 }, 'INVALID cycleMonths'],
    [{ planId: '1', cycleDays: 7, cycleMonths: 1 }, 'INVALID cycleDays'],
    [{ planId: '1', components: [{ id: '' }] }, 'REQUIRED components.0.id'],
    [{ planId: '1', billAgain: { rateTermId: 'x' } }, 'INVALID billAgain.rateTermId'],
    [{ planId: '1', amount: '1' }, 'UNSUPPORTED_BY_VENDOR amount'],
    [{ planId: '1', note: 'x' }, 'UNSUPPORTED_BY_VENDOR note'],
  ])('%j: %s', (input, problem) => {
    expect(problemsOfSubscription(input)).toEqual([problem]);
  });

  it('is, of a cancellation, that it says no mode, and that it names a day', async () => {
    const vendorId = String(simulator.subscriptionsOf(302)[0]?.subscriptionID);
    const key = { account: 'billagain', customerVendorId: '302', vendorId };
    const plan = await account.planCancelSubscription(key, { id: '', effectiveDate: '2026-01-01' }, patience());
    expect(plan && problemsOf(plan)).toEqual(['REQUIRED mode', 'UNSUPPORTED_BY_VENDOR effectiveDate']);
  });
});

type NameFields = Pick<Customer, 'kind' | 'displayName' | 'firstName' | 'lastName' | 'organizationName'>;
type NameInput = Pick<
  UpdateCustomerInput,
  'kind' | 'displayName' | 'firstName' | 'lastName' | 'organizationName' | 'billAgain'
>;
interface RawNames {
  readonly isCompany: boolean | null;
  readonly Name: string | null;
  readonly LastName: string | null;
  readonly Company: string | null;
}

const raw = (isCompany: boolean | null, Name: string | null, LastName: string | null, Company: string | null) => ({
  ...{ isCompany, Name, LastName, Company },
});
const shown = (
  kind: NameFields['kind'],
  displayName: string | null,
  firstName: string | null,
  lastName: string | null,
  organizationName: string | null,
): NameFields => ({ kind, displayName, firstName, lastName, organizationName });

describe('the names of a new BillAgain customer', () => {
  it.each<[NameInput, RawNames, NameFields]>([
    [{}, raw(false, null, null, null), shown('INDIVIDUAL', null, null, null, null)],
    // A person: whole, or in two parts.
    [{ displayName: 'Ann Lee' }, raw(false, 'Ann Lee', null, null), shown('INDIVIDUAL', 'Ann Lee', null, null, null)],
    [
      { firstName: 'Ann', lastName: 'Lee' },
      raw(false, 'Ann', 'Lee', null),
      shown('INDIVIDUAL', 'Ann Lee', 'Ann', 'Lee', null),
    ],
    [{ lastName: 'Lee' }, raw(false, null, 'Lee', null), shown('INDIVIDUAL', 'Lee', null, 'Lee', null)],
    [
      { firstName: 'Ann', lastName: 'Lee', organizationName: 'Acme' },
      raw(false, 'Ann', 'Lee', 'Acme'),
      shown('INDIVIDUAL', 'Ann Lee', 'Ann', 'Lee', 'Acme'),
    ],
    [
      {
        displayName: 'Ann Lee',
        firstName: null,
        lastName: '',
        organizationName: 'Acme',
        billAgain: { company: 'Acme' },
      },
      raw(false, 'Ann Lee', null, 'Acme'),
      shown('INDIVIDUAL', 'Ann Lee', null, null, 'Acme'),
    ],
    [
      { kind: 'INDIVIDUAL', organizationName: 'Acme' },
      raw(false, null, null, 'Acme'),
      shown('INDIVIDUAL', 'Acme', null, null, 'Acme'),
    ],
    // A company.
    [{ organizationName: 'Acme' }, raw(true, 'Acme', null, null), shown('COMPANY', 'Acme', null, null, 'Acme')],
    [
      { kind: 'COMPANY', organizationName: 'Acme', lastName: 'Lee', billAgain: { company: 'Group' } },
      raw(true, 'Acme', 'Lee', 'Group'),
      shown('COMPANY', 'Acme', null, 'Lee', 'Acme'),
    ],
    [
      { kind: 'COMPANY', organizationName: ' Acme ', displayName: 'Acme', firstName: null },
      raw(true, ' Acme ', null, null),
      shown('COMPANY', 'Acme', null, null, ' Acme '),
    ],
    // Odd, and still text.
    [{ displayName: 'null' }, raw(false, 'null', null, null), shown('INDIVIDUAL', 'null', null, null, null)],
    [{ firstName: '0', lastName: '0' }, raw(false, '0', '0', null), shown('INDIVIDUAL', '0 0', '0', '0', null)],
  ])('%j', async (input, there, read) => {
    const plan = account.planCreateCustomer({ ...REQUIRED, ...input });
    expect(plan.problems).toEqual([]);
    const created = await plan.send(patience());
    expect(simulator.customer(Number(created?.vendorId))).toMatchObject(there);
    expect(created).toMatchObject(read);
  });

  it.each<[NameInput, string[]]>([
    [{ firstName: 'Ann' }, ['INVALID firstName']],
    [{ displayName: 'Ann Lee', firstName: 'Ann', lastName: 'Lee' }, ['INVALID firstName', 'INVALID lastName']],
    [{ displayName: '  ' }, ['INVALID displayName']],
    [{ kind: 'UNKNOWN', displayName: 'Ann Lee' }, ['INVALID kind']],
    [{ kind: 'INDIVIDUAL', organizationName: 'Acme', billAgain: { company: 'Group' } }, ['INVALID billAgain.company']],
    [{ kind: 'COMPANY', displayName: 'Acme' }, ['UNSUPPORTED_BY_VENDOR displayName']],
    [
      { kind: 'COMPANY', organizationName: 'Acme', displayName: 'Ann Lee', firstName: 'Ann' },
      ['UNSUPPORTED_BY_VENDOR displayName', 'UNSUPPORTED_BY_VENDOR firstName'],
    ],
  ])('are refused: %j', (input, problems) => {
    expect(problemsOfCreate(input)).toEqual(problems);
  });
});

describe('the names of a BillAgain customer that is there', () => {
  const WHOLE = raw(false, 'Brielle Barnett', null, 'Acme');
  const SPLIT = raw(false, 'Jason', 'Lee', null);
  const NOBODY = raw(false, null, '', null);
  const LAST_ONLY = raw(false, '', 'Lee', null);
  const FIRM = raw(true, 'Vaughan Lawrence', '3245', '345');
  const NEITHER = raw(null, 'Brielle Barnett', null, null);

  it.each<[RawNames, NameInput, RawNames, NameFields]>([
    // Untouched, or as they were.
    [WHOLE, {}, WHOLE, shown('INDIVIDUAL', 'Brielle Barnett', null, null, 'Acme')],
    [
      WHOLE,
      { displayName: 'Brielle Barnett', firstName: null, lastName: '' },
      WHOLE,
      shown('INDIVIDUAL', 'Brielle Barnett', null, null, 'Acme'),
    ],
    [
      SPLIT,
      { displayName: 'Jason Lee', firstName: 'Jason', lastName: 'Lee' },
      SPLIT,
      shown('INDIVIDUAL', 'Jason Lee', 'Jason', 'Lee', null),
    ],
    [
      FIRM,
      { kind: 'COMPANY', displayName: 'Vaughan Lawrence', organizationName: 'Vaughan Lawrence' },
      FIRM,
      shown('COMPANY', 'Vaughan Lawrence', null, '3245', 'Vaughan Lawrence'),
    ],
    // A whole name.
    [
      WHOLE,
      { displayName: 'Ann Lee' },
      { ...WHOLE, Name: 'Ann Lee' },
      shown('INDIVIDUAL', 'Ann Lee', null, null, 'Acme'),
    ],
    [
      WHOLE,
      { firstName: 'Ann', lastName: 'Lee' },
      { ...WHOLE, Name: 'Ann', LastName: 'Lee' },
      shown('INDIVIDUAL', 'Ann Lee', 'Ann', 'Lee', 'Acme'),
    ],
    [
      WHOLE,
      { displayName: null, firstName: 'Ann', lastName: 'Lee' },
      { ...WHOLE, Name: 'Ann', LastName: 'Lee' },
      shown('INDIVIDUAL', 'Ann Lee', 'Ann', 'Lee', 'Acme'),
    ],
    [WHOLE, { displayName: null }, { ...WHOLE, Name: null }, shown('INDIVIDUAL', 'Acme', null, null, 'Acme')],
    [
      WHOLE,
      { displayName: null, lastName: 'Lee' },
      { ...WHOLE, Name: null, LastName: 'Lee' },
      shown('INDIVIDUAL', 'Lee', null, 'Lee', 'Acme'),
    ],
    [
      WHOLE,
      { firstName: null, lastName: 'Lee' },
      { ...WHOLE, Name: null, LastName: 'Lee' },
      shown('INDIVIDUAL', 'Lee', null, 'Lee', 'Acme'),
    ],
    [
      WHOLE,
      { organizationName: '' },
      { ...WHOLE, Company: null },
      shown('INDIVIDUAL', 'Brielle Barnett', null, null, null),
    ],
    [
      WHOLE,
      { kind: 'INDIVIDUAL', organizationName: 'New' },
      { ...WHOLE, Company: 'New' },
      shown('INDIVIDUAL', 'Brielle Barnett', null, null, 'New'),
    ],
    // In two parts.
    [SPLIT, { firstName: 'Ann' }, { ...SPLIT, Name: 'Ann' }, shown('INDIVIDUAL', 'Ann Lee', 'Ann', 'Lee', null)],
    [
      SPLIT,
      { lastName: 'Smith' },
      { ...SPLIT, LastName: 'Smith' },
      shown('INDIVIDUAL', 'Jason Smith', 'Jason', 'Smith', null),
    ],
    [SPLIT, { firstName: null }, { ...SPLIT, Name: null }, shown('INDIVIDUAL', 'Lee', null, 'Lee', null)],
    [
      SPLIT,
      { firstName: '', lastName: null },
      { ...SPLIT, Name: null, LastName: null },
      shown('INDIVIDUAL', null, null, null, null),
    ],
    [
      SPLIT,
      { displayName: 'Ann Smith' },
      { ...SPLIT, Name: 'Ann Smith', LastName: null },
      shown('INDIVIDUAL', 'Ann Smith', null, null, null),
    ],
    [
      SPLIT,
      { displayName: 'Jason Lee', firstName: null, lastName: null },
      { ...SPLIT, Name: 'Jason Lee', LastName: null },
      shown('INDIVIDUAL', 'Jason Lee', null, null, null),
    ],
    // None, or only the last.
    [
      NOBODY,
      { displayName: 'Ann Lee' },
      { ...NOBODY, Name: 'Ann Lee', LastName: null },
      shown('INDIVIDUAL', 'Ann Lee', null, null, null),
    ],
    [NOBODY, { lastName: 'Lee' }, { ...NOBODY, LastName: 'Lee' }, shown('INDIVIDUAL', 'Lee', null, 'Lee', null)],
    [
      LAST_ONLY,
      { firstName: 'Ann' },
      { ...LAST_ONLY, Name: 'Ann' },
      shown('INDIVIDUAL', 'Ann Lee', 'Ann', 'Lee', null),
    ],
    // A company.
    [FIRM, { organizationName: 'Acme' }, { ...FIRM, Name: 'Acme' }, shown('COMPANY', 'Acme', null, '3245', 'Acme')],
    [
      FIRM,
      { lastName: null, firstName: null },
      { ...FIRM, LastName: null },
      shown('COMPANY', 'Vaughan Lawrence', null, null, 'Vaughan Lawrence'),
    ],
    [FIRM, { organizationName: null }, { ...FIRM, Name: null }, shown('COMPANY', '345', null, '3245', null)],
    // From one kind to the other.
    [
      WHOLE,
      { kind: 'COMPANY', organizationName: 'Bricks' },
      { ...WHOLE, isCompany: true, Name: 'Bricks' },
      shown('COMPANY', 'Bricks', null, null, 'Bricks'),
    ],
    [
      SPLIT,
      { kind: 'COMPANY', organizationName: 'Bricks', firstName: null },
      { ...SPLIT, isCompany: true, Name: 'Bricks' },
      shown('COMPANY', 'Bricks', null, 'Lee', 'Bricks'),
    ],
    [
      FIRM,
      { kind: 'INDIVIDUAL', displayName: 'Ann Lee', organizationName: null },
      raw(false, 'Ann Lee', null, null),
      shown('INDIVIDUAL', 'Ann Lee', null, null, null),
    ],
    [
      FIRM,
      { kind: 'INDIVIDUAL', firstName: 'Ann', lastName: 'Lee', organizationName: 'Vaughan Lawrence' },
      raw(false, 'Ann', 'Lee', 'Vaughan Lawrence'),
      shown('INDIVIDUAL', 'Ann Lee', 'Ann', 'Lee', 'Vaughan Lawrence'),
    ],
    // Nobody knows which: it reads as a person does.
    [
      NEITHER,
      { displayName: 'Ann Lee' },
      { ...NEITHER, Name: 'Ann Lee' },
      shown('UNKNOWN', 'Ann Lee', null, null, null),
    ],
    [
      NEITHER,
      { kind: 'INDIVIDUAL' },
      { ...NEITHER, isCompany: false },
      shown('INDIVIDUAL', 'Brielle Barnett', null, null, null),
    ],
    [
      NEITHER,
      { kind: 'UNKNOWN', firstName: 'Ann', lastName: 'Lee' },
      { ...NEITHER, Name: 'Ann', LastName: 'Lee' },
      shown('UNKNOWN', 'Ann Lee', 'Ann', 'Lee', null),
    ],
    [
      NEITHER,
      { kind: 'COMPANY', organizationName: 'Acme' },
      { ...NEITHER, isCompany: true, Name: 'Acme' },
      shown('COMPANY', 'Acme', null, null, 'Acme'),
    ],
  ])('%j changed by %j', async (before, input, there, read) => {
    simulator.change(300, before);
    const plan = await account.planUpdateCustomer('300', { id: '', ...input }, patience());
    expect(plan?.problems).toEqual([]);
    await plan?.send(patience());
    expect(simulator.customer(300)).toMatchObject(there);
    const after = (await account.loadCustomers(['300'], { customFields: false }, patience())).get('300');
    expect(after).toMatchObject(read);
  });

  it.each<[RawNames, NameInput, string[]]>([
    [WHOLE, { firstName: 'Ann' }, ['INVALID firstName']],
    [WHOLE, { lastName: 'Lee' }, ['INVALID lastName']],
    [WHOLE, { displayName: 'Ann Lee', lastName: 'Lee' }, ['INVALID lastName']],
    [SPLIT, { lastName: null }, ['INVALID lastName']],
    [SPLIT, { displayName: 'Jason Lee', firstName: 'Ann' }, ['INVALID firstName']],
    // What is shown as the whole name would not be any more.
    [SPLIT, { displayName: 'Ann Lee', firstName: 'Jason' }, ['INVALID firstName']],
    [NOBODY, { firstName: 'Ann' }, ['INVALID firstName']],
    [FIRM, { firstName: 'Ann' }, ['UNSUPPORTED_BY_VENDOR firstName']],
    [FIRM, { displayName: 'Ann' }, ['UNSUPPORTED_BY_VENDOR displayName']],
    [FIRM, { displayName: 'Vaughan Lawrence', organizationName: 'Acme' }, ['UNSUPPORTED_BY_VENDOR displayName']],
    [WHOLE, { kind: 'COMPANY' }, ['REQUIRED organizationName']],
    [SPLIT, { kind: 'COMPANY', organizationName: '' }, ['REQUIRED organizationName', 'REQUIRED firstName']],
    [FIRM, { kind: 'INDIVIDUAL' }, ['REQUIRED displayName', 'REQUIRED organizationName']],
    [FIRM, { kind: 'INDIVIDUAL', lastName: 'Lee', organizationName: null }, ['REQUIRED displayName']],
    [NEITHER, { kind: 'COMPANY' }, ['REQUIRED organizationName']],
  ])('%j refuses %j', async (before, input, problems) => {
    simulator.change(300, before);
    expect(await problemsOfUpdate(input)).toEqual(problems);
  });
});
