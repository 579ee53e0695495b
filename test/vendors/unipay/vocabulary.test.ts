import { describe, expect, it } from '@jest/globals';
import type { RawRecord } from '../../../src/codecs/codec.ts';
import { MalformedAnswer } from '../../../src/errors.ts';
import { compile } from '../../../src/vendors/fields.ts';
import { createRecordReader } from '../../../src/vendors/record-reader.ts';
import { decodeAnswer } from '../../../src/vendors/unipay/answers.ts';
import { customer, customerFilters, subscription, subscriptionFilter } from '../../../src/vendors/unipay/vocabulary.ts';
import { readFixture } from '../fixture.ts';
import { SECRETS, withEach } from '../secrets.ts';

const readCustomer = compile(customer);
const readSubscription = compile(subscription);

const fixture = (name: string): RawRecord => decodeAnswer(readFixture(`unipay/${name}`)).value as RawRecord;
const FORMATS = ['json', 'attributes.xml', 'elements.xml'];

const NOT_KEPT = {
  registrationNumber: null,
  taxNumber: null,
  taxExempt: null,
  emailCc: null,
  mobilePhone: null,
  fax: null,
  currencyCode: null,
  createdAt: null,
  suspendedAt: null,
  activeSubscriptionCount: null,
  paymentMethod: null,
  primaryPaymentMethodId: null,
  sendsInvoices: null,
  sendsStatements: null,
  statementDay: null,
  statementLastSentAt: null,
  gatewayId: null,
  billAgain: null,
  customFields: [],
};

describe.each(FORMATS)('a record in %s', (format) => {
  it('of a person is read field by field', () => {
    expect(readCustomer(fixture(`person.${format}`))).toEqual({
      ...NOT_KEPT,
      vendorId: '17',
      // Its code is its own number: none was given.
      reference: null,
      kind: 'INDIVIDUAL',
      displayName: "Ann O'Brien",
      firstName: 'Ann',
      lastName: "O'Brien",
      organizationName: null,
      email: 'ann@example.com',
      phone: '+1-555-000017',
      address: {
        line1: '12 Main St',
        line2: null,
        city: 'Boston',
        region: 'MA',
        postalCode: '02108',
        country: null,
        countryCode: 'US',
      },
      status: 'ACTIVE',
      rawStatus: 'A',
      balance: { amount: '-12.5', currencyCode: null },
      merchantAccountId: '2001',
    });
  });

  it('of an organization is read field by field', () => {
    expect(readCustomer(fixture(`organization.${format}`))).toEqual({
      ...NOT_KEPT,
      vendorId: '18',
      reference: 'C-000018',
      kind: 'COMPANY',
      displayName: 'Müller & "Söhne" <GmbH>',
      firstName: 'José',
      lastName: null,
      organizationName: 'Müller & "Söhne" <GmbH>',
      email: 'JOSE@example.com',
      phone: null,
      address: {
        line1: null,
        line2: null,
        city: 'Zürich',
        region: null,
        postalCode: '8001',
        country: null,
        countryCode: 'CH',
      },
      status: 'UNKNOWN',
      rawStatus: null,
      balance: null,
      merchantAccountId: '2002',
    });
  });
});

describe.each([...FORMATS.map((format) => `subscription.${format}`), 'subscription-numbers-as-text.json'])(
  '%s',
  (name) => {
    it('is read field by field', () => {
      expect(readSubscription(fixture(name))).toEqual({
        vendorId: '1371',
        reference: 'S-17-1371',
        planId: '504',
        planName: 'Basic Monthly',
        kind: 'FIXED',
        status: 'ACTIVE',
        rawStatus: 'C',
        billingCycle: 'MONTHLY',
        cycleMonths: 1,
        cycleDays: null,
        amount: { amount: '1299.05', currencyCode: null },
        taxAmount: { amount: '0.07', currencyCode: null },
        createdAt: '2024-02-29T23:59:59',
        startDate: null,
        endDate: null,
        firstBillingDate: '2024-03-31',
        nextBillingDate: '2026-02-28',
        lastBillingDate: '2026-01-31',
        note: 'call before renewal & <check>',
        paymentMethodId: '71371',
        components: [],
      });
    });
  },
);

