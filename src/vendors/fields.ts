/**
 * The words that mapping tables are written in. A table has one line a field, to be read with the vendor's manual beside
 * it; each line knows how to read its field and how to say so in the printed field map.
 *
 * Readers are tolerant: vendors write "1" for 1, "" for nothing and leave fields out. What no reading can make sense of is
 * never guessed: a field that may be empty then is, and the record says so; without any other field there is no record.
 */
import type { RawRecord, RawValue } from '../codecs/codec.ts';
import { digitsOf, maskCardNumbers } from '../model/card-number.ts';
import { centsToMajor, type Money } from '../model/money.ts';
import { isDate, isDateTime, isLocalDateTime, normalizeDecimal } from '../model/scalars.ts';

export interface Field<T> {
  /** The vendor's names for what is read; empty where the vendor has no such thing. */
  readonly names: readonly string[];
  /** In a few words, for the printed field map: "text", "cents ÷ 100", "A → ACTIVE …". */
  readonly conversion: string;
  /** Of a field that is a record itself, or a list of them: that record's lines, for the printed field map. */
  readonly members?: Readonly<Record<string, Field<unknown>>>;
  /** `owner` is the vendorId of the record that this one was asked for through, for what the record itself doesn't say. */
  readonly read: (raw: RawRecord, owner?: string) => T;
  /** What stands where the vendor's value can't be read; undefined for a field that the record is nothing without. */
  readonly fallback?: { readonly value: T } | undefined;
  /** Of a field with parts: reads those that can be read, and tells of the others. */
  readonly salvage?: (raw: RawRecord, owner: string | undefined, tell: Tell) => T;
}

/** Told of what could not be read, and of our names for it, the innermost last. */
export type Tell = (error: UnreadableField, path: readonly string[]) => void;

/** One line for every member of R: leave one out and it doesn't compile. */
export type FieldTable<R> = { readonly [K in keyof R]-?: Field<R[K]> };

/** Says what was expected and what kind of thing came: not the value, which may be somebody's data. */
export class UnreadableField extends Error {
  override readonly name = 'UnreadableField';
  /** The vendor's name of the field. */
  readonly field: string;
  constructor(name: string, expected: string, came: RawValue | undefined) {
    super(`${name} must be ${expected}; got ${describe(came)}`);
    this.field = name;
  }
}

/** What kind of thing a raw value is, for messages. */
export function describe(value: RawValue | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return value === '' ? 'empty text' : `text of ${value.length} characters`;
  if (typeof value === 'object') return 'a record';
  return `a ${typeof value}`;
}

export function isRecord(value: RawValue | undefined): value is RawRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null where the vendor has nothing to say: left out, null and "" mean the same. */
function readText(value: RawValue | undefined, name: string): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new UnreadableField(name, 'text', value);
}

/** Text that anybody may have put anything into: no more is read of a card number than its last four digits. */
function readFreeText(value: RawValue | undefined, name: string): string | null {
  const text = readText(value, name);
  return text === null ? null : maskCardNumbers(text);
}

function field<T>(
  names: readonly string[],
  conversion: string,
  read: Field<T>['read'],
  fallback?: Field<T>['fallback'],
  parts?: Pick<Field<T>, 'members' | 'salvage'>,
): Field<T> {
  return { names, conversion, read, fallback, ...parts };
}

/** What may be empty is so where it can't be read. */
const EMPTY = { value: null };

/**
 * A reader of one member. Written as code for each name: V8 finds a member several times as fast where the name stands in the
 * code.
 */
function readMember<T>(name: string, readValue: (value: RawValue | undefined) => T): Field<T>['read'] {
  const create = new Function('readValue', `return (raw) => readValue(raw[${JSON.stringify(name)}]);`);
  return create(readValue);
}

/** A word that reads one member. */
function member<T>(
  name: string,
  conversion: string,
  readValue: (value: RawValue | undefined) => T,
  fallback: Field<T>['fallback'],
): Field<T> {
  return field([name], conversion, readMember(name, readValue), fallback);
}

