import DataLoader from 'dataloader';
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
import { createCursorCodec } from './cursors.ts';
import { type AccountKeys, accountKeys } from './keys.ts';
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

interface CustomerRequest extends CustomerKey {
  readonly customFields: boolean;
}

/** Any answer that takes a call of its own. */
interface SingleRequest<T = unknown> {
  readonly account: string;
  readonly key: string;
  readonly isList: boolean;
  readonly isCacheable?: (value: T) => boolean;
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
  /** What was read, and not yet looked through for where each record came from: few requests want to know. */
  #taken: Found<object>[] = [];
  readonly #freshness = new Map<object, Freshness>();
  readonly #answers: Found<object>[] = [];
  readonly #customers: DataLoader<CustomerRequest, Customer | null, string>;
  readonly #singles: DataLoader<SingleRequest, unknown, string>;

  constructor(parts: LoaderParts, context: RequestContext) {
    this.#parts = parts;
    this.#context = context;
    this.#customers = new DataLoader((requests) => this.#loadCustomers(requests), { cacheKeyFn: customerRequestKey });
    this.#singles = new DataLoader((requests) => this.#loadSingles(requests), { cacheKeyFn: ({ key }) => key });
  }

  /** Null for a customer that the account doesn't have. */
  async customer(key: CustomerKey, options: { readonly customFields: boolean }): Promise<Customer | null> {
    const account = this.#account(key.account);
    requireVendorId(account, key.vendorId, 'customer');
    const customFields = options.customFields && account.capabilities.has('CUSTOM_FIELDS');
    this.#prime();
    return this.#customers.load({ account: key.account, vendorId: key.vendorId, customFields });
  }

  /** Null for a subscription that the account doesn't have. */
  async subscription(key: SubscriptionKey): Promise<BillingSubscription | null> {
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

  async customerPage(request: CustomerPageRequest): Promise<ConnectionPage<Customer>> {
    const { filter, customFields } = request;
    const accounts = this.#chosenAccounts(request.accounts);
    const names = accounts.map(({ name }) => name);
    const parts = accounts.map((account): ListPart<Customer> => {
      const plan = planCustomerFilter(filter, account.customerFilter, account.name);
      const withCustomFields = customFields && account.capabilities.has('CUSTOM_FIELDS');
      const readWindow = async (window: RowWindow) => {
        const page = await this.#window(account.name, ['customers', window, plan.pushed, withCustomFields], (context) =>
          account.findCustomers(window, { customFields: withCustomFields, filter: plan.pushed }, context),
        );
        this.#unprimed.push({ page, customFields: withCustomFields });
        return page;
      };
      return this.#part(account, plan, readWindow);
    });
    return readConnection(parts, request, createCursorCodec(['customers', names, sorted(filter)]));
  }

