import { describe, expect, it } from '@jest/globals';
import type { UnipaySettings } from '../../../src/model/account.ts';
import type { CreateCustomerInput, UpdateCustomerInput } from '../../../src/model/customer-input.ts';
import type { CreateSubscriptionInput } from '../../../src/model/subscription-input.ts';
import { compile } from '../../../src/vendors/fields.ts';
import {
  writeCancellation,
  writeChangedCustomer,
  writeChangedSubscription,
  writeFreeze,
  writeNewCustomer,
  writeNewSubscription,
} from '../../../src/vendors/unipay/inputs.ts';
import { customer, subscription } from '../../../src/vendors/unipay/vocabulary.ts';
import type { InputWriter } from '../../../src/vendors/writing.ts';

type Profile = UnipaySettings['profile'];

function problemsOf({ writer }: { readonly writer: InputWriter }): string[] {
  return writer.problems.map(({ code, field }) => `${code} ${field?.join('.')}`);
}

function problemsOfCreate(input: Partial<CreateCustomerInput>, profile: Profile = 'management'): string[] {
  return problemsOf(writeNewCustomer('unipay', profile, { account: 'unipay', merchantAccountId: '2001', ...input }));
}

const IDENTITY = { id: '', account: 'unipay', vendor: 'UNIPAY' } as const;

const ACME = { id: 17, code: 'A-1', organizationName: 'Acme', firstName: 'Ann', lastName: 'Lee', email: 'a@b.c' };

function change(input: Omit<UpdateCustomerInput, 'id'>, raw: Record<string, string | number> = ACME) {
  const current = { raw, customer: { ...compile(customer)(raw), ...IDENTITY } };
  return writeChangedCustomer('unipay', 'management', { id: '', ...input }, current);
}

const inField = (field: string, value: string): Partial<CreateCustomerInput> => {
  const [part, name] = field.split('.') as [string, string?];
  return name === undefined ? { [part]: value } : { [part]: { [name]: value } };
};

