import type { Cache, CacheEntry, CacheWrite } from '../cache/cache.ts';
import type { SharedReads } from '../cache/shared-reads.ts';
import { type VendorError, VendorRateLimited, VendorTimeout, VendorUnavailable } from '../errors.ts';
import type { CallContext } from '../transport/transport.ts';
import type { KeyFamily } from './keys.ts';

export interface Freshness {
  /** When the vendor answered, in epoch milliseconds. */
  readonly fetchedAtMs: number;
  /** No vendor was asked this time. */
  readonly cached: boolean;
  /** Older than it should be, because its vendor is down. */
  readonly stale: boolean;
}

/** `value` is null for what the vendor doesn't have. */
export interface Found<T> extends Freshness {
  readonly value: T | null;
  /** When it is to be asked for again, in epoch milliseconds; past already where it is stale, or must not be kept. */
  readonly freshUntilMs: number;
}

export interface CacheSettings {
  /** How long an answer is fresh; 0 turns the cache off. */
  readonly ttlSeconds: number;
  /** How long "no such record" is fresh. */
  readonly absentTtlSeconds: number;
  /** How long after that an answer may still be served while its vendor is down. */
  readonly staleSeconds: number;
}

/** One answer for each key, in their order; null for what the vendor doesn't have. */
export type ReadVendor<T> = (
  keys: readonly string[],
  context: CallContext,
) => Promise<readonly (T | null | VendorError)[]>;

/** False for an answer that must be asked for again. */
export type IsCacheable<T> = (value: T) => boolean;

/** The generation of an account that no write has touched for as long as any answer is kept. */
const UNTOUCHED = 'untouched';

/** Cache first, then the vendor, with equal reads under way shared; and the expired answer again when the vendor is down. */
export class ReadThrough {
  readonly #cache: Cache;
  readonly #shared: SharedReads;
  readonly #settings: CacheSettings;

  constructor(cache: Cache, shared: SharedReads, settings: CacheSettings) {
    this.#cache = cache;
    this.#shared = shared;
    this.#settings = settings;
  }

  /** Keys of one family, in one round trip to the cache; in their order. A key's own failure is a value. */
  readMany<T>(
    family: KeyFamily,
    keys: readonly string[],
    context: CallContext,
    read: ReadVendor<T>,
    isCacheable?: IsCacheable<T>,
  ): Promise<(Found<T> | Error)[]> {
    return this.#settings.ttlSeconds === 0
      ? this.#ask(family, UNTOUCHED, keys, context, read, isCacheable)
      : this.#readCached(family, keys, context, read, isCacheable);
  }

  async #readCached<T>(
    family: KeyFamily,
    keys: readonly string[],
    context: CallContext,
    read: ReadVendor<T>,
    isCacheable: IsCacheable<T> | undefined,
  ): Promise<(Found<T> | Error)[]> {
    const { entries, generation } = await this.#lookUp<T>(family, keys);
    const now = Date.now();
    const missing = keys.filter((_, index) => !isFresh(entries[index], now));
    const answers =
      missing.length === 0 ? [] : await this.#ask(family, generation, missing, context, read, isCacheable);
    let next = 0;
    return entries.map((entry) => {
      if (isFresh(entry, now)) return found(entry, false);
      const answer = answers[next++] as Found<T> | Error;
      return answer instanceof Error && entry !== undefined && isOutage(answer) ? found(entry, true) : answer;
    });
  }

  #ask<T>(
    family: KeyFamily,
    generation: string,
    keys: readonly string[],
    context: CallContext,
    read: ReadVendor<T>,
    isCacheable: IsCacheable<T> | undefined,
  ): Promise<(Found<T> | Error)[]> {
    return this.#shared.readMany<Found<T>>(
      family.prefix,
      // A read that began before the account's last write, at whichever replica, is not joined: it may bring what was before.
      generation,
      keys,
      context,
      async (missing, sharedContext) => {
        const values = await read(missing, sharedContext);
        const fetchedAtMs = Date.now();
        const results = values.map((value): Found<T> | Error => {
          if (value instanceof Error) return value;
          const freshUntilMs = fetchedAtMs + this.#freshSeconds(value, isCacheable) * 1000;
          return { value, fetchedAtMs, freshUntilMs, cached: false, stale: false };
        });
        this.#store(family, missing, results, generation);
        return results;
      },
      () => new VendorTimeout(family.account, "no answer within the request's deadline"),
    );
  }

  async #lookUp<T>(family: KeyFamily, keys: readonly string[]) {
    const [mark, ...entries] = await this.#cache.getMany([family.generation, ...keys.map((key) => family.of(key))]);
    const generation = typeof mark?.value === 'string' ? mark.value : UNTOUCHED;
    if (!family.endsWithGeneration) return { entries: entries as (CacheEntry<T> | undefined)[], generation };
    const current = entries.map((entry): CacheEntry<T> | undefined => {
      const value = entry && family.unwrap<T>(entry.value, generation);
      return entry !== undefined && value !== undefined ? { ...entry, value } : undefined;
    });
    return { entries: current, generation };
  }

  /** 0 for what must be asked for again. */
  #freshSeconds<T>(value: T | null, isCacheable: IsCacheable<T> | undefined): number {
    const { ttlSeconds, absentTtlSeconds } = this.#settings;
    if (value === null) return Math.min(absentTtlSeconds, ttlSeconds);
    return isCacheable === undefined || isCacheable(value) ? ttlSeconds : 0;
  }

  /** Not waited for: the next read of the same cache comes after it. */
  #store<T>(
    family: KeyFamily,
    keys: readonly string[],
    results: readonly (Found<T> | Error)[],
    generation: string,
  ): void {
    const { ttlSeconds, staleSeconds } = this.#settings;
    if (ttlSeconds === 0) return;
    const writes: CacheWrite[] = [];
    for (const [index, result] of results.entries()) {
      if (result instanceof Error) continue;
      const { value, fetchedAtMs, freshUntilMs } = result;
      const freshSeconds = (freshUntilMs - fetchedAtMs) / 1000;
      if (freshSeconds === 0) continue;
      writes.push({
        key: family.of(keys[index] as string),
        entry: { value: family.wrap(value, generation), fetchedAtMs, freshUntilMs },
        // An absent marker is never served stale: the record may have come into being.
        keepSeconds: value === null ? freshSeconds : freshSeconds + staleSeconds,
      });
    }
    if (writes.length > 0) void this.#cache.setMany(writes);
  }
}

function isFresh(entry: CacheEntry | undefined, now: number): entry is CacheEntry {
  return entry !== undefined && entry.freshUntilMs > now;
}

function found<T>({ value, fetchedAtMs, freshUntilMs }: CacheEntry<T>, stale: boolean): Found<T> {
  return { value, fetchedAtMs, freshUntilMs, cached: true, stale };
}

/** The vendor can't be reached, which says nothing about the record. */
function isOutage(error: Error): boolean {
  return error instanceof VendorUnavailable || error instanceof VendorTimeout || error instanceof VendorRateLimited;
}