describe('a letter', () => {
  const LETTERS = [...'ACDEFIMNPQSUW', 'x', '', 'constructor', 'CC'];
  const readAs = (name: string) => (letter: string) => readSubscription({ id: 1, [name]: letter });

  it('means what its own field says: status of a customer', () => {
    const read = Object.fromEntries(LETTERS.map((status) => [status, readCustomer({ id: 1, status }).status]));
    const known = { A: 'ACTIVE', I: 'INACTIVE', C: 'CANCELLED', E: 'EXPIRED' };
    expect(read).toEqual({ ...Object.fromEntries(LETTERS.map((letter) => [letter, 'UNKNOWN'])), ...known });
  });

  it.each([
    [
      'status',
      'status',
      {
        D: 'DEFERRED',
        C: 'ACTIVE',
        F: 'FROZEN',
        N: 'CANCELLED',
        E: 'EXPIRED',
        U: 'PENDING',
        S: 'SUSPENDED',
        P: 'PAUSED',
      },
    ],
    ['type', 'kind', { F: 'FIXED', P: 'PERPETUAL' }],
    [
      'billingCycleType',
      'billingCycle',
      { W: 'WEEKLY', M: 'MONTHLY', Q: 'QUARTERLY', S: 'SEMI_ANNUALLY', A: 'ANNUALLY' },
    ],
  ] as const)('means what its own field says: %s of a subscription', (name, ours, known) => {
    const read = Object.fromEntries(LETTERS.map((letter) => [letter, readAs(name)(letter)[ours]]));
    expect(read).toEqual({ ...Object.fromEntries(LETTERS.map((letter) => [letter, 'UNKNOWN'])), ...known });
  });

  it('that is unknown is kept as it came', () => {
    for (const word of ['X', 'constructor', 'Current']) {
      expect(readCustomer({ id: 1, status: word })).toMatchObject({ status: 'UNKNOWN', rawStatus: word });
      expect(readAs('status')(word)).toMatchObject({ status: 'UNKNOWN', rawStatus: word });
    }
    expect(readAs('status')('c')).toMatchObject({ status: 'ACTIVE', rawStatus: 'c' });
  });

  it('of a cycle says how long it is', () => {
    const cycles = [...'WMQSAX'].map((letter) => {
      const { cycleMonths, cycleDays } = readAs('billingCycleType')(letter);
      return [letter, cycleMonths, cycleDays];
    });
    expect(cycles).toEqual([
      ['W', null, 7],
      ['M', 1, null],
      ['Q', 3, null],
      ['S', 6, null],
      ['A', 12, null],
      ['X', null, null],
    ]);
  });

  it.each([
    ['billingCycle', 'CUSTOM'],
    ['status', 'TRIAL'],
  ] as const)('is not there for every word of ours: %s %s', (key, word) => {
    expect(subscriptionFilter[key].supportFor(word as never)).toBe('ABSENT');
  });

  it('is written back as it was read', () => {
    for (const [key, name] of [
      ['status', 'status'],
      ['kind', 'type'],
      ['billingCycle', 'billingCycleType'],
    ] as const) {
      for (const letter of LETTERS) {
        const word = readAs(name)(letter)[key];
        if (word !== 'UNKNOWN') expect(subscriptionFilter[key].write(word as never)).toBe(letter);
      }
      expect(subscriptionFilter[key].supportFor('UNKNOWN')).toBe('SCANNED');
    }
  });
});

