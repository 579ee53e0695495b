import { BadUserInput } from '../errors.ts';
import { MAX_LENGTHS } from '../model/text-length.ts';
import { fingerprint } from './keys.ts';

/** How far each account has been read: rows behind us, or null where there is no further row. */
export type Positions = ReadonlyMap<string, number | null>;

/** Reads and writes the cursors of one list. */
export class CursorCodec {
  readonly #describeList: () => readonly unknown[];
  #mark: string | undefined;

  /** `describeList` gives everything that decides the list's rows, so that no other list takes its cursors. */
  constructor(describeList: () => readonly unknown[]) {
    this.#describeList = describeList;
  }

  write(positions: Positions): string {
    return Buffer.from(JSON.stringify([this.#readMark(), [...positions]])).toString('base64url');
  }

  read(cursor: string): Map<string, number | null> {
    const [mark, positions] = parse(cursor);
    if (mark !== this.#readMark()) {
      throw new BadUserInput(
        '`after` must be a cursor of this very list; this one belongs to another list, filter or choice of accounts',
      );
    }
    return new Map(positions);
  }

  /** Shortened: it guards against mix-ups, not against forgery. Whoever forges one reads only what they could anyway. */
  #readMark(): string {
    this.#mark ??= fingerprint(this.#describeList()).slice(0, 10);
    return this.#mark;
  }
}

function parse(cursor: string): [string, [string, number | null][]] {
  try {
    if (cursor.length > MAX_LENGTHS.cursor) throw new RangeError('too long');
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
