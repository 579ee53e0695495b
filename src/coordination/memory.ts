import { LRUCache } from 'lru-cache';
import { type Claim, type Coordination, type KeyState, RESULT_SECONDS, RecordBusy } from './coordination.ts';

type KeyRecord =
  | { readonly fingerprint: string; readonly isSettled: false }
  | { readonly fingerprint: string; readonly isSettled: true; readonly result: unknown };

/** A key and its result take a few KB; a day of one a second fits. */
const MAX_KEYS = 100_000;

/** Within this process: another replica, or this one after a restart, knows nothing of it. */
export function createMemoryCoordination(): Coordination {
  const keys = new LRUCache<string, KeyRecord>({ max: MAX_KEYS, ttl: RESULT_SECONDS * 1000 });
  const tails = new Map<string, Promise<void>>();

  return {
    async claim(key, fingerprint): Promise<KeyState> {
      const known = keys.get(key);
      if (known) {
        if (known.fingerprint !== fingerprint) return { state: 'OTHER_INPUT' };
        return known.isSettled ? { state: 'SETTLED', result: known.result } : { state: 'IN_PROGRESS' };
      }
      keys.set(key, { fingerprint, isSettled: false });
      const claim: Claim = {
        async settle(result) {
          keys.set(key, { fingerprint, isSettled: true, result });
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
      keys.set(key, { fingerprint, isSettled: true, result });
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
