/** BillAgain's words for ours. Field names and formats: seed 002; subscriptions: the vendor's public page and its own client. */
import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import type { Address } from '../../model/address.ts';
import type { BillAgainDetails, CardSummary } from '../../model/billagain-details.ts';
import { countryCodeOf } from '../../model/countries.ts';
import type { CustomField } from '../../model/custom-field.ts';
import type { Customer, CustomerKind, CustomerStatus, PaymentMethodKind } from '../../model/customer.ts';
import type { CustomerFilter, SubscriptionFilter } from '../../model/filters.ts';
import type {
  BillingCycle,
  BillingSubscription,
  SubscriptionComponent,
  SubscriptionStatus,
} from '../../model/subscription.ts';
import {
  date,
  decimal,
  derived,
  type FieldTable,
  firstText,
  flag,
  instant,
  isRecord,
  lastFourDigits,
  list,
  money,
  nested,
  none,
  oneOf,
  optionalList,
  otherwise,
  part,
  reference,
  text,
  vendorId,
  whole,
} from '../fields.ts';
import { absent, type FilterTable, scanned } from '../filters.ts';

const isCompany = flag('isCompany');
const isActive = flag('isActive');
const isSuspended = flag('isSuspended');
const name = text('Name');
const lastName = text('LastName');
const company = text('Company');
const country = text('Country');
const statusWord = text('comp_status');
const statementDay = whole('StatementDate');
const statementDate = date('StatementDate');
const statementLastSent = instant('StatementLastSentDate');

function readKind(raw: RawRecord): CustomerKind {
  const answer = isCompany.read(raw);
  if (answer === null) return 'UNKNOWN';
  return answer ? 'COMPANY' : 'INDIVIDUAL';
}

/** The flags decide; the computed word only where it says something that no flag does. */
function readStatus(raw: RawRecord): CustomerStatus {
  if (isActive.read(raw) === false) return 'ARCHIVED';
  if (isSuspended.read(raw) === true) return 'SUSPENDED';
  const word = knownStatus.read(raw);
  return word ?? (isActive.read(raw) === true ? 'ACTIVE' : 'UNKNOWN');
}

/** The words of the vendor's own screens (its public help pages). */
const knownStatus = oneOf<CustomerStatus>(
  'comp_status',
  { Active: 'ACTIVE', Suspended: 'SUSPENDED', Archived: 'ARCHIVED' },
  'UNKNOWN',
);

/** An individual's Name is the whole name where there is no LastName ("Brielle Barnett"), else the first name. */
function readFirstName(raw: RawRecord): string | null {
  return isCompany.read(raw) !== true && lastName.read(raw) !== null ? name.read(raw) : null;
}

function readDisplayName(raw: RawRecord): string | null {
  const first = name.read(raw)?.trim();
  const last = lastName.read(raw)?.trim();
  // A company's LastName is a leftover ("3245" in seed 002), good for a name only where there is no other.
  const isPerson = isCompany.read(raw) !== true;
  const own = isPerson && first && last ? `${first} ${last}` : first;
  return own || (isPerson && last) || company.read(raw)?.trim() || last || null;
}

/** A date in the list's table, a number from 1 to 25 in the create's, null in every read shown (seed 002). */
function readStatementDay(raw: RawRecord): number | null {
  const value = raw.StatementDate;
  if (typeof value !== 'string' || value.length <= 2) return statementDay.read(raw);
  const day = Number(statementDate.read(raw)?.slice(8));
  // "1-25 or leave null for last day of month" (seed 002, create): a later day is a last one.
  return day <= 25 ? day : null;
}

const DAY_OF_MONTH = /^(0?[1-9]|[12]\d|3[01])$/;

/** The create's table calls it a day of the month, in a line copied from another field (seed 002): only an instant is one. */
function readStatementLastSent(raw: RawRecord): string | null {
  return isDayOfMonth(raw.StatementLastSentDate) ? null : statementLastSent.read(raw);
}

function isDayOfMonth(value: RawValue | undefined): boolean {
  return (typeof value === 'number' || typeof value === 'string') && DAY_OF_MONTH.test(String(value));
}

/** The vendor's word, else those of its flags that are given. */
function readRawStatus(raw: RawRecord): string | null {
  const word = statusWord.read(raw);
  if (word !== null) return word;
  const flags = { isActive: isActive.read(raw), isSuspended: isSuspended.read(raw) };
  const given = Object.entries(flags).filter(([, value]) => value !== null);
  return given.map(([flagName, value]) => `${flagName}=${value}`).join(' ') || null;
}

const address = {
  line1: text('Address1'),
  line2: text('Address2'),
  city: text('City'),
  region: text('State'),
  postalCode: text('ZipCode'),
  country,
  countryCode: derived(
    ['Country'],
    'ISO code of the English name',
    (raw) => {
      const known = country.read(raw);
      return known === null ? null : countryCodeOf(known);
    },
    null,
  ),
} satisfies FieldTable<Address>;

