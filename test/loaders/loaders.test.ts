import { describe, expect, it } from '@jest/globals';
import { createMemoryCache } from '../../src/cache/memory.ts';
import { SharedReads } from '../../src/cache/shared-reads.ts';
import { MalformedAnswer, type VendorError, VendorUnavailable } from '../../src/errors.ts';
import { Loaders } from '../../src/loaders/loaders.ts';
import { ReadThrough } from '../../src/loaders/read-through.ts';
import type { Customer } from '../../src/model/customer.ts';
import { absent, scanned } from '../../src/vendors/filters.ts';
import type { OnCustomer, VendorAccount } from '../../src/vendors/vendor.ts';

type Load = (
  ids: readonly string[],
  customFields: boolean,
  onAnswer: OnCustomer | undefined,
) => Promise<ReadonlyMap<string, Customer | VendorError>>;

const NO_CACHE = { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0, staleAfterMs: 0 };

function record(account: string, vendorId: string): Customer {
  return { account, vendorId, id: `Customer:${account}:${vendorId}` } as Partial<Customer> as Customer;
}

/** An account that takes three customers a call, and notes its calls. */
function createAccount(name: string, load?: Load): { account: VendorAccount; calls: string[] } {
  const calls: string[] = [];
  const everyRecord: Load = async (ids) => new Map(ids.map((id) => [id, record(name, id)]));
  const filterTable = new Proxy({}, { get: () => scanned });
  // The writes are no loader's business.
  const account = {
    name,
    vendor: 'BILLAGAIN',
    capabilities: new Set(name === 'plain' ? [] : ['CUSTOM_FIELDS']),
    limits: { customersPerLoad: 3, rowsPerWindow: 5 },
    customerFilter: { ...(filterTable as VendorAccount['customerFilter']), merchantAccountId: absent },
    subscriptionFilter: filterTable as VendorAccount['subscriptionFilter'],
    isVendorId: (text) => /^\d+$/.test(text),
    loadCustomers: (ids, { customFields }, _, onAnswer) => {
      calls.push(`${customFields ? 'with custom fields ' : ''}${ids.join()}`);
      return (load ?? everyRecord)(ids, customFields, onAnswer);
    },
    findCustomers: async ({ offset, count }) => {
      calls.push(`${offset}+${count}`);
      return { rows: Array.from({ length: count }, (_, row) => record(name, String(offset + row))), isLast: false };
    },
    loadSubscription: async () => null,
    findSubscriptions: async () => ({ rows: [], isLast: true }),
    health: () => 'UP',
    close: () => Promise.resolve(),
  } satisfies Partial<VendorAccount> as unknown as VendorAccount;
  return { account, calls };
}

function createLoaders(...accounts: readonly VendorAccount[]): Loaders {
  const reads = new ReadThrough(createMemoryCache({ maxEntries: 10 }), new SharedReads(), NO_CACHE);
  const parts = { accounts: new Map(accounts.map((account) => [account.name, account])), reads, scanLimitRows: 20 };
  return new Loaders(parts, {
    signal: new AbortController().signal,
    deadlineMs: performance.now() + 3_000,
    tenant: 'default',
  });
}

const PLAIN = { customFields: false };

