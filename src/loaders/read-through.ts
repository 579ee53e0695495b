import type { Cache, CacheEntry, CacheWrite } from '../cache/cache.ts';
import type { SharedReads, Waiting } from '../cache/shared-reads.ts';
import { type VendorError, VendorTimeout } from '../errors.ts';
import type { CallContext } from '../transport/transport.ts';
import { Arrivals, type Arriving } from './arrivals.ts';
import type { KeyFamily } from './keys.ts';
import { StaleBridge } from './stale-bridge.ts';

export interface Freshness {
  /** When the vendor answered, in epoch milliseconds. */
  readonly fetchedAtMs: number;
  /** No vendor was asked this time. */
  readonly cached: boolean;
  /** Older than it should be, because its vendor fails or takes too long. */
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
  /** How long after that an answer may still be served while its vendor fails or takes too long. */
  readonly staleSeconds: number;
  /** How long the vendor is waited for where there is such an answer; never longer than half of what time is left. */
  readonly staleAfterMs: number;
  /** Do other replicas tell through the cache what they have written? */
  readonly isShared?: boolean;
}

/** Of one key: an error is its own. */
export type Answer<T> = Found<T> | Error;

/** How a vendor is asked for keys of one family. */
export interface VendorReads<T> {
  /** How many keys one call of `read` takes at the most. */
  readonly keysPerCall: number;
  /**
   * Tells each key's answer as it arrives, null for what the vendor doesn't have, and has told all when it resolves. A
   * rejection is the failure of all that have not been told.
   */
  read(
    keys: readonly string[],
    context: CallContext,
    onAnswer: (key: string, answer: T | VendorError | null) => void,
  ): Promise<void>;
  /** False for an answer that must be asked for again. */
  isCacheable?(value: T): boolean;
}

/** The generation of an account that no write has touched for as long as any answer is kept. */
const UNTOUCHED = 'untouched';

/** How much of its time a read waits before an expired answer will do: what is read next because of it needs some, too. */
const PATIENT_SHARE = 0.5;

/**
 * Cache first, then the vendor, with equal reads under way shared. While the vendor fails, or takes too long, the expired
 * answer is served again; the vendor's own comes into the cache whenever it arrives.
 */
export class ReadThrough {
  readonly #cache: Cache;
  readonly #shared: SharedReads;
  readonly #settings: CacheSettings;

  constructor(cache: Cache, shared: SharedReads, settings: CacheSettings) {
    this.#cache = cache;
    this.#shared = shared;
    this.#settings = settings;
  }

  /**
   * Keys of one family, in one round trip to the cache; in their order. Those whose answers aren't there when the first ones
   * are get promises of them. A key's own failure is a value.
   */
  readMany<T>(
    family: KeyFamily,
    keys: readonly string[],
    context: CallContext,
    vendor: VendorReads<T>,
  ): Promise<Arriving<Answer<T>>[]> {
    return this.#settings.ttlSeconds === 0
      ? this.#readUncached(family, keys, context, vendor)
      : this.#readCached(family, keys, context, vendor);
  }

