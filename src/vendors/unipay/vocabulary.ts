/**
 * UniPay's words for ours. Parameters: seeds 000, 001 and 003; objects: the vendor's public pages, which are cut, so that a
 * field left out is an ordinary thing.
 */
import type { RawRecord } from '../../codecs/codec.ts';
import type { Address } from '../../model/address.ts';
import type { Customer, CustomerStatus, PaymentMethodKind } from '../../model/customer.ts';
import type {
  BillAgainCreateInput,
  BillAgainUpdateInput,
  CreateCustomerInput,
  SubscriptionComponentInput,
  UpdateCustomerInput,
} from '../../model/customer-input.ts';
import type { CustomerFilter, SubscriptionFilter } from '../../model/filters.ts';
import type {
  BillingCycle,
  BillingSubscription,
  SubscriptionKind,
  SubscriptionStatus,
} from '../../model/subscription.ts';
import type {
  BillAgainSubscriptionDetailsInput,
  CancellationMode,
  CancelSubscriptionInput,
  CreateSubscriptionInput,
  FreezeSubscriptionInput,
  UpdateSubscriptionInput,
} from '../../model/subscription-input.ts';
import {
  cents,
  date,
  derived,
  type FieldTable,
  firstText,
  localDateTime,
  none,
  oneOf,
  otherwise,
  part,
  reference,
  text,
  vendorId,
} from '../fields.ts';
import { type FilterTable, pushedCents, pushedDay, pushedNumber, pushedText, pushedWord, scanned } from '../filters.ts';
import {
  ELSEWHERE,
  sendCents,
  sendDay,
  sendMatching,
  sendNumber,
  sendText,
  sendWhole,
  unsupported,
  type WriteTable,
} from '../writing.ts';

/*
 * The same letter means another thing in another field: C is Current for a subscription and Cancelled for a customer, F is
 * Freeze or Fixed, P is Paused or Perpetual, S is Suspended or Semi-annually. Each field has its own words.
 */
const CUSTOMER_STATUSES: Readonly<Record<string, CustomerStatus>> = {
  A: 'ACTIVE',
  I: 'INACTIVE',
  C: 'CANCELLED',
  E: 'EXPIRED',
};
const SUBSCRIPTION_STATUSES: Readonly<Record<string, SubscriptionStatus>> = {
  D: 'DEFERRED',
  C: 'ACTIVE',
  F: 'FROZEN',
  N: 'CANCELLED',
  E: 'EXPIRED',
  U: 'PENDING',
  S: 'SUSPENDED',
  P: 'PAUSED',
};
const KINDS: Readonly<Record<string, SubscriptionKind>> = { F: 'FIXED', P: 'PERPETUAL' };
const CYCLES: Readonly<Record<string, BillingCycle>> = {
  W: 'WEEKLY',
  M: 'MONTHLY',
  Q: 'QUARTERLY',
  S: 'SEMI_ANNUALLY',
  A: 'ANNUALLY',
};
const CYCLE_MONTHS: Readonly<Partial<Record<BillingCycle, number>>> = {
  MONTHLY: 1,
  QUARTERLY: 3,
  SEMI_ANNUALLY: 6,
  ANNUALLY: 12,
};

/** The same words, ours first. */
function reversed<W extends string>(words: Readonly<Record<string, W>>): Readonly<Partial<Record<W, string>>> {
  return Object.fromEntries(Object.entries(words).map(([theirs, ours]) => [ours, theirs])) as Partial<
    Record<W, string>
  >;
}

const id = vendorId('id');
const firstName = text('firstName');
const lastName = text('lastName');
const organizationName = text('organizationName');
const code = text('code');

/** `code` falls back to the record's own number where none was given. */
function readCode(raw: RawRecord): string | null {
  const given = code.read(raw);
  return given === id.read(raw) ? null : given;
}

function readDisplayName(raw: RawRecord): string | null {
  const person = `${firstName.read(raw) ?? ''} ${lastName.read(raw) ?? ''}`.trim();
  return organizationName.read(raw)?.trim() || person || null;
}

const address = {
  // Filters say `street`; a sister object of the same API splits it in two.
  line1: firstText('street', 'street1'),
  line2: text('street2'),
  city: text('city'),
  region: text('state'),
  postalCode: text('zipCode'),
  country: none(null),
  countryCode: text('countryCode'),
} satisfies FieldTable<Address>;

export type CustomerFields = Omit<Customer, 'id' | 'account' | 'vendor'>;

