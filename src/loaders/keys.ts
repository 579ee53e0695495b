import { hash } from 'node:crypto';
import type { RowWindow, VendorAccount } from '../vendors/vendor.ts';

/** Bump when what lies around the records changes, such as a list's entry. The records' own shape follows from their tables. */
const LAYOUT = 2;

/**
 * Cache keys of one account as one tenant sees it. The part in braces, which names the vendor account, keeps them in one slot
 * of a Redis cluster. Our own name for it follows, as it stands in the ids of cached records.
 */
export class AccountKeys {
  readonly account: string;
  /** Every key of the account's records and lists begins with it. */
  readonly prefix: string;
  /**
   * Holds a new word after each write to the vendor account, whatever the writer calls it and whatever shape its records
   * have: lists and subscriptions read before it no longer count.
   */
  readonly generation: string;

  constructor(tenant: string, { name, identity, recordShape }: CachedAccount) {
    this.account = name;
    this.prefix = `{${tenant}:${identity}}:${name}:${LAYOUT}-${recordShape}:`;
    this.generation = `{${tenant}:${identity}}:generation`;
  }

  /**
   * Records as the vendor gave them out in answer to their creation, which may say less than a read: only for requests that
   * are sent again. By the record's id.
   */
  created(): KeyFamily {
    return new KeyFamily(this, 'created', true);
  }

  /** By vendorId. */
  customers(customFields: boolean): KeyFamily {
    return new KeyFamily(this, customFields ? 'customer+custom-fields' : 'customer', false);
  }

  /**
   * By {@link subscriptionKey}. A write to a customer may change all its subscriptions, and nobody knows which of them are
   * cached: so they all end with any write to the account, as lists do.
   */
  subscriptions(): KeyFamily {
    return new KeyFamily(this, 'subscription', true);
  }

  /** By {@link windowKey}. */
  customerLists(customFields: boolean): KeyFamily {
    return new KeyFamily(this, customFields ? 'customers+custom-fields' : 'customers', true);
  }

  /** By the customer's vendorId, a colon and {@link windowKey}. */
  subscriptionLists(): KeyFamily {
    return new KeyFamily(this, 'subscriptions', true);
  }
}

export type CachedAccount = Pick<VendorAccount, 'name' | 'identity' | 'recordShape'>;

/** Keys of one kind of record or list. Within the family each has a short one of its own, which is all that most reads need. */
export class KeyFamily {
  readonly account: string;
  readonly prefix: string;
  readonly generation: string;
  /** Ends with every write to the account, whatever record it changes. */
  readonly endsWithGeneration: boolean;

  constructor({ account, prefix, generation }: AccountKeys, name: string, endsWithGeneration: boolean) {
    this.account = account;
    this.prefix = `${prefix}${name}:`;
    this.generation = generation;
    this.endsWithGeneration = endsWithGeneration;
  }

  /** The key in the cache. */
  of(key: string): string {
    return this.prefix + key;
  }

  /** What lies at a key, for an answer that was read in this generation. */
  wrap<T>(value: T | null, generation: string): T | GenerationEntry<T> | null {
    return this.endsWithGeneration ? { generation, value } : value;
  }

  /** What was read of the vendor, of what lies in the cache; undefined for what no longer counts. */
  unwrap<T>(kept: unknown, generation: string): T | null | undefined {
    if (!this.endsWithGeneration) return kept as T | null;
    const entry = kept as GenerationEntry<T> | null;
    return entry?.generation === generation ? entry.value : undefined;
  }
}

/** It counts only while its account's generation is still the one it was read in. */
interface GenerationEntry<T> {
  readonly generation: string;
  readonly value: T | null;
}

/** A vendor numbers subscriptions for each customer, or for all. */
export function subscriptionKey(customerVendorId: string, vendorId: string): string {
  return `${customerVendorId}:${vendorId}`;
}

/** One window of the rows that the vendor finds with `filter`, which may hold names and addresses: these have no place in a key. */
export function windowKey({ offset, count }: RowWindow, filter: object): string {
  const rows = `${offset}+${count}`;
  return Object.keys(filter).length === 0 ? rows : `${rows}:${fingerprint(filter)}`;
}

/** A short text that stands for a JSON value. */
export function fingerprint(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'base64url').slice(0, 22);
}
