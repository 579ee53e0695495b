import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MalformedAnswer, VendorUnavailable } from '../../src/errors.ts';
import { type ConnectionPage, type ListPart, readConnection } from '../../src/loaders/connection.ts';
import { CursorCodec } from '../../src/loaders/cursors.ts';
import { readSlice } from '../../src/loaders/slices.ts';

interface Row {
  readonly name: string;
}

interface List {
  readonly length: number;
  readonly rowsPerWindow: number;
  /** Places whose row can't be read. */
  readonly unreadable: ReadonlySet<number>;
  /** Where given, only each so-manieth row matches a filter, and a page may look through so many. */
  readonly scan: { readonly every: number; readonly limitRows: number } | undefined;
}

const CURSORS = new CursorCodec(() => ['test']);

/** `mayCall` is asked before each call; false is a failure of the vendor. */
function createParts(
  lists: readonly List[],
  mayCall: () => boolean,
  delay: (account: string, offset: number) => Promise<unknown> = () => Promise.resolve(),
): ListPart<Row>[] {
  return lists.map(({ length, rowsPerWindow, unreadable, scan }, index) => {
    const account = `account${index}`;
    const rows = Array.from({ length }, (_, place) =>
      unreadable.has(place) ? new MalformedAnswer(account, `row ${place}`) : { name: `${account}:${place}` },
    );
    return {
      account,
      whyNone: undefined,
      readSlice: (from, count, silence) =>
        readSlice<Row>({
          silence,
          from,
          count,
          rowsPerWindow,
          scanLimitRows: scan?.limitRows ?? 0,
          matches: scan && (({ name }) => Number(name.split(':')[1]) % scan.every === 0),
          readWindow: async (window) => {
            expect(window.count).toBeGreaterThan(0);
            expect(window.count).toBeLessThanOrEqual(rowsPerWindow);
            await delay(account, window.offset);
            if (!mayCall()) throw new VendorUnavailable(account, 'down');
            const page = rows.slice(window.offset, window.offset + window.count);
            return { rows: page, isLast: page.length < window.count };
          },
        }),
    };
  });
}

function expectedNames(lists: readonly List[]): string[] {
  return lists.flatMap(({ length, unreadable, scan }, index) =>
    Array.from({ length }, (_, place) => place)
      .filter((place) => !unreadable.has(place) && (scan === undefined || place % scan.every === 0))
      .map((place) => `account${index}:${place}`),
  );
}

const list = fc.record({
  length: fc.nat({ max: 25 }),
  rowsPerWindow: fc.integer({ min: 1, max: 10 }),
  unreadable: fc.uniqueArray(fc.nat({ max: 24 }), { maxLength: 4 }).map((places) => new Set(places)),
  scan: fc.option(fc.record({ every: fc.integer({ min: 1, max: 5 }), limitRows: fc.integer({ min: 1, max: 12 }) }), {
    nil: undefined,
  }),
});
const lists = fc.array(list, { minLength: 1, maxLength: 3 });
const first = fc.integer({ min: 1, max: 12 });

/** Until all is complete; a page that brings nothing new while an account is down is tried again, as a client would. */
async function walk(
  parts: readonly ListPart<Row>[],
  request: { first: number; looksBeyond: boolean },
  after: string | null,
  onPage: (page: ConnectionPage<Row>) => void = () => undefined,
  timeLeftMs = Number.POSITIVE_INFINITY,
): Promise<ConnectionPage<Row>[]> {
  const pages: ConnectionPage<Row>[] = [];
  let cursor = after;
  for (let turn = 0; turn < 300; turn++) {
    const page = await readConnection(parts, { ...request, after: cursor }, CURSORS, performance.now() + timeLeftMs);
    pages.push(page);
    onPage(page);
    cursor = page.pageInfo.endCursor;
    if (page.completeness.every(({ state }) => state === 'COMPLETE')) return pages;
  }
  throw new Error('expected the walk to come to an end');
}

const namesOf = (pages: readonly ConnectionPage<Row>[]) => pages.flatMap(({ nodes }) => nodes.map(({ name }) => name));
const byAccount = (names: readonly string[]) =>
  [...names].sort((left, right) => (left.split(':')[0] ?? '').localeCompare(right.split(':')[0] ?? ''));

