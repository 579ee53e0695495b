import type { Cache, CacheEntry, CacheWrite } from '../cache/cache.ts';
import type { SharedReads } from '../cache/shared-reads.ts';
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

/** One answer a key; a key left out is absent at the vendor. */
export type ReadVendor<T> = (
  keys: readonly string[],
  context: CallContext,
) => Promise<ReadonlyMap<string, T | VendorError>>;

export interface ReadOptions<T> {
  /** Dropped by every write to the account, whatever record it changes. */
  readonly isList?: boolean;
  /** False for an answer that must be asked for again. */
  readonly isCacheable?: (value: T) => boolean;
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

  /** One account's keys, in one round trip to the cache; in the order of `keys`. A key's own failure is a value. */
  async readMany<T>(
    { account, generation: generationKey }: AccountKeys,
    keys: readonly string[],
    context: CallContext,
    read: ReadVendor<T>,
    { isList = false, isCacheable = () => true }: ReadOptions<T> = {},
  ): Promise<(Found<T> | Error)[]> {
    const { entries, generation } = await this.#lookUp<T>(keys, generationKey, isList);
    const now = Date.now();
    const missing = keys.filter((_, index) => !isFresh(entries[index], now));
    if (missing.length === 0) return entries.map((entry) => found(entry as CacheEntry<T>, false));

    // A read that began before the account's last write, at whichever replica, is not joined: it may bring what was before.
    const sharedKeyOf = (key: string) => `${key} ${generation}`;
    const keyOf = new Map(missing.map((key) => [sharedKeyOf(key), key]));
    const answers = await this.#shared.readMany<Found<T>>(
      [...keyOf.keys()],
      context,
      async (asked, sharedContext) => {
        const askedKeys = asked.map((sharedKey) => keyOf.get(sharedKey) as string);
        const values = await read(askedKeys, sharedContext);
        const fetchedAtMs = Date.now();
        const results = new Map<string, Found<T> | Error>();
        for (const key of askedKeys) {
          const value = values.get(key) ?? null;
          const freshUntilMs = fetchedAtMs + this.#freshSeconds(value, isCacheable) * 1000;
          results.set(
            key,
            value instanceof Error ? value : { value, fetchedAtMs, freshUntilMs, cached: false, stale: false },
          );
        }
        this.#store(results, isList ? generation : undefined);
        return new Map(Array.from(results, ([key, result]) => [sharedKeyOf(key), result]));
      },
      () => new VendorTimeout(account, "no answer within the request's deadline"),
    );

    return keys.map((key, index) => {
      const entry = entries[index];
      const answer = answers.get(sharedKeyOf(key));
      if (answer === undefined) return found(entry as CacheEntry<T>, false);
      if (answer instanceof Error && entry !== undefined && isOutage(answer)) return found(entry, true);
      return answer;
    });
  }

  async #lookUp<T>(keys: readonly string[], generationKey: string, isList: boolean) {
    if (this.#settings.ttlSeconds === 0) return { entries: [] as (CacheEntry<T> | undefined)[], generation: UNTOUCHED };
    const [mark, ...found] = await this.#cache.getMany([generationKey, ...keys]);
    const generation = typeof mark?.value === 'string' ? mark.value : UNTOUCHED;
    if (!isList) return { entries: found as (CacheEntry<T> | undefined)[], generation };
    const entries = found.map((entry): CacheEntry<T> | undefined => {
      const list = entry?.value as ListEntry<T> | null | undefined;
      return entry !== undefined && list?.generation === generation ? { ...entry, value: list.value } : undefined;
    });
    return { entries, generation };
  }

  /** 0 for what must be asked for again. */
  #freshSeconds<T>(value: T | null | Error, isCacheable: (value: T) => boolean): number {
    const { ttlSeconds, absentTtlSeconds } = this.#settings;
    if (value === null) return Math.min(absentTtlSeconds, ttlSeconds);
    return value instanceof Error || !isCacheable(value) ? 0 : ttlSeconds;
  }

  /** Not waited for: the next read of the same cache comes after it. */
  #store<T>(results: ReadonlyMap<string, Found<T> | Error>, generation: string | undefined): void {
    const { staleSeconds } = this.#settings;
    const writes: CacheWrite[] = [];
    for (const [key, result] of results) {
      if (result instanceof Error) continue;
      const { value, fetchedAtMs, freshUntilMs } = result;
      const freshSeconds = (freshUntilMs - fetchedAtMs) / 1000;
      if (freshSeconds === 0) continue;
      const kept: T | ListEntry<T> | null = generation === undefined ? value : { generation, value };
      writes.push({
        key,
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