describe('a field', () => {
  it('may be missing, all but the number', () => {
    expect(readCustomer({ id: 1 })).toMatchObject({
      vendorId: '1',
      kind: 'INDIVIDUAL',
      displayName: null,
      reference: null,
    });
    expect(readSubscription({ id: 1 })).toMatchObject({ vendorId: '1', kind: 'UNKNOWN', billingCycle: 'UNKNOWN' });
    expect(createRecordReader('unipay', 'customer', 'id', customer)({ code: '1' })).toBeInstanceOf(MalformedAnswer);
  });

  it.each([
    [17, '17', null],
    ['17', 17, null],
    ['17', 'A17', 'A17'],
    ['17', '', null],
    ['17', '017', '017'],
  ])('code beside id %p: %p is the reference %p', (id, code, reference) => {
    expect(readCustomer({ id, code }).reference).toBe(reference);
    expect(readSubscription({ id, code }).reference).toBe(reference);
  });

  it('may have its name in another version of the API', () => {
    expect(readCustomer({ id: 1, street1: '1 A', street2: '2 B' }).address).toMatchObject({
      line1: '1 A',
      line2: '2 B',
    });
    expect(readSubscription({ id: 1, name: 'Basic' }).planName).toBe('Basic');
  });

  it('paymentOptionId is of no documented type', () => {
    expect(readSubscription({ id: 1, paymentOptionId: 'PO-7' }).paymentMethodId).toBe('PO-7');
  });

  it('createDate names no zone, so a customer has no instant of it', () => {
    expect(readCustomer({ id: 1, createDate: '2024-02-29 09:05:00' }).createdAt).toBeNull();
  });
});

describe('the filters', () => {
  const supports = (profile: keyof typeof customerFilters) =>
    Object.entries(customerFilters[profile]).map(([key, line]) => [key, line.name ?? line.supportFor('1')]);

  it('of the management profile are the eleven of seed 001', () => {
    expect(Object.fromEntries(supports('management'))).toEqual({
      merchantAccountId: 'accountId',
      firstName: 'firstName',
      lastName: 'lastName',
      organizationName: 'organizationName',
      email: 'email',
      phone: 'phone',
      street: 'street',
      city: 'city',
      region: 'state',
      postalCode: 'zipCode',
      countryCode: 'countryCode',
    });
  });

  it('of the billing profile are the three of seed 000; the others are scanned for', () => {
    const pushed = supports('billing').filter(([, name]) => name !== 'SCANNED');
    expect(pushed).toEqual([
      ['firstName', 'firstName'],
      ['lastName', 'lastName'],
      ['organizationName', 'organizationName'],
    ]);
  });

  it.each([
    ['firstName', 125, 255],
    ['lastName', 125, 255],
    ['organizationName', 255, 255],
  ] as const)('know the length of %s in each profile', (key, management, billing) => {
    for (const [line, length] of [
      [customerFilters.management[key], management],
      [customerFilters.billing[key], billing],
    ] as const) {
      expect([line.supportFor('x'.repeat(length)), line.supportFor('x'.repeat(length + 1))]).toEqual([
        'PUSHED',
        'ABSENT',
      ]);
    }
  });

  it.each([
    ['email', 100],
    ['phone', 15],
    ['street', 128],
    ['city', 50],
    ['region', 3],
    ['postalCode', 10],
    ['countryCode', 2],
  ] as const)('know the length of %s', (key, length) => {
    const { [key]: line } = customerFilters.management;
    expect([line.supportFor('x'.repeat(length)), line.supportFor('x'.repeat(length + 1))]).toEqual([
      'PUSHED',
      'ABSENT',
    ]);
  });
});

describe('what is secret', () => {
  it.each(SECRETS)('is not repeated in a message, whatever field it comes in: %s', (secret) => {
    const readers = [
      { row: fixture('person.json'), read: createRecordReader('unipay', 'customer', 'id', customer) },
      { row: fixture('subscription.json'), read: createRecordReader('unipay', 'subscription', 'id', subscription) },
    ];
    for (const { row, read } of readers) {
      for (const value of [secret, [secret], { [secret]: secret }, { toString: secret }]) {
        for (const { path, record } of withEach(row, value)) {
          const answer = read(record);
          if (answer instanceof MalformedAnswer) expect(`${path}: ${answer.message}`).not.toContain(String(secret));
        }
      }
    }
  });

  it('stays out of the record where no field of ours reads it', () => {
    const secrets = { password: 'Pa$$123', cardNumber: '4242424242424242', token: 'f8f3b996', accessory: 'x' };
    const text = JSON.stringify([readCustomer({ id: 1, ...secrets }), readSubscription({ id: 1, ...secrets })]);
    for (const secret of Object.values(secrets).slice(0, 3)) expect(text).not.toContain(secret);
  });
});
