import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, startVendors, type TestGateway, type Vendors } from './start-gateway.ts';
import { customersOf, idsOf, type List, readPage, subscriptionsOf, walk } from './walk.ts';

const BILLAGAIN_ROWS = 100;
const UNIPAY_ROWS = 123;
const NO_CACHE = { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 };

let gateway: TestGateway;
let customers: List;
/** Every id once, in the order of one large page each. */
let billagainIds: string[];
let unipayIds: string[];

beforeAll(async () => {
  gateway = await startTestGateway({
    billagain: { customers: BILLAGAIN_ROWS - 3 },
    unipay: { customers: UNIPAY_ROWS },
    cache: NO_CACHE,
  });
  customers = customersOf(gateway);
  billagainIds = idsOf(await readPage(customers, { first: 200, accounts: ['billagain'] }));
  unipayIds = idsOf(await readPage(customers, { first: 200, accounts: ['unipay'] }));
});

afterAll(() => gateway.stop());

afterEach(() => {
  gateway.billagain.dials.clear();
  gateway.unipay.dials.clear();
});

describe('customers', () => {
  it('are all of those that the vendors have', () => {
    const seedAndGenerated = [
      300,
      302,
      10622,
      ...Array.from({ length: BILLAGAIN_ROWS - 3 }, (_, index) => 100_001 + index),
    ];
    expect(new Set(billagainIds)).toEqual(new Set(seedAndGenerated.map((id) => `Customer:billagain:${id}`)));
    expect(billagainIds).toHaveLength(BILLAGAIN_ROWS);
    const generated = Array.from({ length: UNIPAY_ROWS }, (_, index) => `Customer:unipay:${index + 1}`);
    expect(new Set(unipayIds)).toEqual(new Set(generated));
    expect(unipayIds).toHaveLength(UNIPAY_ROWS);
  });

  it.each([1, 7, 100, 200])('come exactly once over both accounts, page by page of %d', async (first) => {
    const pages = await walk(customers, { first });
    expect(idsOf(pages)).toEqual([...billagainIds, ...unipayIds]);
    expect(pages).toHaveLength(Math.ceil((BILLAGAIN_ROWS + UNIPAY_ROWS) / first));
    for (const page of pages.slice(0, -1)) expect(page.nodes).toHaveLength(first);
    expect(pages.at(-1)?.completeness).toEqual([
      { account: 'billagain', state: 'COMPLETE', reason: null },
      { account: 'unipay', state: 'COMPLETE', reason: null },
    ]);
  });

  it.each([
    ['billagain', 25, 4],
    ['billagain', 33, 4],
    ['billagain', 99, 2],
    ['billagain', 100, 1],
    ['billagain', 101, 1],
    ['unipay', 41, 3],
    ['unipay', 100, 2],
    ['unipay', 122, 2],
    ['unipay', 123, 1],
    ['unipay', 124, 1],
  ])('of %s alone take no page too many, page by page of %d', async (account, first, pageCount) => {
    const pages = await walk(customers, { first, accounts: [account] });
    expect(idsOf(pages)).toEqual(account === 'billagain' ? billagainIds : unipayIds);
    expect(pages).toHaveLength(pageCount);
    expect(pages[0]?.completeness.map((entry) => entry.account)).toEqual([account]);
  });

  it('stand in the configured order of the accounts, whatever order these are chosen in', async () => {
    for (const accounts of [['unipay', 'billagain'], ['billagain', 'unipay', 'billagain'], null]) {
      expect(idsOf(await walk(customers, { first: 60, accounts }))).toEqual([...billagainIds, ...unipayIds]);
    }
  });

  it('stand in another order where another is configured', async () => {
    const other = await startTestGateway({ vendors: gateway, accounts: ['unipay', 'billagain'], cache: NO_CACHE });
    const pages = await walk(customersOf(other), { first: 90 });
    await other.stop();
    expect(idsOf(pages)).toEqual([...unipayIds, ...billagainIds]);
  });

  it('take cursors of the same accounts in another order, with filters written otherwise', async () => {
    const page = await readPage(customers, { first: 5, accounts: ['unipay', 'billagain'] });
    const next = await readPage(customers, { first: 5, filter: {}, after: page.pageInfo.endCursor });
    expect(idsOf(next)).toEqual(billagainIds.slice(5, 10));
    const filtered = await readPage(customers, { first: 1, filter: { city: 'London', countryCode: 'GB' } });
    const rest = await readPage(customers, {
      first: 1,
      filter: { countryCode: 'GB', city: 'London', email: null },
      after: filtered.pageInfo.endCursor,
    });
    expect(idsOf(rest)).not.toEqual(idsOf(filtered));
  });

  it("go on right behind each edge's own cursor", async () => {
    const all = [...billagainIds, ...unipayIds];
    const pages = await walk(customers, { first: 150 });
    const edges = pages.flatMap((page) => page.edges);
    for (const [index, { cursor }] of edges.entries()) {
      // Each around the borders of accounts, pages and the list, and some of the others.
      const isAtBorder = [0, BILLAGAIN_ROWS, 150, all.length].some((border) => Math.abs(border - 1 - index) < 3);
      if (!isAtBorder && index % 9 > 0) continue;
      const page = await readPage(customers, { first: 2, after: cursor });
      expect(idsOf(page)).toEqual(all.slice(index + 1, index + 3));
      expect(page.pageInfo.hasNextPage).toBe(index + 3 < all.length);
    }
  });

  it('come once where no account is chosen at all: none', async () => {
    const page = await readPage(customers, { first: 10, accounts: [] });
    expect(page).toMatchObject({ nodes: [], completeness: [], pageInfo: { hasNextPage: false } });
  });

  it('are 25 where `first` is left out', async () => {
    const data = await gateway.read<{ customers: { nodes: unknown[] } }>('{ customers { nodes { id } } }');
    expect(data.customers.nodes).toHaveLength(25);
  });

  it('cost no look beyond the page where nobody asks whether there is more', async () => {
    const calls = await gateway.callsOf(() =>
      gateway.read('{ customers(first: 100) { nodes { id } pageInfo { endCursor startCursor } } }'),
    );
    expect(calls).toEqual(['GET /customers?page=1&page_size=100']);
  });

  it.each([1, 7, 60, 100, 150, 200])('come exactly once without the look beyond, page by page of %d', async (first) => {
    const seen: string[] = [];
    let after: string | null = null;
    for (;;) {
      const data: { customers: { nodes: { id: string }[]; pageInfo: { endCursor: string | null } } } =
        await gateway.read(
          'query ($first: Int, $after: String) { customers(first: $first, after: $after) { nodes { id } pageInfo { endCursor } } }',
          { first, after },
        );
      if (data.customers.nodes.length === 0) break;
      seen.push(...data.customers.nodes.map(({ id }) => id));
      after = data.customers.pageInfo.endCursor;
    }
    expect(seen).toEqual([...billagainIds, ...unipayIds]);
  });
});

