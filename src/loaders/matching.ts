import { BadUserInput, MalformedAnswer } from '../errors.ts';
import { holdsCardNumber } from '../model/card-number.ts';
import type { Customer } from '../model/customer.ts';
import type { CustomerFilter, SubscriptionFilter } from '../model/filters.ts';
import { compareDecimals } from '../model/money.ts';
import type { BillingSubscription } from '../model/subscription.ts';
import { MAX_LENGTHS, requireLength } from '../model/text-length.ts';
import { findUnreadable, type PerhapsUnreadable, type UnreadablePart } from '../model/unreadable.ts';
import type { FilterTable } from '../vendors/filters.ts';

/** What is wanted is made ready once, and compared with many records. */
type Matcher<R, V> = (wanted: V) => (record: R) => boolean;
type MatcherTable<R, F> = { readonly [K in keyof F]-?: Matcher<R, NonNullable<F[K]>> };

/** The whole value, ignoring case and spaces around it. */
function sameText<R>(read: (record: R) => string | null): Matcher<R, string> {
  const fold = (text: string) => text.trim().toLowerCase();
  return (wanted) => {
    const folded = fold(wanted);
    return (record) => {
      const value = read(record);
      return value !== null && fold(value) === folded;
    };
  };
}

/** An inclusive border. Days compare as text: yyyy-MM-dd sorts as it reads. */
function day<R>(read: (record: R) => string | null, side: 'from' | 'to'): Matcher<R, string> {
  return (border) => (record) => {
    const value = read(record)?.slice(0, 10);
    if (value === undefined) return false;
    return side === 'from' ? value >= border : value <= border;
  };
}

function amount(side: 'from' | 'to'): Matcher<BillingSubscription, string> {
  return (border) =>
    ({ amount: money }) => {
      if (money === null) return false;
      const order = compareDecimals(money.amount, border);
      return side === 'from' ? order >= 0 : order <= 0;
    };
}

const customerMatchers = {
  merchantAccountId: sameText((customer) => customer.merchantAccountId),
  firstName: sameText((customer) => customer.firstName),
  lastName: sameText((customer) => customer.lastName),
  organizationName: sameText((customer) => customer.organizationName),
  email: sameText((customer) => customer.email),
  phone: sameText((customer) => customer.phone),
  street: sameText((customer) => customer.address.line1),
  city: sameText((customer) => customer.address.city),
  region: sameText((customer) => customer.address.region),
  postalCode: sameText((customer) => customer.address.postalCode),
  countryCode: sameText((customer) => customer.address.countryCode),
} satisfies MatcherTable<Customer, CustomerFilter>;

const subscriptionMatchers = {
  billingCycle: (wanted) => (subscription) => subscription.billingCycle === wanted,
  kind: (wanted) => (subscription) => subscription.kind === wanted,
  status: (wanted) => (subscription) => subscription.status === wanted,
  planId: sameText((subscription) => subscription.planId),
  planName: sameText((subscription) => subscription.planName),
  createdFrom: day((subscription) => subscription.createdAt, 'from'),
  createdTo: day((subscription) => subscription.createdAt, 'to'),
  lastBillingFrom: day((subscription) => subscription.lastBillingDate, 'from'),
  lastBillingTo: day((subscription) => subscription.lastBillingDate, 'to'),
  nextBillingFrom: day((subscription) => subscription.nextBillingDate, 'from'),
  nextBillingTo: day((subscription) => subscription.nextBillingDate, 'to'),
  amountFrom: amount('from'),
  amountTo: amount('to'),
} satisfies MatcherTable<BillingSubscription, SubscriptionFilter>;

/** What an account makes of a filter. */
export interface FilterPlan<R, F> {
  /** Said where no record of the account can match, so that nothing need be asked. */
  readonly whyNone: string | undefined;
  /** The part the vendor applies: it alone decides which rows come, and so belongs into a list's cache key. */
  readonly pushed: Partial<F>;
  /**
   * The part that is left to look for in the rows; undefined where the vendor applies all. An error for a row that could match
   * if only a field of it could be read.
   */
  readonly matches: ((record: R) => boolean | MalformedAnswer) | undefined;
}

export function planCustomerFilter(filter: CustomerFilter, table: FilterTable<CustomerFilter>, account: string) {
  return planFilter<Customer, CustomerFilter>(filter, table, customerMatchers, `${account} has no customer with this`);
}

export function planSubscriptionFilter(
  filter: SubscriptionFilter,
  table: FilterTable<SubscriptionFilter>,
  account: string,
) {
  const whyNone = `${account} has no subscription with this`;
  return planFilter<BillingSubscription, SubscriptionFilter>(filter, table, subscriptionMatchers, whyNone);
}

/** Where a record has what a filter names otherwise. */
const PLACES: Readonly<Partial<Record<string, readonly string[]>>> = {
  street: ['address', 'line1'],
  city: ['address', 'city'],
  region: ['address', 'region'],
  postalCode: ['address', 'postalCode'],
  countryCode: ['address', 'countryCode'],
  createdFrom: ['createdAt'],
  createdTo: ['createdAt'],
  lastBillingFrom: ['lastBillingDate'],
  lastBillingTo: ['lastBillingDate'],
  nextBillingFrom: ['nextBillingDate'],
  nextBillingTo: ['nextBillingDate'],
  amountFrom: ['amount'],
  amountTo: ['amount'],
};

type OwnedRecord = PerhapsUnreadable & { readonly account: string };

interface Test<R> {
  readonly place: readonly string[];
  readonly matches: (record: R) => boolean;
}

function passes<R extends OwnedRecord>(record: R, tests: readonly Test<R>[]): boolean | MalformedAnswer {
  let unknown: UnreadablePart | undefined;
  for (const { place, matches } of tests) {
    if (matches(record)) continue;
    const unreadable = findUnreadable(record, place);
    if (!unreadable) return false;
    unknown ??= unreadable;
  }
  if (unknown === undefined) return true;
  return new MalformedAnswer(record.account, `${unknown.reason}; whether the filter matches is not known`);
}

function planFilter<R extends OwnedRecord, F extends object>(
  filter: F,
  table: FilterTable<F>,
  matchers: MatcherTable<R, F>,
  noneHas: string,
): FilterPlan<R, F> {
  if (Object.keys(filter).length === 0) return { whyNone: undefined, pushed: {}, matches: undefined };
  const pushed: Partial<F> = {};
  const tests: Test<R>[] = [];
  let whyNone: string | undefined;
  for (const key of Object.keys(table) as (keyof F & string)[]) {
    const value = filter[key];
    if (value === undefined || value === null) continue;
    if (typeof value === 'string') {
      requireLength(value, MAX_LENGTHS.filter, `filter.${key}`);
      // It would be sent to the vendor, in a URL.
      if (holdsCardNumber(value)) {
        throw new BadUserInput(`filter.${key} holds a card number, which has no place there`);
      }
    }
    const support = table[key].supportFor(value);
    if (support === 'ABSENT') whyNone ??= `${noneHas} ${key}`;
    else if (support === 'PUSHED') pushed[key] = value;
    else tests.push({ place: PLACES[key] ?? [key], matches: (matchers[key] as Matcher<R, unknown>)(value) });
  }
  const matches = tests.length === 0 ? undefined : (record: R) => passes(record, tests);
  return { whyNone, pushed, matches };
}