/** A word that reads one scalar's text. `accept` answers undefined for text it can't read. */
function scalar<T>(name: string, conversion: string, expected: string, accept: (text: string) => T | undefined) {
  return member<T | null>(
    name,
    conversion,
    (value) => {
      const text = readText(value, name);
      if (text === null) return null;
      const accepted = accept(text);
      if (accepted === undefined) throw new UnreadableField(name, expected, value);
      return accepted;
    },
    EMPTY,
  );
}

/** Text as the vendor gave it; a number where text was documented is its text. */
export function text(name: string): Field<string | null> {
  return member<string | null>(name, 'text', (value) => readFreeText(value, name), EMPTY);
}

/** The first of several names that holds anything: for fields that versions of an API name differently. */
export function firstText(...names: readonly string[]): Field<string | null> {
  const fields = names.map(text);
  const read = (raw: RawRecord) => {
    for (const { read } of fields) {
      const value = read(raw);
      if (value !== null) return value;
    }
    return null;
  };
  return field<string | null>(names, 'text, the first that is filled', read, EMPTY);
}

const WHOLE = /^-?\d+$/;
/** As long as a signed 64-bit number. */
const PLAIN_ID = /^[1-9]\d{0,18}$/;
const ID = /^0*(\d{1,19})$/;

/** A record's own number, as text without leading zeros: 302 and "0302" are one record. */
export function vendorId(name: string): Field<string> {
  return required(
    scalar(name, 'number as text', 'a whole number', (value) => (PLAIN_ID.test(value) ? value : ID.exec(value)?.[1])),
  );
}

/** The number of another record, as text. */
export function reference(name: string): Field<string | null> {
  return scalar(name, 'number as text', 'a whole number', (value) => (WHOLE.test(value) ? value : undefined));
}

const LARGEST_INT = 2 ** 31 - 1;

/** A whole number that GraphQL's Int can carry. */
export function whole(name: string): Field<number | null> {
  return scalar(name, 'whole number', 'a whole number', (value) => {
    const number = Number(value);
    return WHOLE.test(value) && Math.abs(number) <= LARGEST_INT ? number : undefined;
  });
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
]);

export function flag(name: string): Field<boolean | null> {
  const fromText = scalar(name, 'true or false', 'true or false', (value) => FLAGS.get(value.toLowerCase()));
  const read = (raw: RawRecord) => {
    const value = raw[name];
    return typeof value === 'boolean' ? value : fromText.read(raw);
  };
  return field<boolean | null>(fromText.names, fromText.conversion, read, EMPTY);
}

const NUMBER = /^-?\d{1,60}(\.\d{1,60})?([eE][+-]?\d{1,2})?$/;

/** An exact decimal as text. It is never looked through for card numbers: an amount may have as many digits as one. */
export function decimal(name: string): Field<string | null> {
  return scalar(name, 'exact decimal', 'a decimal number', (value) =>
    NUMBER.test(value) ? normalizeDecimal(value) : undefined,
  );
}

/** An amount in major units. */
export function money(amountName: string, currencyName: string): Field<Money | null> {
  const amount = decimal(amountName);
  const currency = text(currencyName);
  const read = (raw: RawRecord) => {
    const value = amount.read(raw);
    return value === null ? null : { amount: value, currencyCode: currency.read(raw) };
  };
  return field<Money | null>([amountName, currencyName], 'exact decimal, major units', read, EMPTY, {
    salvage(raw, owner, tell) {
      const value = amount.read(raw);
      return value === null
        ? null
        : { amount: value, currencyCode: readOr(currency, 'currencyCode', raw, owner, tell) };
    },
  });
}

/** An amount in whole cents of a currency the vendor doesn't name. */
export function cents(name: string): Field<Money | null> {
  return scalar(name, 'cents ÷ 100', 'a whole number of cents', (value) => {
    const whole = NUMBER.test(value) ? normalizeDecimal(value) : '';
    return WHOLE.test(whole) ? { amount: centsToMajor(whole), currencyCode: null } : undefined;
  });
}

/** An instant with its offset; every digit of its fraction is kept. */
export function instant(name: string): Field<string | null> {
  return scalar(name, 'instant with offset', 'an instant with an offset', (value) =>
    isDateTime(value) ? value : undefined,
  );
}

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const WRITTEN_DATE = /^(\d{1,2}) ([a-z]{3,9}) (\d{4})$/i;

