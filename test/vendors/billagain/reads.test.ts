import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MalformedAnswer, VendorError, VendorUnavailable } from '../../../src/errors.ts';
import {
  type BillagainOptions,
  type BillagainSimulator,
  startBillagain,
} from '../../../src/simulators/billagain/server.ts';
import { coveringPages, readWindow } from '../../../src/vendors/billagain/operations.ts';
import type { VendorAccount } from '../../../src/vendors/vendor.ts';
import { connect, patience } from '../connected.ts';

interface Started {
  readonly simulator: BillagainSimulator;
  readonly account: VendorAccount;
}

async function start(options: BillagainOptions): Promise<Started> {
  const simulator = await startBillagain(options);
  const credentials = { username: simulator.accountId, password: simulator.apiKey };
  return { simulator, account: connect(simulator, { vendor: 'BILLAGAIN', credentials }) };
}

async function stop({ simulator, account }: Started): Promise<void> {
  await account.close();
  await simulator.close();
}

const paths = ({ calls }: BillagainSimulator): string[] => calls.calls.map(({ path }) => path);
const idsFrom = (first: number, count: number, step = 1): string[] =>
  Array.from({ length: count }, (_, index) => String(first + index * step));

describe('the pages that cover a window', () => {
  const windows = fc.record({ offset: fc.nat({ max: 1_000_000 }), count: fc.integer({ min: 1, max: 200 }) });

  it('are at most two, of at most 200 rows, and hold every row of it', () => {
    fc.assert(
      fc.property(windows, ({ offset, count }) => {
        const { size, numbers } = coveringPages({ offset, count });
        expect(numbers.length).toBeLessThanOrEqual(2);
        expect(size).toBeLessThanOrEqual(200);
        expect(((numbers[0] ?? 0) - 1) * size).toBeLessThanOrEqual(offset);
        expect((numbers.at(-1) ?? 0) * size).toBeGreaterThanOrEqual(offset + count);
        for (const [index, number] of numbers.entries()) expect(number).toBe((numbers[0] ?? 0) + index);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are one where a window is a page', () => {
    fc.assert(
      fc.property(fc.nat({ max: 5_000 }), fc.integer({ min: 1, max: 200 }), (page, size) => {
        expect(coveringPages({ offset: page * size, count: size })).toEqual({ size, numbers: [page + 1] });
      }),
    );
    expect(coveringPages({ offset: 25, count: 26 })).toEqual({ size: 51, numbers: [1] });
  });

  it('give just its rows, and say whether the list ends with them', async () => {
    // A list that ends a little behind the window is what a covering page could be wrong about.
    const behind = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: -250, max: 250 }));
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 500 }), fc.integer({ min: 1, max: 200 }), behind, async (offset, count, more) => {
        const length = Math.max(0, offset + count + more);
        const list = Array.from({ length }, (_, index) => index);
        const page = await readWindow({ offset, count }, async (query) => {
          const [number, size] = (query.match(/\d+/g) ?? []).map(Number) as [number, number];
          return list.slice((number - 1) * size, number * size);
        });
        expect(page.rows).toEqual(list.slice(offset, offset + count));
        if (page.isLast) expect(offset + count).toBeGreaterThanOrEqual(length);
        else expect(page.rows).toHaveLength(count);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are none for a window that is too wide', () => {
    expect(() => coveringPages({ offset: 0, count: 1000 })).toThrow('a window must span 1 to 200 rows; got 1000');
  });
});

