/** Our inputs as BillAgain's records, checked before anything is sent. */
import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import { json } from '../../codecs/json.ts';
import { isRawNumber, rawNumber } from '../../codecs/raw-number.ts';
import type { CustomerKind } from '../../model/customer.ts';
import type {
  BillAgainPaymentMethodInput,
  CreateCustomerInput,
  UpdateCustomerInput,
} from '../../model/customer-input.ts';
import type { CancelSubscriptionInput, CreateSubscriptionInput } from '../../model/subscription-input.ts';
import { InputWriter } from '../writing.ts';
import { customer, writeTables } from './vocabulary.ts';

/** A record to be sent, and what keeps it from being sent. */
export interface WrittenRecord {
  readonly record: RawRecord;
  readonly writer: InputWriter;
}

/** "Till a maximum of 5 subscriptions" (seed 002, create). */
const MAX_INLINE_SUBSCRIPTIONS = 5;

export function writeNewCustomer(account: string, input: CreateCustomerInput): WrittenRecord {
  const writer = new InputWriter(account, null);
  writer.require(input.kind, ['kind']);
  writer.require(input.currencyCode, ['currencyCode']);
  writer.require(input.taxExempt, ['taxExempt']);
  const { billAgain } = input;
  const record: Record<string, RawValue> = {
    ...writer.write(input, writeTables.newCustomer),
    ...writeNames(writer, input, undefined),
  };
  if (billAgain) Object.assign(record, writer.write(billAgain, writeTables.createDetails, ['billAgain']));
  if (billAgain?.contact) {
    record.Contact = writer.write(billAgain.contact, writeTables.contact, ['billAgain', 'contact']);
  }
  if (billAgain?.subscriptions) {
    const path = ['billAgain', 'subscriptions'];
    if (billAgain.subscriptions.length > MAX_INLINE_SUBSCRIPTIONS) {
      const count = billAgain.subscriptions.length;
      writer.refuse('INVALID', path, `takes up to ${MAX_INLINE_SUBSCRIPTIONS} subscriptions; got ${count}`);
    }
    record.Subscriptions = billAgain.subscriptions.map((subscription, index) => {
      const itsPath = [...path, String(index)];
      return {
        ...writer.write(subscription, writeTables.inlineSubscription, itsPath),
        ...writeTermAndComponents(writer, subscription, itsPath),
      };
    });
  }
  if (billAgain?.paymentMethod) record.PrimaryPaymentMethod = writePaymentMethod(writer, billAgain.paymentMethod);
  return { record, writer };
}

/** The fields of an edit, in the vendor's order (seed 002). What it leaves out may be emptied, so all are sent. */
const EDITED = [
  ...['Reference', 'isCompany', 'Name', 'LastName', 'RegistrationNumber', 'VatNo', 'Company', 'Email', 'EmailCC'],
  ...['Cell', 'Tel', 'Fax', 'Address1', 'Address2', 'City', 'State', 'countryID', 'countryStateID', 'ZipCode'],
  ...['PrimaryGatewayID', 'CurrencyCode', 'isWaiveTaxes', 'PaymentMethod', 'autoSendInvoice', 'autoSendStatement'],
];

/** `current` is the customer as the vendor has it; what the input doesn't name is sent back as it came. */
export function writeChangedCustomer(account: string, input: UpdateCustomerInput, current: RawRecord): WrittenRecord {
  const writer = new InputWriter(account, null);
  if (input.currencyCode !== undefined) writer.require(input.currencyCode, ['currencyCode']);
  if (input.taxExempt !== undefined) writer.require(input.taxExempt, ['taxExempt']);
  const record: Record<string, RawValue> = {};
  for (const name of EDITED) record[name] = current[name] ?? null;
  // Read as StatementDate, written as StatementDay.
  record.StatementDay = customer.statementDay.read(current);
  Object.assign(record, writer.write(input, writeTables.changedCustomer), writeNames(writer, input, current));
  if (input.billAgain) Object.assign(record, writer.write(input.billAgain, writeTables.details, ['billAgain']));
  // Both are required in every edit; a record that came without them is not ours to complete.
  writer.require(record.CurrencyCode, ['currencyCode']);
  writer.require(record.isWaiveTaxes, ['taxExempt']);
  return { record, writer };
}