const creditCard = {
  brand: text('CardType'),
  lastFourDigits: lastFourDigits('LastFourDigits'),
  expiryMonth: whole('ExpiryMonth'),
  expiryYear: whole('ExpiryYear'),
} satisfies FieldTable<CardSummary>;

const card = nested('CreditCard', creditCard);
const primaryPaymentMethod = nested('PrimaryPaymentMethod', { card });
const primaryPaymentMethodInfo = nested('PrimaryPaymentMethodInfo', { id: reference('paymentMethodID') });

/** An object in the create's answer; the batch's table calls it a boolean (seed 002), and reads leave it out. */
function readCard(raw: RawRecord): CardSummary | null {
  return typeof raw.PrimaryPaymentMethod === 'object' ? (primaryPaymentMethod.read(raw)?.card ?? null) : null;
}

const details = {
  company,
  taxCountryId: reference('countryID'),
  taxRegion: text('CountryState'),
  taxRegionId: reference('countryStateID'),
  card: derived<CardSummary | null>(['PrimaryPaymentMethod.CreditCard'], 'record', readCard, null, {
    members: creditCard,
    salvage: ({ PrimaryPaymentMethod: method }, owner, tell) =>
      isRecord(method) ? (card.salvage?.(method, owner, tell) ?? null) : null,
  }),
} satisfies FieldTable<BillAgainDetails>;

const customFieldValue = text('Value');

const customField = {
  key: otherwise(text('Key'), ''),
  // As the vendor gave it: here "" is an answer, and null is none.
  value: derived(['Value'], 'text, "" kept', (raw) => (raw.Value === '' ? '' : customFieldValue.read(raw)), null),
} satisfies FieldTable<CustomField>;

/** The members of a customer that the vendor's record decides; the others follow from the account it was read from. */
export type CustomerFields = Omit<Customer, 'id' | 'account' | 'vendor' | 'unreadable'>;

export const customer = {
  vendorId: vendorId('customerID'),
  reference: text('Reference'),
  kind: derived(['isCompany'], 'true → COMPANY, false → INDIVIDUAL, nothing → UNKNOWN', readKind, 'UNKNOWN'),
  displayName: derived(
    ['Name', 'LastName', 'Company'],
    "trimmed; a company's Name, an individual's Name and LastName, else what is filled",
    readDisplayName,
    null,
  ),
  firstName: derived(
    ['Name', 'LastName', 'isCompany'],
    'Name of an individual that has a LastName, else nothing',
    readFirstName,
    null,
  ),
  lastName,
  organizationName: derived(
    ['isCompany', 'Name', 'Company'],
    "a company's Name, else Company",
    (raw) => (isCompany.read(raw) === true ? name.read(raw) : company.read(raw)),
    null,
  ),
  registrationNumber: text('RegistrationNumber'),
  taxNumber: text('VatNo'),
  taxExempt: flag('isWaiveTaxes'),
  email: text('Email'),
  emailCc: text('EmailCC'),
  phone: text('Tel'),
  mobilePhone: text('Cell'),
  fax: text('Fax'),
  address: part(address),
  currencyCode: text('CurrencyCode'),
  status: derived(
    ['isActive', 'isSuspended', 'comp_status'],
    `not active → ARCHIVED, else suspended → SUSPENDED, else ${knownStatus.conversion}`,
    readStatus,
    'UNKNOWN',
  ),
  rawStatus: derived(['comp_status', 'isActive', 'isSuspended'], 'the word, else the flags', readRawStatus, null),
  createdAt: instant('CreatedDate'),
  suspendedAt: instant('SuspendedDate'),
  balance: money('Balance', 'CurrencyCode'),
  activeSubscriptionCount: whole('ActiveSubs'),
  // bank_account is not among the documented options, but in the seed's own example.
  paymentMethod: oneOf<PaymentMethodKind>(
    'PaymentMethod',
    {
      cash: 'CASH',
      cheque: 'CHEQUE',
      credit_card: 'CREDIT_CARD',
      debit_order: 'DEBIT_ORDER',
      eft: 'EFT',
      bank_account: 'BANK_ACCOUNT',
    },
    'UNKNOWN',
  ),
  // Its neighbour Token is a secret: no line reads it.
  primaryPaymentMethodId: derived(
    ['PrimaryPaymentMethodInfo.paymentMethodID'],
    'number as text',
    (raw) => primaryPaymentMethodInfo.read(raw)?.id ?? null,
    null,
  ),
  sendsInvoices: flag('autoSendInvoice'),
  sendsStatements: flag('autoSendStatement'),
  statementDay: derived(['StatementDate'], 'day of the month, as a number or of a day', readStatementDay, null),
  statementLastSentAt: derived(
    ['StatementLastSentDate'],
    'instant with offset; a day of the month (1 to 31) → nothing',
    readStatementLastSent,
    null,
  ),
  merchantAccountId: none(null),
  gatewayId: reference('PrimaryGatewayID'),
  billAgain: part(details),
  customFields: optionalList('CustomFields', customField),
} satisfies FieldTable<CustomerFields>;