/** A day: yyyy-MM-dd, "15 Dec 2016", or the day an instant is written with. */
export function date(name: string): Field<string | null> {
  return scalar(name, 'day', 'a day', (value) => {
    const day = value.slice(0, 10);
    if (isDate(day) && (value.length === 10 || /^[T ]\d{2}:\d{2}/.test(value.slice(10)))) return day;
    const written = WRITTEN_DATE.exec(value);
    if (!written) return undefined;
    const named = (written[2] as string).toLowerCase();
    const month = MONTHS.findIndex((name) => name.startsWith(named)) + 1;
    const iso = `${written[3]}-${String(month).padStart(2, '0')}-${(written[1] as string).padStart(2, '0')}`;
    return isDate(iso) ? iso : undefined;
  });
}

/** "2016-03-11 16:34:53": a zone isn't named and none is invented. */
export function localDateTime(name: string): Field<string | null> {
  return scalar(name, 'day and time without zone', 'yyyy-MM-dd HH:mm:ss', (value) => {
    const local = value.replace(' ', 'T');
    return isLocalDateTime(local) ? local : undefined;
  });
}

/** The canonical word for each of the vendor's; one that isn't listed is `unknown`. */
export function oneOf<T extends string>(name: string, words: Readonly<Record<string, T>>, unknown: T): Field<T | null> {
  const conversion = [...Object.entries(words), ['another word', unknown]]
    .map(([theirs, ours]) => `${theirs} → ${ours}`)
    .join(', ');
  const known = new Map(
    Object.entries(words).flatMap(([theirs, ours]) => [
      [theirs.toLowerCase(), ours],
      [theirs, ours],
    ]),
  );
  return member<T | null>(
    name,
    conversion,
    (value) => {
      const word = readText(value, name);
      if (word === null) return null;
      return known.get(word) ?? known.get(word.trim().toLowerCase()) ?? unknown;
    },
    EMPTY,
  );
}

/** Never more of a card or account number than its last four digits, however much the vendor gave. */
export function lastFourDigits(name: string): Field<string | null> {
  return member<string | null>(
    name,
    'cut to its last four digits',
    (value) => {
      const digits = digitsOf(readText(value, name) ?? '');
      return digits === '' ? null : digits.slice(-4);
    },
    EMPTY,
  );
}

/** What a field that the vendor may leave empty but our schema doesn't is then. */
export function otherwise<T extends string>(optional: Field<T | null>, fallback: T): Field<T> {
  const conversion = `${optional.conversion}; nothing → ${fallback || '""'}`;
  return field<T>(optional.names, conversion, (raw) => optional.read(raw) ?? fallback, { value: fallback });
}

/** Without it there is no record. */
export function required<T>(optional: Field<T | null>): Field<T> {
  return field(optional.names, optional.conversion, (raw) => {
    const value = optional.read(raw);
    if (value === null) throw new UnreadableField(optional.names.join(' or '), 'given', undefined);
    return value;
  });
}

/** The vendor has no such thing. */
export function none<T>(value: T): Field<T> {
  return field([], 'not kept by this vendor', () => value);
}

/**
 * Told from several of the vendor's fields; `conversion` says how. `fallback` stands where they can't be read; without one,
 * there is no record then.
 */
export function derived<T>(
  names: readonly string[],
  conversion: string,
  read: Field<T>['read'],
  fallback?: T,
  parts?: Pick<Field<T>, 'members' | 'salvage'>,
): Field<T> {
  return field<T>(names, conversion, read, fallback === undefined ? undefined : { value: fallback }, parts);
}

/** A part of our record that lies flat in theirs. */
export function part<R extends object>(table: FieldTable<R>): Field<R> {
  const names = Object.values<Field<unknown>>(table).flatMap((line) => line.names);
  return field<R>([...new Set(names)], 'its fields, lying flat', compile(table), undefined, {
    members: table,
    salvage: (raw, owner, tell) => salvage(table, raw, owner, tell),
  });
}

