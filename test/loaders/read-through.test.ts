import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Cache } from '../../src/cache/cache.ts';
import { createMemoryCache } from '../../src/cache/memory.ts';
import { SharedReads } from '../../src/cache/shared-reads.ts';
import {
  MalformedAnswer,
  VendorRateLimited,
  VendorRecordNotFound,
  VendorRefusal,
  VendorRefusedCredentials,
  VendorTimeout,
  VendorUnavailable,
} from '../../src/errors.ts';
import { AccountKeys } from '../../src/loaders/keys.ts';
import { type CacheSettings, type Found, ReadThrough } from '../../src/loaders/read-through.ts';

const KEYS = new AccountKeys('default', { name: 'unipay', identity: 'identity', recordShape: 'shape' });
const RECORDS = KEYS.customers(false);
const LISTS = KEYS.customerLists(false);
const SETTINGS: CacheSettings = { ttlSeconds: 60, absentTtlSeconds: 60, staleSeconds: 60, staleAfterMs: 2_000 };

function setUp(
  settings: Partial<CacheSettings> = {},
  cache: Cache = createMemoryCache({ maxEntries: 100 }),
  timeLeftMs = 10_000,
) {
  const reads = new ReadThrough(cache, new SharedReads(), { ...SETTINGS, ...settings });
  const asked: (readonly string[])[] = [];
  const context = { signal: new AbortController().signal, deadlineMs: performance.now() + timeLeftMs };
  const read = async (
    keys: readonly string[],
    answer: (key: string) => unknown,
    { family = RECORDS, isCacheable = (): boolean => true } = {},
  ) => {
    const answers = await reads.readMany<unknown>(family, keys, context, {
      keysPerCall: 100,
      async read(missing, _, onAnswer) {
        asked.push(missing);
        for (const key of missing) {
          const value = await answer(key);
          if (value instanceof TypeError) throw value;
          onAnswer(key, value ?? null);
        }
      },
      isCacheable,
    });
    return Promise.all(answers);
  };
  return { cache, asked, read };
}

async function putExpired(cache: Cache, key: string, value: object): Promise<void> {
  const fetchedAtMs = Date.now() - 70_000;
  const entry = { value, fetchedAtMs, freshUntilMs: fetchedAtMs + 60_000 };
  await cache.setMany([{ key: RECORDS.of(key), entry, keepSeconds: 60 }]);
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
    ['a vendor that asks for less', new VendorRateLimited('unipay', 'less'), true],
    ['a refusal of the credentials', new VendorRefusedCredentials('unipay', 'no'), true],
    ['an unreadable answer', new MalformedAnswer('unipay', 'garbage'), true],
    ['a refusal of the request', new VendorRefusal('unipay', 'no'), false],
    ['a record that does not exist', new VendorRecordNotFound('unipay', 'none'), false],
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

  it('serves the expired answer when the vendor takes longer than it may, and lets the vendor’s own come into the cache', async () => {
    const { cache, read } = setUp({ staleAfterMs: 30 });
    await putExpired(cache, 'a', { old: true });
    let arrive: (value: unknown) => void = () => undefined;
    const vendors = new Promise((resolve) => {
      arrive = resolve;
    });
    const [found] = await read(['a'], () => vendors);
    expect(found).toMatchObject({ value: { old: true }, cached: true, stale: true });
    arrive({ new: true });
    await vendors;
    await turn();
    expect((await read(['a'], () => new TypeError('asked again'))).map(contentOf)).toEqual([{ new: true }]);
  });

  it('serves the expired answer at once where the vendor is not to be waited for', async () => {
    const { asked, cache, read } = setUp({ staleAfterMs: 0 });
    await putExpired(cache, 'a', { old: true });
    const [found] = await read(['a'], () => new Promise(() => undefined));
    expect(found).toMatchObject({ value: { old: true }, stale: true });
    expect(asked).toEqual([['a']]);
  });

  it.each([
    ['takes too long', () => new Promise(() => undefined)],
    ['fails', () => new VendorUnavailable('unipay', 'down')],
  ])('serves no expired answer that a write has dropped while its vendor %s', async (_, answer) => {
    const { cache, read } = setUp({ staleAfterMs: 30 }, undefined, 200);
    await putExpired(cache, 'a', { old: true });
    const reading = read(['a'], () => {
      void cache.drop([RECORDS.of('a')]);
      return answer();
    });
    expect(contentOf((await reading)[0])).toBeInstanceOf(Error);
  });

  it('serves the keys of one batch that have an expired answer, and waits for the others', async () => {
    const { cache, read } = setUp({ staleAfterMs: 30 }, undefined, 300);
    await putExpired(cache, 'b', { old: true });
    const started = performance.now();
    const found = await read(['a', 'b'], () => new Promise(() => undefined));
    expect(contentOf(found[0])).toBeInstanceOf(VendorTimeout);
    expect(contentOf(found[1])).toEqual({ old: true });
    expect(performance.now() - started).toBeGreaterThan(250);
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