  async #readUncached<T>(
    family: KeyFamily,
    keys: readonly string[],
    context: CallContext,
    vendor: VendorReads<T>,
  ): Promise<Arriving<Answer<T>>[]> {
    const generation = this.#settings.isShared ? (await this.#lookUp(family, [])).generation : UNTOUCHED;
    const arrivals = new Arrivals<Answer<T>>(new Array(keys.length).fill(undefined));
    const first = arrivals.first();
    this.#ask(family, generation, keys, context, vendor, (place, answer) => arrivals.take(place, answer));
    return first;
  }

  async #readCached<T>(
    family: KeyFamily,
    keys: readonly string[],
    context: CallContext,
    vendor: VendorReads<T>,
  ): Promise<Arriving<Answer<T>>[]> {
    const { entries, generation } = await this.#lookUp<T>(family, keys);
    const now = Date.now();
    const answers = entries.map((entry) => (isFresh(entry, now) ? found(entry, now) : undefined));
    const missing: number[] = [];
    for (let place = 0; place < answers.length; place++) if (answers[place] === undefined) missing.push(place);
    if (missing.length === 0) return answers as Answer<T>[];
    const arrivals = new Arrivals<Answer<T>>(answers);
    const first = arrivals.first();
    const expired = missing.filter((place) => isServable(entries[place]));
    const bridge = expired.length === 0 ? undefined : this.#bridge<T>(family, keys, expired, arrivals);
    const missingKeys = missing.length === keys.length ? keys : missing.map((place) => keys[place] as string);
    const waiting = this.#ask<T>(family, generation, missingKeys, context, vendor, (index, answer) =>
      (bridge ?? arrivals).take(missing[index] as number, answer),
    );
    bridge?.start(this.#patienceMs(context), (place) => waiting.release(missing.indexOf(place)));
    return first;
  }

  #ask<T>(
    family: KeyFamily,
    generation: string,
    keys: readonly string[],
    context: CallContext,
    vendor: VendorReads<T>,
    onAnswer: (place: number, answer: Answer<T>) => void,
  ): Waiting {
    return this.#shared.readMany<Found<T>>({
      family: family.prefix,
      // A read that began before the account's last write, at whichever replica, is not joined: it may bring what was before.
      version: generation,
      keys,
      context,
      keysPerCall: vendor.keysPerCall,
      read: (missing, sharedContext, onFound) => {
        const store = this.#createStore<T>(family, generation);
        return vendor.read(missing, sharedContext, (key, value) => {
          if (value instanceof Error) {
            onFound(key, value);
            return;
          }
          const fetchedAtMs = Date.now();
          const freshUntilMs = fetchedAtMs + this.#freshSeconds(value, vendor) * 1000;
          const answer: Found<T> = { value, fetchedAtMs, freshUntilMs, cached: false, stale: false };
          store(key, answer);
          onFound(key, answer);
        });
      },
      onAnswer,
      onDeadline: () => new VendorTimeout(family.account, "no answer within the request's deadline"),
    });
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

  #bridge<T>(
    family: KeyFamily,
    keys: readonly string[],
    places: readonly number[],
    arrivals: Arrivals<Answer<T>>,
  ): StaleBridge<T> {
    const lookUp = async (those: readonly number[]) => {
      const { entries } = await this.#lookUp<T>(
        family,
        those.map((place) => keys[place] as string),
      );
      const now = Date.now();
      return entries.map((entry) => (isServable(entry) ? found(entry, now) : undefined));
    };
    return new StaleBridge<T>({ places, arrivals, lookUp });
  }

  #patienceMs({ deadlineMs }: CallContext): number {
    return Math.min(this.#settings.staleAfterMs, Math.max(0, deadlineMs - performance.now()) * PATIENT_SHARE);
  }

  /** 0 for what must be asked for again. */
  #freshSeconds<T>(value: T | null, { isCacheable }: VendorReads<T>): number {
    const { ttlSeconds, absentTtlSeconds } = this.#settings;
    if (value === null) return Math.min(absentTtlSeconds, ttlSeconds);
    return isCacheable === undefined || isCacheable(value) ? ttlSeconds : 0;
  }

  /** Answers that arrive at once are stored at once. Not waited for: the next read of the same cache comes after it. */
  #createStore<T>(family: KeyFamily, generation: string): (key: string, answer: Found<T>) => void {
    const { ttlSeconds, staleSeconds } = this.#settings;
    if (ttlSeconds === 0) return () => undefined;
    let writes: CacheWrite[] = [];
    const flush = () => {
      const those = writes;
      writes = [];
      void this.#cache.setMany(those);
    };
    return (key, { value, fetchedAtMs, freshUntilMs }) => {
      const freshSeconds = (freshUntilMs - fetchedAtMs) / 1000;
      if (freshSeconds === 0) return;
      if (writes.length === 0) queueMicrotask(flush);
      writes.push({
        key: family.of(key),
        entry: { value: family.wrap(value, generation), fetchedAtMs, freshUntilMs },
        // An absent marker is never served stale: the record may have come into being.
        keepSeconds: value === null ? freshSeconds : freshSeconds + staleSeconds,
      });
    };
  }
}

function isFresh<T>(entry: CacheEntry<T> | undefined, now: number): entry is CacheEntry<T> {
  return entry !== undefined && entry.freshUntilMs > now;
}

/** May it be served once it has expired? "No such record" may not: the record may have come into being. */
function isServable<T>(entry: CacheEntry<T> | undefined): entry is CacheEntry<T> {
  return entry !== undefined && entry.value !== null;
}

function found<T>({ value, fetchedAtMs, freshUntilMs }: CacheEntry<T>, now: number): Found<T> {
  return { value, fetchedAtMs, freshUntilMs, cached: true, stale: freshUntilMs <= now };
}