/** A record within theirs; null where it is missing. */
export function nested<R extends object>(name: string, table: FieldTable<R>): Field<R | null> {
  const read = compile(table);
  const readWith = (value: RawValue | undefined, readRecord: (record: RawRecord) => R) => {
    if (value === undefined || value === null || value === '') return null;
    if (!isRecord(value)) throw new UnreadableField(name, 'a record', value);
    return readRecord(value);
  };
  return field<R | null>(
    [name],
    'record',
    readMember(name, (value) => readWith(value, read)),
    EMPTY,
    {
      members: table,
      salvage: (raw, owner, tell) => readWith(raw[name], (record) => salvage(table, record, owner, tell)),
    },
  );
}

/** A list of records within theirs, in their order; undefined where the answer has no such list at all. */
export function optionalList<R extends object>(name: string, table: FieldTable<R>): Field<readonly R[] | undefined> {
  const read = compile(table);
  const readWith = <T>(value: RawValue | undefined, readItem: (item: RawValue) => T): T[] | undefined => {
    if (value === undefined) return undefined;
    if (value === null || value === '') return [];
    if (!Array.isArray(value)) throw new UnreadableField(name, 'a list', value);
    return value.map(readItem);
  };
  const readItem = (item: RawValue) => {
    if (!isRecord(item)) throw new UnreadableField(name, 'a list of records', item);
    return read(item);
  };
  const readAll = readMember(name, (value) => readWith(value, readItem));
  return field<readonly R[] | undefined>(
    [name],
    'list, in its order',
    readAll,
    { value: [] },
    {
      members: table,
      salvage: (raw, owner, tell) =>
        readWith(raw[name], (item) => {
          try {
            return isRecord(item) ? salvage(table, item, owner, tell) : readItem(item);
          } catch (error) {
            if (!(error instanceof UnreadableField)) throw error;
            tell(error, []);
            return undefined;
          }
        })?.filter((item): item is R => item !== undefined),
    },
  );
}

/** A list of records within theirs; empty where there is none. */
export function list<R extends object>(name: string, table: FieldTable<R>): Field<R[]> {
  const { conversion, read, salvage } = optionalList(name, table);
  return field<R[]>(
    [name],
    conversion,
    (raw) => [...(read(raw) ?? [])],
    { value: [] },
    {
      members: table,
      salvage: (raw, owner, tell) => [...(salvage?.(raw, owner, tell) ?? [])],
    },
  );
}

/**
 * Reads a record of which something can't be read: field by field, each that can't be is told of and has its fallback. Throws
 * where one has none.
 */
export function salvage<R extends object>(
  table: FieldTable<R>,
  raw: RawRecord,
  owner: string | undefined,
  tell: Tell,
): R {
  const entries = Object.entries<Field<unknown>>(table);
  return Object.fromEntries(entries.map(([name, line]) => [name, readOr(line, name, raw, owner, tell)])) as R;
}

/** The field, or what stands for it where it can't be read. */
function readOr<T>(line: Field<T>, name: string, raw: RawRecord, owner: string | undefined, tell: Tell): T {
  try {
    return line.salvage
      ? line.salvage(raw, owner, (error, path) => tell(error, [name, ...path]))
      : line.read(raw, owner);
  } catch (error) {
    if (!(error instanceof UnreadableField) || line.fallback === undefined) throw error;
    tell(error, [name]);
    return line.fallback.value;
  }
}

/**
 * Turns a table into a function from their record to ours: `(raw, owner) => ({ vendorId: read0(raw, owner), … })`.
 *
 * Written as code once, as a loop over the table takes half as long again for every row: V8 keeps objects grown key by
 * key, past a dozen or so, as slow dictionaries, and can't tell which reader a loop calls.
 */
export function compile<R extends object>(table: FieldTable<R>): (raw: RawRecord, owner?: string) => R {
  const keys = Object.keys(table) as (keyof R)[];
  const readers = keys.map((_, index) => `read${index}`);
  const members = keys.map((key, index) => `${JSON.stringify(key)}: ${readers[index]}(raw, owner)`);
  const create = new Function(...readers, `return (raw, owner) => ({ ${members.join(', ')} });`);
  return create(...keys.map((key) => table[key].read));
}
