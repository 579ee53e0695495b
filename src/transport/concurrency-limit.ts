import type { Cancellation } from './cancellation.ts';
import { type Waiting, WaitingLine } from './waiting-line.ts';

export type Entry = 'ENTERED' | 'QUEUE_FULL' | 'WAITED_TOO_LONG' | 'CALLER_LEFT';

type Enter = () => void;

/** One requester's calls that wait, in the order they came. */
interface Turn {
  readonly requester: object;
  readonly calls: WaitingLine<Enter>;
}

/**
 * How many calls an account has under way at once. Of the others each requester has a line of its own, and a place that gets
 * free goes to the next requester in turn: who asks for one record waits for no more than one call of each of the others, not
 * for the thousands that one of them asked for.
 * Not cockatiel's bulkhead: there a waiting call can't leave before its turn, and all stand in one line.
 */
export class ConcurrencyLimit {
  #free: number;
  #waiting = 0;
  readonly #queueLimit: number;
  readonly #turns = new WaitingLine<Turn>();
  readonly #turnOf = new Map<object, Waiting<Turn>>();

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
  enter(requester: object, cancellation: Cancellation, limitMs: number): Promise<Entry> {
    if (this.tryEnter()) return Promise.resolve('ENTERED');
    if (this.#isFullFor(requester)) return Promise.resolve('QUEUE_FULL');
    return new Promise((resolve) => {
      const { calls } = this.#joinTurn(requester);
      const waiting = calls.join(() => {
        cancellation.endStage();
        resolve('ENTERED');
      });
      this.#waiting += 1;
      cancellation.startStage(limitMs, (callerHasLeft) => {
        this.#take(requester, waiting);
        resolve(callerHasLeft ? 'CALLER_LEFT' : 'WAITED_TOO_LONG');
      });
    });
  }

  leave(): void {
    // Mostly nobody waits.
    const turn = this.#turns.first?.value;
    const next = turn?.calls.first;
    if (turn === undefined || next === undefined) {
      this.#free += 1;
      return;
    }
    const enter = this.#take(turn.requester, next);
    this.#toTheEnd(turn.requester);
    enter?.();
  }

  /** When too many wait, only those are let in who have less than an equal share: nobody can fill the line for others. */
  #isFullFor(requester: object): boolean {
    if (this.#waiting < this.#queueLimit) return false;
    const own = this.#turnOf.get(requester)?.value?.calls.size ?? 0;
    const requesters = this.#turns.size + (own === 0 ? 1 : 0);
    return own >= Math.floor(this.#queueLimit / requesters);
  }

  #joinTurn(requester: object): Turn {
    const known = this.#turnOf.get(requester)?.value;
    if (known !== undefined) return known;
    const turn: Turn = { requester, calls: new WaitingLine() };
    this.#turnOf.set(requester, this.#turns.join(turn));
    return turn;
  }

  #take(requester: object, waiting: Waiting<Enter>): Enter | undefined {
    const place = this.#turnOf.get(requester);
    const calls = place?.value?.calls;
    const enter = calls?.leave(waiting);
    if (place === undefined || calls === undefined || enter === undefined) return undefined;
    this.#waiting -= 1;
    if (calls.size === 0) {
      this.#turns.leave(place);
      this.#turnOf.delete(requester);
    }
    return enter;
  }

  #toTheEnd(requester: object): void {
    const place = this.#turnOf.get(requester);
    const turn = place && this.#turns.leave(place);
    if (turn !== undefined) this.#turnOf.set(requester, this.#turns.join(turn));
  }
}
