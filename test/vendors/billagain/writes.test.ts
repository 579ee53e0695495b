import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CreateCustomerInput, UpdateCustomerInput } from '../../../src/model/customer-input.ts';
import { type BillagainSimulator, startBillagain } from '../../../src/simulators/billagain/server.ts';
import type { VendorAccount } from '../../../src/vendors/vendor.ts';
import { connect, patience } from '../connected.ts';

let simulator: BillagainSimulator;
let account: VendorAccount;

beforeAll(async () => {
  simulator = await startBillagain({ customers: 5 });
  account = connect(simulator, {
    vendor: 'BILLAGAIN',
    credentials: { username: simulator.accountId, password: simulator.apiKey },
  });
});
beforeEach(() => {
  simulator.calls.clear();
  simulator.dials.clear();
});
afterAll(async () => {
  await account.close();
  await simulator.close();
});

async function readExample(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(new URL(`../../fixtures/billagain/${name}`, import.meta.url), 'utf8'));
}

function requireCustomer(id: number) {
  const row = simulator.customer(id);
  if (row === undefined) throw new Error(`the simulator has no customer ${id}`);
  return row;
}

/** The last call that wasn't a read. */
function lastWrite() {
  const call = simulator.calls.calls.findLast(({ method }) => method !== 'GET');
  if (call === undefined) throw new Error('nothing was written');
  const { method, path, query, contentType, body } = call;
  return { method, path, query, contentType, body: body === '' ? null : (JSON.parse(body) as Record<string, unknown>) };
}

/** Seed 002's JSON Input of the create, in our words. */
const BRICKS: CreateCustomerInput = {
  account: 'billagain',
  kind: 'COMPANY',
  organizationName: 'Bricks Inc',
  lastName: null,
  registrationNumber: '123123',
  email: 'tester@api.co.za',
  emailCc: null,
  mobilePhone: '+271-111-API',
  phone: '+211-111-API',
  fax: '+227-94-API',
  taxNumber: '123 VatNo',
  address: {
    line1: 'Golden Street',
    line2: 'Park 2',
    city: 'Port Elizabeth',
    region: 'Eastern Cape',
    countryCode: 'ZA',
    postalCode: '6000',
  },
  gatewayId: '99',
  currencyCode: 'ZAR',
  taxExempt: true,
  paymentMethod: 'CREDIT_CARD',
  sendsInvoices: true,
  sendsStatements: true,
  statementDay: 1,
  billAgain: {
    company: 'Comp Inc ',
    taxCountryId: '71',
    taxRegionId: '1',
    contact: {
      firstName: 'Joe',
      lastName: 'Soap',
      mobilePhone: '+27 789 789',
      email: 'soap@comp.com',
      isActive: true,
      password: 'Pa$$123',
    },
    subscriptions: [
      {
        planId: '305',
        planVersionId: null,
        planVersionNumber: null,
        rateTermId: '10843',
        components: [{ id: '10111', versionId: null, versionNumber: 1, units: '1' }],
        startDate: '2016-12-15',
        firstProrataSyncDate: null,
        endDate: null,
        invoiceLeadDays: 1,
        cycleMonths: 1,
      },
    ],
    paymentMethod: {
      creditCard: {
        number: '42424242424242',
        expiryMonth: 8,
        expiryYear: 2020,
        brand: 'VISA',
        nameOnCard: 'John',
        lastNameOnCard: 'Doe',
      },
      gatewayIds: ['115'],
    },
  },
};

