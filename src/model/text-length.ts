import { BadUserInput } from '../errors.ts';

/** Far longer than anything a vendor keeps, and short enough to be looked through, compared and hashed at no cost. */
export const MAX_LENGTHS = {
  /** The longest that Billgraph gives out has some 100 characters. */
  id: 200,
  accountName: 200,
  /** The longest field that a vendor filters by has 255. */
  filter: 1000,
  customFieldKey: 1000,
  /** A cursor names each account that its list is read from. */
  cursor: 65_536,
  input: 10_000,
} as const;

/** Refuses a text that is too long to be meant, before anything looks at it. */
export function requireLength(text: string, maxLength: number, name: string): void {
  if (text.length <= maxLength) return;
  throw new BadUserInput(`${name} may have up to ${maxLength} characters; got ${text.length}`);
}
