import { VendorError } from '../errors.ts';
import type { AccountCompleteness, PageInfo } from '../model/connections.ts';
import type { CursorCodec, Positions } from './cursors.ts';
import type { Slice } from './slices.ts';

/** A connection's rows with what the resolver needs to tell of failures. Edges are made when they are asked for. */
export interface ConnectionPage<T> {
  readonly nodes: T[];
  readonly edges: { cursor: string; node: T }[];
  readonly pageInfo: PageInfo;
  readonly completeness: AccountCompleteness[];
  readonly failures: readonly VendorError[];
}

/** One account's share of a list. */
export interface ListPart<T> {
  readonly account: string;
  /** Said where nothing of this account can match. */
  readonly whyNone: string | undefined;
  readSlice(from: number, count: number): Promise<Slice<T>>;
}

export interface PageRequest {
  readonly first: number;
  readonly after: string | null | undefined;
  /** Is anybody going to see whether more follows? Only then is it worth reading one row further. */
  readonly looksBeyond: boolean;
}

/**
 * One page over several accounts' lists, one after another in their order. A failed account keeps its position, and so
 * does one whose scan came to its limit: the next page takes them up again, so that no row is lost or doubled.
 */
export async function readConnection<T extends object>(
  parts: readonly ListPart<T>[],
  { first, after, looksBeyond }: PageRequest,
  cursors: CursorCodec,
): Promise<ConnectionPage<T>> {
  const start = after ? cursors.read(after) : new Map<string, number | null>();
  const wanted = looksBeyond ? first + 1 : first;
  const positions = new Map<string, number | null>();
  const rows: { account: string; row: T; position: number }[] = [];
  const completeness: AccountCompleteness[] = [];
  const failures: VendorError[] = [];
  /** Whether the next page has something that this one has not. */
  let hasNextPage = false;
  /** Rows read, unreadable ones included: each takes a place on its page. */
  let places = 0;

  for (const { account, whyNone, readSlice } of parts) {
    const from = start.get(account) ?? 0;
    if (start.get(account) === null || whyNone !== undefined) {
      positions.set(account, null);
      completeness.push({ account, state: 'COMPLETE', reason: whyNone ?? null });
      continue;
    }
    if (places >= wanted) {
      positions.set(account, from);
      completeness.push({ account, state: 'MORE', reason: null });
      hasNextPage = true;
      continue;
    }
    const slice = await readSlice(from, wanted - places);
    const fitting = slice.rows.slice(0, Math.max(0, first - places));
    const isCut = fitting.length < slice.rows.length;
    for (const { row, position } of fitting) {
      if (row instanceof VendorError) failures.push(row);
      else rows.push({ account, row, position });
    }
    if (slice.failure) failures.push(slice.failure);
    places += slice.rows.length;
    positions.set(account, isCut ? (fitting.at(-1)?.position ?? from) : slice.end);
    const state = isCut ? 'MORE' : slice.state;
    completeness.push({ account, state, reason: slice.failure?.message ?? null });
    // A failed account is no reason to go on: a client that walks while there is a next page would never come to an end.
    if (state === 'MORE' || state === 'SCAN_LIMIT') hasNextPage = true;
  }

  const nodes = rows.map(({ row }) => row);
  const cursorOf = (index: number) => cursors.write(positionsBehind(rows, index, start, parts, positions));
  return {
    nodes,
    get edges() {
      return rows.map(({ row }, index) => ({ cursor: cursorOf(index), node: row }));
    },
    pageInfo: {
      hasNextPage,
      hasPreviousPage: Boolean(after),
      get startCursor() {
        return rows.length === 0 ? null : cursorOf(0);
      },
      // Not the last edge's: behind it, rows may have been scanned, and accounts been found empty.
      get endCursor() {
        return cursors.write(positions);
      },
    },
    completeness,
    failures,
  };
}

/** Where every account stands right behind one row: those before it as the page left them, those after as it found them. */
function positionsBehind(
  rows: readonly { readonly account: string; readonly position: number }[],
  index: number,
  start: Positions,
  parts: readonly { readonly account: string }[],
  end: Positions,
): Positions {
  const { account: current, position } = rows[index] as (typeof rows)[number];
  const at = parts.findIndex(({ account }) => account === current);
  return new Map(
    parts.map(({ account }, part): [string, number | null] => {
      if (part === at) return [account, position];
      if (part < at) return [account, end.get(account) ?? null];
      // Null stays null: an account may have come to its end while one before it failed.
      return [account, start.has(account) ? (start.get(account) ?? null) : 0];
    }),
  );
}
