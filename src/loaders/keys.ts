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

  customer(vendorId: string, customFields: boolean): string {
    return `${this.prefix}customer${customFields ? '+custom-fields' : ''}:${vendorId}`;
  }

  subscription(customerVendorId: string, vendorId: string): string {
    return `${this.prefix}subscription:${customerVendorId}:${vendorId}`;
  }

  /** One window of the customers that the vendor finds with `filter`. */
  customers(window: RowWindow, filter: object, customFields: boolean): string {
    return `${this.prefix}customers${customFields ? '+custom-fields' : ''}:${rowsOf(window, filter)}`;
  }

  /** One window of a customer's subscriptions that the vendor finds with `filter`. */
  subscriptions(customerVendorId: string, window: RowWindow, filter: object): string {
    return `${this.prefix}subscriptions:${customerVendorId}:${rowsOf(window, filter)}`;
  }
}

/** Filters may hold names and addresses, which have no place in a key. */
function rowsOf({ offset, count }: RowWindow, filter: object): string {
  const rows = `${offset}+${count}`;
  return Object.keys(filter).length === 0 ? rows : `${rows}:${fingerprint(filter)}`;
}

/** A short text that stands for a JSON value. */
export function fingerprint(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'base64url').slice(0, 22);
}
