/**
 * The words that write tables are written in: what becomes of each field of an input. Writers are strict: what a vendor
 * has no place for, or only a shorter one, is a problem told to the client before any call; nothing is dropped on the way.
 */

import { isDeepStrictEqual } from 'node:util';
import type { RawRecord, RawValue } from '../codecs/codec.ts';
import { rawNumber } from '../codecs/raw-number.ts';
import { centsToMajor } from '../model/money.ts';
import { isDate } from '../model/scalars.ts';
import { type UserError, type UserErrorCode, userError } from '../model/user-error.ts';

export interface WriteLine<V> {
  /** The vendor's name for it; undefined where it has none. */
  readonly name: string | undefined;
  /** For the printed field map. */
  readonly conversion: string;
  /** Has the record a value that can't be changed? Then emptying it is refused like any other change. */
  readonly isFixed?: boolean;
  write(value: V): RawValue | Problem;
}

/** What is wrong with a value. The message stands behind the account's and the field's name: "takes up to 15 characters; got 20". */
class Problem {
  readonly code: UserErrorCode;
  readonly message: string;
  constructor(code: UserErrorCode, message: string) {
    this.code = code;
    this.message = message;
  }
}

/** What is no field of the vendor's record, or is written by hand because several fields decide it. */
export interface Elsewhere {
  /** The vendor's names for what it becomes; empty where Billgraph alone needs it. */
  readonly names: readonly string[];
  /** For the printed field map. */
  readonly conversion: string;
  /** Of what is a record itself, or a list of them: its lines, for the printed field map. */
  readonly members?: InputTable;
}

export function elsewhere(names: readonly string[], conversion: string, members?: InputTable): Elsewhere {
  return members === undefined ? { names, conversion } : { names, conversion, members };
}

/** Any input's table. */
export interface InputTable {
  readonly [field: string]: WriteLine<never> | InputTable | Elsewhere;
}

/** One line for every field of an input: leave one out and it doesn't compile. */
export type WriteTable<I> = {
  readonly [K in keyof I]-?: WriteLine<NonNullable<I[K]>> | WriteTable<NonNullable<I[K]>> | Elsewhere;
};

