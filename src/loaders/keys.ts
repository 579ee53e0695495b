import { hash } from 'node:crypto';

/** Cache keys of one account as one tenant sees it. The part in braces keeps them in one slot of a Redis cluster. */
export interface AccountKeys {
  readonly account: string;
  /** Every key of the account begins with it. */
  readonly prefix: string;
  /** Holds a new word after each write to the account: lists read before it no longer count. */
  readonly generation: string;
  customer(vendorId: string, customFields: boolean): string;
  subscription(customerVendorId: string, vendorId: string): string;
  /** One window of a list. `what` is everything that decides its rows. */
  list(what: readonly unknown[]): string;
}

// Bump when the shape of a cached record changes: an older replica's entries must not be read as ours.
const SHAPE = 1;

export function accountKeys(tenant: string, account: string): AccountKeys {
  const prefix = `{${tenant}:${account}}:${SHAPE}`;
  return {
    account,
    prefix: `${prefix}:`,
    generation: `${prefix}:generation`,
    customer: (vendorId, customFields) => `${prefix}:customer${customFields ? '+custom-fields' : ''}:${vendorId}`,
    subscription: (customerVendorId, vendorId) => `${prefix}:subscription:${customerVendorId}:${vendorId}`,
    list: (what) => `${prefix}:list:${fingerprint(what)}`,
  };
}

/** A short text that stands for a JSON value. Filters may hold names and addresses, which have no place in a key. */
export function fingerprint(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'base64url').slice(0, 22);
}
