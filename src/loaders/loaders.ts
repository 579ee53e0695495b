import { BadUserInput, type VendorError } from '../errors.ts';
import type { BillingAccount } from '../model/billing-account.ts';
import type { Customer } from '../model/customer.ts';
import type { CustomerFilter, SubscriptionFilter } from '../model/filters.ts';
import type { CustomerKey, SubscriptionKey } from '../model/ids.ts';
import type { Node } from '../model/node.ts';
import { quote } from '../model/quote.ts';
import type { BillingSubscription } from '../model/subscription.ts';
import type { CallContext } from '../transport/transport.ts';
import type { RowPage, RowWindow, VendorAccount } from '../vendors/vendor.ts';
import { AccountReads } from './account-reads.ts';
import { type ConnectionPage, type ListPart, type PageRequest, readConnection } from './connection.ts';
import { CursorCodec } from './cursors.ts';
import { AccountKeys } from './keys.ts';
import { planCustomerFilter, planSubscriptionFilter } from './matching.ts';
import type { Found, Freshness, ReadThrough } from './read-through.ts';
import { readSlice } from './slices.ts';

/** What outlives a request. */
export interface LoaderParts {
  /** By name, in their configured order. */
  readonly accounts: ReadonlyMap<string, VendorAccount>;
  readonly reads: ReadThrough;
  /** How many rows of an account that can't filter are looked through for one page. */
  readonly scanLimitRows: number;
}

/** Who asks: whatever could change an answer belongs into its cache key. */
export interface RequestContext extends CallContext {
  readonly tenant: string;
}

export interface CustomerPageRequest extends PageRequest {
  /** All of them where none is named. */
  readonly accounts: readonly string[] | null | undefined;
  readonly filter: CustomerFilter;
  readonly customFields: boolean;
}

export interface SubscriptionPageRequest extends PageRequest {
  readonly filter: SubscriptionFilter;
}

/** Of accounts, in one choice: more than anybody has. */
const MAX_NAMES = 1000;
const WRITING_SHARE = 0.05;
const MAX_WRITING_MS = 500;

/** One request's reads of all accounts. */
export class Loaders {
  readonly #parts: LoaderParts;
  readonly #context: RequestContext;
  readonly #accounts = new Map<string, AccountReads>();
  readonly #answers: Found<object>[] = [];
  /** Of the records of the first so many answers: few requests want to know where one came from. */
  readonly #freshness = new Map<object, Freshness>();
  #lookedThrough = 0;

  constructor(parts: LoaderParts, context: RequestContext) {
    this.#parts = parts;
    this.#context = { ...context, deadlineMs: context.deadlineMs - timeToWrite(context.deadlineMs) };
  }

  /** Null for a customer that the account doesn't have. Throws what is wrong with the key. */
  customer(
    { account: name, vendorId }: CustomerKey,
    options: { readonly customFields: boolean },
  ): Promise<Customer | null> {
    const account = this.#account(name);
    requireVendorId(account, vendorId, 'customer');
    const customFields = options.customFields && account.capabilities.has('CUSTOM_FIELDS');
    return this.#readsOf(account).customer(vendorId, customFields);
  }

  /** With what a row of a list may lack. Null for a customer that the account doesn't have any more. */
  wholeCustomer({ account, vendorId }: CustomerKey): Promise<Customer | null> {
    return this.#readsOf(this.#account(account)).wholeCustomer(vendorId);
  }

  /** Null for a subscription that the account doesn't have. Throws what is wrong with the key. */
  subscription(key: SubscriptionKey): Promise<BillingSubscription | null> {
    const account = this.#account(key.account);
    requireVendorId(account, key.customerVendorId, 'customer');
    requireVendorId(account, key.vendorId, 'subscription');
    return this.#readsOf(account).subscription(key);
  }

  /** For a create that is sent again: see {@link AccountReads.created}. */
  created<T extends Customer | BillingSubscription>(
    account: VendorAccount,
    id: string,
    read: (context: CallContext) => Promise<T | null>,
  ): Promise<T | null> {
    return this.#readsOf(account).created(id, read);
  }

