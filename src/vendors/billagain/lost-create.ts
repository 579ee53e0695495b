/** How a customer is known again whose create was not answered. */
import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import { isRawNumber } from '../../codecs/raw-number.ts';
import type { Customer } from '../../model/customer.ts';
import type { BillAgainSubscriptionInput } from '../../model/customer-input.ts';
import type { BillingSubscription } from '../../model/subscription.ts';

/**
 * Can it be found at all? A Reference is unique and readable (seed 002); without one there is no sure way. What became of
 * a contact or of a card no read shows, so that a customer without them would pass for the one that was to have them.
 */
export function leavesTrace({ Reference, Contact, PrimaryPaymentMethod }: RawRecord): boolean {
  return Boolean(Reference) && Contact === undefined && PrimaryPaymentMethod === undefined;
}

/** Texts that creates and lists name alike. One that was not sent is empty. */
const TEXTS = [
  ...['Reference', 'Name', 'LastName', 'RegistrationNumber', 'VatNo', 'Company', 'Email', 'EmailCC', 'Cell', 'Tel'],
  ...['Fax', 'Address1', 'Address2', 'City', 'State', 'ZipCode'],
];
/** What the vendor may choose by itself where it was not sent. */
const CHOICES = [
  ...['isCompany', 'countryID', 'countryStateID', 'PrimaryGatewayID', 'CurrencyCode', 'isWaiveTaxes', 'PaymentMethod'],
  ...['autoSendInvoice', 'autoSendStatement'],
];

/** Is a row of the list all that was sent, as far as it shows? Compared with what went out, not with the client's input. */
export function isAsSent(row: RawRecord, sent: RawRecord): boolean {
  const isSame = (name: string) => fold(row[name]) === fold(sent[name]);
  const isSilentOrSame = (name: string) => fold(sent[name]) === '' || row[name] === undefined || isSame(name);
  const hasSubscriptions = Array.isArray(sent.Subscriptions) && sent.Subscriptions.length > 0;
  return (
    TEXTS.every(isSame) && CHOICES.every(isSilentOrSame) && (hasSubscriptions || Number(fold(row.ActiveSubs)) === 0)
  );
}

/** "" and null are both the vendor's "none"; spaces and case it may have changed, and 1 is as good as "1" or true. */
function fold(value: RawValue | undefined): string {
  if (typeof value === 'boolean') return String(Number(value));
  const text = typeof value === 'object' && value !== null && isRawNumber(value) ? value.rawJSON : value;
  return String(text ?? '')
    .trim()
    .toLowerCase();
}

/** How far ahead of the vendor's clock ours may be: what is older than that was there before. */
const CLOCK_TOLERANCE_MS = 60_000;
/** How far behind it ours may be, and how long a create may have been under way. */
const UNDER_WAY_MS = 5 * 60_000;

export function isCreatedAfter({ createdAt }: Customer, sentAtMs: number): boolean {
  if (createdAt === null) return false;
  const laterByMs = Date.parse(createdAt) - sentAtMs;
  return laterByMs >= -CLOCK_TOLERANCE_MS && laterByMs <= UNDER_WAY_MS;
}

/** Are a customer's subscriptions those that its create asked for, and no others? */
export function areAsAsked(
  shown: readonly BillingSubscription[],
  asked: readonly BillAgainSubscriptionInput[],
): boolean {
  const left = [...shown];
  for (const subscription of asked) {
    const index = left.findIndex((candidate) => isAsAsked(candidate, subscription));
    if (index === -1) return false;
    left.splice(index, 1);
  }
  return left.length === 0;
}

function isAsAsked(shown: BillingSubscription, asked: BillAgainSubscriptionInput): boolean {
  const names = ['planId', 'startDate', 'endDate', 'cycleMonths', 'cycleDays'] as const;
  const idsOf = (components: readonly { readonly id: string }[]) => components.map(({ id }) => id).sort();
  return (
    names.every((name) => (asked[name] ?? null) === null || asked[name] === shown[name]) &&
    (!asked.components || String(idsOf(asked.components)) === String(idsOf(shown.components ?? [])))
  );
}
