import { VendorError } from '../errors.ts';
import type { AccountCompleteness, CompletenessState, PageInfo } from '../model/connections.ts';
import type { CursorCodec, Positions } from './cursors.ts';
import { readSideBySide } from './side-by-side.ts';
import { cutSlice, type Slice } from './slices.ts';

/** One account's share of a list. */
export interface ListPart<T> {
  readonly account: string;
  /** Said where nothing of this account can match. */
  readonly whyNone: string | undefined;
  /** Ends with what it has when `silence` rejects. */
  readSlice(from: number, count: number, silence?: Promise<never>): Promise<Slice<T>>;
}

export interface PageRequest {
  readonly first: number;
  readonly after: string | null | undefined;
  /** Is anybody going to see whether more follows? Only then is it worth reading one row further. */
  readonly looksBeyond: boolean;
}

/** What one account contributed to a page. */
interface Contribution<T> {
  readonly account: string;
  /** Where this page took the account up. */
  readonly start: number | null;
  /** Unreadable ones among them, each as its own error. */
  readonly rows: readonly (T | VendorError)[];
  /** Of each row, the position right behind it. */
  readonly positions: readonly number[];
  /** Where the next page takes the account up. */
  readonly end: number | null;
  readonly state: CompletenessState;
  readonly reason: string | null;
}

const NOTHING = { rows: [], positions: [], reason: null };

/**
 * One page over several accounts' lists, one after another in their order. A failed account keeps its position, and so
 * does one whose scan came to its limit: the next page takes them up again, so that no row is lost or doubled. A slow
 * account doesn't spend the time that the others have until the deadline, on performance.now()'s clock.
 */
export async function readConnection<T extends object>(
  parts: readonly ListPart<T>[],
  { first, after, looksBeyond }: PageRequest,
  cursors: CursorCodec,
  deadlineMs = Number.POSITIVE_INFINITY,
): Promise<ConnectionPage<T>> {
  const positions: Positions | undefined = after ? cursors.read(after) : undefined;
  const wanted = looksBeyond ? first + 1 : first;
  const starts = parts.map(({ account }) => (positions?.has(account) ? (positions.get(account) ?? null) : 0));
  const open = parts.flatMap((part, index) => {
    const start = starts[index] ?? null;
    return start === null || part.whyNone !== undefined ? [] : [{ index, account: part.account, start, part }];
  });
  const slices = await readSideBySide(
    open.map(({ account, start, part }) => ({
      account,
      read: (count, silence) => part.readSlice(start, count, silence),
    })),
    wanted,
    deadlineMs,
  );
  const sliceOf = new Map(open.map(({ index }, number) => [index, slices[number]]));
  const contributions: Contribution<T>[] = [];
  const failures: VendorError[] = [];
  /** Rows read, unreadable ones included: each takes a place on its page. */
  let places = 0;

  for (const [index, { account, whyNone }] of parts.entries()) {
    const start = starts[index] ?? null;
    if (start === null || whyNone !== undefined) {
      contributions.push({ ...NOTHING, account, start, end: null, state: 'COMPLETE', reason: whyNone ?? null });
      continue;
    }
    const slice = sliceOf.get(index);
    if (places >= wanted || slice === undefined) {
      contributions.push({ ...NOTHING, account, start, end: start, state: 'MORE' });
      continue;
    }
    const { rows, positions, end, state, failure } = cutSlice(slice, wanted - places);
    const reason = failure?.message ?? null;
    const room = Math.max(0, first - places);
    const isCut = rows.length > room;
    contributions.push(
      isCut
        ? {
            account,
            start,
            rows: rows.slice(0, room),
            positions,
            end: positions[room - 1] ?? start,
            state: 'MORE',
            reason,
          }
        : { account, start, rows, positions, end, state, reason },
    );
    places += rows.length;
    for (const row of contributions.at(-1)?.rows ?? []) if (row instanceof VendorError) failures.push(row);
    if (failure) failures.push(failure);
  }
  return new ConnectionPage(contributions, failures, Boolean(after), cursors);
}

/** A connection's rows with what the resolver needs to tell of failures. All but the rows is made when it is asked for. */
export class ConnectionPage<T extends object> {
  readonly nodes: T[];
  readonly failures: readonly VendorError[];
  readonly #contributions: readonly Contribution<T>[];
  readonly #hasPreviousPage: boolean;
  readonly #cursors: CursorCodec;

  constructor(
    contributions: readonly Contribution<T>[],
    failures: readonly VendorError[],
    hasPreviousPage: boolean,
    cursors: CursorCodec,
  ) {
    const [only] = contributions;
    // Mostly all rows are one account's and readable.
    this.nodes =
      only && contributions.length === 1 && failures.length === 0
        ? (only.rows as T[])
        : contributions.flatMap(({ rows }) => rows.filter(isReadable));
    this.failures = failures;
    this.#contributions = contributions;
    this.#hasPreviousPage = hasPreviousPage;
    this.#cursors = cursors;
  }

  get completeness(): AccountCompleteness[] {
    return this.#contributions.map(({ account, state, reason }) => ({ account, state, reason }));
  }

  get edges(): { cursor: string; node: T }[] {
    return this.#contributions.flatMap(({ rows, positions }, part) =>
      rows.flatMap((row, index) =>
        isReadable(row) ? [{ cursor: this.#cursorBehind(part, positions[index] as number), node: row }] : [],
      ),
    );
  }

  get pageInfo(): PageInfo {
    const startCursor = () => this.#startCursor();
    // Not the last edge's: behind it, rows may have been scanned, and accounts been found empty.
    const endCursor = () => this.#cursors.write(new Map(this.#contributions.map(({ account, end }) => [account, end])));
    return {
      // A failed account is no reason to go on: a client that walks while there is a next page would never come to an end.
      hasNextPage: this.#contributions.some(({ state }) => state === 'MORE' || state === 'SCAN_LIMIT'),
      hasPreviousPage: this.#hasPreviousPage,
      get startCursor() {
        return startCursor();
      },
      get endCursor() {
        return endCursor();
      },
    };
  }

  #startCursor(): string | null {
    for (const [part, { rows, positions }] of this.#contributions.entries()) {
      const index = rows.findIndex(isReadable);
      if (index !== -1) return this.#cursorBehind(part, positions[index] as number);
    }
    return null;
  }

  /** Every account stands where the page left it, the one this row is of right behind the row, later ones where it found them. */
  #cursorBehind(part: number, position: number): string {
    return this.#cursors.write(
      new Map(
        this.#contributions.map(({ account, start, end }, index): [string, number | null] => {
          if (index === part) return [account, position];
          // An account may have come to its end while one before it failed: then its start is null.
          return [account, index < part ? end : start];
        }),
      ),
    );
  }
}

function isReadable<T extends object>(row: T | VendorError): row is T {
  return !(row instanceof VendorError);
}