describe('a BillAgain create', () => {
  it("is the documented example's request, field for field", async () => {
    const example = await readExample('create.request.json');
    await account.planCreateCustomer(BRICKS).send(patience());
    const { body, ...call } = lastWrite();
    expect(call).toEqual({ method: 'POST', path: '/customers', query: '', contentType: 'application/json' });
    expect(body).toEqual({
      ...example,
      // The example writes a number; the documented format is Alpha Numeric, and the answer shows it as text.
      RegistrationNumber: '123123',
    });
  });

  it('writes the card number as a JSON number, as the example does, digit for digit', async () => {
    const longest = '6304000000000000000';
    const creditCard = { number: longest, expiryMonth: 1, expiryYear: 2030 };
    await account.planCreateCustomer({ ...BRICKS, billAgain: { paymentMethod: { creditCard } } }).send(patience());
    expect(simulator.calls.calls.at(-1)?.body).toContain(`"Number":${longest},`);
  });

  it('sends the one input that the example leaves out, its reference', async () => {
    const created = await account.planCreateCustomer({ ...BRICKS, reference: 'A-1' }).send(patience());
    expect(lastWrite().body).toMatchObject({ Reference: 'A-1' });
    expect(created?.reference).toBe('A-1');
  });

  it('answers with the customer, and of the card with its last four digits', async () => {
    const created = await account.planCreateCustomer(BRICKS).send(patience());
    expect(created).toMatchObject({
      kind: 'COMPANY',
      organizationName: 'Bricks Inc',
      registrationNumber: '123123',
      statementDay: 1,
      billAgain: { company: 'Comp Inc ', card: { brand: 'VISA', lastFourDigits: '4242', expiryMonth: 8 } },
    });
    expect(simulator.subscriptionsOf(Number(created?.vendorId))).toMatchObject([
      {
        packageID: 305,
        packageRateTermID: 10843,
        Term: 1,
        TermType: 'months',
        StartDate: expect.stringMatching(/^2016-12-15/),
      },
    ]);
  });

  it('shows in a dry run what would be sent, without password and card number', () => {
    const { request, problems } = account.planCreateCustomer(BRICKS);
    expect(problems).toEqual([]);
    expect(request).toMatchObject({ method: 'POST', path: '/customers', contentType: 'application/json' });
    expect(request.body).toContain('"Password":"********"');
    expect(request.body).toContain('"Number":"************4242"');
    expect(request.body).not.toMatch(/Pa\$\$123|424242/);
  });
});

