import type { Result } from 'ioredis';
import { type Cache, type CacheEntry, type CacheWrite, FENCE_SECONDS } from './cache.ts';
import { RedisConnection, type RedisConnectionOptions } from './redis-connection.ts';

export interface RedisCacheOptions extends RedisConnectionOptions {
  /** How much a Redis that doesn't answer may cost each operation. */
  readonly commandTimeoutMs: number;
}

/**
 * A larger value isn't stored: Redis serves one command at a time, and this one would hold up hundreds of others.
 * A page of 100 customers takes some 200 KB.
 */
const MAX_VALUE_BYTES = 1_048_576;

/** KEYS: key and fence in turns. ARGV: each key's value and milliseconds. */
const SET_SCRIPT = `
for i = 1, #KEYS, 2 do
  if redis.call('EXISTS', KEYS[i + 1]) == 0 then
    redis.call('SET', KEYS[i], ARGV[i], 'PX', ARGV[i + 1])
  end
end`;

/*
 * A Redis that is full (maxmemory, noeviction) refuses the first write of a script that could take memory, and none after
 * it, as a script is not undone half-way. What must be forgotten is deleted first, so that its fence and its account's new
 * generation get in though Redis is full: without them a replica would go on serving what a write has changed.
 */

/** As SET_SCRIPT, over fences and over a full memory. */
const REPLACE_SCRIPT = `
for i = 1, #KEYS, 2 do
  redis.call('UNLINK', KEYS[i])
  redis.call('SET', KEYS[i], ARGV[i], 'PX', ARGV[i + 1])
end`;

/** KEYS: key and fence in turns. ARGV: the fences' seconds. */
const DROP_SCRIPT = `
for i = 1, #KEYS, 2 do
  redis.call('UNLINK', KEYS[i])
  redis.call('SET', KEYS[i + 1], '', 'EX', ARGV[1])
end`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    billgraphCacheSet(keyCount: number, keys: string[], args: (string | number)[]): Result<null, Context>;
    billgraphCacheReplace(keyCount: number, keys: string[], args: (string | number)[]): Result<null, Context>;
    billgraphCacheDrop(keyCount: number, keys: string[], seconds: number): Result<null, Context>;
  }
}

/**
 * Shared by all replicas. In a cluster a key must name its slot by a hash tag, "{tenant:account}:…", as a key and its
 * fence are written together; what is asked of several tags goes out at once.
 */
export function createRedisCache(options: RedisCacheOptions): Cache {
  return new RedisCache(options);
}

class RedisCache implements Cache {
  readonly #connection: RedisConnection;
  readonly #commandTimeoutMs: number;
  /** Slots with a command that has had no answer in time, and how many: nobody waits there until it is settled. */
  readonly #stalled = new Map<string, number>();

  constructor({ commandTimeoutMs, ...options }: RedisCacheOptions) {
    this.#commandTimeoutMs = commandTimeoutMs;
    this.#connection = new RedisConnection(options);
    this.#connection.client.defineCommand('billgraphCacheSet', { lua: SET_SCRIPT });
    this.#connection.client.defineCommand('billgraphCacheReplace', { lua: REPLACE_SCRIPT });
    this.#connection.client.defineCommand('billgraphCacheDrop', { lua: DROP_SCRIPT });
  }

