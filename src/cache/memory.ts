import { LRUCache } from 'lru-cache';
import { type Cache, type CacheEntry, type CacheWrite, FENCE_SECONDS } from './cache.ts';

export interface MemoryCacheOptions {
  /** The least recently used entry goes first. */
  readonly maxEntries: number;
  /** Milliseconds on a clock that never goes back; performance.now() by default. */
  readonly now?: () => number;
}

/** For one process alone: drops are not seen by other replicas. */
export function createMemoryCache(options: MemoryCacheOptions): Cache {
  return new MemoryCache(options);
}

class MemoryCache implements Cache {
  readonly #entries: LRUCache<string, CacheEntry>;
  readonly #now: () => number;
  readonly #maxFences: number;
  /** Oldest first, as every fence stands equally long. */
  readonly #fencedUntilMs = new Map<string, number>();
  #allFencedUntilMs = Number.NEGATIVE_INFINITY;

  constructor({ maxEntries, now = () => performance.now() }: MemoryCacheOptions) {
    this.#now = now;
    this.#maxFences = maxEntries;
    this.#entries = new LRUCache({
      max: maxEntries,
      perf: { now },
      ttlResolution: 0, // or lru-cache sets a timer for every millisecond in which it is asked
    });
  }

  getMany(keys: readonly string[]): Promise<(CacheEntry | undefined)[]> {
    return Promise.resolve(keys.map((key) => this.#entries.get(key)));
  }

  setMany(writes: readonly CacheWrite[], { overFence = false } = {}): Promise<boolean> {
    for (const { key, entry, keepSeconds } of writes) {
      const keepMs = Math.ceil(keepSeconds * 1_000);
      // lru-cache reads 0 as "for ever"
      if (keepMs > 0 && (overFence || !this.#isFenced(key))) this.#entries.set(key, entry, { ttl: keepMs });
    }
    return Promise.resolve(true);
  }

  drop(keys: readonly string[]): Promise<boolean> {
    const now = this.#now();
    this.#forgetFencesBefore(now);
    for (const key of keys) {
      this.#entries.delete(key);
      this.#fence(key, now + FENCE_SECONDS * 1_000);
    }
    return Promise.resolve(true);
  }

  isReachable(): boolean {
    return true;
  }

  close(): Promise<void> {
    this.#entries.clear();
    this.#fencedUntilMs.clear();
    return Promise.resolve();
  }

  #isFenced(key: string): boolean {
    if (this.#fencedUntilMs.size === 0 && this.#allFencedUntilMs === Number.NEGATIVE_INFINITY) return false;
    const now = this.#now();
    return now < this.#allFencedUntilMs || now < (this.#fencedUntilMs.get(key) ?? Number.NEGATIVE_INFINITY);
  }

  /** With more fences than there is room for, everything is fenced: slower, never wrong. */
  #fence(key: string, untilMs: number): void {
    this.#fencedUntilMs.delete(key);
    if (this.#fencedUntilMs.size >= this.#maxFences) {
      this.#fencedUntilMs.clear();
      this.#allFencedUntilMs = untilMs;
    } else {
      this.#fencedUntilMs.set(key, untilMs);
    }
  }

  #forgetFencesBefore(now: number): void {
    for (const [key, untilMs] of this.#fencedUntilMs) {
      if (untilMs > now) return;
      this.#fencedUntilMs.delete(key);
    }
  }
}
