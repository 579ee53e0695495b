import DataLoader from 'dataloader';
import { VendorError } from '../errors.ts';
import type { Customer } from '../model/customer.ts';
import type { CustomerFilter, SubscriptionFilter } from '../model/filters.ts';
import type { SubscriptionKey } from '../model/ids.ts';
import type { BillingSubscription } from '../model/subscription.ts';
import type { CallContext } from '../transport/transport.ts';
import type { RowPage, RowWindow, VendorAccount } from '../vendors/vendor.ts';
import { type AccountKeys, type KeyFamily, subscriptionKey, windowKey } from './keys.ts';
import type { Answer, Found, ReadThrough, VendorReads } from './read-through.ts';

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
  readonly #customers = new Map<boolean, BatchLoader<Customer>>();
  #wholeCustomers: BatchLoader<Customer> | undefined;
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

  #customerLoader(customFields: boolean): BatchLoader<Customer> {
    return atOrNew(this.#customers, customFields, () => this.#createCustomerLoader(customFields));
  }

  /** A call's failure is that of its own customers. */
  #createCustomerLoader(customFields: boolean): BatchLoader<Customer> {
    const account = this.#account;
    return new BatchLoader<Customer>(this.#keys.customers(customFields), this.#parts, {
      keysPerCall: account.limits.customersPerLoad,
      async read(vendorIds, context, onAnswer) {
        const told = new Set<string>();
        const loaded = await account.loadCustomers(vendorIds, { customFields }, context, (id, customer) => {
          told.add(id);
          onAnswer(id, customer);
        });
        for (const id of vendorIds) if (!told.has(id)) onAnswer(id, loaded.get(id) ?? null);
      },
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
}

/**
 * What is asked for side by side goes out together, each key once. Nobody waits for a batch: whose answer is there has it,
 * whatever else was asked for along with it.
 */
class BatchLoader<T extends object> {
  // Looked into before DataLoader is, which makes who asks for what is known wait for the batch that is about to go out.
  readonly #known = new Map<string, Promise<T | null>>();
  readonly #loader: DataLoader<string, T | null>;

  constructor(family: KeyFamily, { reads, context, onAnswer }: ReadParts, vendor: VendorReads<T>) {
    const take = (answer: Answer<T>): T | null | Error => {
      if (answer instanceof Error) return answer;
      onAnswer(answer);
      return answer.value;
    };
    const loadMany = async (keys: readonly string[]) => {
      const answers = await reads.readMany<T>(family, keys, context, vendor);
      // DataLoader resolves a key's promise with what it gets here, so that a promise may stand for a value.
      return answers.map((answer) =>
        answer instanceof Promise ? answer.then((one) => orThrow(take(one))) : take(answer),
      );
    };
    this.#loader = new DataLoader(loadMany as DataLoader.BatchLoadFn<string, T | null>, { cacheMap: this.#known });
  }

  load(key: string): Promise<T | null> {
    return this.#known.get(key) ?? this.#loader.load(key);
  }

  prime(key: string, value: T): void {
    this.#loader.prime(key, value);
  }
}

/** Answers that take a call each. */
class SingleLoader<T extends object> {
  readonly #reads = new Map<string, (context: CallContext) => Promise<T | null>>();
  readonly #loader: BatchLoader<T>;

  constructor(family: KeyFamily, parts: ReadParts, isCacheable: (value: T) => boolean = () => true) {
    this.#loader = new BatchLoader<T>(family, parts, {
      keysPerCall: 1,
      read: async (keys, context, onAnswer) => {
        for (const key of keys) onAnswer(key, await this.#read(key, context));
      },
      isCacheable,
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

  #read(key: string, context: CallContext): Promise<T | null> {
    const read = this.#reads.get(key);
    if (read === undefined) throw new Error('nobody has asked for this');
    return read(context);
  }
}

/** An unreadable row must not be remembered as such. */
function isWhole({ rows }: RowPage<object>): boolean {
  return !rows.some((row) => row instanceof VendorError);
}

function orThrow<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}

function atOrNew<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
