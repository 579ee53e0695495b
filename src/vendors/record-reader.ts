import type { RawRecord, RawValue } from '../codecs/codec.ts';
import { MalformedAnswer } from '../errors.ts';
import type { PerhapsUnreadable, UnreadablePart } from '../model/unreadable.ts';
import { compile, describe, type FieldTable, isRecord, salvage, UnreadableField } from './fields.ts';

/** Told of each field that could not be read, by the vendor's name. */
export type OnUnreadable = (field: string) => void;

/**
 * Reads one row of an answer. Of a row with fields that can't be read the others are kept, and it says which are missing. A
 * row without a field that it is nothing without becomes its own error, to stand among the others.
 * `noun` and `idName` say whose error it is: "billagain: customer 302: ActiveSubs must be …".
 */
export function createRecordReader<R extends PerhapsUnreadable>(
  account: string,
  noun: string,
  idName: string,
  table: FieldTable<Omit<R, 'unreadable'>>,
  onUnreadable: OnUnreadable = () => {},
): (raw: RawValue | undefined, owner?: string) => R | MalformedAnswer {
  const read = compile(table) as (raw: RawRecord, owner?: string) => R;

  /** The row's own number, and only if it is one, shorter than a card's: anything else could be somebody's data. */
  function whose(raw: RawRecord): string {
    const id = raw[idName];
    if (typeof id !== 'string' && typeof id !== 'number') return `${noun} without a readable ${idName}`;
    return /^\d{1,11}$/.test(`${id}`) ? `${noun} ${id}` : `${noun} without a readable ${idName}`;
  }

  /** Slower, and only for rows that need it. */
  function readWhatCanBeRead(raw: RawRecord, owner: string | undefined): R | MalformedAnswer {
    const unreadable: UnreadablePart[] = [];
    const fields = new Set<string>();
    try {
      const record = salvage(table, raw, owner, (error, path) => {
        fields.add(error.field);
        unreadable.push({ path, reason: `${whose(raw)}: ${error.message}` });
      });
      return { ...(record as R), unreadable };
    } catch (error) {
      if (!(error instanceof UnreadableField)) throw error;
      fields.add(error.field);
      return new MalformedAnswer(account, `${whose(raw)}: ${error.message}`);
    } finally {
      for (const field of fields) onUnreadable(field);
    }
  }

  return (raw, owner) => {
    if (!isRecord(raw)) return new MalformedAnswer(account, `a ${noun} must be a record; got ${describe(raw)}`);
    try {
      return read(raw, owner);
    } catch (error) {
      if (error instanceof UnreadableField) return readWhatCanBeRead(raw, owner);
      throw error;
    }
  };
}

/** For a record that is asked for alone: there are no others for its error to stand among. */
export function orThrow<R>(record: R | MalformedAnswer): R {
  if (record instanceof MalformedAnswer) throw record;
  return record;
}