type Names = Pick<
  CreateCustomerInput,
  'kind' | 'displayName' | 'firstName' | 'lastName' | 'organizationName' | 'billAgain'
>;

/**
 * A company's Name is the company, an individual's is the first name where there is a LastName and the whole name where
 * there is none; Company is the one an individual belongs to. What can't be read back as it was given is refused.
 */
function writeNames(writer: InputWriter, input: Names, current: RawRecord | undefined): Record<string, RawValue> {
  const before = current && customer.kind.read(current);
  const kind = input.kind ?? before;
  if (input.kind === null && current) writer.refuse('INVALID', ['kind'], 'must be INDIVIDUAL or COMPANY; got null');
  if (kind === 'UNKNOWN' || kind === undefined) {
    const given = (['displayName', 'firstName', 'lastName', 'organizationName'] as const).some((name) => input[name]);
    if (given && current) writer.refuse('REQUIRED', ['kind'], 'is required to place a name');
    return {};
  }
  const names =
    kind === 'COMPANY' ? writeCompanyNames(writer, input, before) : writePersonNames(writer, input, current, before);
  return { ...names, isCompany: kind === 'COMPANY' };
}

function writeCompanyNames(
  writer: InputWriter,
  input: Names,
  before: CustomerKind | undefined,
): Record<string, RawValue> {
  for (const name of ['displayName', 'firstName'] as const) {
    if (input[name])
      writer.refuse('UNSUPPORTED_BY_VENDOR', [name], 'has no place in a company, whose name is organizationName');
  }
  if (before && before !== 'COMPANY') writer.require(input.organizationName, ['organizationName']);
  return {
    ...(input.organizationName === undefined ? {} : { Name: input.organizationName || null }),
    ...(input.lastName === undefined ? {} : { LastName: input.lastName || null }),
  };
}

function writePersonNames(
  writer: InputWriter,
  input: Names,
  current: RawRecord | undefined,
  before: CustomerKind | undefined,
): Record<string, RawValue> {
  const record: Record<string, RawValue> = {};
  if (input.organizationName !== undefined) {
    record.Company = input.organizationName || null;
    const company = input.billAgain?.company;
    if (company !== undefined && (company || null) !== record.Company) {
      writer.refuse('INVALID', ['billAgain', 'company'], "is an individual's organizationName; give one of them");
    }
  }
  if (input.displayName) {
    for (const name of ['firstName', 'lastName'] as const) {
      if (input[name]) writer.refuse('INVALID', [name], 'must not stand beside displayName, which is the whole name');
    }
    return { ...record, Name: input.displayName, LastName: null };
  }
  if (before === 'COMPANY' && !(input.firstName && input.lastName)) {
    writer.refuse(
      'REQUIRED',
      ['displayName'],
      'is required when a company becomes a person, or firstName and lastName',
    );
  }
  if (input.firstName === undefined && input.lastName === undefined) return record;
  const holdsWholeName = current !== undefined && !current.LastName && Boolean(current.Name);
  const firstName =
    input.firstName === undefined && current ? customer.firstName.read(current) : input.firstName || null;
  const lastName = input.lastName === undefined && current ? customer.lastName.read(current) : input.lastName || null;
  if (firstName !== null && lastName === null) {
    writer.refuse('INVALID', ['firstName'], 'needs a lastName beside it; give displayName for a whole name');
  } else if (holdsWholeName && lastName !== null && input.firstName === undefined) {
    writer.refuse('INVALID', ['lastName'], 'needs a firstName beside it: the account holds the whole name as one text');
  } else if (holdsWholeName && lastName === null) {
    return record;
  }
  return { ...record, Name: firstName, LastName: lastName };
}

