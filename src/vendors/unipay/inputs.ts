/** Our inputs as UniPay's records and parameters, checked before anything is sent. */
import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import { codecs } from '../../codecs/index.ts';
import type { CodecName, UnipaySettings } from '../../model/account.ts';
import type { CreateCustomerInput, UpdateCustomerInput } from '../../model/customer-input.ts';
import type {
  CancelSubscriptionInput,
  CreateSubscriptionInput,
  FreezeSubscriptionInput,
  UpdateSubscriptionInput,
} from '../../model/subscription-input.ts';
import { InputWriter } from '../writing.ts';
import { customer, customerInputs, subscriptionInputs } from './vocabulary.ts';

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
  const record = writer.write(input, customerInputs[profile].created);
  // The vendor falls back to its own number where no code was given, which would read back as none.
  for (const [name, value] of Object.entries(record)) if (value === CLEARED) delete record[name];
  requireKind(writer, input.kind, record);
  return { record, writer };
}

/**
 * Whether an update may leave fields out is not documented, so every field that can be written is sent, as it is or as it
 * is to be.
 */
export function writeChangedCustomer(
  account: string,
  profile: Profile,
  input: UpdateCustomerInput,
  current: RawRecord,
): WrittenRecord {
  const writer = new InputWriter(account, CLEARED);
  const table = customerInputs[profile].changed;
  const names = [...Object.values(table), ...Object.values(table.address)].flatMap((line) =>
    typeof line === 'object' && 'name' in line && typeof line.name === 'string' ? [line.name] : [],
  );
  const record = { ...pick(current, names), ...writer.write(input, table) };
  requireKind(writer, input.kind, record);
  return { record, writer };
}

export function writeNewSubscription(account: string, input: CreateSubscriptionInput): WrittenRecord {
  const writer = new InputWriter(account, CLEARED);
  writer.require(input.planId, ['planId']);
  // "Needs an existing customer, plan and payment option" (the vendor's public page on subscriptions).
  writer.require(input.paymentMethodId, ['paymentMethodId']);
  const record = writer.write(input, subscriptionInputs.created);
  for (const [name, value] of Object.entries(record)) if (value === CLEARED) delete record[name];
  return { record, writer };
}

export function writeChangedSubscription(
  account: string,
  input: UpdateSubscriptionInput,
  current: RawRecord,
): WrittenRecord {
  const writer = new InputWriter(account, CLEARED);
  const written = writer.write(input, subscriptionInputs.changed);
  return { record: { ...pick(current, ['note', 'paymentOptionId']), ...written }, writer };
}

export function writeCancellation(account: string, input: CancelSubscriptionInput): WrittenRecord {
  const writer = new InputWriter(account, CLEARED);
  writer.require(input.effectiveDate, ['effectiveDate']);
  return { record: writer.write(input, subscriptionInputs.cancelled), writer };
}

export function writeFreeze(account: string, input: FreezeSubscriptionInput): WrittenRecord {
  const writer = new InputWriter(account, CLEARED);
  return { record: writer.write(input, subscriptionInputs.frozen), writer };
}

/** The kind is told from the record, so that a kind can be asked for only where the record will show it. */
function requireKind(writer: InputWriter, kind: CreateCustomerInput['kind'], record: RawRecord): void {
  if (kind === undefined) return;
  const shown = customer.kind.read(record);
  if (kind === shown) return;
  if (kind === 'COMPANY') writer.refuse('INVALID', ['kind'], 'COMPANY needs an organizationName');
  else if (kind === 'INDIVIDUAL') writer.refuse('INVALID', ['kind'], 'INDIVIDUAL must have no organizationName');
  else writer.refuse('INVALID', ['kind'], 'must be INDIVIDUAL or COMPANY');
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
  return { contentType: codec.contentType, body: codec.encode(record, root) };
}
