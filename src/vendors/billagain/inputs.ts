/** Our inputs as BillAgain's records, checked before anything is sent. */
import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import { json } from '../../codecs/json.ts';
import { rawNumber } from '../../codecs/raw-number.ts';
import type { Customer, CustomerKind } from '../../model/customer.ts';
import type {
  BillAgainPaymentMethodInput,
  CreateCustomerInput,
  SubscriptionComponentInput,
  UpdateCustomerInput,
} from '../../model/customer-input.ts';
import type { CancelSubscriptionInput, CreateSubscriptionInput } from '../../model/subscription-input.ts';
import { UnreadableField } from '../fields.ts';
import { maskRecord } from '../masking.ts';
import { InputWriter } from '../writing.ts';
import { CANCELLATIONS, inputTables, type Names } from './input-tables.ts';
import { customer as customerFields } from './vocabulary.ts';

/** A record to be sent, and what keeps it from being sent. */
export interface WrittenRecord {
  readonly record: RawRecord;
  readonly writer: InputWriter;
}

/** "Till a maximum of 5 subscriptions" (seed 002, create). */
const MAX_INLINE_SUBSCRIPTIONS = 5;

export function writeNewCustomer(account: string, input: CreateCustomerInput): WrittenRecord {
  const writer = new InputWriter(account, null);
  writer.require(input.currencyCode, ['currencyCode']);
  writer.require(input.taxExempt, ['taxExempt']);
  const { billAgain } = input;
  const record: Record<string, RawValue> = {
    ...writer.write(input, inputTables.newCustomer),
    ...writeNames(writer, input, undefined),
  };
  if (billAgain?.contact) {
    record.Contact = writer.write(billAgain.contact, inputTables.contact, ['billAgain', 'contact']);
  }
  if (billAgain?.subscriptions) {
    const path = ['billAgain', 'subscriptions'];
    if (billAgain.subscriptions.length > MAX_INLINE_SUBSCRIPTIONS) {
      const count = billAgain.subscriptions.length;
      writer.refuse('INVALID', path, `takes up to ${MAX_INLINE_SUBSCRIPTIONS} subscriptions; got ${count}`);
    }
    record.Subscriptions = billAgain.subscriptions.map((subscription, index) => {
      const itsPath = [...path, String(index)];
      writer.require(subscription.planId, [...itsPath, 'planId']);
      return {
        ...writer.write(subscription, inputTables.inlineSubscription, itsPath),
        ...writeTermAndComponents(writer, subscription, itsPath),
      };
    });
  }
  if (billAgain?.paymentMethod) record.PrimaryPaymentMethod = writePaymentMethod(writer, billAgain.paymentMethod);
  return { record, writer };
}

/**
 * What an edit leaves out may be emptied, so what the input doesn't name is sent back as it came. A field that the record came
 * without is left out: null would surely empty it.
 */
export function writeChangedCustomer(account: string, input: UpdateCustomerInput, current: Current): WrittenRecord {
  const { raw, customer } = current;
  const writer = new InputWriter(account, null);
  if (input.currencyCode !== undefined) writer.require(input.currencyCode, ['currencyCode']);
  if (input.taxExempt !== undefined) writer.require(input.taxExempt, ['taxExempt']);
  const record: Record<string, RawValue> = {};
  for (const name of inputTables.edited) {
    const value = name === 'StatementDay' ? readStatementDay(raw) : raw[name];
    if (value !== undefined) record[name] = value;
  }
  Object.assign(
    record,
    writeUnknown(account, input, record),
    writer.write(input, inputTables.changedCustomer, [], customer),
    writeNames(writer, input, current),
  );
  // Both are required in every edit; a record that came without them is not ours to complete.
  writer.require(record.CurrencyCode, ['currencyCode']);
  writer.require(record.isWaiveTaxes, ['taxExempt']);
  return { record, writer };
}

/** Read as StatementDate, written as StatementDay: as it came where it can't be read. Undefined where the record doesn't say. */
function readStatementDay(raw: RawRecord): RawValue | undefined {
  if (raw.StatementDate === undefined) return undefined;
  try {
    return customerFields.statementDay.read(raw);
  } catch (error) {
    if (error instanceof UnreadableField) return raw.StatementDate;
    throw error;
  }
}