type TermAndComponents = Pick<CreateSubscriptionInput, 'cycleMonths' | 'cycleDays' | 'components'>;

function writeTermAndComponents(
  writer: InputWriter,
  { cycleMonths, cycleDays, components }: TermAndComponents,
  path: readonly string[],
): Record<string, RawValue> {
  const record: Record<string, RawValue> = {};
  for (const [name, count, unit] of [
    ['cycleMonths', cycleMonths, 'months'],
    ['cycleDays', cycleDays, 'days'],
  ] as const) {
    if (count === undefined || count === null) continue;
    if (count < 1) writer.refuse('INVALID', [...path, name], `must be 1 or more; got ${count}`);
    if (record.Term !== undefined) writer.refuse('INVALID', [...path, name], 'must not stand beside cycleMonths');
    record.Term = count;
    record.TermType = unit;
  }
  if (components) {
    record.componentUsage = components.map((component, index) =>
      writer.write(component, writeTables.component, [...path, 'components', String(index)]),
    );
  }
  return record;
}

function writePaymentMethod(writer: InputWriter, { creditCard, gatewayIds }: BillAgainPaymentMethodInput): RawRecord {
  const path = ['billAgain', 'paymentMethod'];
  const cardPath = [...path, 'creditCard'];
  // The seed's own example writes the number as a number.
  const digits = /^[1-9]\d{11,18}$/.test(creditCard.number) ? rawNumber(creditCard.number) : null;
  if (digits === null) writer.refuse('INVALID', [...cardPath, 'number'], 'must be 12 to 19 digits');
  return {
    isPrimary: true,
    PaymentMethodType: 'credit_card',
    CreditCard: {
      ...writer.write(creditCard, writeTables.creditCard, cardPath),
      Number: digits,
      ExpiryMonth: String(creditCard.expiryMonth).padStart(2, '0'),
      ExpiryYear: String(creditCard.expiryYear),
    },
    ...(gatewayIds ? { ExternalGateways: gatewayIds.map((gatewayID) => ({ gatewayID })) } : {}),
  };
}

export function writeNewSubscription(
  account: string,
  customerVendorId: string,
  input: CreateSubscriptionInput,
): WrittenRecord {
  const writer = new InputWriter(account, null);
  writer.require(input.planId, ['planId']);
  const record = {
    customerID: Number(customerVendorId),
    ...writer.write(input, writeTables.newSubscription),
    ...(input.billAgain ? writer.write(input.billAgain, writeTables.subscriptionDetails, ['billAgain']) : {}),
    ...writeTermAndComponents(writer, input, []),
  };
  return { record, writer };
}

/** The last part of the path of a cancellation (the vendor's own client). */
const CANCELLATIONS = {
  RENEWAL: 'renewal',
  NO_REFUND: 'norefund',
  PRORATA: 'prorata',
  FULL_CREDIT: 'fullcredit',
} as const;

export function writeCancellation(account: string, input: CancelSubscriptionInput) {
  const writer = new InputWriter(account, null);
  writer.require(input.mode, ['mode']);
  writer.write(input, writeTables.cancellation);
  return { writer, mode: CANCELLATIONS[input.mode ?? 'RENEWAL'] };
}

/** The body as it may be shown: nothing of a password, and no more of a card number than its last four digits. */
export function maskBody(record: RawRecord): string {
  return json.encode(mask(record) as RawRecord, '');
}

function mask(value: RawValue, name = ''): RawValue {
  if (name === 'Password') return '********';
  if (name === 'Number') return `************${digitsOf(value).slice(-4)}`;
  if (Array.isArray(value)) return value.map((item: RawValue) => mask(item));
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, member === undefined ? member : mask(member, key)]),
  );
}

function digitsOf(value: RawValue): string {
  return isRawNumber(value) ? String(value.rawJSON) : String(value);
}
