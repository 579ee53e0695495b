import { VendorError } from '../errors.ts';
import type { AccountCompleteness, CompletenessState, PageInfo } from '../model/connections.ts';
import type { CursorCodec, Positions } from './cursors.ts';
import type { Slice } from './slices.ts';

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
  const start: Positions = after ? cursors.read(after) : new Map();
  const wanted = looksBeyond ? first + 1 : first;
  const page = new ConnectionPage<T>(parts, start, Boolean(after), cursors);
  /** Rows read, unreadable ones included: each takes a place on its page. */
  let places = 0;

  for (const [index, { account, whyNone, readSlice }] of parts.entries()) {
    const from = start.get(account) ?? 0;
    if (start.get(account) === null || whyNone !== undefined) {
      page.add(account, null, 'COMPLETE', whyNone);
      continue;
    }
    if (places >= wanted) {
      page.add(account, from, 'MORE');
      continue;
    }
    const { rows, positions, end, state, failure } = await readSlice(from, wanted - places);
    const fitting = Math.min(rows.length, Math.max(0, first - places));
    for (let place = 0; place < fitting; place++) {
      page.addRow(rows[place] as T | VendorError, index, positions[place] as number);
    }
    if (failure) page.failures.push(failure);
    places += rows.length;
    const isCut = fitting < rows.length;
    page.add(account, isCut ? (positions[fitting - 1] ?? from) : end, isCut ? 'MORE' : state, failure?.message);
  }
  return page;
}

/** A connection's rows with what the resolver needs to tell of failures. Edges and cursors are made when they are asked for. */
export class ConnectionPage<T extends object> {
  readonly nodes: T[] = [];
  readonly completeness: AccountCompleteness[] = [];
  readonly failures: VendorError[] = [];
  readonly #parts: readonly { readonly account: string }[];
  readonly #start: Positions;
  readonly #hasPreviousPage: boolean;
  readonly #cursors: CursorCodec;
  /** Where the next page begins. */
  readonly #end = new Map<string, number | null>();
  /** Of each node, the part it is from, and its position there. */
  readonly #partOf: number[] = [];
  readonly #positionOf: number[] = [];
  /** Whether the next page has something that this one has not. */
  #hasNextPage = false;

  constructor(
    parts: readonly { readonly account: string }[],
    start: Positions,
    hasPreviousPage: boolean,
    cursors: CursorCodec,
  ) {
    this.#parts = parts;
    this.#start = start;
    this.#hasPreviousPage = hasPreviousPage;
    this.#cursors = cursors;
  }

  addRow(row: T | VendorError, part: number, position: number): void {
    if (row instanceof VendorError) {
      this.failures.push(row);
      return;
    }
    this.nodes.push(row);
    this.#partOf.push(part);
    this.#positionOf.push(position);
  }

  /** What became of one account. */
  add(account: string, end: number | null, state: CompletenessState, reason: string | null = null): void {
    this.#end.set(account, end);
    this.completeness.push({ account, state, reason });
    // A failed account is no reason to go on: a client that walks while there is a next page would never come to an end.
    if (state === 'MORE' || state === 'SCAN_LIMIT') this.#hasNextPage = true;
  }

  get edges(): { cursor: string; node: T }[] {
    return this.nodes.map((node, index) => ({ cursor: this.#cursorOf(index), node }));
  }

  get pageInfo(): PageInfo {
    const startCursor = () => (this.nodes.length === 0 ? null : this.#cursorOf(0));
    const endCursor = () => this.#cursors.write(this.#end);
    return {
      hasNextPage: this.#hasNextPage,
      hasPreviousPage: this.#hasPreviousPage,
      get startCursor() {
        return startCursor();
      },
      // Not the last edge's: behind it, rows may have been scanned, and accounts been found empty.
      get endCursor() {
        return endCursor();
      },
    };
  }

  #cursorOf(index: number): string {
    return this.#cursors.write(this.#positionsBehind(index));
  }

  /** Where every account stands right behind one node: those before it as the page left them, those after as it found them. */
  #positionsBehind(index: number): Positions {
    const at = this.#partOf[index] as number;
    return new Map(
      this.#parts.map(({ account }, part): [string, number | null] => {
        if (part === at) return [account, this.#positionOf[index] as number];
        if (part < at) return [account, this.#end.get(account) ?? null];
        // Null stays null: an account may have come to its end while one before it failed.
        return [account, this.#start.has(account) ? (this.#start.get(account) ?? null) : 0];
      }),
    );
  }
}