/** What the record doesn't say is not known to be as it is asked to be, though both be empty. */
function writeUnknown(account: string, input: UpdateCustomerInput, known: RawRecord): Record<string, RawValue> {
  const asked = new InputWriter(account, null).write(input, inputTables.changedCustomer);
  return Object.fromEntries(Object.entries(asked).filter(([name]) => known[name] === undefined));
}

type NameInput = Names & Pick<CreateCustomerInput, 'kind' | 'billAgain'>;

/** A customer as it is: as the vendor wrote it, and as we read that. */
interface Current {
  readonly raw: RawRecord;
  readonly customer: Customer;
}

/**
 * A company's Name is the company, an individual's is the first name where there is a LastName and the whole name where
 * there is none; Company is the one an individual belongs to. What can't be read back as it was given is refused.
 */
function writeNames(writer: InputWriter, input: NameInput, current: Current | undefined): Record<string, RawValue> {
  const before = current?.customer.kind;
  const asked = input.kind === 'UNKNOWN' ? undefined : input.kind;
  const kind = asked ?? before ?? inferKind(input);
  if (input.kind === 'UNKNOWN' && before !== 'UNKNOWN') {
    writer.refuse('INVALID', ['kind'], 'must be INDIVIDUAL or COMPANY');
  }
  if (input.kind === null && current && before !== 'UNKNOWN') {
    writer.refuse('INVALID', ['kind'], 'can be changed and not emptied');
  }
  // What was the other kind's name says nothing about this one's.
  const named = (before === 'COMPANY') === (kind === 'COMPANY') ? current : undefined;
  if (kind === 'COMPANY') {
    if (current && !named) checkBecomingCompany(writer, input, current.customer);
    return { ...writeCompanyNames(writer, input, named), isCompany: true };
  }
  if (before === 'COMPANY') checkBecomingPerson(writer, input);
  const names = writePersonNames(writer, input, named);
  // What reads as neither is named as a person is.
  return kind === 'INDIVIDUAL' ? { ...names, isCompany: false } : names;
}

/** Whoever gives a person's name means a person, whoever gives an organization's alone means that: as UniPay tells them apart. */
function inferKind({ displayName, firstName, lastName, organizationName }: NameInput): CustomerKind | undefined {
  if (displayName || firstName || lastName) return 'INDIVIDUAL';
  return organizationName ? 'COMPANY' : undefined;
}

/** Name is one field: what it held as the other kind is gone, so that somebody must have said so. */
function checkBecomingCompany(writer: InputWriter, input: NameInput, customer: Customer): void {
  writer.require(input.organizationName, ['organizationName']);
  if (customer.firstName !== null && input.firstName === undefined) {
    writer.refuse('REQUIRED', ['firstName'], 'has no place in a company: give null to let it go');
  }
}

function checkBecomingPerson(writer: InputWriter, input: NameInput): void {
  if (!input.displayName && !(input.firstName && input.lastName)) {
    writer.refuse('REQUIRED', ['displayName'], 'is required when a company becomes a person, or first and last name');
  }
  if (input.organizationName === undefined) {
    writer.refuse(
      'REQUIRED',
      ['organizationName'],
      'is no longer the name: give the one the person belongs to, or null',
    );
  }
}

function writeCompanyNames(
  writer: InputWriter,
  { displayName, firstName, lastName, organizationName }: NameInput,
  current: Current | undefined,
): Record<string, RawValue> {
  const names = given({ firstName, lastName, organizationName });
  const shown = organizationName === undefined ? current?.customer.displayName : organizationName;
  if (displayName && displayName.trim() !== shown?.trim()) {
    const why = 'has no place in a company, whose name is organizationName';
    writer.refuse('UNSUPPORTED_BY_VENDOR', ['displayName'], why);
  }
  return writer.write(names, inputTables.company, [], current?.customer);
}