export const customer = {
  vendorId: id,
  reference: derived(['code', 'id'], 'text, unless it is the id', readCode),
  // Inferred: nothing else tells them apart, and first and last name are then a contact person's.
  kind: derived(['organizationName'], 'given → COMPANY, nothing → INDIVIDUAL', (raw) =>
    organizationName.read(raw) === null ? 'INDIVIDUAL' : 'COMPANY',
  ),
  displayName: derived(
    ['organizationName', 'firstName', 'lastName'],
    'trimmed; the organization, else the person',
    readDisplayName,
  ),
  firstName,
  lastName,
  organizationName,
  registrationNumber: none(null),
  taxNumber: none(null),
  taxExempt: none(null),
  email: text('email'),
  emailCc: none(null),
  phone: text('phone'),
  mobilePhone: none(null),
  fax: none(null),
  address: part(address),
  currencyCode: none(null),
  status: otherwise(oneOf('status', CUSTOMER_STATUSES, 'UNKNOWN'), 'UNKNOWN'),
  rawStatus: text('status'),
  createdAt: derived(['createDate'], 'nothing: it names no zone, and an instant needs one', () => null),
  suspendedAt: none(null),
  balance: cents('balance'),
  activeSubscriptionCount: none(null),
  paymentMethod: none(null),
  primaryPaymentMethodId: none(null),
  sendsInvoices: none(null),
  sendsStatements: none(null),
  statementDay: none(null),
  statementLastSentAt: none(null),
  merchantAccountId: reference('accountId'),
  gatewayId: none(null),
  billAgain: none(null),
  customFields: none([]),
} satisfies FieldTable<CustomerFields>;

const cycle = otherwise(oneOf('billingCycleType', CYCLES, 'UNKNOWN'), 'UNKNOWN');

export type SubscriptionFields = Omit<BillingSubscription, 'id' | 'account' | 'vendor' | 'customerVendorId'>;

export const subscription = {
  vendorId: id,
  reference: derived(['code', 'id'], 'text, unless it is the id', readCode),
  planId: reference('planId'),
  planName: firstText('planName', 'name'),
  kind: otherwise(oneOf('type', KINDS, 'UNKNOWN'), 'UNKNOWN'),
  status: otherwise(oneOf('status', SUBSCRIPTION_STATUSES, 'UNKNOWN'), 'UNKNOWN'),
  rawStatus: text('status'),
  billingCycle: cycle,
  cycleMonths: derived(['billingCycleType'], 'M 1, Q 3, S 6, A 12', (raw) => CYCLE_MONTHS[cycle.read(raw)] ?? null),
  cycleDays: derived(['billingCycleType'], 'W 7', (raw) => (cycle.read(raw) === 'WEEKLY' ? 7 : null)),
  amount: cents('amount'),
  taxAmount: cents('taxAmount'),
  createdAt: localDateTime('createDate'),
  startDate: none(null),
  endDate: none(null),
  firstBillingDate: date('firstBillingDate'),
  nextBillingDate: date('nextBillingDate'),
  lastBillingDate: date('lastBillingDate'),
  note: text('note'),
  // Its type is documented nowhere.
  paymentMethodId: text('paymentOptionId'),
  components: none([]),
} satisfies FieldTable<SubscriptionFields>;

/** Seed 000 knows three filters and longer names, seed 001 eleven. */
export const customerFilters = {
  management: {
    merchantAccountId: pushedNumber('accountId'),
    firstName: pushedText('firstName', 125),
    lastName: pushedText('lastName', 125),
    organizationName: pushedText('organizationName', 255),
    email: pushedText('email', 100),
    phone: pushedText('phone', 15),
    street: pushedText('street', 128),
    city: pushedText('city', 50),
    region: pushedText('state', 3),
    postalCode: pushedText('zipCode', 10),
    countryCode: pushedText('countryCode', 2),
  },
  billing: {
    merchantAccountId: scanned,
    firstName: pushedText('firstName', 255),
    lastName: pushedText('lastName', 255),
    organizationName: pushedText('organizationName', 255),
    email: scanned,
    phone: scanned,
    street: scanned,
    city: scanned,
    region: scanned,
    postalCode: scanned,
    countryCode: scanned,
  },
} satisfies Record<string, FilterTable<CustomerFilter>>;

/** Seed 003. */
export const subscriptionFilter = {
  billingCycle: pushedWord('billingCycleType', reversed(CYCLES)),
  kind: pushedWord('type', reversed(KINDS)),
  status: pushedWord('status', reversed(SUBSCRIPTION_STATUSES)),
  planId: pushedNumber('planId'),
  planName: pushedText('name', 255),
  createdFrom: pushedDay('createDateFrom'),
  createdTo: pushedDay('createDateTo'),
  lastBillingFrom: pushedDay('lastBillingDateFrom'),
  lastBillingTo: pushedDay('lastBillingDateTo'),
  nextBillingFrom: pushedDay('nextBillingDateFrom'),
  nextBillingTo: pushedDay('nextBillingDateTo'),
  amountFrom: pushedCents('amountFrom', 'up'),
  amountTo: pushedCents('amountTo', 'down'),
} satisfies FilterTable<SubscriptionFilter>;

