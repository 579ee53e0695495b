import { createHmac } from 'node:crypto';

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
