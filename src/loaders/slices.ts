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
  /** Where given, rows are looked through for those that match, `scanLimitRows` at the most. */
  readonly matches?: ((row: T) => boolean) | undefined;
  readonly scanLimitRows: number;
}

export interface Slice<T> {
  /** With the position right behind each. */
  readonly rows: readonly { readonly row: T; readonly position: number }[];
  /** Where the next slice begins; null behind the last row. */
  readonly end: number | null;
  readonly state: CompletenessState;
  readonly failures: readonly VendorError[];
}

/**
 * Reads rows of one account's list from a position on, window after window. An unreadable row keeps its place and becomes
 * a failure; a failed call ends the slice where it stands, so that a later page takes it up again.
 */
export async function readSlice<T>(request: SliceRequest<T>): Promise<Slice<T>> {
  const { count, rowsPerWindow, readWindow, matches, scanLimitRows } = request;
  const rows: { row: T; position: number }[] = [];
  const failures: VendorError[] = [];
  let position = request.from;
  let places = 0;

  while (places < count) {
    const scanned = position - request.from;
    if (matches && scanned >= scanLimitRows) return { rows, end: position, state: 'SCAN_LIMIT', failures };
    const wanted = matches ? scanLimitRows - scanned : count - places;
    let page: RowPage<T>;
    try {
      page = await readWindow({ offset: position, count: Math.min(rowsPerWindow, wanted) });
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      return { rows, end: position, state: 'FAILED', failures: [...failures, error] };
    }
    for (const row of page.rows) {
      position++;
      if (row instanceof VendorError) failures.push(row);
      else if (!matches || matches(row)) rows.push({ row, position });
      else continue;
      places++;
      if (places === count) break;
    }
    const readAll = position === request.from + scanned + page.rows.length;
    if (page.isLast && readAll) return { rows, end: null, state: 'COMPLETE', failures };
  }
  return { rows, end: position, state: 'MORE', failures };
}