describe('a walk from endCursor to endCursor', () => {
  it('brings each row once and each unreadable row’s failure once, in each account’s order', async () => {
    await fc.assert(
      fc.asyncProperty(lists, first, fc.boolean(), async (all, size, looksBeyond) => {
        const pages = await walk(
          createParts(all, () => true),
          { first: size, looksBeyond },
          null,
        );
        expect(byAccount(namesOf(pages))).toEqual(expectedNames(all));
        expect(pages.flatMap(({ failures }) => failures)).toHaveLength(
          all.reduce(
            (sum, { unreadable, length }) => sum + [...unreadable].filter((place) => place < length).length,
            0,
          ),
        );
        for (const { nodes, failures } of pages) expect(nodes.length + failures.length).toBeLessThanOrEqual(size);
      }),
    );
  });

  it('loses and doubles nothing though accounts overtake each other, and some are given up', async () => {
    const delays = fc.infiniteStream(fc.constantFrom(0, 0, 1, 3, 12));
    await fc.assert(
      fc.asyncProperty(lists, first, fc.boolean(), delays, async (all, size, looksBeyond, steps) => {
        const delay = () => sleep((steps.next().value as number) ?? 0);
        const pages = await walk(
          createParts(all, () => true, delay),
          { first: size, looksBeyond },
          null,
          ({ nodes, failures }) =>
            expect(
              nodes.length + failures.filter((failure) => failure instanceof MalformedAnswer).length,
            ).toBeLessThanOrEqual(size),
          20,
        );
        expect(byAccount(namesOf(pages))).toEqual(expectedNames(all));
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('says that there is a next page just where there is one', async () => {
    const plain = fc.array(
      list.map((one) => ({ ...one, scan: undefined })),
      { minLength: 1, maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(plain, first, async (all, size) => {
        const parts = createParts(all, () => true);
        let cursor: string | null = null;
        let places = all.reduce((sum, { length }) => sum + length, 0);
        do {
          const page: ConnectionPage<Row> = await readConnection(
            parts,
            { first: size, after: cursor, looksBeyond: true },
            CURSORS,
          );
          places -= page.nodes.length + page.failures.length;
          expect(page.pageInfo.hasNextPage).toBe(places > 0);
          cursor = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
        } while (cursor);
      }),
    );
  });

  it('loses and doubles nothing though calls fail on the way', async () => {
    await fc.assert(
      fc.asyncProperty(lists, first, fc.infiniteStream(fc.boolean()), async (all, size, luck) => {
        let calls = 0;
        const parts = createParts(all, () => (++calls > 100 ? true : luck.next().value));
        const pages = await walk(parts, { first: size, looksBeyond: true }, null);
        expect(byAccount(namesOf(pages))).toEqual(expectedNames(all));
      }),
    );
  });

  it('goes on rightly behind every edge of every page, failures included', async () => {
    await fc.assert(
      fc.asyncProperty(lists, first, fc.infiniteStream(fc.boolean()), async (all, size, luck) => {
        let isLucky = false;
        const parts = createParts(all, () => isLucky || luck.next().value);
        const expected = expectedNames(all);
        const seen: string[] = [];
        let after: string | null = null;
        for (let turn = 0; turn < 5; turn++) {
          isLucky = false;
          const page: ConnectionPage<Row> = await readConnection(
            parts,
            { first: size, after, looksBeyond: true },
            CURSORS,
          );
          isLucky = true;
          for (const { cursor, node } of page.edges) {
            seen.push(node.name);
            const rest = namesOf(await walk(parts, { first: size, looksBeyond: true }, cursor));
            expect(byAccount([...seen, ...rest])).toEqual(expected);
          }
          after = page.pageInfo.endCursor;
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('a page', () => {
  const whole: List = { length: 5, rowsPerWindow: 10, unreadable: new Set(), scan: undefined };

  it('names what each account contributed, in the order of the accounts', async () => {
    const parts = createParts([whole, whole, whole], () => true);
    const none: ListPart<Row> = { ...(parts[0] as ListPart<Row>), account: 'empty', whyNone: 'it has none' };
    const page = await readConnection([none, ...parts], { first: 7, after: null, looksBeyond: true }, CURSORS);
    expect(page.completeness).toEqual([
      { account: 'empty', state: 'COMPLETE', reason: 'it has none' },
      { account: 'account0', state: 'COMPLETE', reason: null },
      { account: 'account1', state: 'MORE', reason: null },
      { account: 'account2', state: 'MORE', reason: null },
    ]);
    expect(page.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  });

  it('is no reason to go on where only a failed account is left', async () => {
    const page = await readConnection(
      createParts([whole], () => false),
      { first: 7, after: null, looksBeyond: true },
      CURSORS,
    );
    expect(page).toMatchObject({
      nodes: [],
      pageInfo: { hasNextPage: false, startCursor: null },
      completeness: [{ account: 'account0', state: 'FAILED', reason: 'account0: down' }],
    });
    expect(page.failures).toHaveLength(1);
  });

  it('does not hide a fault of our own', async () => {
    const broken: ListPart<Row> = {
      account: 'x',
      whyNone: undefined,
      readSlice: () => Promise.reject(new TypeError('ours')),
    };
    await expect(readConnection([broken], { first: 1, after: null, looksBeyond: false }, CURSORS)).rejects.toThrow(
      'ours',
    );
  });

  it('reads one row further only for who wants to know whether there is more', async () => {
    const counts: number[] = [];
    const part: ListPart<Row> = {
      account: 'x',
      whyNone: undefined,
      readSlice: async (_, count) => {
        counts.push(count);
        return { rows: [], positions: [], end: null, state: 'COMPLETE' };
      },
    };
    for (const looksBeyond of [false, true])
      await readConnection([part], { first: 10, after: null, looksBeyond }, CURSORS);
    expect(counts).toEqual([10, 11]);
  });
});

describe('a page over several accounts', () => {
  const lists: readonly List[] = [20, 20, 20].map((length) => ({
    length,
    rowsPerWindow: 10,
    unreadable: new Set<number>(),
    scan: undefined,
  }));
  const request = { first: 5, after: null, looksBeyond: true };
  const never = new Promise<never>(() => undefined);

  /** The lists with a first one that doesn't answer until `answer` is done, and what each was asked for. */
  function createSlow(answer: Promise<unknown>, fromRow = 0) {
    const asked: string[] = [];
    const isSlow = (account: string, offset: number) => account === 'account0' && offset >= fromRow;
    const delay = (account: string, offset: number) => (isSlow(account, offset) ? answer : Promise.resolve());
    const parts = createParts(lists, () => true, delay).map((part) => ({
      ...part,
      readSlice: (from: number, count: number, silence?: Promise<never>) => {
        asked.push(`${part.account} ${from}+${count}`);
        return part.readSlice(from, count, silence);
      },
    }));
    return { parts, asked };
  }

  it('asks nobody in vain while each answers soon', async () => {
    const { parts, asked } = createSlow(Promise.resolve());
    await readConnection(parts, request, CURSORS, performance.now() + 10_000);
    expect(asked).toEqual(['account0 0+6']);
  });

  it('asks the next when one is slow, and asks no further than needed', async () => {
    const { parts, asked } = createSlow(never);
    const page = await readConnection(parts, request, CURSORS, performance.now() + 500);
    expect(asked).toEqual(['account0 0+6', 'account1 0+6']);
    expect(namesOf([page])).toEqual([0, 1, 2, 3, 4].map((row) => `account1:${row}`));
    expect(page.completeness.map(({ state }) => state)).toEqual(['FAILED', 'MORE', 'MORE']);
    expect(page.failures).toEqual([expect.objectContaining({ account: 'account0', code: 'VENDOR_TIMEOUT' })]);
  });

  it('keeps what a silent account has brought before', async () => {
    const { parts } = createSlow(never, 10);
    const page = await readConnection(parts, { ...request, first: 30 }, CURSORS, performance.now() + 500);
    expect(byAccount(namesOf([page])).slice(0, 11)).toEqual([
      ...Array.from({ length: 10 }, (_, row) => `account0:${row}`),
      'account1:0',
    ]);
    expect(page.completeness.map(({ state }) => state)).toEqual(['FAILED', 'COMPLETE', 'MORE']);
    expect(page.nodes).toHaveLength(30);
  });

  it('is what it would have been though the slow one was overtaken, where it answers at last', async () => {
    const { parts, asked } = createSlow(sleep(400));
    const page = await readConnection(parts, request, CURSORS, performance.now() + 1_500);
    const { parts: plain } = createSlow(Promise.resolve());
    const expected = await readConnection(plain, request, CURSORS);
    expect(asked).toEqual(['account0 0+6', 'account1 0+6']);
    expect([page.nodes, page.edges, page.completeness, page.failures]).toEqual([
      expected.nodes,
      expected.edges,
      expected.completeness,
      expected.failures,
    ]);
    expect(page.pageInfo.endCursor).toBe(expected.pageInfo.endCursor);
  });
});
