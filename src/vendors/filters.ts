/** The words that filter tables are written in: which of our filter's fields a vendor applies itself, and how it is told. */
import { centsToMajor, majorToCents } from '../model/money.ts';

/**
 * What becomes of a wanted value: `PUSHED` down to the vendor, `SCANNED` for in rows that the vendor gives unfiltered, or
 * `ABSENT`: no record of this vendor can have it, so no call is needed to know that none matches.
 */
export type FilterSupport = 'PUSHED' | 'SCANNED' | 'ABSENT';

export interface FilterLine<V> {
  /** The vendor's parameter; undefined where it has none. */
  readonly name: string | undefined;
  /** For the printed field map. */
  readonly conversion: string;
  supportFor(value: V): FilterSupport;
  /** A PUSHED value as the vendor writes it. */
  write(value: V): string;
}

/** One line for every field of a filter. */
export type FilterTable<F> = { readonly [K in keyof F]-?: FilterLine<NonNullable<F[K]>> };

function unwritten(conversion: string, support: FilterSupport): FilterLine<string> {
  return {
    name: undefined,
    conversion,
    supportFor: () => support,
    write() {
      throw new Error(`a filter that is ${support} is never written`);
    },
  };
}

/** No record of this vendor has such a value. */
export const absent = unwritten('matches nothing: not kept by this vendor', 'ABSENT');

/** The vendor can't filter by it, but its records have it. */
export const scanned = unwritten('scanned', 'SCANNED');

/** What is longer than the vendor's field can't be in it. Nor can blank text, which sent as a parameter could mean "any". */
export function pushedText(name: string, maxLength: number): FilterLine<string> {
  return {
    name,
    conversion: `text of up to ${maxLength} characters`,
    // Characters, not UTF-16 units: which of the two the vendor counts is not documented, and these are never more.
    supportFor: (value) => (value.trim() !== '' && [...value].length <= maxLength ? 'PUSHED' : 'ABSENT'),
    write: (value) => value,
  };
}

export function pushedNumber(name: string): FilterLine<string> {
  return {
    name,
    conversion: 'whole number',
    supportFor: (value) => (/^\d{1,18}$/.test(value) ? 'PUSHED' : 'ABSENT'),
    write: (value) => value,
  };
}

export function pushedDay(name: string): FilterLine<string> {
  return { name, conversion: 'yyyy-MM-dd, inclusive', supportFor: () => 'PUSHED', write: (value) => value };
}

/** The parameter is an Integer (seed 003), and a negative amount is refused (UniPay's public page on error codes). */
const MAX_PUSHED_CENTS = 2 ** 31 - 1;

/** Half a cent belongs to neither side: an amount from 0.005 is one of 1 cent or more. */
export function pushedCents(name: string, direction: 'up' | 'down'): FilterLine<string> {
  return {
    name,
    conversion: `major units × 100, rounded ${direction}; scanned below 0 and above ${centsToMajor(String(MAX_PUSHED_CENTS))}`,
    supportFor: (value) => {
      const cents = Number(majorToCents(value, direction));
      return cents >= 0 && cents <= MAX_PUSHED_CENTS ? 'PUSHED' : 'SCANNED';
    },
    write: (value) => majorToCents(value, direction),
  };
}

/** A word the vendor has none for can't be on its records, but UNKNOWN is what any word unknown to us reads as. */
export function pushedWord<W extends string>(name: string, words: Readonly<Partial<Record<W, string>>>): FilterLine<W> {
  return {
    name,
    conversion: Object.entries(words)
      .map(([ours, theirs]) => `${ours} → ${theirs}`)
      .join(', '),
    supportFor: (value) => (Object.hasOwn(words, value) ? 'PUSHED' : value === 'UNKNOWN' ? 'SCANNED' : 'ABSENT'),
    write: (value) => words[value] as string,
  };
}

/** The vendor's parameters for the PUSHED part of a filter. */
export function writeFilter<F extends object>(filter: F, table: FilterTable<F>): [string, string][] {
  const parameters: [string, string][] = [];
  for (const key of Object.keys(filter) as (keyof F)[]) {
    const line = table[key] as FilterLine<unknown>;
    const value = filter[key];
    if (value === undefined || value === null || line.supportFor(value) !== 'PUSHED') continue;
    parameters.push([line.name as string, line.write(value)]);
  }
  return parameters;
}
