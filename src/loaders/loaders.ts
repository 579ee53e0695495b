import DataLoader from 'dataloader';
import type { Wanted } from '../cache/shared-reads.ts';
import { BadUserInput, VendorError } from '../errors.ts';
import type { BillingAccount } from '../model/billing-account.ts';
import type { Customer } from '../model/customer.ts';
import type { CustomerFilter, SubscriptionFilter } from '../model/filters.ts';
import type { CustomerKey, SubscriptionKey } from '../model/ids.ts';
import type { Node } from '../model/node.ts';
import { quote } from '../model/quote.ts';
import type { BillingSubscription } from '../model/subscription.ts';
import type { CallContext } from '../transport/transport.ts';
import type { RowPage, RowWindow, VendorAccount } from '../vendors/vendor.ts';
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

interface CustomerRequest extends CustomerKey, Wanted {
  readonly customFields: boolean;
}

/** Any answer that takes a call of its own. */
interface SingleRequest<T extends object = object> extends Wanted {
  readonly account: string;
  readonly isList: boolean;
  isCacheable?(value: T): boolean;
  readonly read: (context: CallContext) => Promise<T | null>;
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

/** One request's reads: what is asked for side by side goes out together, and what was read once isn't read again. */
export class Loaders {
  readonly #parts: LoaderParts;
  readonly #context: RequestContext;
  readonly #keys = new Map<string, AccountKeys>();
  /** Rows that nobody may ask for again, and so are not yet at hand as customers that were loaded. */
  #unprimed: { readonly page: RowPage<Customer>; readonly customFields: boolean }[] = [];
  readonly #answers: Found<object>[] = [];
  /** Of the records of the first so many answers: few requests want to know where one came from. */
  readonly #freshness = new Map<object, Freshness>();
  #lookedThrough = 0;
  readonly #customers: DataLoader<CustomerRequest, Customer | null, string>;
  readonly #singles: DataLoader<SingleRequest, object | null, string>;

