/** Our inputs as UniPay's records and parameters, checked before anything is sent. */
import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import { codecs } from '../../codecs/index.ts';
import type { CodecName, UnipaySettings } from '../../model/account.ts';
import type { Customer } from '../../model/customer.ts';
import type { CreateCustomerInput, UpdateCustomerInput } from '../../model/customer-input.ts';
import type { BillingSubscription } from '../../model/subscription.ts';
import type {
  CancelSubscriptionInput,
  CreateSubscriptionInput,
  FreezeSubscriptionInput,
  UpdateSubscriptionInput,
} from '../../model/subscription-input.ts';
import { maskRecord } from '../masking.ts';
import { InputWriter } from '../writing.ts';
import { inputTables, streetLines } from './input-tables.ts';
import { customer as customerFields } from './vocabulary.ts';

export interface WrittenRecord {
  readonly record: RawRecord;
  readonly writer: InputWriter;
}

type Profile = UnipaySettings['profile'];

/** XML and url-encoded bodies have no null, so that in each of the three formats "" is what empties a field. */
const CLEARED = '';

export function writeNewCustomer(account: string, profile: Profile, input: CreateCustomerInput): WrittenRecord {
  const writer = new InputWriter(account, CLEARED);
  writer.require(input.merchantAccountId, ['merchantAccountId']);
  const record = withoutCleared(writer.write(input, inputTables.customer[profile].newCustomer));
  checkShown(writer, input, record);
  return { record, writer };
}

/**
 * Whether an update may leave fields out is not documented, so every field that can be written is sent: as it came, or as
 * it is to be.
 */
export function writeChangedCustomer(
  account: string,
  profile: Profile,
  input: UpdateCustomerInput,
  { raw, customer }: { readonly raw: RawRecord; readonly customer: Customer },
): WrittenRecord {
  const writer = new InputWriter(account, CLEARED);
  const { changedCustomer, edited } = inputTables.customer[profile];
  const table = { ...changedCustomer, address: { ...changedCustomer.address, ...chooseStreetLines(raw) } };
  const record = { ...pick(raw, edited), ...writer.write(input, table, [], customer) };
  if (input.kind === null) writer.refuse('INVALID', ['kind'], 'can be changed and not emptied');
  checkShown(writer, input, record);
  return { record, writer };
}

/** By the names that the record came with; `street` where it has neither. */
function chooseStreetLines(raw: RawRecord) {
  const has = (name: string) => raw[name] !== undefined && raw[name] !== null;
  const isSplit = has('street1') || (has('street2') && !has('street'));
  // What is read is the first that is filled.
  return streetLines(isSplit && !raw.street ? 'street1' : 'street', isSplit || has('street2'));
}

export function writeNewSubscription(account: string, input: CreateSubscriptionInput): WrittenRecord {
  const writer = new InputWriter(account, CLEARED);
  writer.require(input.planId, ['planId']);
  // "Needs an existing customer, plan and payment option" (the vendor's public page on subscriptions).
  writer.require(input.paymentMethodId, ['paymentMethodId']);
  return { record: withoutCleared(writer.write(input, inputTables.newSubscription)), writer };
}

export function writeChangedSubscription(
  account: string,
  input: UpdateSubscriptionInput,
  { raw, subscription }: { readonly raw: RawRecord; readonly subscription: BillingSubscription },
): WrittenRecord {
  const writer = new InputWriter(account, CLEARED);
  const written = writer.write(input, inputTables.changedSubscription, [], subscription);
  return { record: { ...pick(raw, inputTables.editedSubscription), ...written }, writer };
}

export function writeCancellation(account: string, input: CancelSubscriptionInput): WrittenRecord {
  const writer = new InputWriter(account, CLEARED);
  writer.require(input.effectiveDate, ['effectiveDate']);
  return { record: withoutCleared(writer.write(input, inputTables.cancellation)), writer };
}

export function writeFreeze(account: string, input: FreezeSubscriptionInput): WrittenRecord {
  const writer = new InputWriter(account, CLEARED);
  writer.require(input.effectiveDate, ['effectiveDate']);
  return { record: withoutCleared(writer.write(input, inputTables.freeze)), writer };
}

/** A new record has nothing to empty; and a code that is given as "" would not read back as the vendor's own number. */
function withoutCleared(record: RawRecord): RawRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== CLEARED));
}

/** Kind and display name are told from other fields, so that they can be asked for only where the record will show them. */
function checkShown(
  writer: InputWriter,
  { kind, displayName }: Pick<CreateCustomerInput, 'kind' | 'displayName'>,
  record: RawRecord,
): void {
  if (kind && kind !== customerFields.kind.read(record)) {
    if (kind === 'COMPANY') writer.refuse('INVALID', ['kind'], 'COMPANY needs an organizationName');
    else if (kind === 'INDIVIDUAL') writer.refuse('INVALID', ['kind'], 'INDIVIDUAL must have no organizationName');
    else writer.refuse('INVALID', ['kind'], 'must be INDIVIDUAL or COMPANY');
  }
  if (displayName && displayName.trim() !== customerFields.displayName.read(record)) {
    const why = 'has no place at UniPay: give firstName and lastName, or organizationName';
    writer.refuse('UNSUPPORTED_BY_VENDOR', ['displayName'], why);
  }
}

function pick(record: RawRecord, names: readonly string[]): Record<string, RawValue> {
  const picked: Record<string, RawValue> = {};
  for (const name of names) {
    const value = record[name];
    if (value !== undefined && value !== null) picked[name] = value;
  }
  return picked;
}

/** The body in the account's request format. `root` names XML's root element: the record's own word. */
export function encodeBody(format: CodecName, record: RawRecord, root: string) {
  const codec = codecs[format];
  return {
    contentType: codec.contentType,
    body: codec.encode(record, root),
    maskedBody: codec.encode(maskRecord(record), root),
  };
}
