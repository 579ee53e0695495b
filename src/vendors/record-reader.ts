import type { RawRecord, RawValue } from '../codecs/codec.ts';
import { MalformedAnswer } from '../errors.ts';
import { compile, describe, type FieldTable, isRecord, UnreadableField } from './fields.ts';

/**
 * Reads one row of an answer. A row that can't be read becomes its own error, to stand among the others.
 * `noun` and `idName` say whose error it is: "billagain: customer 302: ActiveSubs must be …".
 */
export function createRecordReader<R extends object>(
  account: string,
  noun: string,
  idName: string,
  table: FieldTable<R>,
): (raw: RawValue | undefined, owner?: string) => R | MalformedAnswer {
  const read = compile(table);

  /** The row's own number, and only if it is one, shorter than a card's: anything else could be somebody's data. */
  function whose(raw: RawRecord): string {
    const id = raw[idName];
    if (typeof id !== 'string' && typeof id !== 'number') return `${noun} without a readable ${idName}`;
    return /^\d{1,11}$/.test(`${id}`) ? `${noun} ${id}` : `${noun} without a readable ${idName}`;
  }

  return (raw, owner) => {
    if (!isRecord(raw)) return new MalformedAnswer(account, `a ${noun} must be a record; got ${describe(raw)}`);
    try {
      return read(raw, owner);
    } catch (error) {
      if (error instanceof UnreadableField) return new MalformedAnswer(account, `${whose(raw)}: ${error.message}`);
      throw error;
    }
  };
}

/** For a record that is asked for alone: there are no others for its error to stand among. */
export function orThrow<R>(record: R | MalformedAnswer): R {
  if (record instanceof MalformedAnswer) throw record;
  return record;
}
