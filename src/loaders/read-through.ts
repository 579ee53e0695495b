import type { Cache, CacheEntry, CacheWrite } from '../cache/cache.ts';
import type { SharedReads, Wanted } from '../cache/shared-reads.ts';
import { type VendorError, VendorRateLimited, VendorTimeout, VendorUnavailable } from '../errors.ts';
import type { CallContext } from '../transport/transport.ts';
import type { AccountKeys } from './keys.ts';

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

/** One answer for each, in their order; null for what the vendor doesn't have. */
export type ReadVendor<W extends Wanted, T> = (
  wanted: readonly W[],
  context: CallContext,
) => Promise<readonly (T | null | VendorError)[]>;

export interface ReadOptions<T> {
  /** Dropped by every write to the account, whatever record it changes. */
  readonly isList?: boolean | undefined;
  /** False for an answer that must be asked for again. */
  readonly isCacheable?: ((value: T) => boolean) | undefined;
}

/** What lies in the cache of a list: it counts only while its account's generation is still the one it was read in. */
interface ListEntry<T> {
  readonly generation: string;
  readonly value: T | null;
}

/** The generation of an account that no write has touched for as long as any list is kept. */
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

  /** What is wanted of one account, in one round trip to the cache; in their order. One's own failure is a value. */
  readMany<W extends Wanted, T>(
    keys: AccountKeys,
    wanted: readonly W[],
    context: CallContext,
    read: ReadVendor<W, T>,
    options: ReadOptions<T> = {},
  ): Promise<(Found<T> | Error)[]> {
    return this.#settings.ttlSeconds === 0
      ? this.#ask(keys, UNTOUCHED, wanted, context, read, options)
      : this.#readCached(keys, wanted, context, read, options);
  }

  async #readCached<W extends Wanted, T>(
    keys: AccountKeys,
    wanted: readonly W[],
    context: CallContext,
    read: ReadVendor<W, T>,
    options: ReadOptions<T>,
  ): Promise<(Found<T> | Error)[]> {
    const { entries, generation } = await this.#lookUp<T>(wanted, keys.generation, options.isList);
    const now = Date.now();
    const missing = wanted.filter((_, index) => !isFresh(entries[index], now));
    const answers = missing.length === 0 ? [] : await this.#ask(keys, generation, missing, context, read, options);
    let next = 0;
    return entries.map((entry) => {
      if (isFresh(entry, now)) return found(entry, false);
      const answer = answers[next++] as Found<T> | Error;
      return answer instanceof Error && entry !== undefined && isOutage(answer) ? found(entry, true) : answer;
    });
  }

  #ask<W extends Wanted, T>(
    { account }: AccountKeys,
    generation: string,
    wanted: readonly W[],
    context: CallContext,
    read: ReadVendor<W, T>,
    { isList, isCacheable }: ReadOptions<T>,
  ): Promise<(Found<T> | Error)[]> {
    return this.#shared.readMany<W, Found<T>>(
      wanted,
      // A read that began before the account's last write, at whichever replica, is not joined: it may bring what was before.
      generation,
      context,
      async (missing, sharedContext) => {
        const values = await read(missing, sharedContext);
        const fetchedAtMs = Date.now();
        const results = values.map((value): Found<T> | Error => {
          if (value instanceof Error) return value;
          const freshUntilMs = fetchedAtMs + this.#freshSeconds(value, isCacheable) * 1000;
          return { value, fetchedAtMs, freshUntilMs, cached: false, stale: false };
        });
        this.#store(missing, results, isList ? generation : undefined);
        return results;
      },
      () => new VendorTimeout(account, "no answer within the request's deadline"),
    );
  }

  async #lookUp<T>(wanted: readonly Wanted[], generationKey: string, isList: boolean | undefined) {
    const [mark, ...entries] = await this.#cache.getMany([generationKey, ...wanted.map(({ key }) => key)]);
    const generation = typeof mark?.value === 'string' ? mark.value : UNTOUCHED;
    if (!isList) return { entries: entries as (CacheEntry<T> | undefined)[], generation };
    const lists = entries.map((entry): CacheEntry<T> | undefined => {
      const list = entry?.value as ListEntry<T> | null | undefined;
      return entry !== undefined && list?.generation === generation ? { ...entry, value: list.value } : undefined;
    });
    return { entries: lists, generation };
  }

  /** 0 for what must be asked for again. */
  #freshSeconds<T>(value: T | null, isCacheable: ReadOptions<T>['isCacheable']): number {
    const { ttlSeconds, absentTtlSeconds } = this.#settings;
    if (value === null) return Math.min(absentTtlSeconds, ttlSeconds);
    return isCacheable === undefined || isCacheable(value) ? ttlSeconds : 0;
  }

  /** Not waited for: the next read of the same cache comes after it. */
  #store<T>(wanted: readonly Wanted[], results: readonly (Found<T> | Error)[], generation: string | undefined): void {
    const { ttlSeconds, staleSeconds } = this.#settings;
    if (ttlSeconds === 0) return;
    const writes: CacheWrite[] = [];
    for (const [index, result] of results.entries()) {
      if (result instanceof Error) continue;
      const { value, fetchedAtMs, freshUntilMs } = result;
      const freshSeconds = (freshUntilMs - fetchedAtMs) / 1000;
      if (freshSeconds === 0) continue;
      const kept: T | ListEntry<T> | null = generation === undefined ? value : { generation, value };
      writes.push({
        key: (wanted[index] as Wanted).key,
        entry: { value: kept, fetchedAtMs, freshUntilMs },
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