function writePersonNames(
  writer: InputWriter,
  input: NameInput,
  current: Current | undefined,
): Record<string, RawValue> {
  const { displayName, firstName, lastName, organizationName, billAgain } = input;
  const company = billAgain?.company;
  if (organizationName !== undefined && company !== undefined && (company || null) !== (organizationName || null)) {
    writer.refuse('INVALID', ['billAgain', 'company'], "is an individual's organizationName; give one of them");
  }
  const write = (names: PerhapsNames, customer?: Customer) =>
    writer.write(given(names), inputTables.person, [], customer);
  const organization = write({ organizationName }, current?.customer);
  const isFirstAsked = firstName !== undefined && (firstName || null) !== current?.customer.firstName;
  const isLastAsked = lastName !== undefined && (lastName || null) !== current?.customer.lastName;
  if (displayName) {
    const isNew = displayName !== current?.customer.displayName;
    if (isNew && displayName.trim() === '') writer.refuse('INVALID', ['displayName'], 'must be more than spaces');
    if (firstName && (isNew || isFirstAsked)) writer.refuse('INVALID', ['firstName'], BESIDE_DISPLAY_NAME);
    if (lastName && (isNew || isLastAsked)) writer.refuse('INVALID', ['lastName'], BESIDE_DISPLAY_NAME);
    if (!isNew && !isFirstAsked && !isLastAsked) return organization;
    return { ...organization, ...write({ displayName, lastName: null }) };
  }
  const holdsWholeName = current !== undefined && !current.raw.LastName && Boolean(current.raw.Name);
  const dropsWholeName = holdsWholeName && displayName !== undefined;
  if (!isFirstAsked && !isLastAsked) return dropsWholeName ? { ...organization, Name: null } : organization;
  const first = firstName === undefined ? (current?.customer.firstName ?? null) : firstName || null;
  const last = lastName === undefined ? (current?.customer.lastName ?? null) : lastName || null;
  if (first !== null && last === null) {
    if (isFirstAsked)
      writer.refuse('INVALID', ['firstName'], 'needs a lastName beside it, or give displayName instead');
    else writer.refuse('INVALID', ['lastName'], 'is needed beside firstName, or give displayName instead of both');
  } else if (holdsWholeName && last !== null && firstName === undefined && !dropsWholeName) {
    writer.refuse('INVALID', ['lastName'], 'needs a firstName beside it: the account holds the whole name as one text');
  }
  return {
    ...organization,
    ...(dropsWholeName ? { Name: null } : {}),
    ...write({
      firstName: isFirstAsked || holdsWholeName ? firstName : undefined,
      lastName: isLastAsked ? lastName : undefined,
    }),
  };
}

const BESIDE_DISPLAY_NAME = 'must not stand beside displayName, which is the whole name';

type PerhapsNames = { readonly [K in keyof Names]: Names[K] | undefined };

/** Without those that were not given. */
function given(names: PerhapsNames): Names {
  return Object.fromEntries(Object.entries(names).filter(([, value]) => value !== undefined));
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
      writeComponent(writer, component, [...path, 'components', String(index)]),
    );
  }
  return record;
}

function writeComponent(writer: InputWriter, component: SubscriptionComponentInput, path: readonly string[]) {
  writer.require(component.id, [...path, 'id']);
  return writer.write(component, inputTables.component, path);
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
      ...writer.write(creditCard, inputTables.creditCard, cardPath),
      Number: digits,
      ExpiryMonth: String(creditCard.expiryMonth).padStart(2, '0'),
      ExpiryYear: String(creditCard.expiryYear),
    },
    ...(gatewayIds
      ? {
          ExternalGateways: gatewayIds.map((id, index) =>
            writer.write({ [index]: id }, { [index]: inputTables.gatewayId }, [...path, 'gatewayIds']),
          ),
        }
      : {}),
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
    ...writer.write(input, inputTables.newSubscription),
    ...(input.billAgain ? writer.write(input.billAgain, inputTables.subscriptionDetails, ['billAgain']) : {}),
    ...writeTermAndComponents(writer, input, []),
  };
  return { record, writer };
}

export function writeCancellation(account: string, input: CancelSubscriptionInput) {
  const writer = new InputWriter(account, null);
  writer.require(input.mode, ['mode']);
  writer.write(input, inputTables.cancellation);
  return { writer, mode: CANCELLATIONS[input.mode ?? 'RENEWAL'] };
}

/** Where BillAgain's inputs hold what must not be shown, whatever it looks like. */
const SENSITIVE = { secrets: new Set(['Password']), cardNumbers: new Set(['Number']) };

/** The body as it may be shown. */
export function maskBody(record: RawRecord): string {
  return json.encode(maskRecord(record, SENSITIVE), '');
}
