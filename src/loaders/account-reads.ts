import DataLoader from 'dataloader';
import { VendorError } from '../errors.ts';
import type { Customer } from '../model/customer.ts';
import type { CustomerFilter, SubscriptionFilter } from '../model/filters.ts';
import type { SubscriptionKey } from '../model/ids.ts';
import type { BillingSubscription } from '../model/subscription.ts';
import type { CallContext } from '../transport/transport.ts';
import type { RowPage, RowWindow, VendorAccount } from '../vendors/vendor.ts';
import { type AccountKeys, type KeyFamily, subscriptionKey, windowKey } from './keys.ts';
import type { Found, ReadThrough } from './read-through.ts';

/** What one request's reads of all accounts share. */
export interface ReadParts {
  readonly reads: ReadThrough;
  readonly context: CallContext;
  /** Told of each answer that was read. */
  readonly onAnswer: (found: Found<object>) => void;
}

/**
 * One request's reads of one account: what is asked for side by side goes out together, and what was read once isn't read
 * again. Ids are the account's own, and have been checked.
 */
export class AccountReads {
  readonly #account: VendorAccount;
  readonly #keys: AccountKeys;
  readonly #parts: ReadParts;
  readonly #customers = new Map<boolean, DataLoader<string, Customer | null>>();
  #wholeCustomers: DataLoader<string, Customer | null> | undefined;
  readonly #customerLists = new Map<boolean, SingleLoader<RowPage<Customer>>>();
  #subscriptions: SingleLoader<BillingSubscription> | undefined;
  #subscriptionLists: SingleLoader<RowPage<BillingSubscription>> | undefined;
  /** Rows that nobody may ask for again, and so are not yet at hand as customers that were loaded. */
  #unprimed: { readonly page: RowPage<Customer>; readonly customFields: boolean }[] = [];

  constructor(account: VendorAccount, keys: AccountKeys, parts: ReadParts) {
    this.#account = account;
    this.#keys = keys;
    this.#parts = parts;
  }

  /** Null for a customer that the account doesn't have. */
  customer(vendorId: string, customFields: boolean): Promise<Customer | null> {
    if (this.#unprimed.length > 0) this.#prime();
    return this.#customerLoader(customFields).load(vendorId);
  }

  /** As a read by ids brings it, which may hold more than a row of a list. Null for a customer that the account doesn't have. */
  wholeCustomer(vendorId: string): Promise<Customer | null> {
    this.#wholeCustomers ??= this.#createCustomerLoader(false);
    return this.#wholeCustomers.load(vendorId);
  }

  /** Null for a subscription that the account doesn't have. */
  subscription(key: SubscriptionKey): Promise<BillingSubscription | null> {
    this.#subscriptions ??= new SingleLoader(this.#keys.subscriptions(), this.#parts);
    return this.#subscriptions.load(subscriptionKey(key.customerVendorId, key.vendorId), (context) =>
      this.#account.loadSubscription(key, context),
    );
  }

  /** A record by its id, as it was created; or as `read` finds it where that is no longer known. Null for one that is gone. */
  created<T extends Customer | BillingSubscription>(
    id: string,
    read: (context: CallContext) => Promise<T | null>,
  ): Promise<T | null> {
    return new SingleLoader<T>(this.#keys.created(), this.#parts).load(id, read);
  }

  async customerList(window: RowWindow, filter: CustomerFilter, customFields: boolean): Promise<RowPage<Customer>> {
    const loader = atOrNew(
      this.#customerLists,
      customFields,
      () => new SingleLoader<RowPage<Customer>>(this.#keys.customerLists(customFields), this.#parts, isWhole),
    );
    const page = await loader.loadKnown(windowKey(window, filter), (context) =>
      this.#account.findCustomers(window, { customFields, filter }, context),
    );
    this.#unprimed.push({ page, customFields });
    return page;
  }

  subscriptionList(
    customerVendorId: string,
    window: RowWindow,
    filter: SubscriptionFilter,
  ): Promise<RowPage<BillingSubscription>> {
    this.#subscriptionLists ??= new SingleLoader<RowPage<BillingSubscription>>(
      this.#keys.subscriptionLists(),
      this.#parts,
      isWhole,
    );
    return this.#subscriptionLists.loadKnown(`${customerVendorId}:${windowKey(window, filter)}`, (context) =>
      this.#account.findSubscriptions(customerVendorId, window, filter, context),
    );
  }