describe("what is wrong with a UniPay customer's input", () => {
  it('is that it names no merchant account', () => {
    expect(problemsOf(writeNewCustomer('unipay', 'billing', { account: 'unipay' }))).toEqual([
      'REQUIRED merchantAccountId',
    ]);
    expect(problemsOfCreate({ merchantAccountId: '' })).toEqual(['REQUIRED merchantAccountId']);
  });

  // Seed 000 for the billing profile's names, seed 001 for the rest; the code's is that of a subscription's.
  it.each<[Profile, string, number]>([
    ['management', 'firstName', 125],
    ['management', 'lastName', 125],
    ['billing', 'firstName', 255],
    ['billing', 'lastName', 255],
    ['management', 'organizationName', 255],
    ['billing', 'organizationName', 255],
    ['management', 'email', 100],
    ['management', 'address.line1', 128],
    ['management', 'address.city', 50],
    ['management', 'address.region', 3],
    ['management', 'address.postalCode', 10],
    ['management', 'reference', 60],
  ])('%s: %s is longer than %d characters', (profile, field, maxLength) => {
    expect(problemsOfCreate(inField(field, 'x'.repeat(maxLength)), profile)).toEqual([]);
    expect(problemsOfCreate(inField(field, 'x'.repeat(maxLength + 1)), profile)).toEqual([`TOO_LONG ${field}`]);
    // As many characters, and twice as many UTF-16 units: it may not fit.
    expect(problemsOfCreate(inField(field, '👋'.repeat(maxLength)), profile)).toEqual([`TOO_LONG ${field}`]);
  });

  it.each<[Partial<CreateCustomerInput>, string]>([
    [{ phone: '5'.repeat(16) }, 'TOO_LONG phone'],
    [{ phone: '+1 555 CALL' }, 'INVALID phone'],
    [{ phone: '+1 555 звон' }, 'INVALID phone'],
    [{ address: { countryCode: 'us' } }, 'INVALID address.countryCode'],
    [{ address: { countryCode: 'USA' } }, 'TOO_LONG address.countryCode'],
    [{ address: { countryCode: 'U1' } }, 'INVALID address.countryCode'],
    [{ merchantAccountId: '20o1' }, 'INVALID merchantAccountId'],
    [{ merchantAccountId: '-1' }, 'INVALID merchantAccountId'],
    [{ firstName: 'a\u0001' }, 'INVALID firstName'],
    [{ email: '\ud800' }, 'INVALID email'],
    [{ reference: 'x\u0000' }, 'INVALID reference'],
    [{ kind: 'COMPANY', firstName: 'Ann' }, 'INVALID kind'],
    [{ kind: 'INDIVIDUAL', organizationName: 'Acme' }, 'INVALID kind'],
    [{ kind: 'UNKNOWN' }, 'INVALID kind'],
    [{ displayName: 'Ann Lee' }, 'UNSUPPORTED_BY_VENDOR displayName'],
    [{ displayName: 'Ann Lee', organizationName: 'Acme' }, 'UNSUPPORTED_BY_VENDOR displayName'],
    [{ taxExempt: false }, 'UNSUPPORTED_BY_VENDOR taxExempt'],
    [{ address: { line2: 'x' } }, 'UNSUPPORTED_BY_VENDOR address.line2'],
    [{ billAgain: { company: 'x' } }, 'UNSUPPORTED_BY_VENDOR billAgain'],
  ])('%j: %s', (input, problem) => {
    expect(problemsOfCreate(input)).toEqual([problem]);
  });

  it.each<[Partial<CreateCustomerInput>]>([
    [{ phone: '+1 (555) 123-45' }],
    [{ kind: null, displayName: null, billAgain: { company: null, contact: null, subscriptions: [] } }],
    [{ kind: 'COMPANY', organizationName: 'Acme', displayName: 'Acme', firstName: 'Ann' }],
    [{ kind: 'INDIVIDUAL', displayName: ' Ann Lee ', firstName: 'Ann', lastName: 'Lee' }],
    [{ merchantAccountId: '123456789012345678' }],
  ])('%j: nothing', (input) => {
    expect(problemsOfCreate(input)).toEqual([]);
  });

  it('is told all at once, and nothing of it with its value', () => {
    const secret = '\u0000the-value';
    const written = writeNewCustomer('unipay', 'management', {
      account: 'unipay',
      email: secret,
      phone: secret,
      taxNumber: secret,
      address: { line1: secret, line2: secret, countryCode: secret },
      billAgain: { contact: { password: secret } },
    });
    expect(problemsOf(written).sort()).toEqual([
      'INVALID address.countryCode',
      'INVALID address.line1',
      'INVALID email',
      'INVALID phone',
      'REQUIRED merchantAccountId',
      'UNSUPPORTED_BY_VENDOR address.line2',
      'UNSUPPORTED_BY_VENDOR billAgain',
      'UNSUPPORTED_BY_VENDOR taxNumber',
    ]);
    expect(JSON.stringify(written.writer.problems)).not.toContain('the-value');
    expect(JSON.stringify(written.record)).not.toContain('the-value');
  });

  it.each<[Omit<UpdateCustomerInput, 'id'>, string[]]>([
    [{ reference: 'A-2' }, ['UNSUPPORTED_BY_VENDOR reference']],
    [{ reference: null }, ['UNSUPPORTED_BY_VENDOR reference']],
    [{ reference: 'A-1' }, []],
    [{ kind: null }, ['INVALID kind']],
    [{ kind: 'INDIVIDUAL' }, ['INVALID kind']],
    [{ kind: 'INDIVIDUAL', organizationName: null }, []],
    [{ displayName: 'Acme' }, []],
    [{ displayName: 'Acme', organizationName: 'Bricks' }, ['UNSUPPORTED_BY_VENDOR displayName']],
    [{ taxExempt: null, address: { line2: null }, billAgain: null }, []],
    [{ address: null }, []],
  ])('an update with %j: %j', (input, problems) => {
    expect(problemsOf(change(input))).toEqual(problems);
  });

  it('is not that the account holds what could not be written, as long as that is left alone', () => {
    const { record, writer } = change(
      { phone: '+1 555 CALL NOW 24h', email: 'new@b.c' },
      { ...ACME, phone: '+1 555 CALL NOW 24h' },
    );
    expect(writer.problems).toEqual([]);
    expect(record).toEqual({
      firstName: 'Ann',
      lastName: 'Lee',
      organizationName: 'Acme',
      phone: '+1 555 CALL NOW 24h',
      email: 'new@b.c',
    });
  });

  it.each<[string, Record<string, string>, object, Record<string, string>]>([
    ['one line', { street: '1 A' }, { line1: '2 B' }, { street: '2 B' }],
    ['no line', {}, { line1: '2 B' }, { street: '2 B' }],
    ['two lines', { street1: '1 A', street2: 'Rear' }, { line1: '2 B' }, { street1: '2 B', street2: 'Rear' }],
    ['two lines', { street1: '1 A', street2: 'Rear' }, { line2: 'Front' }, { street1: '1 A', street2: 'Front' }],
    ['two lines', { street1: '1 A', street2: 'Rear' }, { city: 'X' }, { street1: '1 A', street2: 'Rear', city: 'X' }],
    ['two lines', { street1: '1 A', street2: 'Rear' }, { line1: '2 B', line2: null }, { street1: '2 B', street2: '' }],
    ['two lines', { street1: '1 A', street2: 'Rear' }, { line1: null, line2: null }, { street1: '', street2: '' }],
    ['the first of two lines', { street1: '1 A' }, { line2: 'Rear' }, { street1: '1 A', street2: 'Rear' }],
    ['the second of two lines', { street2: 'Rear' }, { line1: '2 B' }, { street1: '2 B', street2: 'Rear' }],
    [
      'a second line beside',
      { street: '1 A', street2: 'R' },
      { line1: '2 B', line2: 'S' },
      { street: '2 B', street2: 'S' },
    ],
    ['an empty one beside two', { street: '', street1: '1 A' }, { line1: '2 B' }, { street: '', street1: '2 B' }],
    ['all three', { street: '0', street1: '1 A' }, { line1: '2 B' }, { street: '2 B', street1: '1 A' }],
  ])('of an address with %s, %j, by %j is written as it is named: %j', (_, raw, address, expected) => {
    const { record, writer } = change({ address }, { ...ACME, ...raw });
    expect(writer.problems).toEqual([]);
    const { firstName: _first, lastName: _last, organizationName: _name, email: _email, ...lines } = record;
    expect(lines).toEqual(expected);
  });

  it('of a second line is refused where the record has one', () => {
    expect(problemsOf(change({ address: { line2: 'x' } }, { ...ACME, street: '1 A' }))).toEqual([
      'UNSUPPORTED_BY_VENDOR address.line2',
    ]);
  });

  it('of both lines by a null address empties both, as they are named', () => {
    const { record } = change({ address: null }, { ...ACME, street1: '1 Main', street2: 'Rear', city: 'X' });
    expect(record).toMatchObject({ street1: '', street2: '', city: '' });
    expect(record).not.toHaveProperty('street');
  });

  it('leaves what a null address empties named, each of its fields', () => {
    const { record } = change({ address: null }, { ...ACME, street: '1 Main', city: 'X', countryCode: 'US' });
    expect(record).toMatchObject({ street: '', city: '', countryCode: '' });
  });
});

