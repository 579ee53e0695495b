/**
 * UniPay's words for ours. Parameters: seeds 000, 001 and 003; objects: the vendor's public pages, which are cut, so that a
 * field left out is an ordinary thing.
 */
import type { RawRecord } from '../../codecs/codec.ts';
import type { Address } from '../../model/address.ts';
import type { Customer, CustomerStatus } from '../../model/customer.ts';
import type { CustomerFilter, SubscriptionFilter } from '../../model/filters.ts';
import type {
  BillingCycle,
  BillingSubscription,
  SubscriptionKind,
  SubscriptionStatus,
} from '../../model/subscription.ts';
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

export type CustomerFields = Omit<Customer, 'id' | 'account' | 'vendor' | 'unreadable'>;

export const customer = {
  vendorId: id,
  reference: derived(['code', 'id'], 'text, unless it is the id', readCode, null),
  // Inferred: nothing else tells them apart, and first and last name are then a contact person's.
  kind: derived(
    ['organizationName'],
    'given → COMPANY, nothing → INDIVIDUAL',
    (raw) => (organizationName.read(raw) === null ? 'INDIVIDUAL' : 'COMPANY'),
    'UNKNOWN',
  ),
  displayName: derived(
    ['organizationName', 'firstName', 'lastName'],
    'trimmed; the organization, else the person',
    readDisplayName,
    null,
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
  createdAt: derived([], 'not read: createDate names no zone, and an instant needs one', () => null),
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

export type SubscriptionFields = Omit<
  BillingSubscription,
  'id' | 'account' | 'vendor' | 'customerVendorId' | 'unreadable'
>;

export const subscription = {
  vendorId: id,
  reference: derived(['code', 'id'], 'text, unless it is the id', readCode, null),
  planId: reference('planId'),
  planName: firstText('planName', 'name'),
  kind: otherwise(oneOf('type', KINDS, 'UNKNOWN'), 'UNKNOWN'),
  status: otherwise(oneOf('status', SUBSCRIPTION_STATUSES, 'UNKNOWN'), 'UNKNOWN'),
  rawStatus: text('status'),
  billingCycle: cycle,
  cycleMonths: derived(
    ['billingCycleType'],
    'M 1, Q 3, S 6, A 12',
    (raw) => CYCLE_MONTHS[cycle.read(raw)] ?? null,
    null,
  ),
  cycleDays: derived(['billingCycleType'], 'W 7', (raw) => (cycle.read(raw) === 'WEEKLY' ? 7 : null), null),
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
