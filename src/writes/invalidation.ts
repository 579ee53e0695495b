import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Cache } from '../cache/cache.ts';
import type { SharedReads } from '../cache/shared-reads.ts';
import type { AccountKeys } from '../loaders/keys.ts';
import type { CacheSettings } from '../loaders/read-through.ts';

const RETRY_MS = 500;

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
   * Returns when the records, their absent markers and the account's lists are gone. Where the cache can't be reached they
   * are dropped later: tried again until they would have expired by themselves.
   */
  async forget(keys: AccountKeys, records: readonly string[]): Promise<void> {
    this.#shared.forget(keys.prefix);
    if (this.#keptSeconds === 0) return;
    const giveUpAtMs = performance.now() + this.#keptSeconds * 1000;
    if (await this.#drop(keys, records)) return;
    void this.#retry(keys, records, giveUpAtMs);
  }

  /** The record as it was read back: nothing that was read before the write can replace it. */
  async remember(key: string, record: object): Promise<void> {
    if (this.#keptSeconds === 0) return;
    const fetchedAtMs = Date.now();
    const entry = { value: record, fetchedAtMs, freshUntilMs: fetchedAtMs + this.#ttlSeconds * 1000 };
    // Waited for, or it could come after the next writer's drop.
    await this.#cache.setMany([{ key, entry, keepSeconds: this.#keptSeconds }], { overFence: true });
  }

  async #retry(keys: AccountKeys, records: readonly string[], giveUpAtMs: number): Promise<void> {
    while (performance.now() < giveUpAtMs) {
      // Nobody waits for it, and it must not keep the process alive.
      await wait(RETRY_MS, undefined, { ref: false });
      if (await this.#drop(keys, records)) return;
    }
  }

  async #drop({ generation }: AccountKeys, records: readonly string[]): Promise<boolean> {
    const now = Date.now();
    const freshUntilMs = now + this.#keptSeconds * 1000;
    const [dropped, marked] = await Promise.all([
      this.#cache.drop(records),
      // A mark that nobody has seen yet: lists that were read under another one no longer count.
      this.#cache.setMany([
        {
          key: generation,
          entry: { value: randomUUID(), fetchedAtMs: now, freshUntilMs },
          keepSeconds: this.#keptSeconds * 2,
        },
      ]),
    ]);
    return dropped && marked;
  }
}