describe('the loaders of one request', () => {
  it('cut what is asked for side by side to what an account takes at once, each account by itself', async () => {
    const [one, other] = [createAccount('one'), createAccount('other')];
    const loaders = createLoaders(one.account, other.account);
    const keys = ['1', '2', '3', '4', '5', '6', '7'].flatMap((vendorId) => [
      { account: 'one', vendorId },
      { account: 'other', vendorId },
    ]);
    const customers = await Promise.all([...keys, ...keys].map((key) => loaders.customer(key, PLAIN)));
    expect(customers.map((customer) => customer?.id)).toEqual(
      [...keys, ...keys].map(({ account, vendorId }) => `Customer:${account}:${vendorId}`),
    );
    expect(one.calls).toEqual(['1,2,3', '4,5,6', '7']);
    expect(other.calls).toEqual(['1,2,3', '4,5,6', '7']);
  });

  it("let a call's failure be that of its own customers, and a customer's failure its own", async () => {
    const down = new VendorUnavailable('one', 'down');
    const unreadable = new MalformedAnswer('one', 'customer 5');
    const { account } = createAccount('one', async (ids) => {
      if (ids.includes('1')) throw down;
      return new Map(ids.filter((id) => id !== '6').map((id) => [id, id === '5' ? unreadable : record('one', id)]));
    });
    const loaders = createLoaders(account);
    const settled = await Promise.allSettled(
      ['1', '2', '3', '4', '5', '6'].map((vendorId) => loaders.customer({ account: 'one', vendorId }, PLAIN)),
    );
    expect(settled.map((one) => (one.status === 'rejected' ? one.reason : (one.value?.vendorId ?? null)))).toEqual([
      down,
      down,
      down,
      '4',
      unreadable,
      null,
    ]);
  });

  it('give out each record as it is there, whatever else was asked for along with it', async () => {
    const never = new Promise<never>(() => undefined);
    const { account, calls } = createAccount('one', (ids, _, onAnswer) => {
      if (ids.includes('1')) onAnswer?.('1', record('one', '1'));
      if (ids.includes('2')) onAnswer?.('2', null);
      return ids.includes('5') ? Promise.resolve(new Map([['5', record('one', '5')]])) : never;
    });
    const loaders = createLoaders(account);
    const load = (vendorId: string) => loaders.customer({ account: 'one', vendorId }, PLAIN);
    const [one, two, three, five] = [load('1'), load('2'), load('3'), load('5')];
    expect(await Promise.all([one, two, five])).toEqual([record('one', '1'), null, record('one', '5')]);
    // What is known does not wait for a batch that is about to go out, either.
    const [four, known] = [load('4'), load('1')];
    for (const silent of [three, four]) silent.catch(() => undefined);
    expect(await known).toEqual(record('one', '1'));
    expect(await Promise.race([three, new Promise((resolve) => setTimeout(() => resolve('waiting'), 50))])).toBe(
      'waiting',
    );
    expect(calls).toEqual(['1,2,3', '5', '4']);
  });

  it('ask together for what belongs to records that come within a moment of each other', async () => {
    const { account, calls } = createAccount('one', async (ids) => {
      if (ids.includes('1')) await new Promise((resolve) => setTimeout(resolve, 5));
      return new Map(ids.map((id) => [id, record('one', id)]));
    });
    const loaders = createLoaders(account);
    const loadWithNext = async (vendorId: string, next: string) => {
      await loaders.customer({ account: 'one', vendorId }, PLAIN);
      await loaders.customer({ account: 'one', vendorId: next }, PLAIN);
    };
    await Promise.all([loadWithNext('1', '7'), loadWithNext('2', '7'), loadWithNext('3', '7'), loadWithNext('4', '8')]);
    expect(calls).toEqual(['1,2,3', '4', '7,8']);
  });

  it('ask for custom fields only an account that has any', async () => {
    const [one, plain] = [createAccount('one'), createAccount('plain')];
    const loaders = createLoaders(one.account, plain.account);
    await Promise.all(
      ['one', 'plain'].map((account) => loaders.customer({ account, vendorId: '1' }, { customFields: true })),
    );
    expect([one.calls, plain.calls]).toEqual([['with custom fields 1'], ['1']]);
  });

  it('take the rows of a list for records that were loaded, and know where each came from', async () => {
    const { account, calls } = createAccount('one');
    const loaders = createLoaders(account);
    const page = await loaders.customerPage({
      first: 4,
      after: null,
      looksBeyond: false,
      accounts: null,
      filter: {},
      customFields: true,
    });
    for (const customFields of [true, false]) {
      expect(await loaders.customer({ account: 'one', vendorId: '2' }, { customFields })).toBe(page.nodes[2]);
    }
    expect(calls).toEqual(['0+4']);
    for (const node of page.nodes) expect(loaders.freshnessOf(node)).toMatchObject({ cached: false, stale: false });
    expect(loaders.freshnessOf({ ...page.nodes[0] })).toBeUndefined();
  });

  it('refuse an unknown account and a number that cannot be one, before any call', async () => {
    const { account, calls } = createAccount('one');
    const loaders = createLoaders(account);
    expect(() => loaders.customer({ account: 'two', vendorId: '1' }, PLAIN)).toThrow(
      'account must be one of "one"; got "two"',
    );
    expect(() => loaders.customer({ account: 'one', vendorId: '../x' }, PLAIN)).toThrow(
      'one numbers each customer with a whole number such as 302; got "../x"',
    );
    expect(() => loaders.subscription({ account: 'one', customerVendorId: '1', vendorId: 'x' })).toThrow(
      'one numbers each subscription with a whole number such as 302; got "x"',
    );
    expect(calls).toEqual([]);
  });

  it('hand on a fault of our own as what it is', async () => {
    const { account } = createAccount('one', () => Promise.reject(new TypeError('ours')));
    await expect(createLoaders(account).customer({ account: 'one', vendorId: '1' }, PLAIN)).rejects.toThrow(
      new TypeError('ours'),
    );
  });
});
