import { LRUCache } from 'lru-cache';
import {
  type Claim,
  type Coordination,
  CoordinationUnavailable,
  type KeyState,
  RESULT_SECONDS,
  RecordBusy,
} from './coordination.ts';

interface KeyRecord {
  readonly fingerprint: string;
  readonly forgottenAtMs: number;
  /** Undefined while its request is under way. */
  readonly settled?: { readonly result: unknown };
}

export interface MemoryCoordinationOptions {
  /** A key and its result take less than a KB; by default a day of one a second fits. */
  readonly maxKeys?: number;
  /** Milliseconds on a clock that never goes back; performance.now() by default. */
  readonly now?: () => number;
}

/**
 * Within this process: another replica, or this one after a restart, knows nothing of it. When it is full it refuses new
 * keys, as a key that was forgotten before its time could create twice.
 */
export function createMemoryCoordination({
  maxKeys = 100_000,
  now = () => performance.now(),
}: MemoryCoordinationOptions = {}): Coordination {
  /** Those that are forgotten first come first, as all are remembered equally long. */
  const keys = new Map<string, KeyRecord>();
  const owners = new LRUCache<string, string>({ max: maxKeys, ttl: RESULT_SECONDS * 1000, perf: { now } });
  /** When the last name ends that had to make room for another. */
  let ownersKnownFromMs = Number.NEGATIVE_INFINITY;
  const tails = new Map<string, Promise<void>>();

  function remember(key: string, record: Omit<KeyRecord, 'forgottenAtMs'>): void {
    keys.delete(key);
    keys.set(key, { ...record, forgottenAtMs: now() + RESULT_SECONDS * 1000 });
  }

  function forgetExpired(): void {
    for (const [key, { forgottenAtMs }] of keys) {
      if (forgottenAtMs > now()) return;
      keys.delete(key);
    }
  }

  return {
    async claim(key, fingerprint): Promise<KeyState> {
      forgetExpired();
      const known = keys.get(key);
      if (known) {
        if (known.fingerprint !== fingerprint) return { state: 'OTHER_INPUT' };
        return known.settled ? { state: 'SETTLED', result: known.settled.result } : { state: 'IN_PROGRESS' };
      }
      if (keys.size >= maxKeys) {
        throw new CoordinationUnavailable('too many idempotency keys are remembered already; nothing was sent');
      }
      remember(key, { fingerprint });
      const claim: Claim = {
        async settle(result) {
          remember(key, { fingerprint, settled: { result } });
          return true;
        },
        async release() {
          keys.delete(key);
        },
      };
      return { state: 'NEW', claim };
    },

    async amend(key, fingerprint, result) {
      if (keys.get(key)?.fingerprint !== fingerprint) return false;
      remember(key, { fingerprint, settled: { result } });
      return true;
    },

    async exclusively(name, _leaseMs, deadlineMs, work) {
      const before = tails.get(name);
      let end = () => {};
      let keptMs = 0;
      const mine = new Promise<void>((resolve) => {
        end = resolve;
      });
      const tail = Promise.all([before, mine]).then(() => {});
      tails.set(name, tail);
      try {
        if (before && !(await isOverBefore(before, deadlineMs))) {
          throw new RecordBusy('the record is being changed by others; nothing was sent');
        }
        return await work({
          async keep(forMs) {
            keptMs = forMs;
          },
        });
      } finally {
        // It must not keep the process alive: whoever comes after this one knows nothing of the lock.
        if (keptMs > 0) setTimeout(end, keptMs).unref();
        else end();
        void tail.then(() => {
          if (tails.get(name) === tail) tails.delete(name);
        });
      }
    },

    async own(name, owner) {
      const known = owners.get(name);
      if (known !== undefined) return known === owner;
      const isForgotten = now() < ownersKnownFromMs;
      if (owners.size >= maxKeys) ownersKnownFromMs = now() + RESULT_SECONDS * 1000;
      owners.set(name, owner);
      return !isForgotten;
    },

    async close() {
      keys.clear();
    },
  };
}

async function isOverBefore(before: Promise<void>, deadlineMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, deadlineMs - performance.now()));
  });
  const isOver = await Promise.race([before.then(() => true as const), timeUp]);
  clearTimeout(timer);
  return isOver;
}
