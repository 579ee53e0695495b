import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Cache } from '../cache/cache.ts';
import type { SharedReads } from '../cache/shared-reads.ts';
import type { AccountKeys, KeyFamily } from '../loaders/keys.ts';
import type { CacheSettings } from '../loaders/read-through.ts';

const RETRY_MS = 500;

/** Where a record belongs in the cache. */
export interface CachePlace {
  readonly family: KeyFamily;
  readonly key: string;
}

/** Makes every replica forget what a write has changed. */
export class Invalidation {
  readonly #cache: Cache;
  readonly #shared: SharedReads;
  readonly #ttlSeconds: number;
  readonly #keptSeconds: number;

  constructor(cache: Cache, shared: SharedReads, { ttlSeconds, staleSeconds }: CacheSettings) {
    this.#cache = cache;
    this.#shared = shared;
    this.#ttlSeconds = ttlSeconds;
    this.#keptSeconds = ttlSeconds === 0 ? 0 : ttlSeconds + staleSeconds;
  }

  /**
   * Returns when the records, their absent markers and the account's lists and subscriptions are gone, with a mark of this write. Where the
   * cache can't be reached they are dropped later: tried again until they would have expired by themselves.
   */
  async forget(keys: AccountKeys, records: readonly string[]): Promise<string> {
    const mark = randomUUID();
    this.#shared.forget(keys.prefix);
    if (this.#keptSeconds === 0) return mark;
    const giveUpAtMs = performance.now() + this.#keptSeconds * 1000;
    if (!(await this.#drop(keys, records, mark))) void this.#retry(keys, records, giveUpAtMs);
    return mark;
  }

  /** The record as it came after the write with this mark: nothing that was read before it can replace it. */
  async remember(mark: string, { family, key }: CachePlace, record: object, fetchedAtMs: number): Promise<void> {
    if (this.#keptSeconds === 0) return;
    // Another write to the account has ended meanwhile: what was read back may be from before that one.
    if ((await this.#cache.getMany([family.generation]))[0]?.value !== mark) return;
    const freshUntilMs = fetchedAtMs + this.#ttlSeconds * 1000;
    const entry = { value: family.wrap(record, mark), fetchedAtMs, freshUntilMs };
    // Waited for, or it could come after the next writer's drop.
    await this.#cache.setMany([{ key: family.of(key), entry, keepSeconds: this.#keptSeconds }], { overFence: true });
  }

  async #retry(keys: AccountKeys, records: readonly string[], giveUpAtMs: number): Promise<void> {
    while (performance.now() < giveUpAtMs) {
      // Nobody waits for it, and it must not keep the process alive.
      await wait(RETRY_MS, undefined, { ref: false });
      // A new mark each time: lists may have been read under the last one, and other writes have come since.
      if (await this.#drop(keys, records, randomUUID())) return;
    }
  }

  /** `mark` is one that nobody has seen yet: lists that were read under another one no longer count. */
  async #drop({ generation }: AccountKeys, records: readonly string[], mark: string): Promise<boolean> {
    const now = Date.now();
    const freshUntilMs = now + this.#keptSeconds * 1000;
    const [dropped, marked] = await Promise.all([
      this.#cache.drop(records),
      this.#cache.setMany(
        [
          {
            key: generation,
            entry: { value: mark, fetchedAtMs: now, freshUntilMs },
            keepSeconds: this.#keptSeconds * 2,
          },
        ],
        { overFence: true },
      ),
    ]);
    return dropped && marked;
  }
}
