import { VendorError } from '../errors.ts';
import type { CompletenessState } from '../model/connections.ts';
import type { RowPage, RowWindow } from '../vendors/vendor.ts';

export interface SliceRequest<T> {
  /** How many rows of the account's list are behind us. */
  readonly from: number;
  /** How many rows are wanted. */
  readonly count: number;
  /** The widest window the account answers. */
  readonly rowsPerWindow: number;
  readonly readWindow: (window: RowWindow) => Promise<RowPage<T>>;
  /** Where given, rows are looked through for those that match, `scanLimitRows` at the most; an error stands for its row. */
  readonly matches?: ((row: T) => boolean | VendorError) | undefined;
  readonly scanLimitRows: number;
  /** Where given, rejects when a window is waited for no longer. */
  readonly silence?: Promise<never> | undefined;
}

export interface Slice<T> {
  /** An unreadable row stands in its place as its own error. */
  readonly rows: readonly (T | VendorError)[];
  /** Of each row, the position right behind it. */
  readonly positions: readonly number[];
  /** Where the next slice begins; null behind the last row. */
  readonly end: number | null;
  readonly state: CompletenessState;
  /** Of the call that ended a FAILED slice. */
  readonly failure?: VendorError;
}

/**
 * Reads rows of one account's list from a position on, window after window. A failed call ends the slice where it stands,
 * so that a later page takes it up again.
 */
export async function readSlice<T>(request: SliceRequest<T>): Promise<Slice<T>> {
  const { count, rowsPerWindow, readWindow, matches, scanLimitRows, silence } = request;
  const rows: (T | VendorError)[] = [];
  const positions: number[] = [];
  let position = request.from;

  while (rows.length < count) {
    const scanned = position - request.from;
    if (matches && scanned >= scanLimitRows) return { rows, positions, end: position, state: 'SCAN_LIMIT' };
    const wanted = matches ? scanLimitRows - scanned : count - rows.length;
    let page: RowPage<T>;
    try {
      const reading = readWindow({ offset: position, count: Math.min(rowsPerWindow, wanted) });
      page = await (silence ? Promise.race([reading, silence]) : reading);
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      return { rows, positions, end: position, state: 'FAILED', failure: error };
    }
    for (const row of page.rows) {
      position++;
      const verdict = row instanceof VendorError || !matches || matches(row);
      if (verdict !== false) {
        rows.push(verdict instanceof VendorError ? verdict : row);
        positions.push(position);
      }
      if (rows.length === count) break;
    }
    const readAll = position === request.from + scanned + page.rows.length;
    if (page.isLast && readAll) return { rows, positions, end: null, state: 'COMPLETE' };
  }
  return { rows, positions, end: position, state: 'MORE' };
}

/** The slice that it would have been, had only so many rows been asked for. */
export function cutSlice<T>(slice: Slice<T>, count: number): Slice<T> {
  const { rows, positions, state } = slice;
  if (rows.length < count || (rows.length === count && state === 'COMPLETE')) return slice;
  const end = positions[count - 1] ?? null;
  return { rows: rows.slice(0, count), positions: positions.slice(0, count), end, state: 'MORE' };
}