describe('a batch', () => {
  let started: Started;
  beforeAll(async () => {
    started = await start({ customers: 300 });
  });
  afterAll(() => stop(started));
  beforeEach(() => started.simulator.calls.clear());
  afterEach(() => started.simulator.dials.clear());

  const load = (ids: readonly string[], customFields = false) =>
    started.account.loadCustomers(ids, { customFields }, patience());

  it('is one POST for 200 customers, its page size said, and each is its own though they come shuffled', async () => {
    const ids = ['10622', ...idsFrom(100_001, 197), '302', '300'];
    let came: number[] = [];
    started.simulator.dials.set({
      rewrite: (body) => {
        came = (JSON.parse(body) as { customerID: number }[]).map(({ customerID }) => customerID);
        return body;
      },
    });
    const found = await load(ids);
    expect(started.simulator.calls.calls).toMatchObject([
      {
        method: 'POST',
        path: '/by_customer_ids',
        query: 'page_size=200',
        body: JSON.stringify({ ids: ids.map(Number) }),
      },
    ]);
    expect(found.size).toBe(200);
    for (const [id, customer] of found)
      expect(customer).toMatchObject({ vendorId: id, id: `Customer:billagain:${id}` });
    expect(came.map(String)).not.toEqual(ids);
    expect(found.get('302')).toMatchObject({ displayName: 'Brielle Barnett', customFields: undefined });
  });

  it('of none is no call', async () => {
    expect((await load([])).size).toBe(0);
    expect((await load([], true)).size).toBe(0);
    expect(started.simulator.calls.count()).toBe(0);
  });

  it('takes only what was asked for, the first of repeats, and numbers as text', async () => {
    started.simulator.dials.set({
      status: 200,
      body: '[{"customerID":1},{"customerID":"0302","Name":"a"},{"customerID":302,"Name":"b"},{"customerID":300}]',
    });
    const found = await load(['300', '302', '7']);
    expect([...found.keys()].sort()).toEqual(['300', '302']);
    expect(found.get('302')).toMatchObject({ vendorId: '302', displayName: 'a' });
  });

  it.each(['{"customerID":"Brielle"}', '{"Name":"x"}', 'null', '7', '{"customerID":{"toString":1}}'])(
    'with the row %s does not know which is missing because of it',
    async (row) => {
      started.simulator.dials.set({ status: 200, body: `[{"customerID":302},${row}]` });
      const found = await load(['300', '302']);
      expect(found.get('302')).toMatchObject({ vendorId: '302' });
      expect(found.get('300')).toBeInstanceOf(MalformedAnswer);
      expect((found.get('300') as VendorError).message).not.toContain('Brielle');
    },
  );

  it('that is refused for an unknown customer is read one by one', async () => {
    const gone = await start({ customers: 10, unknownIds: 'gone' });
    const found = await gone.account.loadCustomers(['300', '999', '302'], { customFields: false }, patience());
    expect([...found.keys()].sort()).toEqual(['300', '302']);
    const bodies = gone.simulator.calls.calls.map(({ path, body }) => `${path} ${body}`);
    expect(bodies.sort()).toEqual([
      '/by_customer_ids {"ids":[300,999,302]}',
      '/by_customer_ids {"ids":[300]}',
      '/by_customer_ids {"ids":[302]}',
      '/by_customer_ids {"ids":[999]}',
    ]);
    await stop(gone);
  });

  it('read one by one has one failure for one customer', async () => {
    const gone = await start({ customers: 10, unknownIds: 'gone' });
    // The first is the call for all three.
    gone.simulator.dials.set({ times: 1 }, { times: 1, status: 500 });
    const found = await gone.account.loadCustomers(['300', '999', '302'], { customFields: false }, patience());
    const failures = [...found.values()].filter((one) => one instanceof VendorError);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toBeInstanceOf(VendorUnavailable);
    expect(found.size).toBeGreaterThan(1);
    await stop(gone);
  });
});

