import { describe, expect, it } from '@jest/globals';
import type { Cache } from '../../src/cache/cache.ts';
import { createMemoryCache } from '../../src/cache/memory.ts';
import { SharedReads } from '../../src/cache/shared-reads.ts';
import { MalformedAnswer, VendorRefusedCredentials, VendorTimeout, VendorUnavailable } from '../../src/errors.ts';
import { AccountKeys } from '../../src/loaders/keys.ts';
import { type CacheSettings, type Found, ReadThrough } from '../../src/loaders/read-through.ts';

const KEYS = new AccountKeys('default', { name: 'unipay', identity: 'identity', recordShape: 'shape' });
const RECORDS = KEYS.customers(false);
const LISTS = KEYS.customerLists(false);
const SETTINGS: CacheSettings = { ttlSeconds: 60, absentTtlSeconds: 60, staleSeconds: 60 };

function setUp(settings: Partial<CacheSettings> = {}, cache: Cache = createMemoryCache({ maxEntries: 100 })) {
  const reads = new ReadThrough(cache, new SharedReads(), { ...SETTINGS, ...settings });
  const asked: (readonly string[])[] = [];
  const context = { signal: new AbortController().signal, deadlineMs: performance.now() + 10_000 };
  const read = (
    keys: readonly string[],
    answer: (key: string) => unknown,
    { family = RECORDS, isCacheable = (): boolean => true } = {},
  ) =>
    reads.readMany<unknown>(
      family,
      keys,
      context,
      async (missing) => {
        asked.push(missing);
        return missing.map((key) => {
          const value = answer(key);
          if (value instanceof TypeError) throw value;
          return value ?? null;
        });
      },
      isCacheable,
    );
  return { cache, asked, read };
}

const contentOf = (found: Found<unknown> | Error | undefined) => (found instanceof Error ? found : found?.value);

describe('a read through the cache', () => {
  it('asks the vendor for what is not there, and answers in the order of the keys', async () => {
    const { asked, read } = setUp();
    await read(['b'], (key) => ({ key }));
    const found = await read(['a', 'b', 'c'], (key) => (key === 'c' ? undefined : { key }));
    expect(asked).toEqual([['b'], ['a', 'c']]);
    expect(found.map(contentOf)).toEqual([{ key: 'a' }, { key: 'b' }, null]);
    expect(found.map((one) => (one instanceof Error ? one : one.cached))).toEqual([false, true, false]);
  });

  it('asks the cache once for many keys, a list’s generation included', async () => {
    const memory = createMemoryCache({ maxEntries: 100 });
    const looked: (readonly string[])[] = [];
    const cache: Cache = {
      getMany: (keys) => {
        looked.push(keys);
        return memory.getMany(keys);
      },
      setMany: (writes) => memory.setMany(writes),
      drop: (keys) => memory.drop(keys),
      isReachable: () => true,
      close: () => memory.close(),
    };
    const { read } = setUp({}, cache);
    await read(['a', 'b', 'c'], () => ({}));
    await read(['d', 'e'], () => ({}), { family: LISTS });
    expect(looked).toEqual([
      [KEYS.generation, ...['a', 'b', 'c'].map((key) => RECORDS.of(key))],
      [KEYS.generation, ...['d', 'e'].map((key) => LISTS.of(key))],
    ]);
  });

  it('forgets every list of an account whose generation has changed, and no record', async () => {
    const { asked, cache, read } = setUp();
    await read(['list'], () => ({ rows: 1 }), { family: LISTS });
    await read(['record'], () => ({ id: 1 }));
    await read(['list'], () => ({ rows: 2 }), { family: LISTS });
    expect(asked).toEqual([['list'], ['record']]);
    const now = Date.now();
    await cache.setMany([
      { key: KEYS.generation, entry: { value: 'written', fetchedAtMs: now, freshUntilMs: now + 1e6 }, keepSeconds: 60 },
    ]);
    expect((await read(['list'], () => ({ rows: 2 }), { family: LISTS })).map(contentOf)).toEqual([{ rows: 2 }]);
    expect((await read(['list'], () => ({ rows: 3 }), { family: LISTS })).map(contentOf)).toEqual([{ rows: 2 }]);
    await read(['record'], () => ({ id: 2 }));
    expect(asked).toEqual([['list'], ['record'], ['list']]);
  });

  it('serves no list that was under way while its account was written to', async () => {
    const { cache, read } = setUp();
    await read(
      ['list'],
      () => {
        const now = Date.now();
        void cache.setMany([
          {
            key: KEYS.generation,
            entry: { value: 'written', fetchedAtMs: now, freshUntilMs: now + 1e6 },
            keepSeconds: 60,
          },
        ]);
        return { rows: 'before' };
      },
      { family: LISTS },
    );
    expect((await read(['list'], () => ({ rows: 'after' }), { family: LISTS })).map(contentOf)).toEqual([
      { rows: 'after' },
    ]);
  });

  it('remembers no failure, and nothing that says it must not be', async () => {
    const { asked, read } = setUp();
    const failure = new VendorUnavailable('unipay', 'down');
    const unreadable = new MalformedAnswer('unipay', 'unreadable');
    expect((await read(['a', 'b'], (key) => (key === 'a' ? failure : unreadable))).map(contentOf)).toEqual([
      failure,
      unreadable,
    ]);
    await read(['a', 'b'], () => ({}), { isCacheable: () => false });
    await read(['a', 'b'], () => ({}));
    expect(asked).toHaveLength(3);
  });

  it.each([
    ['a vendor that is down', new VendorUnavailable('unipay', 'down'), true],
    ['a vendor that is too slow', new VendorTimeout('unipay', 'slow'), true],
    ['a refusal of the credentials', new VendorRefusedCredentials('unipay', 'no'), false],
    ['an unreadable answer', new MalformedAnswer('unipay', 'garbage'), false],
  ])('serves the expired answer for %s: %#', async (_, failure, isServed) => {
    const { cache, read } = setUp();
    const fetchedAtMs = Date.now() - 70_000;
    await cache.setMany([
      {
        key: RECORDS.of('a'),
        entry: { value: { old: true }, fetchedAtMs, freshUntilMs: fetchedAtMs + 60_000 },
        keepSeconds: 60,
      },
    ]);
    const [found] = await read(['a'], () => failure);
    const served = { value: { old: true }, fetchedAtMs, cached: true, stale: true };
    expect(found).toEqual(isServed ? expect.objectContaining(served) : failure);
  });

  it('hands on what is no failure of the vendor', async () => {
    const { read } = setUp();
    const [found] = await read(['a'], () => new TypeError('ours'));
    expect(found).toEqual(new TypeError('ours'));
  });

  it('neither asks nor fills the cache where it is turned off', async () => {
    const cache: Cache = {
      getMany: () => Promise.reject(new Error('asked')),
      setMany: () => Promise.reject(new Error('filled')),
      drop: () => Promise.resolve(true),
      isReachable: () => true,
      close: () => Promise.resolve(),
    };
    const { asked, read } = setUp({ ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 }, cache);
    for (const family of [RECORDS, LISTS])
      expect((await read(['a'], () => ({ a: 1 }), { family })).map(contentOf)).toEqual([{ a: 1 }]);
    expect(asked).toHaveLength(2);
  });
});
