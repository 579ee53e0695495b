import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Result } from 'ioredis';
import { RedisConnection, type RedisConnectionOptions } from '../cache/redis-connection.ts';
import {
  type Claim,
  type Coordination,
  CoordinationUnavailable,
  type KeyState,
  MAX_WAIT_MS,
  RESULT_SECONDS,
  RecordBusy,
  type RedisDurability,
} from './coordination.ts';

/**
 * KEYS: record, lease. ARGV: fingerprint, lease in milliseconds, seconds to keep, token, when it is claimed.
 * A record without a result whose lease has run out was left behind by a process that died: it stays LOST.
 */
const CLAIM_SCRIPT = `
local known = redis.call('HMGET', KEYS[1], 'fingerprint', 'result', 'claimedAt')
if not known[1] then
  redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'token', ARGV[4], 'claimedAt', ARGV[5])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[2])
  return {'NEW'}
end
if known[1] ~= ARGV[1] then return {'OTHER_INPUT'} end
if known[2] then return {'SETTLED', known[2]} end
if redis.call('EXISTS', KEYS[2]) == 1 then return {'IN_PROGRESS'} end
return {'LOST', known[3]}`;

/**
 * KEYS: record, lease. ARGV: token, result, seconds to keep, fingerprint.
 * A Redis that came back empty gets the whole record, so that at least an ended request is remembered. The lease goes
 * first: a full Redis lets a script write that has freed something.
 */
const SETTLE_SCRIPT = `
local token = redis.call('HGET', KEYS[1], 'token')
if token and token ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'fingerprint', ARGV[4], 'token', ARGV[1], 'result', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1`;

/** KEYS: record. ARGV: fingerprint, result, seconds to keep, a new token, as the old one's holder knows less. */
const AMEND_SCRIPT = `
if redis.call('HGET', KEYS[1], 'fingerprint') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'result', ARGV[2], 'token', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1`;

/** KEYS: record, lease. ARGV: token. */
const RELEASE_SCRIPT = `
if redis.call('HGET', KEYS[1], 'token') == ARGV[1] then redis.call('DEL', KEYS[1], KEYS[2]) end
return 1`;

/** KEYS: lock. ARGV: token. */
const UNLOCK_SCRIPT = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