  constructor(parts: LoaderParts, context: RequestContext) {
    this.#parts = parts;
    this.#context = context;
    this.#customers = new DataLoader<CustomerRequest, Customer | null, string>(
      (requests) => this.#loadCustomers(requests),
      {
        cacheKeyFn: keyOf,
      },
    );
    this.#singles = new DataLoader<SingleRequest, object | null, string>((requests) => this.#loadSingles(requests), {
      cacheKeyFn: keyOf,
    });
  }

  /** Null for a customer that the account doesn't have. Throws what is wrong with the key. */
  customer(key: CustomerKey, options: { readonly customFields: boolean }): Promise<Customer | null> {
    const account = this.#account(key.account);
    requireVendorId(account, key.vendorId, 'customer');
    const customFields = options.customFields && account.capabilities.has('CUSTOM_FIELDS');
    this.#prime();
    return this.#customers.load(this.#customerRequest(key, customFields));
  }

  /** Null for a subscription that the account doesn't have. Throws what is wrong with the key. */
  subscription(key: SubscriptionKey): Promise<BillingSubscription | null> {
    const account = this.#account(key.account);
    requireVendorId(account, key.customerVendorId, 'customer');
    requireVendorId(account, key.vendorId, 'subscription');
    return this.#single({
      account: key.account,
      key: this.#keysOf(key.account).subscription(key.customerVendorId, key.vendorId),
      isList: false,
      read: (context) => account.loadSubscription(key, context),
    });
  }

  customerPage(request: CustomerPageRequest): Promise<ConnectionPage<Customer>> {
    const { filter, customFields } = request;
    const accounts = this.#chosenAccounts(request.accounts);
    const names = accounts.map(({ name }) => name);
    const parts = accounts.map((account): ListPart<Customer> => {
      const plan = planCustomerFilter(filter, account.customerFilter, account.name);
      const withCustomFields = customFields && account.capabilities.has('CUSTOM_FIELDS');
      const readWindow = async (window: RowWindow) => {
        const page = await this.#window<Customer>(
          account.name,
          this.#keysOf(account.name).customers(window, plan.pushed, withCustomFields),
          (context) => account.findCustomers(window, { customFields: withCustomFields, filter: plan.pushed }, context),
        );
        this.#unprimed.push({ page, customFields: withCustomFields });
        return page;
      };
      return this.#part(account, plan, readWindow);
    });
    return readConnection(parts, request, new CursorCodec(() => ['customers', names, sorted(filter)]));
  }

  subscriptionPage(owner: CustomerKey, request: SubscriptionPageRequest): Promise<ConnectionPage<BillingSubscription>> {
    const { filter } = request;
    const { account: name, vendorId } = owner;
    const account = this.#account(name);
    const plan = planSubscriptionFilter(filter, account.subscriptionFilter, name);
    const part = this.#part(account, plan, (window) =>
      this.#window<BillingSubscription>(
        name,
        this.#keysOf(name).subscriptions(vendorId, window, plan.pushed),
        (context) => account.findSubscriptions(vendorId, window, plan.pushed, context),
      ),
    );
    const cursors = new CursorCodec(() => ['subscriptions', name, vendorId, sorted(filter)]);
    return readConnection([part], request, cursors);
  }

  /** After a write: nothing that was read before it counts any more. */
  forget(): void {
    this.#customers.clearAll();
    this.#singles.clearAll();
    this.#unprimed = [];
  }

  /** A record that the vendor has given out in answer to a write: just now, or to the first request with its key. */
  adopt(record: object, answeredAtMs?: number): void {
    const cached = answeredAtMs !== undefined;
    this.#freshness.set(record, { fetchedAtMs: answeredAtMs ?? Date.now(), cached, stale: false });
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
    const chosen = new Set(names.map((name) => this.#account(name)));
    return [...this.#parts.accounts.values()].filter((account) => chosen.has(account));
  }

  #keysOf(account: string): AccountKeys {
    let keys = this.#keys.get(account);
    if (!keys) {
      keys = new AccountKeys(this.#context.tenant, account);
      this.#keys.set(account, keys);
    }
    return keys;
  }

  #part<T>(
    account: VendorAccount,
    { whyNone, matches }: { readonly whyNone: string | undefined; readonly matches: ((row: T) => boolean) | undefined },
    readWindow: (window: RowWindow) => Promise<RowPage<T>>,
  ): ListPart<T> {
    const { rowsPerWindow } = account.limits;
    const { scanLimitRows } = this.#parts;
    return {
      account: account.name,
      whyNone,
      readSlice: (from, count) => readSlice({ from, count, rowsPerWindow, readWindow, matches, scanLimitRows }),
    };
  }

  #customerRequest({ account, vendorId }: CustomerKey, customFields: boolean): CustomerRequest {
    return { account, vendorId, customFields, key: this.#keysOf(account).customer(vendorId, customFields) };
  }

  /** A window of a list, through the cache. */
  #window<T extends object>(
    account: string,
    key: string,
    read: (context: CallContext) => Promise<RowPage<T>>,
  ): Promise<RowPage<T>> {
    // No list is absent.
    return this.#single<RowPage<T>>({ account, key, isList: true, isCacheable: isReadable, read }) as Promise<
      RowPage<T>
    >;
  }

  #single<T extends object>(request: SingleRequest<T>): Promise<T | null> {
    return this.#singles.load(request as SingleRequest) as Promise<T | null>;
  }

  /** A row of a list is as good as a record that was loaded. */
  #prime(): void {
    for (const { page, customFields } of this.#unprimed) {
      for (const row of page.rows) {
        if (row instanceof VendorError) continue;
        this.#customers.prime(this.#customerRequest(row, customFields), row);
        if (customFields) this.#customers.prime(this.#customerRequest(row, false), row);
      }
    }
    this.#unprimed = [];
  }

  #loadCustomers(requests: readonly CustomerRequest[]): Promise<readonly (Customer | null | Error)[]> {
    const isAlike = (one: CustomerRequest, other: CustomerRequest) =>
      one.account === other.account && one.customFields === other.customFields;
    return inGroups(requests, isAlike, async (group) => {
      const { account: name } = group[0] as CustomerRequest;
      const account = this.#account(name);
      const found = await this.#parts.reads.readMany<CustomerRequest, Customer>(
        this.#keysOf(name),
        group,
        this.#context,
        (missing, context) => loadInChunks(account, missing, context),
      );
      return found.map((one) => this.#take(one));
    });
  }

  #loadSingles(requests: readonly SingleRequest[]): Promise<readonly (object | null | Error)[]> {
    const isAlike = (one: SingleRequest, other: SingleRequest) =>
      one.account === other.account && one.isList === other.isList;
    return inGroups(requests, isAlike, async (group) => {
      const { account, isList, isCacheable } = group[0] as SingleRequest;
      const found = await this.#parts.reads.readMany<SingleRequest, object>(
        this.#keysOf(account),
        group,
        this.#context,
        (missing, context) => Promise.all(missing.map(({ read }) => read(context).catch(asValue))),
        { isList, isCacheable },
      );
      return found.map((one) => this.#take(one));
    });
  }

  #take<T extends object>(found: Found<T> | Error): T | null | Error {
    if (found instanceof Error) return found;
    this.#answers.push(found);
    return found.value;
  }
}