function line<V>(name: string | undefined, conversion: string, write: (value: V) => RawValue | Problem): WriteLine<V> {
  return { name, conversion, write };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;

function checkText(value: string, maxLength: number | undefined): Problem | undefined {
  if (CONTROL.test(value) || !value.isWellFormed()) {
    return new Problem('INVALID', 'must be text without control characters and broken Unicode');
  }
  if (maxLength !== undefined && value.length > maxLength) {
    return new Problem('TOO_LONG', `takes up to ${maxLength} characters; got ${value.length}`);
  }
  return undefined;
}

function printLimit(maxLength: number | undefined): string {
  return maxLength === undefined ? '' : `, up to ${maxLength} characters`;
}

/**
 * Text as it is. BillAgain documents no lengths; UniPay's are those of its filters. Whether it counts characters or UTF-16
 * units is not documented: what is counted here, units, is never less.
 */
export function sendText(name: string, maxLength?: number): WriteLine<string> {
  return line(name, `text${printLimit(maxLength)}`, (value) => checkText(value, maxLength) ?? value);
}

/** Text of a form of its own. */
export function sendMatching(name: string, pattern: RegExp, expected: string, maxLength?: number): WriteLine<string> {
  return line(name, expected + printLimit(maxLength), (value) => {
    const problem = checkText(value, maxLength);
    return problem ?? (pattern.test(value) ? value : new Problem('INVALID', `must be ${expected}`));
  });
}

export function sendFlag(name: string): WriteLine<boolean> {
  return line(name, 'true or false', (value) => value);
}

export function sendWhole(name: string, min: number, max: number): WriteLine<number> {
  return line(name, `whole number from ${min} to ${max}`, (value) =>
    value >= min && value <= max
      ? value
      : new Problem('INVALID', `must be a whole number from ${min} to ${max}; got ${value}`),
  );
}

/** As long as a signed 64-bit number surely carries. */
const RECORD_NUMBER = /^[1-9]\d{0,17}$/;

/** A record's number, as a number. */
export function sendNumber(name: string): WriteLine<string> {
  return line(name, 'number', (value) => {
    if (!RECORD_NUMBER.test(value)) return new Problem('INVALID', 'must be a whole number such as 71');
    return Number.isSafeInteger(Number(value)) ? Number(value) : rawNumber(value);
  });
}

/** A record's number that the vendor's own examples write as text. */
export function sendNumberText(name: string): WriteLine<string> {
  return line(name, 'number as text', (value) =>
    RECORD_NUMBER.test(value) ? value : new Problem('INVALID', 'must be a whole number such as 1'),
  );
}

/** How many of something, or how much. */
export function sendQuantity(name: string): WriteLine<string> {
  return line(name, 'exact decimal, 0 or more', (value) =>
    value.startsWith('-') ? new Problem('INVALID', 'must not be negative') : rawNumber(value),
  );
}

/** Amounts are Integers (seed 003), which end there. */
const MAX_CENTS = 2 ** 31 - 1;

/** An amount in whole cents. A fraction of a cent is refused: rounding somebody's money is not ours to do. */
export function sendCents(name: string): WriteLine<string> {
  return line(name, 'major units × 100', (value) => {
    const [, sign, major, fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(value) ?? [];
    if (major === undefined) return new Problem('INVALID', 'must be an amount of whole cents, e.g. "19.99"');
    if (sign === '-') return new Problem('INVALID', 'must not be negative');
    const cents = Number(`${major}${fraction.padEnd(2, '0')}`);
    return cents <= MAX_CENTS
      ? cents
      : new Problem(
          'INVALID',
          `must be at most ${centsToMajor(String(MAX_CENTS))}, the most that the vendor's field holds`,
        );
  });
}

export function sendWord<W extends string>(name: string, words: Readonly<Partial<Record<W, RawValue>>>): WriteLine<W> {
  const known = Object.keys(words);
  const conversion = known.map((word) => `${word} → ${String(words[word as W])}`).join(', ');
  return line(
    name,
    conversion,
    (value) => words[value] ?? new Problem('INVALID', `must be one of ${known.join(', ')}; got ${value}`),
  );
}

const NO_DAY = new Problem('INVALID', 'must be a day as yyyy-MM-dd');

/** yyyy-MM-dd, as ours. */
export function sendDay(name: string): WriteLine<string> {
  return line(name, 'yyyy-MM-dd', (value) => (isDate(value) ? value : NO_DAY));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "15 Dec 2016", as in seed 002's example of a create. */
export function sendWrittenDay(name: string): WriteLine<string> {
  return line(name, '"15 Dec 2016"', (value) => {
    if (!isDate(value)) return NO_DAY;
    const [year, month, day] = value.split('-');
    return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
  });
}

/** The vendor has no place for it. */
export function unsupported<V>(reason = 'has no place at this vendor'): WriteLine<V> {
  return line<V>(undefined, 'refused: no place at this vendor', () => new Problem('UNSUPPORTED_BY_VENDOR', reason));
}

/** The vendor takes it with a new record and never again: no change of it, and not its removal, can be carried. */
export function fixed<V>(reason = 'can be given only when the record is created'): WriteLine<V> {
  return { ...unsupported<V>(reason), conversion: 'refused: set when the record is created', isFixed: true };
}

/** A table's field of that name would be no list. */
export function isElsewhere(entry: object): entry is Elsewhere {
  return Array.isArray((entry as Partial<Elsewhere>).names);
}

export function isLine(entry: object): entry is WriteLine<unknown> {
  return typeof (entry as Partial<WriteLine<unknown>>).write === 'function';
}

/** The vendor's names for all that a table can write. */
export function listNames(table: InputTable): string[] {
  const names = Object.values(table).flatMap((entry) => {
    if (isElsewhere(entry)) return [...entry.names];
    if (!isLine(entry)) return listNames(entry);
    return entry.name === undefined ? [] : [entry.name];
  });
  return [...new Set(names)];
}

/** Nothing to keep, and so nothing that could be lost: null, "", and lists and records of nothing else. */
function holdsNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.values(value).every(holdsNothing);
}

function isSame(asked: unknown, present: unknown): boolean {
  return asked === present || (holdsNothing(asked) && holdsNothing(present));
}

/** Writes one input, part by part, and collects everything that is wrong with it. */
export class InputWriter {
  readonly problems: UserError[] = [];
  readonly #refused = new Set<string>();
  readonly #account: string;
  /** How the vendor is told that a field is to be empty. */
  readonly #cleared: RawValue;

  constructor(account: string, cleared: RawValue) {
    this.#account = account;
    this.#cleared = cleared;
  }

  /**
   * The vendor's fields for those that the input gives: undefined is left out, null and "" clear. `path` is the input's own.
   *
   * `current` is our record as it is, for a change: what is asked to be as it is already is no change, whether or not it
   * could be written, so that a client may send back all that it has read.
   */
  write<I extends object>(
    input: I,
    table: WriteTable<I>,
    path: readonly string[] = [],
    current?: object,
  ): Record<string, RawValue> {
    const written: Record<string, RawValue> = {};
    for (const key of Object.keys(table) as (keyof I & string)[]) {
      const value = input[key];
      const entry: WriteTable<I>[keyof I & string] = table[key];
      if (value === undefined || isElsewhere(entry)) continue;
      const present = (current as Partial<Record<string, unknown>> | undefined)?.[key];
      if (!isLine(entry)) {
        const parts = value ?? (current && clearAll(entry));
        if (parts) {
          const itsPath = [...path, key];
          Object.assign(written, this.write(parts as object, entry as WriteTable<object>, itsPath, present as object));
        }
        continue;
      }
      if (current && isSame(value, present)) continue;
      const isCleared = value === null || (value as unknown) === '';
      if (entry.name === undefined && !entry.isFixed && holdsNothing(value)) continue;
      const result = isCleared && !entry.isFixed ? this.#cleared : entry.write(value as NonNullable<typeof value>);
      if (result instanceof Problem) this.refuse(result.code, [...path, key], result.message);
      else if (entry.name !== undefined) written[entry.name] = result;
    }
    return written;
  }

  /** `message` goes on from "<account>: <field> ". */
  refuse(code: UserErrorCode, field: readonly string[], message: string): void {
    const name = field.join('.');
    if (this.#refused.has(name)) return;
    this.#refused.add(name);
    this.problems.push(userError(code, `${this.#account}: ${name} ${message}`, field));
  }

  /** A value that this account can't do without. */
  require(value: unknown, field: readonly string[]): void {
    if (value === undefined || value === null || value === '') this.refuse('REQUIRED', field, 'is required');
  }
}

/** A record to be sent, and what keeps it from being sent. */
interface Written {
  readonly record: RawRecord;
  readonly writer: InputWriter;
}

/** Does an edit leave a record as it is, since all that it asks for is there? `asItIs` is an edit that asks for nothing. */
export function changesNothing(edit: Written, asItIs: Written): boolean {
  return edit.writer.problems.length === 0 && isDeepStrictEqual(edit.record, asItIs.record);
}

/** What null means for a part of a record: none of its fields. */
function clearAll(table: object): object {
  return Object.fromEntries(Object.keys(table).map((key) => [key, null]));
}
