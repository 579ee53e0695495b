/** What is remembered of one read. `value` is JSON; null is the absent marker: the vendor has no such record. */
export interface CacheEntry<T = unknown> {
  readonly value: T | null;
  /** When the vendor answered, in epoch milliseconds. */
  readonly fetchedAtMs: number;
  /** Fresh until then; afterwards it may still be served while the vendor is down, until the store forgets it. */
  readonly freshUntilMs: number;
}

export interface CacheWrite {
  readonly key: string;
  readonly entry: CacheEntry;
  /** How long the store keeps it. */
  readonly keepSeconds: number;
}

/**
 * A store of vendor answers. Broken means slower, never wrong: no method rejects, and none takes longer than the
 * store's command timeout.
 *
 * Every key starts with tenant and account.
 */
export interface Cache {
  /** In the order of the keys, in one round trip. A store that can't be reached answers undefined for each. */
  getMany(keys: readonly string[]): Promise<(CacheEntry | undefined)[]>;
  /** Values are stored as they are and must not be changed afterwards. A key dropped within the last FENCE_SECONDS is left alone, unless `overFence`, which is stored in a full store, too. False when the store could not be reached or is full. */
  setMany(writes: readonly CacheWrite[], options?: { readonly overFence?: boolean }): Promise<boolean>;
  /**
   * Forgets the keys, and fences them: a read that was under way while its record changed can't put the old one back.
   * Works in a full store, too. False when it could not be reached: the caller must try again until the entries would have expired.
   */
  drop(keys: readonly string[]): Promise<boolean>;
  /** Is the store answering? For /readyz and metrics only. */
  isReachable(): boolean;
  close(): Promise<void>;
}

/** Longer than the longest read: REQUEST_TIMEOUT_MS is held below it. */
export const FENCE_SECONDS = 60;