  /** After a write: nothing that was read before it counts any more. */
  forget(): void {
    this.#customers.clear();
    this.#wholeCustomers = undefined;
    this.#customerLists.clear();
    this.#subscriptions = undefined;
    this.#subscriptionLists = undefined;
    this.#unprimed = [];
  }

  #customerLoader(customFields: boolean): DataLoader<string, Customer | null> {
    return atOrNew(this.#customers, customFields, () => this.#createCustomerLoader(customFields));
  }

  #createCustomerLoader(customFields: boolean): DataLoader<string, Customer | null> {
    const { reads, context, onAnswer } = this.#parts;
    const family = this.#keys.customers(customFields);
    return new DataLoader(async (vendorIds) => {
      const found = await reads.readMany<Customer>(family, vendorIds, context, (missing, shared) =>
        this.#loadInChunks(missing, customFields, shared),
      );
      return found.map((one) => take(one, onAnswer));
    });
  }

  /** A row of a list is as good as a record that was loaded. */
  #prime(): void {
    for (const { page, customFields } of this.#unprimed) {
      for (const row of page.rows) {
        if (row instanceof VendorError) continue;
        this.#customerLoader(customFields).prime(row.vendorId, row);
        if (customFields) this.#customerLoader(false).prime(row.vendorId, row);
      }
    }
    this.#unprimed = [];
  }

  /** As many customers a call as the account takes, side by side. A call's failure is that of its own customers. */
  #loadInChunks(vendorIds: readonly string[], customFields: boolean, context: CallContext): Promise<CustomerAnswers> {
    const size = this.#account.limits.customersPerLoad;
    if (vendorIds.length <= size) return this.#loadChunk(vendorIds, customFields, context);
    const chunks = Array.from({ length: Math.ceil(vendorIds.length / size) }, (_, index) =>
      vendorIds.slice(index * size, (index + 1) * size),
    );
    return Promise.all(chunks.map((chunk) => this.#loadChunk(chunk, customFields, context))).then((all) => all.flat());
  }

  async #loadChunk(
    vendorIds: readonly string[],
    customFields: boolean,
    context: CallContext,
  ): Promise<CustomerAnswers> {
    const loaded = await this.#account.loadCustomers(vendorIds, { customFields }, context).catch(asValue);
    return vendorIds.map((id) => (loaded instanceof VendorError ? loaded : (loaded.get(id) ?? null)));
  }
}

type CustomerAnswers = (Customer | VendorError | null)[];

/** Answers that take a call each. */
class SingleLoader<T extends object> {
  readonly #reads = new Map<string, (context: CallContext) => Promise<T | null>>();
  readonly #loader: DataLoader<string, T | null>;

  constructor(family: KeyFamily, { reads, context, onAnswer }: ReadParts, isCacheable?: (value: T) => boolean) {
    this.#loader = new DataLoader(async (keys) => {
      const found = await reads.readMany<T>(
        family,
        keys,
        context,
        (missing, shared) => this.#read(missing, shared),
        isCacheable,
      );
      return found.map((one) => take(one, onAnswer));
    });
  }

  load(key: string, read: (context: CallContext) => Promise<T | null>): Promise<T | null> {
    this.#reads.set(key, read);
    return this.#loader.load(key);
  }

  /** What is never absent, such as a list. */
  loadKnown(key: string, read: (context: CallContext) => Promise<T>): Promise<T> {
    return this.load(key, read) as Promise<T>;
  }

  #read(keys: readonly string[], context: CallContext): Promise<(T | VendorError | null)[]> {
    return Promise.all(
      keys.map((key) => {
        const read = this.#reads.get(key);
        if (read === undefined) throw new Error('nobody has asked for this');
        return read(context).catch(asValue);
      }),
    );
  }
}

/** An unreadable row must not be remembered as such. */
function isWhole({ rows }: RowPage<object>): boolean {
  return !rows.some((row) => row instanceof VendorError);
}

function take<T extends object>(found: Found<T> | Error, onAnswer: ReadParts['onAnswer']): T | null | Error {
  if (found instanceof Error) return found;
  onAnswer(found);
  return found.value;
}

/** A vendor's failure as a value; what isn't one is ours and goes on up. */
function asValue(error: unknown): VendorError {
  if (error instanceof VendorError) return error;
  throw error;
}

function atOrNew<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
