import { createHmac, hash } from 'node:crypto';

/**
 * Stands for a client's idempotency key, whose text is not ours to store. Without a secret, so that a key is found again
 * whatever has become of the account's password: a create must not run twice for it.
 */
export function fingerprintKey(operation: string, idempotencyKey: string): string {
  return hash('sha256', JSON.stringify([operation, idempotencyKey]), 'base64url');
}

/**
 * A short text that stands for an input. Keyed, because an input may hold a password or a card number, which could be
 * found again from a plain hash by trying.
 */
export function fingerprintInput(operation: string, input: unknown, secret: string): string {
  return createHmac('sha256', secret)
    .update(JSON.stringify([operation, sorted(input)]))
    .digest('base64url');
}

/** The same input is the same text, in whatever order its fields were written. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => [key, sorted(member)]);
}