describe.each([100, 1_000, 5_000])('customers with custom fields, of %d', (customers) => {
  let started: Started;
  beforeAll(async () => {
    started = await start({ customers });
  });
  afterAll(() => stop(started));
  beforeEach(() => started.simulator.calls.clear());
  afterEach(() => started.simulator.dials.clear());

  const load = async (ids: readonly string[]) => {
    const found = await started.account.loadCustomers(ids, { customFields: true }, patience());
    return { found, calls: started.simulator.calls.count() };
  };
  const newest = 100_000 + customers;

  it.each([1, 2, 3, 50, 100])(
    'take at most one call more than there are customers: %d spread over the list',
    async (count) => {
      const ids = idsFrom(100_001, count, Math.floor(customers / count));
      const { found, calls } = await load(ids);
      expect([...found.keys()].sort()).toEqual(ids.toSorted());
      for (const [id, customer] of found) {
        if (customer instanceof VendorError) throw customer;
        const theirs = started.simulator
          .customFieldsOf(Number(id))
          .map(({ Key, Value }) => ({ key: Key, value: Value }));
        expect(customer.customFields).toEqual(theirs);
      }
      expect(calls).toBeLessThanOrEqual(count < 3 ? count : count + 1);
      // The whole list is one page, and cheaper than three single reads.
      if (customers === 100 && count >= 3) expect(calls).toBe(1);
    },
  );

  it('take fewer calls than single reads where a page brings several', async () => {
    const ids = idsFrom(newest - 49, 50);
    const { found, calls } = await load(ids);
    expect(found.size).toBe(50);
    expect(calls).toBe(1);
  });

  it('take no more than one call in vain where the list brings none', async () => {
    const ids = [...idsFrom(500_000, 20), '300', '302'];
    const { found, calls } = await load(ids);
    expect([...found.keys()].sort()).toEqual(['300', '302']);
    expect(calls).toBe(customers === 100 ? 1 : 23);
    if (customers > 100)
      expect(paths(started.simulator).filter((path) => path === '/customers/with_customfields')).toHaveLength(1);
  });

  it('fail one by one where they are read one by one', async () => {
    started.simulator.dials.set(
      { path: /\/302$/, status: 503 },
      { path: /\/300$/, status: 200, body: '{"customerID":7}' },
    );
    const two = await load(['302', '300']);
    expect(two.found.get('302')).toBeInstanceOf(VendorUnavailable);
    expect(two.found.get('300')).toBeInstanceOf(MalformedAnswer);
    expect((two.found.get('300') as VendorError).message).toContain('asked for customer 300 and got another');
  });
});

describe('200 customers with custom fields', () => {
  it('take at most 201 calls, and as many as the list has pages where each brings several', async () => {
    const started = await start({ customers: 5_000 });
    const load = async (ids: readonly string[]) => {
      started.simulator.calls.clear();
      const found = await started.account.loadCustomers(ids, { customFields: true }, patience());
      expect(found.size).toBe(200);
      return started.simulator.calls.count();
    };
    expect(await load(idsFrom(100_001, 200, 25))).toBeLessThanOrEqual(26);
    // The oldest come last, so that the first page brings none.
    expect(await load(idsFrom(100_001, 200))).toBe(201);
    expect(await load(idsFrom(104_801, 200))).toBe(1);
    await stop(started);
  });
});

describe('a whole list of one page', () => {
  it('is the truth about who is unknown, unless it holds a row without a number', async () => {
    const started = await start({ customers: 10 });
    const load = (ids: readonly string[]) => started.account.loadCustomers(ids, { customFields: true }, patience());
    expect([...(await load(['300', '302', '7', '8'])).keys()].sort()).toEqual(['300', '302']);
    expect(started.simulator.calls.count()).toBe(1);
    started.simulator.dials.set({
      times: 1,
      rewrite: (body) => body.replace('"customerID":302', '"customerID":"Brielle"'),
    });
    const found = await load(['300', '302', '7', '8']);
    expect(found.get('302')).toMatchObject({ vendorId: '302' });
    expect([...found.keys()].sort()).toEqual(['300', '302']);
    await stop(started);
  });
});

describe('a subscription', () => {
  it('is looked for page after page, and not taken for absent beside a row without a number', async () => {
    const started = await start({ customers: 10 });
    const { simulator, account } = started;
    const pageOf = (first: number, count: number) =>
      JSON.stringify(idsFrom(first, count).map((subscriptionID) => ({ subscriptionID, customerID: 302 })));
    const load = (vendorId: string) =>
      account.loadSubscription({ account: 'billagain', customerVendorId: '302', vendorId }, patience());
    const twoPages = () => simulator.dials.set({ times: 1, body: pageOf(1, 200) }, { times: 1, body: pageOf(201, 7) });
    twoPages();
    expect(await load('205')).toMatchObject({ vendorId: '205', customerVendorId: '302' });
    expect(simulator.calls.calls.map(({ query }) => query)).toEqual(['page=1&page_size=200', 'page=2&page_size=200']);
    twoPages();
    expect(await load('300')).toBeNull();
    simulator.dials.set({ body: '[{"subscriptionID":1},{"subscriptionID":{"toString":1}}]' });
    expect(await load('1')).toMatchObject({ vendorId: '1' });
    await expect(load('2')).rejects.toThrow(MalformedAnswer);
    await stop(started);
  });
});
