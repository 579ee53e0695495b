import type { Cancellation } from './cancellation.ts';

export type Entry = 'ENTERED' | 'QUEUE_FULL' | 'WAITED_TOO_LONG' | 'CALLER_LEFT';

/**
 * Without its function once it has left the queue. V8 keeps what a Set has outgrown until the next full collection, and with
 * it all that was held there: whole requests must not be.
 */
interface Waiter {
  enter: (() => void) | undefined;
}

/**
 * How many calls an account has under way at once; the others wait in the order they came.
 * Not cockatiel's bulkhead: there a waiting call can't leave before its turn.
 */
export class ConcurrencyLimit {
  #free: number;
  readonly #queueLimit: number;
  readonly #queue = new Set<Waiter>();

  constructor(concurrency: number, queueLimit: number) {
    this.#free = concurrency;
    this.#queueLimit = queueLimit;
  }

  /** A place is only ever free while nobody waits. */
  tryEnter(): boolean {
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  /** Who entered must leave. */
  enter(cancellation: Cancellation, limitMs: number): Promise<Entry> {
    if (this.tryEnter()) return Promise.resolve('ENTERED');
    if (this.#queue.size >= this.#queueLimit) return Promise.resolve('QUEUE_FULL');
    return new Promise((resolve) => {
      const waiter: Waiter = {
        enter: () => {
          cancellation.endStage();
          resolve('ENTERED');
        },
      };
      this.#queue.add(waiter);
      cancellation.startStage(limitMs, (callerHasLeft) => {
        this.#take(waiter);
        resolve(callerHasLeft ? 'CALLER_LEFT' : 'WAITED_TOO_LONG');
      });
    });
  }

  leave(): void {
    // Mostly nobody waits.
    const [next] = this.#queue.size === 0 ? [] : this.#queue;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#take(next)?.();
  }

  #take(waiter: Waiter): (() => void) | undefined {
    const { enter } = waiter;
    this.#queue.delete(waiter);
    waiter.enter = undefined;
    return enter;
  }
}