describe('a BillAgain edit', () => {
  const JASON: Omit<UpdateCustomerInput, 'id'> = {
    reference: 'cust-00001',
    kind: 'INDIVIDUAL',
    firstName: 'Jason',
    lastName: 'Lee',
    organizationName: null,
    registrationNumber: null,
    email: 'jasonlee@hotmail.com',
    emailCc: 'jasonl@yahoo.com',
    mobilePhone: '+271-111-1235',
    phone: '+211-111-1235',
    fax: '+227-94-8405032',
    taxNumber: null,
    address: {
      line1: '50 Pickering Street',
      line2: 'Newton Park',
      city: 'Port Elizabeth',
      region: 'Eastern Cape',
      postalCode: '6000',
    },
    gatewayId: '99',
    currencyCode: 'ZAR',
    taxExempt: false,
    paymentMethod: 'CREDIT_CARD',
    sendsInvoices: true,
    sendsStatements: true,
    statementDay: 1,
    billAgain: { taxCountryId: '71', taxRegionId: '1' },
  };

  it("is the documented example's request: all of its 26 fields", async () => {
    const example = await readExample('edit.request.json');
    expect(Object.keys(example)).toHaveLength(26);
    const plan = await account.planUpdateCustomer('300', { id: 'Customer:billagain:300', ...JASON }, patience());
    expect(plan?.problems).toEqual([]);
    await plan?.send(patience());
    expect(lastWrite()).toEqual({
      method: 'PUT',
      path: '/customers/300',
      query: '',
      contentType: 'application/json',
      body: example,
    });
  });

  it('sends what it does not change as it came, in all 26 fields, StatementDate under its other name', async () => {
    simulator.change(302, { StatementDate: 7 });
    const { Reference, isCompany, Name, LastName, ...before } = requireCustomer(302);
    const plan = await account.planUpdateCustomer('302', { id: '', email: 'new@example.com' }, patience());
    await plan?.send(patience());
    const { body } = lastWrite();
    expect(Object.keys(body ?? {}).sort()).toEqual(Object.keys(await readExample('edit.request.json')).sort());
    expect(body).toMatchObject({
      ...{ Reference, isCompany, Name, LastName, Email: 'new@example.com', StatementDay: 7 },
      ...{ countryStateID: before.countryStateID, PaymentMethod: 'credit_card', VatNo: '554', CurrencyCode: 'ZAR' },
    });
    expect(body).not.toHaveProperty('StatementDate');
  });

  it('leaves out what the record came without, unless the input asks for it, empty or not', async () => {
    const rewrite = (body: string) => body.replace(/"StatementDate":[^,]*,/, '').replace(/"Fax":[^,]*,/, '');
    const plan = async (input: object) => {
      simulator.dials.set({ path: /by_customer_ids/, times: 1, rewrite });
      const { request } = (await account.planUpdateCustomer('302', { id: '', ...input }, patience())) ?? {};
      return JSON.parse(request?.body ?? '') as Record<string, unknown>;
    };
    const body = await plan({ phone: '1' });
    expect(Object.keys(body)).toHaveLength(24);
    expect(body).not.toHaveProperty('StatementDay');
    expect(body).not.toHaveProperty('Fax');
    expect(await plan({ statementDay: null, fax: null })).toMatchObject({ StatementDay: null, Fax: null });
    expect(await plan({ statementDay: 7, fax: '2' })).toMatchObject({ StatementDay: 7, Fax: '2' });
  });

  it('sends a statement day that can not be read back as it came', async () => {
    const rewrite = (body: string) => body.replace(/"StatementDate":[^,]*,/, '"StatementDate":"the last Friday",');
    simulator.dials.set({ path: /by_customer_ids/, times: 1, rewrite });
    const planned = account.planUpdateCustomer('302', { id: '', phone: '1' }, patience());
    expect((await planned)?.request.body).toContain('"StatementDay":"the last Friday"');
  });

  it('sends a payment method that can be read and not be chosen back as it came', async () => {
    simulator.change(300, { PaymentMethod: 'bank_account' });
    const input = { id: '', paymentMethod: 'BANK_ACCOUNT', taxNumber: '1' } as const;
    const plan = await account.planUpdateCustomer('300', input, patience());
    expect(plan?.problems).toEqual([]);
    await plan?.send(patience());
    expect(lastWrite().body).toMatchObject({ PaymentMethod: 'bank_account', VatNo: '1' });
  });

  it('sends a statement day past the 25th, which is the last of the month, as null', async () => {
    simulator.dials.set({
      path: /by_customer_ids/,
      times: 1,
      rewrite: (body) => body.replace(/"StatementDate":[^,]*/, '"StatementDate":"2016-03-31T00:00:00+02:00"'),
    });
    const plan = await account.planUpdateCustomer('302', { id: '', fax: '1' }, patience());
    expect(plan?.current.statementDay).toBeNull();
    expect(plan?.request.body).toContain('"StatementDay":null');
  });

  it('sends a card number that the vendor holds in some field back whole, and shows it in a dry run cut', async () => {
    simulator.change(302, {
      Company: 'pays with 4242 4242 4242 4242 12/27',
      Name: 'Ann 5555555555554444',
      LastName: 'Lee',
    });
    const plan = await account.planUpdateCustomer('302', { id: '', lastName: 'Smith' }, patience());
    expect(plan?.current.organizationName).toBe('pays with ************4242 12/27');
    expect(plan?.request.body).not.toMatch(/4242 4242|55555555/);
    await plan?.send(patience());
    expect(simulator.customer(302)).toMatchObject({
      Company: 'pays with 4242 4242 4242 4242 12/27',
      Name: 'Ann 5555555555554444',
      LastName: 'Smith',
    });
  });

  it('takes back all that it has shown as no change, though some of it could not be written', async () => {
    simulator.change(302, { Company: '4242424242424242', PaymentMethod: 'barter', LastName: null });
    const before = simulator.customer(302);
    const shown = (await account.loadCustomers(['302'], { customFields: false }, patience())).get('302');
    if (shown === undefined || shown instanceof Error) throw new Error('customer 302 is there');
    const { reference, kind, displayName, firstName, lastName, organizationName, registrationNumber, taxNumber } =
      shown;
    const { email, emailCc, phone, mobilePhone, fax, currencyCode, taxExempt, paymentMethod, gatewayId } = shown;
    const { country: _country, ...address } = shown.address;
    const names = {
      reference,
      kind,
      displayName,
      firstName,
      lastName,
      organizationName,
      registrationNumber,
      taxNumber,
    };
    const rest = {
      email,
      emailCc,
      phone,
      mobilePhone,
      fax,
      address,
      currencyCode,
      taxExempt,
      paymentMethod,
      gatewayId,
    };
    const plan = await account.planUpdateCustomer('302', { id: '', ...names, ...rest }, patience());
    expect(plan?.problems).toEqual([]);
    await plan?.send(patience());
    expect(simulator.customer(302)).toEqual({ ...before, countryStateID: 1, CountryState: 'Western Cape' });
  });

  it('is null for a customer that the account does not have, and nothing is sent', async () => {
    expect(await account.planUpdateCustomer('999', { id: '', fax: '1' }, patience())).toBeNull();
    expect(simulator.calls.count('PUT')).toBe(0);
  });
});