describe('customers of an account that fails on the way', () => {
  it('come later, each once, while the other account goes on', async () => {
    const seen: string[] = [];
    const states: string[] = [];
    let after: string | null = null;
    for (let pageNumber = 1; ; pageNumber++) {
      // The second page, and it alone, is denied by BillAgain.
      gateway.billagain.dials.set(...(pageNumber === 2 ? [{ status: 503 }] : []));
      const { data, errors } = await customers({ first: 30, after });
      if (!data) throw new Error('expected a page');
      expect(errors?.map((error) => error.extensions?.account)).toEqual(pageNumber === 2 ? ['billagain'] : undefined);
      seen.push(...idsOf(data));
      states.push(data.completeness.map(({ state }) => state).join(' '));
      after = data.pageInfo.endCursor;
      if (!data.pageInfo.hasNextPage) break;
    }
    expect([...seen].sort()).toEqual([...billagainIds, ...unipayIds].sort());
    expect(seen.filter((id) => id.includes('billagain'))).toEqual(billagainIds);
    expect(seen.filter((id) => id.includes('unipay'))).toEqual(unipayIds);
    expect(states.slice(0, 3)).toEqual(['MORE MORE', 'FAILED MORE', 'MORE MORE']);
  });

  it('are behind endCursor and behind every later edge, though the other account came to its end meanwhile', async () => {
    gateway.billagain.dials.set({ status: 503 });
    const { data: withoutBillagain } = await customers({ first: 200 });
    gateway.billagain.dials.clear();
    expect(withoutBillagain && idsOf(withoutBillagain)).toEqual(unipayIds);
    expect(withoutBillagain?.pageInfo.hasNextPage).toBe(false);

    const after = withoutBillagain?.pageInfo.endCursor ?? null;
    const rest = await readPage(customers, { first: 10, after });
    expect(idsOf(rest)).toEqual(billagainIds.slice(0, 10));
    for (const [index, { cursor }] of rest.edges.entries()) {
      const pages = await walk(customers, { first: 200, after: cursor });
      expect(idsOf(pages)).toEqual(billagainIds.slice(index + 1));
    }
    expect(idsOf(await walk(customers, { first: 7, after }))).toEqual(billagainIds);
  });

  it('are kept as far as they came, and go on from there', async () => {
    const other = await startTestGateway({ vendors: gateway, cache: NO_CACHE, unipaySettings: { pageSize: 50 } });
    const list = customersOf(other);
    gateway.unipay.dials.set({ times: 1, latencyMs: 1 }, { status: 503 });
    const { data: half } = await list({ first: 200, accounts: ['unipay'] });
    gateway.unipay.dials.clear();
    expect(half && idsOf(half)).toEqual(unipayIds.slice(0, 50));
    expect(half?.completeness).toEqual([
      { account: 'unipay', state: 'FAILED', reason: expect.stringContaining('unipay: ') },
    ]);
    const rest = await readPage(list, { first: 200, accounts: ['unipay'], after: half?.pageInfo.endCursor ?? null });
    await other.stop();
    expect(idsOf(rest)).toEqual(unipayIds.slice(50));
  });
});

