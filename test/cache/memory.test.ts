import { describe, expect, it } from '@jest/globals';
import { FENCE_SECONDS } from '../../src/cache/cache.ts';
import { createMemoryCache } from '../../src/cache/memory.ts';
import { describeCache, entryOf, write } from '../contracts/cache.contract.ts';

function memoryCacheWithClock(maxEntries: number) {
  let nowMs = 1;
  return {
    cache: createMemoryCache({ maxEntries, now: () => nowMs }),
    passSeconds: async (seconds: number) => {
      nowMs += seconds * 1_000;
    },
  };
}

describeCache('memory', async () => memoryCacheWithClock(10_000));

describe('the memory cache', () => {
  it('keeps the value itself, not a copy', async () => {
    const cache = createMemoryCache({ maxEntries: 10 });
    const entry = entryOf({ id: '302' });
    await cache.setMany([{ key: 'a', entry, keepSeconds: 60 }]);
    expect((await cache.getMany(['a']))[0]).toBe(entry);
  });

  it('lets go of the least recently used when it is full', async () => {
    const cache = createMemoryCache({ maxEntries: 2 });
    await cache.setMany([write('a', 1), write('b', 2)]);
    await cache.getMany(['a']);
    await cache.setMany([write('c', 3)]);
    expect(await cache.getMany(['a', 'b', 'c'])).toEqual([entryOf(1), undefined, entryOf(3)]);
  });

  it('fences every key when it has more fences than it can hold', async () => {
    const { cache, passSeconds } = memoryCacheWithClock(2);
    await cache.drop(['a', 'b', 'c']);
    await cache.setMany([write('a', 1), write('c', 1), write('x', 1)]);
    expect(await cache.getMany(['a', 'c', 'x'])).toEqual([undefined, undefined, undefined]);
    await passSeconds(FENCE_SECONDS + 1);
    await cache.setMany([write('a', 1), write('x', 1)]);
    expect(await cache.getMany(['a', 'x'])).toEqual([entryOf(1), entryOf(1)]);
  });

  it('holds no fence longer than it must', async () => {
    const { cache, passSeconds } = memoryCacheWithClock(2);
    await cache.drop(['a']);
    await passSeconds(FENCE_SECONDS / 2);
    await cache.drop(['b']);
    await passSeconds(FENCE_SECONDS / 4);
    await cache.drop(['a']); // now the younger of the two
    await passSeconds(FENCE_SECONDS * 0.8); // b's is over, a's is not
    await cache.drop(['c']);
    await cache.setMany([write('a', 1), write('b', 1), write('c', 1), write('x', 1)]);
    expect(await cache.getMany(['a', 'b', 'c', 'x'])).toEqual([undefined, entryOf(1), undefined, entryOf(1)]);
  });
});
