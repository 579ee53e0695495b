import { BadUserInput } from '../errors.ts';
import { fingerprint } from './keys.ts';

/** How far each account has been read: rows behind us, or null where there is no further row. */
export type Positions = ReadonlyMap<string, number | null>;

/** Reads and writes the cursors of one list. `list` is everything that decides its rows, so that no other list takes them. */
export interface CursorCodec {
  write(positions: Positions): string;
  read(cursor: string): Map<string, number | null>;
}

export function createCursorCodec(list: readonly unknown[]): CursorCodec {
  // Shortened: it guards against mix-ups, not against forgery. Whoever forges one reads only what they could anyway.
  let mark: string | undefined;
  const readMark = () => (mark ??= fingerprint(list).slice(0, 10));
  return {
    write: (positions) => Buffer.from(JSON.stringify([readMark(), [...positions]])).toString('base64url'),
    read(cursor) {
      const [cursorMark, positions] = parse(cursor);
      if (cursorMark !== readMark()) {
        throw new BadUserInput(
          '`after` must be a cursor of this very list; this one belongs to another list, filter or choice of accounts',
        );
      }
      return new Map(positions);
    },
  };
}

function parse(cursor: string): [string, [string, number | null][]] {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (isCursor(decoded)) return decoded;
  } catch {
    // Said below.
  }
  throw new BadUserInput('`after` must be a cursor that this API gave out, unchanged');
}

function isCursor(value: unknown): value is [string, [string, number | null][]] {
  if (!Array.isArray(value) || value.length !== 2 || typeof value[0] !== 'string' || !Array.isArray(value[1]))
    return false;
  return value[1].every(
    (entry) =>
      Array.isArray(entry) &&
      entry.length === 2 &&
      typeof entry[0] === 'string' &&
      (entry[1] === null || (Number.isSafeInteger(entry[1]) && entry[1] >= 0)),
  );
}