/**
 * For the answers whose tables have no StatementDate: all reads but by_customer_ids (seed 002). Their examples show it as null,
 * which does not say that the customer has no day.
 */
export const customerWithoutStatementDay = {
  ...customer,
  statementDay: none(undefined),
} satisfies FieldTable<CustomerFields>;

/** For the answers that hold custom fields: there, no list means that a customer has none, elsewhere that it wasn't read. */
export const customerWithCustomFields = {
  ...customerWithoutStatementDay,
  customFields: list('CustomFields', customField),
} satisfies FieldTable<CustomerFields>;

const term = whole('Term');
const termType = text('TermType');
const endDate = date('EndDate');

/** TermType is "months" or "days" (the vendor's public pages on components and recurring invoices). */
function readTerm(raw: RawRecord): { readonly months: number | null; readonly days: number | null } {
  const count = term.read(raw);
  const unit = termType.read(raw)?.trim().toLowerCase();
  return { months: unit === 'months' ? count : null, days: unit === 'days' ? count : null };
}

const CYCLES: Readonly<Record<string, BillingCycle>> = {
  '7 days': 'WEEKLY',
  '1 months': 'MONTHLY',
  '3 months': 'QUARTERLY',
  '6 months': 'SEMI_ANNUALLY',
  '12 months': 'ANNUALLY',
};

function readCycle(raw: RawRecord): BillingCycle {
  const { months, days } = readTerm(raw);
  if (months === null && days === null) return 'UNKNOWN';
  return CYCLES[months === null ? `${days} days` : `${months} months`] ?? 'CUSTOM';
}

const component = {
  id: vendorId('componentID'),
  version: firstText('componentVersionNumber', 'componentVersionID'),
  units: decimal('NumUnits'),
} satisfies FieldTable<SubscriptionComponent>;

export type SubscriptionFields = Omit<
  BillingSubscription,
  'id' | 'account' | 'vendor' | 'customerVendorId' | 'unreadable'
>;

export const subscription = {
  vendorId: vendorId('subscriptionID'),
  reference: none(null),
  planId: reference('packageID'),
  planName: none(null),
  kind: derived(
    ['EndDate'],
    'a day → FIXED, nothing → PERPETUAL',
    (raw) => (endDate.read(raw) === null ? 'PERPETUAL' : 'FIXED'),
    'UNKNOWN',
  ),
  status: otherwise(
    oneOf<SubscriptionStatus>(
      'comp_Status',
      { future: 'PENDING', trial: 'TRIAL', active: 'ACTIVE', cancelled: 'CANCELLED', expired: 'EXPIRED' },
      'UNKNOWN',
    ),
    'UNKNOWN',
  ),
  rawStatus: text('comp_Status'),
  billingCycle: derived(
    ['Term', 'TermType'],
    `${Object.entries(CYCLES)
      .map(([theirs, ours]) => `${theirs} → ${ours}`)
      .join(', ')}, other months or days → CUSTOM, nothing or another unit → UNKNOWN`,
    readCycle,
    'UNKNOWN',
  ),
  cycleMonths: derived(['Term', 'TermType'], 'Term in months', (raw) => readTerm(raw).months, null),
  cycleDays: derived(['Term', 'TermType'], 'Term in days', (raw) => readTerm(raw).days, null),
  amount: none(null),
  taxAmount: none(null),
  createdAt: none(null),
  startDate: date('StartDate'),
  endDate,
  firstBillingDate: none(null),
  nextBillingDate: date('comp_nextInvDate'),
  lastBillingDate: none(null),
  note: none(null),
  paymentMethodId: none(null),
  components: list('componentUsage', component),
} satisfies FieldTable<SubscriptionFields>;

/** BillAgain filters neither customers nor subscriptions (seed 002: paging is its only URL parameter). */
export const customerFilter = {
  merchantAccountId: absent,
  firstName: scanned,
  lastName: scanned,
  organizationName: scanned,
  email: scanned,
  phone: scanned,
  street: scanned,
  city: scanned,
  region: scanned,
  postalCode: scanned,
  countryCode: scanned,
} satisfies FilterTable<CustomerFilter>;

export const subscriptionFilter = {
  billingCycle: scanned,
  kind: scanned,
  status: scanned,
  planId: scanned,
  planName: absent,
  createdFrom: absent,
  createdTo: absent,
  lastBillingFrom: absent,
  lastBillingTo: absent,
  nextBillingFrom: scanned,
  nextBillingTo: scanned,
  amountFrom: absent,
  amountTo: absent,
} satisfies FilterTable<SubscriptionFilter>;