  async subscriptionPage(
    owner: CustomerKey,
    request: SubscriptionPageRequest,
  ): Promise<ConnectionPage<BillingSubscription>> {
    const account = this.#account(owner.account);
    const plan = planSubscriptionFilter(request.filter, account.subscriptionFilter, account.name);
    const part = this.#part(account, plan, (window) =>
      this.#window(account.name, ['subscriptions', owner.vendorId, window, plan.pushed], (context) =>
        account.findSubscriptions(owner.vendorId, window, plan.pushed, context),
      ),
    );
    const list = ['subscriptions', owner.account, owner.vendorId, sorted(request.filter)];
    return readConnection([part], request, createCursorCodec(list));
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
    for (const found of this.#taken) {
      const { rows } = found.value as Partial<RowPage<object>>;
      for (const each of rows ?? [found.value as object]) this.#freshness.set(each, found);
    }
    this.#taken = [];
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
    for (const { value } of this.#answers) {
      const { rows } = (value ?? {}) as Partial<RowPage<object>>;
      if (rows) inLists = true;
      for (const record of rows ?? [value]) {
        const { id } = (record ?? {}) as Partial<Node>;
        if (id !== undefined) ids.add(id);
      }
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
      keys = accountKeys(this.#context.tenant, account);
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

  /** A window of a list, through the cache. An unreadable row must not be remembered as such. */
  async #window<T extends object>(
    account: string,
    what: readonly unknown[],
    read: (context: CallContext) => Promise<RowPage<T>>,
  ): Promise<RowPage<T>> {
    const page = await this.#single<RowPage<T>>({
      account,
      key: this.#keysOf(account).list(what),
      isList: true,
      isCacheable: ({ rows }) => !rows.some((row) => row instanceof VendorError),
      read,
    });
    return page ?? { rows: [], isLast: true };
  }

  #single<T>(request: SingleRequest<T>): Promise<T | null> {
    return this.#singles.load(request as SingleRequest) as Promise<T | null>;
  }

  /** A row of a list is as good as a record that was loaded. */
  #prime(): void {
    for (const { page, customFields } of this.#unprimed) {
      for (const row of page.rows) {
        if (row instanceof VendorError) continue;
        const { account, vendorId } = row;
        this.#customers.prime({ account, vendorId, customFields }, row);
        if (customFields) this.#customers.prime({ account, vendorId, customFields: false }, row);
      }
    }
    this.#unprimed = [];
  }

  async #loadCustomers(requests: readonly CustomerRequest[]): Promise<(Customer | null | Error)[]> {
    const results = new Map<CustomerRequest, Found<Customer> | Error>();
    const groups = groupBy(requests, ({ account, customFields }) => `${customFields}:${account}`);
    await Promise.all(
      groups.map(async (group) => {
        const { account: name, customFields } = group[0] as CustomerRequest;
        const account = this.#account(name);
        const keys = this.#keysOf(name);
        const idByKey = new Map(group.map(({ vendorId }) => [keys.customer(vendorId, customFields), vendorId]));
        const found = await this.#parts.reads.readMany<Customer>(
          keys,
          [...idByKey.keys()],
          this.#context,
          (missing, context) => loadInChunks(account, missing, idByKey, customFields, context),
        );
        for (const [index, request] of group.entries()) results.set(request, found[index] as Found<Customer> | Error);
      }),
    );
    return requests.map((request) => this.#take(results.get(request) as Found<Customer> | Error));
  }

  async #loadSingles(requests: readonly SingleRequest[]): Promise<unknown[]> {
    const results = new Map<SingleRequest, Found<object> | Error>();
    const groups = groupBy(requests, ({ account, isList }) => `${isList}:${account}`);
    await Promise.all(
      groups.map(async (group) => {
        const { account, isList } = group[0] as SingleRequest;
        const byKey = new Map(group.map((request) => [request.key, request]));
        const found = await this.#parts.reads.readMany<object>(
          this.#keysOf(account),
          [...byKey.keys()],
          this.#context,
          async (missing, context) => {
            const answers = new Map<string, object | VendorError>();
            await Promise.all(
              missing.map(async (key) => {
                const answer = await asValue((byKey.get(key) as SingleRequest<object>).read(context));
                if (answer !== null) answers.set(key, answer);
              }),
            );
            return answers;
          },
          { isList, isCacheable: (value) => (group[0] as SingleRequest<object>).isCacheable?.(value) ?? true },
        );
        for (const [index, request] of group.entries()) results.set(request, found[index] as Found<object> | Error);
      }),
    );
    return requests.map((request) => this.#take(results.get(request) as Found<object> | Error));
  }

  #take<T extends object>(found: Found<T> | Error): T | null | Error {
    if (found instanceof Error) return found;
    this.#answers.push(found);
    if (found.value !== null) this.#taken.push(found);
    return found.value;
  }
}

/** As many customers a call as the account takes, side by side. A call's failure is that of its own customers. */
async function loadInChunks(
  account: VendorAccount,
  keys: readonly string[],
  idByKey: ReadonlyMap<string, string>,
  customFields: boolean,
  context: CallContext,
): Promise<Map<string, Customer | VendorError>> {
  const answers = new Map<string, Customer | VendorError>();
  const size = account.limits.customersPerLoad;
  const chunks = Array.from({ length: Math.ceil(keys.length / size) }, (_, index) =>
    keys.slice(index * size, (index + 1) * size),
  );
  await Promise.all(
    chunks.map(async (chunk) => {
      const ids = chunk.map((key) => idByKey.get(key) as string);
      const loaded = await asValue(account.loadCustomers(ids, { customFields }, context));
      for (const [index, key] of chunk.entries()) {
        const answer = loaded instanceof VendorError ? loaded : loaded.get(ids[index] as string);
        if (answer !== undefined) answers.set(key, answer);
      }
    }),
  );
  return answers;
}

/** A vendor's failure as a value; what isn't one is ours and goes on up. */
async function asValue<T>(answer: Promise<T>): Promise<T | VendorError> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof VendorError) return error;
    throw error;
  }
}

function customerRequestKey({ account, vendorId, customFields }: CustomerRequest): string {
  return `${customFields ? '+' : '-'}${account}:${vendorId}`;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return [...groups.values()];
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