describe('a list with rows that cannot be read', () => {
  let small: TestGateway;
  let vendors: Vendors;
  const UNREADABLE = new Set([3, 4, 8]);

  beforeAll(async () => {
    vendors = await startVendors({ unipay: { customers: 9 } });
    small = await startTestGateway({ vendors, accounts: ['unipay'], cache: NO_CACHE });
    vendors.unipay.dials.set({
      path: /^\/customers\./,
      rewrite: (body) =>
        JSON.stringify(
          (JSON.parse(body) as { id: number }[]).map((row) =>
            UNREADABLE.has(row.id) ? { ...row, id: `?${row.id}` } : row,
          ),
        ),
    });
  });

  afterAll(() => small.stop());

  it.each([1, 2, 3, 4, 8, 9, 10])(
    'gives every other row once, each failure once, and no page too many, by %d',
    async (first) => {
      const seen: string[] = [];
      const failed: string[] = [];
      let after: string | null = null;
      let pageCount = 0;
      do {
        const { data, errors } = await customersOf(small)({ first, after });
        if (!data) throw new Error('expected a page');
        pageCount += 1;
        seen.push(...idsOf(data));
        failed.push(...(errors ?? []).map(({ message }) => message));
        // Every place of the page is taken, if by a row that can't be read.
        expect(data.nodes.length + (errors?.length ?? 0)).toBe(data.pageInfo.hasNextPage ? first : 9 % first || first);
        after = data.pageInfo.hasNextPage ? data.pageInfo.endCursor : null;
      } while (after);
      expect(seen.map((id) => Number(id.split(':')[2])).sort()).toEqual([1, 2, 5, 6, 7, 9]);
      expect(failed).toEqual(Array(3).fill(expect.stringContaining('customer without a readable id')));
      expect(pageCount).toBe(Math.ceil(9 / first));
    },
  );
});

describe("a customer's subscriptions", () => {
  /** Those with the most. */
  async function findOwners(account: string): Promise<string[]> {
    const data = await gateway.read<{ customers: { nodes: { id: string; subscriptions: { nodes: unknown[] } }[] } }>(
      'query ($accounts: [String!]) { customers(first: 100, accounts: $accounts) { nodes { id subscriptions(first: 200) { nodes { id } } } } }',
      { accounts: [account] },
    );
    const byCount = data.customers.nodes.sort(
      (left, right) => right.subscriptions.nodes.length - left.subscriptions.nodes.length,
    );
    return byCount.slice(0, 3).map(({ id }) => id);
  }

  it.each(['billagain', 'unipay'])('come exactly once at %s, page by page and edge by edge', async (account) => {
    for (const owner of await findOwners(account)) {
      const list = subscriptionsOf(gateway, owner);
      const all = idsOf(await readPage(list, { first: 200 }));
      const number = Number(owner.split(':')[2]);
      const own =
        account === 'billagain'
          ? gateway.billagain.subscriptionsOf(number).map((row) => row.subscriptionID)
          : gateway.unipay.subscriptionIds(number);
      expect(own.length).toBeGreaterThan(4);
      expect(all.map((id) => Number(id.split(':')[3])).sort()).toEqual([...own].sort());
      for (const first of [1, 2, 3, all.length - 1, all.length, all.length + 1]) {
        const pages = await walk(list, { first });
        expect(idsOf(pages)).toEqual(all);
        expect(pages).toHaveLength(Math.ceil(all.length / first));
      }
      for (const [index, { cursor }] of (await readPage(list, { first: 200 })).edges.entries()) {
        expect(idsOf(await walk(list, { first: 2, after: cursor }))).toEqual(all.slice(index + 1));
      }
    }
  });
});