describe("what is wrong with a UniPay subscription's input", () => {
  const problemsOfSubscription = (input: Partial<CreateSubscriptionInput>) =>
    problemsOf(
      writeNewSubscription('unipay', {
        account: 'unipay',
        customerId: '',
        planId: '1',
        paymentMethodId: '7',
        ...input,
      }),
    );

  it.each<[Partial<CreateSubscriptionInput>, string[]]>([
    [{}, []],
    [{ planId: null, paymentMethodId: '' }, ['REQUIRED planId', 'REQUIRED paymentMethodId']],
    [{ planId: 'gold' }, ['INVALID planId']],
    [{ paymentMethodId: '1.5' }, ['INVALID paymentMethodId']],
    [{ amount: '0' }, []],
    [{ amount: '19.99' }, []],
    [{ amount: '19.999' }, ['INVALID amount']],
    [{ amount: '-1' }, ['INVALID amount']],
    [{ amount: '21474836.47' }, []],
    [{ amount: '21474836.48' }, ['INVALID amount']],
    [{ amount: '999999999999999.99' }, ['INVALID amount']],
    [{ firstBillingDate: '2026-02-30' }, ['INVALID firstBillingDate']],
    [{ firstBillingDate: '1 Feb 2026' }, ['INVALID firstBillingDate']],
    [{ reference: 'x'.repeat(61) }, ['TOO_LONG reference']],
    [{ components: [] }, []],
    [
      { components: [{ id: '1' }], cycleDays: 7 },
      ['UNSUPPORTED_BY_VENDOR cycleDays', 'UNSUPPORTED_BY_VENDOR components'],
    ],
  ])('%j: %j', (input, problems) => {
    expect(problemsOfSubscription(input)).toEqual(problems);
  });

  it.each([
    ['19.99', 1999],
    ['19.9', 1990],
    ['0.01', 1],
    ['1000000', 100_000_000],
    ['21474836.47', 2_147_483_647],
  ])('is not an amount of whole cents: %s is %d', (amount, cents) => {
    const input = { account: '', customerId: '', planId: '1', paymentMethodId: '7', amount };
    expect(writeNewSubscription('unipay', input).record).toMatchObject({ amount: cents });
  });

  it('is, of a cancellation or freeze, its day, its length, and what has no place', () => {
    expect(problemsOf(writeCancellation('unipay', { id: '', mode: 'RENEWAL' }))).toEqual([
      'REQUIRED effectiveDate',
      'UNSUPPORTED_BY_VENDOR mode',
    ]);
    expect(problemsOf(writeFreeze('unipay', { id: '', effectiveDate: '2026-1-1', paymentCount: 0 }))).toEqual([
      'INVALID effectiveDate',
      'INVALID paymentCount',
    ]);
  });

  it('is nothing where an update empties the note and leaves the rest', () => {
    const raw = { id: 4, note: 'old', paymentOptionId: 7 };
    const current = { raw, subscription: { ...compile(subscription)(raw), ...IDENTITY, customerVendorId: '17' } };
    const { record, writer } = writeChangedSubscription('unipay', { id: '', note: null }, current);
    expect([record, writer.problems]).toEqual([{ note: '', paymentOptionId: 7 }, []]);
  });
});
