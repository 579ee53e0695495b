import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Cache, type CacheEntry, type CacheWrite, FENCE_SECONDS } from '../../src/cache/cache.ts';

export interface CacheUnderTest {
  readonly cache: Cache;
  /** Everything under keys with this hash tag grows older by so much. */
  passSeconds(seconds: number, hashTag: string): Promise<void>;
}

export function entryOf(value: unknown): CacheEntry {
  return { value, fetchedAtMs: 1_700_000_000_000, freshUntilMs: 1_700_000_060_000 };
}

export function write(key: string, value: unknown, keepSeconds = 300): CacheWrite {
  return { key, entry: entryOf(value), keepSeconds };
}

/** What every cache must do. `create` gives one that is ready. */
export function describeCache(name: string, create: () => Promise<CacheUnderTest>): void {
  describe(`${name} as a cache`, () => {
    let cache: Cache;
    let passSeconds: (seconds: number) => Promise<void>;
    let key: (name: string) => string;

    beforeEach(async () => {
      const hashTag = `${randomUUID()}:billagain`;
      const created = await create();
      cache = created.cache;
      passSeconds = (seconds) => created.passSeconds(seconds, hashTag);
      key = (ending) => `{${hashTag}}:${ending}`;
    });
    afterEach(() => cache.close());

    it('is reachable', () => {
      expect(cache.isReachable()).toBe(true);
    });

    it('answers in the order of the keys, with undefined for what it does not have', async () => {
      await cache.setMany([write(key('1'), 'one'), write(key('2'), 'two')]);
      expect(await cache.getMany([key('2'), key('none'), key('1'), key('2')])).toEqual([
        entryOf('two'),
        undefined,
        entryOf('one'),
        entryOf('two'),
      ]);
    });

    it('answers nothing for no keys', async () => {
      expect(await cache.getMany([])).toEqual([]);
      await cache.setMany([]);
      expect(await cache.drop([])).toBe(true);
    });

    it('tells a record that the vendor does not have from one that it was not told of', async () => {
      await cache.setMany([write(key('absent'), null)]);
      expect(await cache.getMany([key('absent'), key('unknown')])).toEqual([entryOf(null), undefined]);
    });

    it('gives back JSON values as they were', async () => {
      const value = {
        id: '302',
        amount: '10.00',
        tags: ['a', 'ü', '🧾'],
        nested: { none: null, yes: true, zero: 0 },
        '': '',
      };
      await cache.setMany([write(key('json'), value)]);
      expect(await cache.getMany([key('json')])).toEqual([entryOf(value)]);
    });

    it('keeps each tenant and account apart', async () => {
      const elsewhere = `{${randomUUID()}:unipay}:1`;
      await cache.setMany([write(key('1'), 'ours'), write(elsewhere, 'theirs')]);
      await cache.drop([elsewhere]);
      expect(await cache.getMany([elsewhere, key('1'), elsewhere])).toEqual([undefined, entryOf('ours'), undefined]);
    });

    it('replaces a value', async () => {
      await cache.setMany([write(key('1'), 'old')]);
      await cache.setMany([write(key('1'), 'new')]);
      expect(await cache.getMany([key('1')])).toEqual([entryOf('new')]);
    });

    it('forgets a value when it has been kept long enough, and not before', async () => {
      await cache.setMany([write(key('short'), 'short', 20), write(key('long'), 'long', 200)]);
      await passSeconds(15);
      expect(await cache.getMany([key('short'), key('long')])).toEqual([entryOf('short'), entryOf('long')]);
      await passSeconds(10);
      expect(await cache.getMany([key('short'), key('long')])).toEqual([undefined, entryOf('long')]);
    });

    it('does not keep what is to be kept for no time', async () => {
      await cache.setMany([write(key('0'), 'x', 0), write(key('-1'), 'x', -1), write(key('NaN'), 'x', Number.NaN)]);
      expect(await cache.getMany([key('0'), key('-1'), key('NaN')])).toEqual([undefined, undefined, undefined]);
    });

    it('forgets what is dropped, and only that', async () => {
      await cache.setMany([write(key('1'), 'one'), write(key('2'), 'two'), write(key('3'), null)]);
      expect(await cache.drop([key('1'), key('3'), key('never there')])).toBe(true);
      expect(await cache.getMany([key('1'), key('2'), key('3')])).toEqual([undefined, entryOf('two'), undefined]);
    });

    it('lets no read that began before a drop put its record back, until the fence ends', async () => {
      await cache.drop([key('1')]);
      await cache.setMany([write(key('1'), 'old'), write(key('2'), 'untouched')]);
      expect(await cache.getMany([key('1'), key('2')])).toEqual([undefined, entryOf('untouched')]);
      await passSeconds(FENCE_SECONDS - 5);
      await cache.setMany([write(key('1'), 'old')]);
      expect(await cache.getMany([key('1')])).toEqual([undefined]);
      await passSeconds(10);
      await cache.setMany([write(key('1'), 'new')]);
      expect(await cache.getMany([key('1')])).toEqual([entryOf('new')]);
    });

    it('fences for the whole time again after another drop', async () => {
      await cache.drop([key('1')]);
      await passSeconds(FENCE_SECONDS - 5);
      await cache.drop([key('1')]);
      await passSeconds(10);
      await cache.setMany([write(key('1'), 'old')]);
      expect(await cache.getMany([key('1')])).toEqual([undefined]);
    });

    it('writes over a fence when told to, and the fence stands on', async () => {
      await cache.drop([key('1')]);
      await cache.setMany([write(key('1'), 'read back')], { overFence: true });
      await cache.setMany([write(key('1'), 'read before the write')]);
      expect(await cache.getMany([key('1')])).toEqual([entryOf('read back')]);
      await cache.setMany([write(key('1'), 'short', 5)], { overFence: true });
      await passSeconds(10);
      await cache.setMany([write(key('1'), 'read before the write')]);
      expect(await cache.getMany([key('1')])).toEqual([undefined]);
    });

    it('takes big values', async () => {
      const value = { text: 'ü'.repeat(200_000) };
      await cache.setMany([write(key('big'), value)]);
      expect(await cache.getMany([key('big')])).toEqual([entryOf(value)]);
    });

    it('takes many keys at once', async () => {
      const names = Array.from({ length: 2_000 }, (_, number) => key(String(number)));
      await cache.setMany(names.map((one, number) => write(one, { number })));
      const entries = await cache.getMany([...names].reverse());
      expect(entries.map((entry) => entry?.value)).toEqual(names.map((_, number) => ({ number })).reverse());
      expect(await cache.drop(names)).toBe(true);
      expect((await cache.getMany(names)).every((entry) => entry === undefined)).toBe(true);
    });

    it('takes keys with any characters', async () => {
      const names = ['', ' ', '\r\n', '"quoted"', '{brace}', '}', '*', '$0', 'ü', '🧾', '\u0000', '__proto__'].map(key);
      await cache.setMany(names.map((one, number) => write(one, number)));
      expect(await cache.getMany(names)).toEqual(names.map((_, number) => entryOf(number)));
      await cache.drop(names.slice(1));
      expect(await cache.getMany(names)).toEqual([entryOf(0), ...names.slice(1).map(() => undefined)]);
    });

    it('answers everything after it is closed, and may be closed twice', async () => {
      await cache.setMany([write(key('1'), 'one')]);
      await cache.close();
      await cache.close();
      expect(await cache.getMany([key('1')])).toEqual([undefined]);
      await cache.setMany([write(key('1'), 'one')]);
      expect(typeof (await cache.drop([key('1')]))).toBe('boolean');
    });
  });
}