  async getMany(keys: readonly string[]): Promise<(CacheEntry | undefined)[]> {
    const entries = new Array<CacheEntry | undefined>(keys.length).fill(undefined);
    await Promise.all(
      this.#bySlot(keys, (key) => key).map(async ({ slot, items, positions }) => {
        if (this.#stalled.has(slot)) return;
        const texts = await this.#answer(slot, () => this.#connection.client.mget(items));
        texts?.forEach((text, index) => {
          const position = positions?.[index] ?? index;
          if (text !== null) entries[position] = readEntry(text);
        });
      }),
    );
    return entries;
  }

  async setMany(writes: readonly CacheWrite[], { overFence = false } = {}): Promise<boolean> {
    if (writes.length > 0 && !this.#connection.isReady()) return false;
    const answers = await Promise.all(
      this.#bySlot(writes, (write) => write.key).map(async ({ slot, items }) => {
        if (this.#stalled.has(slot)) return undefined;
        const keys: string[] = [];
        const args: (string | number)[] = [];
        for (const { key, entry, keepSeconds } of items) {
          const keepMs = Math.ceil(keepSeconds * 1_000);
          const text = keepMs > 0 ? writeEntry(entry) : undefined;
          if (text === undefined) continue;
          keys.push(key, fenceOf(key));
          args.push(text, keepMs);
        }
        if (keys.length === 0) return null;
        const { client } = this.#connection;
        return this.#answer(slot, () =>
          overFence
            ? client.billgraphCacheReplace(keys.length, keys, args)
            : client.billgraphCacheSet(keys.length, keys, args),
        );
      }),
    );
    return answers.every((answer) => answer !== undefined);
  }

  /** Tried even where Redis is stalled: what can't be dropped may be served too long. */
  async drop(keys: readonly string[]): Promise<boolean> {
    if (keys.length > 0 && !this.#connection.isReady()) return false;
    const answers = await Promise.all(
      this.#bySlot(keys, (key) => key).map(({ slot, items }) => {
        const pairs = items.flatMap((key) => [key, fenceOf(key)]);
        return this.#answer(slot, () => this.#connection.client.billgraphCacheDrop(pairs.length, pairs, FENCE_SECONDS));
      }),
    );
    return answers.every((answer) => answer !== undefined);
  }

  isReachable(): boolean {
    return this.#connection.isReady() && this.#stalled.size === 0;
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** A command may name keys of one slot only; a single server is all one slot. Nothing at all while not connected. */
  #bySlot<Item>(items: readonly Item[], keyOf: (item: Item) => string): SlotShare<Item>[] {
    if (items.length === 0 || !this.#connection.isReady()) return [];
    if (!this.#connection.isCluster) return [{ slot: '', items: [...items], positions: undefined }];
    const shares = new Map<string, { slot: string; items: Item[]; positions: number[] }>();
    items.forEach((item, position) => {
      const slot = hashTag(keyOf(item));
      let share = shares.get(slot);
      if (share === undefined) {
        share = { slot, items: [], positions: [] };
        shares.set(slot, share);
      }
      share.items.push(item);
      share.positions.push(position);
    });
    return [...shares.values()];
  }

  /** Undefined when Redis refuses, goes away or takes too long. */
  #answer<Answer>(slot: string, send: () => Promise<Answer>): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      let hasStalled = false;
      let giveUp: NodeJS.Immediate | undefined;
      const timer = setTimeout(() => {
        // When this process was busy, the answer may lie in the socket already: it is read before the next setImmediate.
        giveUp = setImmediate(() => {
          hasStalled = true;
          this.#stalled.set(slot, (this.#stalled.get(slot) ?? 0) + 1);
          resolve(undefined);
        });
      }, this.#commandTimeoutMs);
      const settle = (answer: Answer | undefined) => {
        clearTimeout(timer);
        clearImmediate(giveUp);
        if (hasStalled) this.#settleStalled(slot);
        resolve(answer);
      };
      // async, so that what ioredis throws while it writes is a rejection too
      const sent = async () => send();
      sent().then(settle, () => settle(undefined));
    });
  }

  #settleStalled(slot: string): void {
    const count = this.#stalled.get(slot) ?? 0;
    if (count > 1) this.#stalled.set(slot, count - 1);
    else this.#stalled.delete(slot);
  }
}

interface SlotShare<Item> {
  readonly slot: string;
  readonly items: Item[];
  /** Where each item stood; undefined where they stand as they stood. */
  readonly positions: readonly number[] | undefined;
}

/** In the key's own slot: Redis hashes what stands between the first braces. */
function fenceOf(key: string): string {
  return `fence:${key}`;
}

/** As Redis finds it: between the first "{" and the next "}", unless that is nothing (Redis cluster specification, hash tags). */
function hashTag(key: string): string {
  const open = key.indexOf('{');
  const close = open < 0 ? -1 : key.indexOf('}', open + 1);
  return close > open + 1 ? key.slice(open + 1, close) : key;
}

/** Undefined for what can't be stored. */
function writeEntry(entry: CacheEntry): string | undefined {
  try {
    const text = JSON.stringify(entry);
    return Buffer.byteLength(text) <= MAX_VALUE_BYTES ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for what isn't ours: whatever stands at the key is a miss. */
function readEntry(text: string): CacheEntry | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { value, fetchedAtMs, freshUntilMs } = entry as Partial<CacheEntry>;
  if (value === undefined || typeof fetchedAtMs !== 'number' || typeof freshUntilMs !== 'number') return undefined;
  return entry as CacheEntry;
}