/** KEYS: lock. ARGV: token, milliseconds. */
const KEEP_SCRIPT = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 1`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    billgraphClaim(record: string, lease: string, ...args: (string | number)[]): Result<[string, string?], Context>;
    billgraphSettle(record: string, lease: string, ...args: (string | number)[]): Result<number, Context>;
    billgraphAmend(record: string, ...args: (string | number)[]): Result<number, Context>;
    billgraphRelease(record: string, lease: string, token: string): Result<number, Context>;
    billgraphUnlock(lock: string, token: string): Result<number, Context>;
    billgraphKeep(lock: string, token: string, forMs: number): Result<number, Context>;
  }
}

export interface RedisCoordinationOptions extends RedisConnectionOptions {
  /** What has to hold a claim or a lock, besides the server's memory, before anything is sent; nothing by default. */
  readonly durability?: RedisDurability | undefined;
}

/** A Redis that is slower than this can't be relied on to keep two writers apart. */
const COMMAND_TIMEOUT_MS = MAX_WAIT_MS + 100;
const LOCK_POLL_MS = 25;
/** A result that could not be kept at once is tried again: until then its key is found in progress, then lost. */
const SETTLE_ATTEMPTS = 5;
/** How often, and how many times, what may have been taken without our knowing is given back. */
const GIVE_BACK_MS = 1000;
const GIVE_BACK_ATTEMPTS = 60;

/** Shared by all replicas. Keys must carry a hash tag, "{…}", so that a record and its lease share a slot. */
export function createRedisCoordination({ durability, ...options }: RedisCoordinationOptions): Coordination {
  const connection = new RedisConnection(options);
  const { client } = connection;
  client.defineCommand('billgraphClaim', { lua: CLAIM_SCRIPT, numberOfKeys: 2 });
  client.defineCommand('billgraphSettle', { lua: SETTLE_SCRIPT, numberOfKeys: 2 });
  client.defineCommand('billgraphRelease', { lua: RELEASE_SCRIPT, numberOfKeys: 2 });
  client.defineCommand('billgraphAmend', { lua: AMEND_SCRIPT, numberOfKeys: 1 });
  client.defineCommand('billgraphUnlock', { lua: UNLOCK_SCRIPT, numberOfKeys: 1 });
  client.defineCommand('billgraphKeep', { lua: KEEP_SCRIPT, numberOfKeys: 1 });

  /** `giveBack` undoes a command that was sent and not answered: Redis may have carried it out, or may do so yet. */
  async function ask<T>(command: () => Promise<T>, giveBack?: () => Promise<unknown>): Promise<T> {
    const unavailable = () =>
      new CoordinationUnavailable(
        'Redis, which keeps writers apart, can’t be reached or can’t keep anything; nothing was sent',
      );
    if (!connection.isReady()) throw unavailable();
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(unavailable()), COMMAND_TIMEOUT_MS);
    });
    try {
      return await Promise.race([
        command().catch(() => {
          throw unavailable();
        }),
        timeUp,
      ]);
    } catch (error) {
      if (giveBack) void repeat(giveBack);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Until it was answered twice: the first may have overtaken what it is to undo. */
  async function repeat(command: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1, answers = 0; attempt <= GIVE_BACK_ATTEMPTS && answers < 2; attempt++) {
      // Nobody waits for it, and it must not keep the process alive.
      await wait(GIVE_BACK_MS, undefined, { ref: false });
      await ask(command).then(
        () => {
          answers += 1;
        },
        () => {},
      );
    }
  }

  /**
   * Waits until what was just taken outlives a failover, or gives it back. WAIT looks at the writes of its own connection, and
   * that may be a new one by now: so the lease is written once more, in the same go, which also shows that it is still there.
   */
  async function hold(lease: string, leaseMs: number, giveBack: () => Promise<unknown>): Promise<void> {
    if (!durability) return;
    const { replicas, onDisk, timeoutMs } = durability;
    await ask(async () => {
      const commands = client.pipeline().pexpire(lease, leaseMs);
      if (onDisk) commands.call('WAITAOF', 1, replicas, timeoutMs);
      else commands.wait(replicas, timeoutMs);
      const [[, isThere] = [], [, held] = []] = (await commands.exec()) ?? [];
      if (isThere !== 1 || !isHeld(held, durability)) throw new Error('too few hold it');
    }, giveBack);
  }

  function createClaim(record: string, lease: string, token: string, fingerprint: string): Claim {
    return {
      async settle(result) {
        const text = JSON.stringify(result);
        for (let attempt = 1; attempt <= SETTLE_ATTEMPTS; attempt++) {
          try {
            return (
              (await ask(() => client.billgraphSettle(record, lease, token, text, RESULT_SECONDS, fingerprint))) === 1
            );
          } catch {
            await wait(100 * attempt);
          }
        }
        return false;
      },
      async release() {
        // A release that gets lost leaves the key LOST after its lease: the client then needs another key, and no write is doubled.
        await ask(() => client.billgraphRelease(record, lease, token)).catch(() => {});
      },
    };
  }

  return {
    async claim(key, fingerprint, leaseMs, claimedAtMs): Promise<KeyState> {
      const lease = `${key}:lease`;
      const token = randomUUID();
      const release = () => client.billgraphRelease(key, lease, token);
      const [state, result] = await ask(
        () => client.billgraphClaim(key, lease, fingerprint, leaseMs, RESULT_SECONDS, token, claimedAtMs ?? ''),
        release,
      );
      if (state === 'NEW') {
        await hold(lease, leaseMs, release);
        return { state, claim: createClaim(key, lease, token, fingerprint) };
      }
      if (state === 'SETTLED') return { state, result: JSON.parse(result as string) };
      if (state === 'LOST') return { state, claimedAtMs: result ? Number(result) : undefined };
      return { state: state as 'OTHER_INPUT' | 'IN_PROGRESS' };
    },

    async amend(key, fingerprint, result) {
      const text = JSON.stringify(result);
      const amend = () => client.billgraphAmend(key, fingerprint, text, RESULT_SECONDS, randomUUID());
      return ask(amend).then(
        (amended) => amended === 1,
        () => false,
      );
    },

    async exclusively(name, leaseMs, deadlineMs, work) {
      const token = randomUUID();
      const take = () => client.set(name, token, 'PX', leaseMs, 'NX');
      const unlock = () => client.billgraphUnlock(name, token);
      while ((await ask(take, unlock)) !== 'OK') {
        if (performance.now() >= deadlineMs) {
          throw new RecordBusy('the record is being changed by others; nothing was sent');
        }
        await wait(LOCK_POLL_MS * (1 + Math.random()));
      }
      await hold(name, leaseMs, unlock);
      let isKept = false;
      try {
        return await work({
          async keep(forMs) {
            isKept = true;
            await ask(() => client.billgraphKeep(name, token, forMs)).catch(() => {});
          },
        });
      } finally {
        // Lost, it runs out by itself.
        if (!isKept) await ask(unlock).catch(() => {});
      }
    },

    async own(name, owner) {
      const found = await ask(async () => {
        await client.set(name, owner, 'EX', RESULT_SECONDS, 'NX');
        return client.get(name);
      });
      return found === owner;
    },

    close: () => connection.close(),
  };
}

/** WAIT answers how many replicas have it; WAITAOF, how many append-only files here and how many at replicas. */
function isHeld(held: unknown, { replicas, onDisk }: RedisDurability): boolean {
  if (!onDisk) return Number(held) >= replicas;
  const [here, there] = held as [unknown, unknown];
  return Number(here) >= 1 && Number(there) >= replicas;
}