  customerPage(request: CustomerPageRequest): Promise<ConnectionPage<Customer>> {
    const { filter, customFields } = request;
    const accounts = this.#chosenAccounts(request.accounts);
    const parts = accounts.map((account) => {
      const plan = planCustomerFilter(filter, account.customerFilter, account.name);
      const withCustomFields = customFields && account.capabilities.has('CUSTOM_FIELDS');
      const reads = this.#readsOf(account);
      return this.#part<Customer>(account, plan, (window) => reads.customerList(window, plan.pushed, withCustomFields));
    });
    const names = () => accounts.map(({ name }) => name);
    const cursors = new CursorCodec(() => ['customers', names(), sorted(filter)]);
    return readConnection(parts, request, cursors, this.#context.deadlineMs);
  }

  subscriptionPage(owner: CustomerKey, request: SubscriptionPageRequest): Promise<ConnectionPage<BillingSubscription>> {
    const { filter } = request;
    const { account: name, vendorId } = owner;
    const account = this.#account(name);
    const plan = planSubscriptionFilter(filter, account.subscriptionFilter, name);
    const reads = this.#readsOf(account);
    const part = this.#part<BillingSubscription>(account, plan, (window) =>
      reads.subscriptionList(vendorId, window, plan.pushed),
    );
    const cursors = new CursorCodec(() => ['subscriptions', name, vendorId, sorted(filter)]);
    return readConnection([part], request, cursors, this.#context.deadlineMs);
  }

  /** After a write: nothing that was read before it counts any more. */
  forget(): void {
    for (const reads of this.#accounts.values()) reads.forget();
  }

  /** A record that the vendor has given out in answer to a write. */
  adopt(record: object, fetchedAtMs: number): void {
    this.#freshness.set(record, { fetchedAtMs, cached: false, stale: false });
  }

  /** How a record that these loaders gave out was come by. */
  freshnessOf(record: object): Freshness | undefined {
    for (const found of this.#answers.slice(this.#lookedThrough)) {
      for (const each of recordsOf(found)) this.#freshness.set(each, found);
    }
    this.#lookedThrough = this.#answers.length;
    return this.#freshness.get(record);
  }

  /** When the first of all answers that were read is to be asked for again, in epoch milliseconds; never where none was. */
  freshUntilMs(): number {
    return this.#answers.reduce((least, { freshUntilMs }) => Math.min(least, freshUntilMs), Number.POSITIVE_INFINITY);
  }

  /** The ids of all records that were read, and whether any of them was read in a list. */
  recordsRead(): { readonly ids: ReadonlySet<string>; readonly inLists: boolean } {
    const ids = new Set<string>();
    let inLists = false;
    for (const found of this.#answers) {
      if (isPage(found.value)) inLists = true;
      for (const { id } of recordsOf(found) as Partial<Node>[]) if (id !== undefined) ids.add(id);
    }
    return { ids, inLists };
  }

  billingAccounts(): BillingAccount[] {
    return [...this.#parts.accounts.keys()].map((name) => this.billingAccount(name));
  }

  billingAccount(name: string): BillingAccount {
    const account = this.#account(name);
    return { name, vendor: account.vendor, capabilities: [...account.capabilities], health: account.health() };
  }

  #account(name: string): VendorAccount {
    const account = this.#parts.accounts.get(name);
    if (account) return account;
    const known = [...this.#parts.accounts.keys()].map((one) => `"${one}"`).join(', ');
    throw new BadUserInput(`account must be one of ${known}; got ${quote(name)}`);
  }

  #chosenAccounts(names: readonly string[] | null | undefined): VendorAccount[] {
    if (!names) return [...this.#parts.accounts.values()];
    if (names.length > MAX_NAMES) {
      throw new BadUserInput(`\`accounts\` may hold up to ${MAX_NAMES} names; got ${names.length}`);
    }
    const chosen = new Set(names.map((name) => this.#account(name)));
    return [...this.#parts.accounts.values()].filter((account) => chosen.has(account));
  }

  #readsOf(account: VendorAccount): AccountReads {
    const known = this.#accounts.get(account.name);
    if (known) return known;
    const keys = new AccountKeys(this.#context.tenant, account);
    const onAnswer = (found: Found<object>) => void this.#answers.push(found);
    const reads = new AccountReads(account, keys, { reads: this.#parts.reads, context: this.#context, onAnswer });
    this.#accounts.set(account.name, reads);
    return reads;
  }

  #part<T>(
    account: VendorAccount,
    {
      whyNone,
      matches,
    }: { readonly whyNone: string | undefined; readonly matches: ((row: T) => boolean | VendorError) | undefined },
    readWindow: (window: RowWindow) => Promise<RowPage<T>>,
  ): ListPart<T> {
    const { rowsPerWindow } = account.limits;
    const { scanLimitRows } = this.#parts;
    return {
      account: account.name,
      whyNone,
      readSlice: (from, count, silence) =>
        readSlice({ from, count, rowsPerWindow, readWindow, matches, scanLimitRows, silence }),
    };
  }
}

/** Of the time that is left: what was read by then must be with the client before its own patience ends. */
function timeToWrite(deadlineMs: number): number {
  const timeLeftMs = Math.max(0, deadlineMs - performance.now());
  return Math.min(timeLeftMs * WRITING_SHARE, MAX_WRITING_MS);
}

function isPage(value: object | null): value is RowPage<object> {
  return value !== null && 'rows' in value;
}

/** What was read alone, or each row of a list. */
function recordsOf({ value }: Found<object>): readonly object[] {
  if (isPage(value)) return value.rows;
  return value === null ? [] : [value];
}

/** The same filter is the same list, in whatever order its fields were written. */
function sorted(filter: object): [string, unknown][] {
  return Object.entries(filter)
    .filter(([, value]) => value !== null && value !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
}

function requireVendorId(account: VendorAccount, id: string, noun: string): void {
  if (account.isVendorId(id)) return;
  throw new BadUserInput(`${account.name} numbers each ${noun} with a whole number such as 302; got ${quote(id)}`);
}
