import { hash } from 'node:crypto';
import type { RowWindow } from '../vendors/vendor.ts';

// Bump when the shape of a cached record changes: an older replica's entries must not be read as ours.
const SHAPE = 1;

/** Cache keys of one account as one tenant sees it. The part in braces keeps them in one slot of a Redis cluster. */
export class AccountKeys {
  readonly account: string;
  /** Every key of the account begins with it. */
  readonly prefix: string;

  constructor(tenant: string, account: string) {
    this.account = account;
    this.prefix = `{${tenant}:${account}}:${SHAPE}:`;
  }

  /** Holds a new word after each write to the account: lists read before it no longer count. */
  get generation(): string {
    return `${this.prefix}generation`;
  }

  /** By vendorId. */
  customers(customFields: boolean): KeyFamily {
    return new KeyFamily(this, customFields ? 'customer+custom-fields' : 'customer', false);
  }

  /** By {@link subscriptionKey}. */
  subscriptions(): KeyFamily {
    return new KeyFamily(this, 'subscription', false);
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

/** Keys of one kind of record or list. Within the family each has a short one of its own, which is all that most reads need. */
export class KeyFamily {
  readonly account: string;
  readonly prefix: string;
  readonly generation: string;
  /** Dropped by every write to the account, whatever record it changes. */
  readonly isList: boolean;

  constructor({ account, prefix, generation }: AccountKeys, name: string, isList: boolean) {
    this.account = account;
    this.prefix = `${prefix}${name}:`;
    this.generation = generation;
    this.isList = isList;
  }

  /** The key in the cache. */
  of(key: string): string {
    return this.prefix + key;
  }
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