const DIGITS_AND_SIGNS = /^[^a-z]*$/i;
const TWO_LETTERS = /^[A-Z]{2}$/;

/** Name lengths are 255 in seed 000 and 125 in seed 001; the others are those of seed 001's filters. */
function customerTables(nameLength: number) {
  const changed = {
    id: ELSEWHERE,
    expectedVersion: ELSEWHERE,
    reference: unsupported<string>('can be given only when the customer is created'),
    // Not a field: a customer with an organizationName is a company.
    kind: ELSEWHERE,
    displayName: unsupported<string>('has no place at UniPay: give firstName and lastName, or organizationName'),
    firstName: sendText('firstName', nameLength),
    lastName: sendText('lastName', nameLength),
    organizationName: sendText('organizationName', 255),
    registrationNumber: unsupported<string>(),
    taxNumber: unsupported<string>(),
    taxExempt: unsupported<boolean>(),
    email: sendText('email', 100),
    emailCc: unsupported<string>(),
    // Letters in a phone number are the vendor's own example of a format failure (its public page on error codes).
    phone: sendMatching('phone', DIGITS_AND_SIGNS, 'a telephone number without letters', 15),
    mobilePhone: unsupported<string>(),
    fax: unsupported<string>(),
    address: {
      line1: sendText('street', 128),
      line2: unsupported<string>('has no place at UniPay, which has one line'),
      city: sendText('city', 50),
      region: sendText('state', 3),
      postalCode: sendText('zipCode', 10),
      countryCode: sendMatching('countryCode', TWO_LETTERS, 'an ISO 3166-1 alpha-2 code such as US', 2),
    },
    currencyCode: unsupported<string>(),
    paymentMethod: unsupported<PaymentMethodKind>(),
    sendsInvoices: unsupported<boolean>(),
    sendsStatements: unsupported<boolean>(),
    statementDay: unsupported<number>(),
    gatewayId: unsupported<string>(),
    billAgain: unsupported<BillAgainUpdateInput>(),
  } satisfies WriteTable<UpdateCustomerInput>;
  const { id: _id, expectedVersion: _expectedVersion, ...both } = changed;
  const created = {
    ...both,
    account: ELSEWHERE,
    // No length is documented for a customer's code; a subscription's is 60 (the vendor's public page on its actions).
    reference: sendText('code', 60),
    merchantAccountId: sendNumber('accountId'),
    billAgain: unsupported<BillAgainCreateInput>(),
  } satisfies WriteTable<CreateCustomerInput>;
  return { changed, created };
}

export const customerInputs = { management: customerTables(125), billing: customerTables(255) };

/** The vendor's public pages on the subscription object and its actions. */
export const subscriptionInputs = {
  created: {
    account: ELSEWHERE,
    customerId: ELSEWHERE,
    reference: sendText('code', 60),
    planId: sendNumber('planId'),
    paymentMethodId: sendNumber('paymentOptionId'),
    note: sendText('note'),
    amount: sendCents('amount'),
    firstBillingDate: sendDay('firstBillingDate'),
    startDate: unsupported<string>('has no place at UniPay; see firstBillingDate'),
    endDate: unsupported<string>(),
    cycleMonths: unsupported<number>("has no place at UniPay: the cycle is the plan's"),
    cycleDays: unsupported<number>("has no place at UniPay: the cycle is the plan's"),
    components: unsupported<SubscriptionComponentInput[]>(),
    billAgain: unsupported<BillAgainSubscriptionDetailsInput>(),
  } satisfies WriteTable<CreateSubscriptionInput>,
  changed: {
    id: ELSEWHERE,
    note: sendText('note'),
    paymentMethodId: sendNumber('paymentOptionId'),
  } satisfies WriteTable<UpdateSubscriptionInput>,
  cancelled: {
    id: ELSEWHERE,
    effectiveDate: sendDay('effectiveDate'),
    mode: unsupported<CancellationMode>('has no place at UniPay; see effectiveDate'),
    note: sendText('note'),
  } satisfies WriteTable<CancelSubscriptionInput>,
  frozen: {
    id: ELSEWHERE,
    effectiveDate: sendDay('effectiveDate'),
    paymentCount: sendWhole('length', 1, 1000),
    note: sendText('note'),
  } satisfies WriteTable<FreezeSubscriptionInput>,
};