function keyOf({ key }: Wanted): string {
  return key;
}

function isPage(value: object | null): value is RowPage<object> {
  return value !== null && 'rows' in value;
}

/** What was read alone, or each row of a list. */
function recordsOf({ value }: Found<object>): readonly object[] {
  if (isPage(value)) return value.rows;
  return value === null ? [] : [value];
}

/** An unreadable row must not be remembered as such. */
function isReadable({ rows }: RowPage<object>): boolean {
  return !rows.some((row) => row instanceof VendorError);
}

/** Loads requests that are alike together, and all groups side by side; in the order of the requests. */
function inGroups<R, T>(
  requests: readonly R[],
  isAlike: (one: R, other: R) => boolean,
  load: (group: readonly R[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  // Mostly all are.
  if (requests.every((request) => isAlike(requests[0] as R, request))) return load(requests);
  const groups: R[][] = [];
  for (const request of requests) {
    const group = groups.find(([first]) => isAlike(first as R, request));
    if (group) group.push(request);
    else groups.push([request]);
  }
  return loadGroups(requests, groups, load);
}

async function loadGroups<R, T>(
  requests: readonly R[],
  groups: readonly (readonly R[])[],
  load: (group: readonly R[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const results = new Map<R, T>();
  await Promise.all(
    groups.map(async (group) => {
      const loaded = await load(group);
      for (const [index, request] of group.entries()) results.set(request, loaded[index] as T);
    }),
  );
  return requests.map((request) => results.get(request) as T);
}

/** As many customers a call as the account takes, side by side. A call's failure is that of its own customers. */
function loadInChunks(
  account: VendorAccount,
  requests: readonly CustomerRequest[],
  context: CallContext,
): Promise<(Customer | VendorError | null)[]> {
  const size = account.limits.customersPerLoad;
  if (requests.length <= size) return loadChunk(account, requests, context);
  const chunks = Array.from({ length: Math.ceil(requests.length / size) }, (_, index) =>
    requests.slice(index * size, (index + 1) * size),
  );
  return Promise.all(chunks.map((chunk) => loadChunk(account, chunk, context))).then((answers) => answers.flat());
}

async function loadChunk(
  account: VendorAccount,
  requests: readonly CustomerRequest[],
  context: CallContext,
): Promise<(Customer | VendorError | null)[]> {
  const { customFields } = requests[0] as CustomerRequest;
  const ids = requests.map(({ vendorId }) => vendorId);
  const loaded = await account.loadCustomers(ids, { customFields }, context).catch(asValue);
  return ids.map((id) => (loaded instanceof VendorError ? loaded : (loaded.get(id) ?? null)));
}

/** A vendor's failure as a value; what isn't one is ours and goes on up. */
function asValue(error: unknown): VendorError {
  if (error instanceof VendorError) return error;
  throw error;
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