describe("BillAgain's other writes", () => {
  it.each([
    ['archive', 'PUT', '/customers/10622/archive', () => account.planArchiveCustomer('10622')],
    ['reopen', 'PUT', '/customers/10622/reopen', () => account.planReopenCustomer('10622')],
    ['delete', 'DELETE', '/customers/10622', () => account.planDeleteCustomer('10622')],
  ])('%s without a body', async (_name, method, path, plan) => {
    expect(plan().request).toEqual({ method, path, contentType: null, body: null });
    await plan().send(patience());
    expect(lastWrite()).toEqual({ method, path, query: '', contentType: undefined, body: null });
  });

  it("create a subscription as the create of a customer does, with its customer's number", async () => {
    const plan = account.planCreateSubscription('302', {
      account: 'billagain',
      customerId: 'Customer:billagain:302',
      planId: '305',
      components: [{ id: '10111', versionNumber: 1, units: '2.5' }],
      startDate: '2016-12-05',
      endDate: '0999-01-31',
      cycleDays: 7,
      billAgain: { rateTermId: '10843', invoiceLeadDays: 0 },
    });
    const created = await plan.send(patience());
    expect(lastWrite()).toMatchObject({
      method: 'POST',
      path: '/subscriptions',
      body: {
        customerID: 302,
        packageID: 305,
        componentUsage: [{ componentID: 10111, componentVersionNumber: 1, NumUnits: 2.5 }],
        StartDate: '5 Dec 2016',
        EndDate: '31 Jan 0999',
        Term: 7,
        TermType: 'days',
        packageRateTermID: 10843,
        numDaysBeforeToInv: 0,
      },
    });
    expect(created).toMatchObject({
      planId: '305',
      startDate: '2016-12-05',
      endDate: '0999-01-31',
      billingCycle: 'WEEKLY',
    });
  });

  it.each([
    ['RENEWAL', 'renewal'],
    ['NO_REFUND', 'norefund'],
    ['PRORATA', 'prorata'],
    ['FULL_CREDIT', 'fullcredit'],
  ] as const)('cancel a subscription with %s', async (mode, word) => {
    const [subscription] = simulator.subscriptionsOf(302);
    const vendorId = String(subscription?.subscriptionID);
    const key = { account: 'billagain', customerVendorId: '302', vendorId };
    const plan = await account.planCancelSubscription(key, { id: '', mode }, patience());
    await plan?.send(patience());
    expect(lastWrite()).toMatchObject({ method: 'PUT', path: `/subscriptions/${vendorId}/cancel/${word}`, body: null });
  });

  it("never cancel another customer's subscription, which the path would not tell from one's own", async () => {
    const [subscription] = simulator.subscriptionsOf(302);
    const key = { account: 'billagain', customerVendorId: '300', vendorId: String(subscription?.subscriptionID) };
    expect(await account.planCancelSubscription(key, { id: '', mode: 'PRORATA' }, patience())).toBeNull();
    expect(simulator.calls.count('PUT')).toBe(0);
  });

  it.each([
    ['archive', () => account.planArchiveCustomer('999')],
    ['delete', () => account.planDeleteCustomer('999')],
    [
      'create a subscription for',
      () => account.planCreateSubscription('999', { account: '', customerId: '', planId: '1' }),
    ],
  ])('%s a customer that is not there: not found', async (_name, plan) => {
    await expect(plan().send(patience())).rejects.toMatchObject({ name: 'VendorRecordNotFound' });
  });
});
