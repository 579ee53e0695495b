import type { Result } from 'ioredis';
import { RedisConnection, type RedisConnectionOptions } from '../cache/redis-connection.ts';

/** What replicas tell one another of one vendor account, and hear of it. */
export interface AccountPatience {
  tell(holdMs: number): void;
  /** Returns what ends it. */
  listen(learn: (holdMs: number) => void): () => void;
}

/** Where replicas tell one another which vendor accounts are to be left alone. */
export interface PatienceBoard {
  /** By an account's identity: replicas may give the account different names. */
  of(identity: string): AccountPatience;
  close(): Promise<void>;
}

const CHANNEL = 'billgraph:patience';
const MESSAGE = /^(\S+) (\d{1,9})$/;

/** KEYS: the account's. ARGV: milliseconds, channel, message. Kept for replicas that start later; never cut short. */
const TELL_SCRIPT = `
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    billgraphTellPatience(key: string, holdMs: number, channel: string, message: string): Result<number, Context>;
  }
}

/**
 * Over Redis, which is asked when a vendor asks for patience and when a connection to it begins, never for a call. Without Redis
 * each replica learns by itself.
 */
export function createRedisPatience(options: RedisConnectionOptions): PatienceBoard {
  return new RedisPatience(options);
}

class RedisPatience implements PatienceBoard {
  readonly #commands: RedisConnection;
  /** A connection that is subscribed takes no other command. */
  readonly #subscription: RedisConnection;
  readonly #listeners = new Map<string, Set<(holdMs: number) => void>>();

  constructor(options: RedisConnectionOptions) {
    this.#commands = new RedisConnection(options);
    this.#subscription = new RedisConnection(options);
    this.#commands.client.defineCommand('billgraphTellPatience', { lua: TELL_SCRIPT, numberOfKeys: 1 });
    this.#commands.client.on('ready', () => this.#catchUp([...this.#listeners.keys()]));
    this.#subscription.client.on('ready', () => void this.#subscribe());
    this.#subscription.client.on('message', (_channel: string, message: string) => this.#hear(message));
  }

  of(identity: string): AccountPatience {
    return {
      tell: (holdMs) => this.#tell(identity, holdMs),
      listen: (learn) => this.#listen(identity, learn),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#commands.close(), this.#subscription.close()]);
  }

  #tell(identity: string, holdMs: number): void {
    if (!this.#commands.isReady()) return;
    const told = this.#commands.client.billgraphTellPatience(keyOf(identity), holdMs, CHANNEL, `${identity} ${holdMs}`);
    told.catch(() => undefined);
  }

  #listen(identity: string, learn: (holdMs: number) => void): () => void {
    const listeners = this.#listeners.get(identity) ?? new Set();
    this.#listeners.set(identity, listeners);
    listeners.add(learn);
    this.#catchUp([identity]);
    return () => listeners.delete(learn);
  }

  async #subscribe(): Promise<void> {
    try {
      await this.#subscription.client.subscribe(CHANNEL);
    } catch {
      return; // its connection ended again, and another will begin
    }
    // Told while there was no subscription.
    this.#catchUp([...this.#listeners.keys()]);
  }

  #catchUp(identities: readonly string[]): void {
    if (!this.#commands.isReady()) return;
    for (const identity of identities) {
      this.#commands.client.pttl(keyOf(identity)).then(
        (holdMs) => this.#learn(identity, holdMs),
        () => undefined,
      );
    }
  }

  #hear(message: string): void {
    const [, identity, holdMs] = MESSAGE.exec(message) ?? [];
    if (identity !== undefined) this.#learn(identity, Number(holdMs));
  }

  #learn(identity: string, holdMs: number): void {
    if (holdMs <= 0) return; // PTTL's word for "no such key"
    for (const learn of this.#listeners.get(identity) ?? []) learn(holdMs);
  }
}

function keyOf(identity: string): string {
  return `billgraph:patience:${identity}`;
}
