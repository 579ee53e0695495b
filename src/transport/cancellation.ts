import { VendorTimeout } from '../errors.ts';
import { listen, unlisten } from './leaving.ts';
import type { CallContext } from './transport.ts';

/** setTimeout's largest delay: a longer one fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Told once, when the stage's time is up or its caller has left. */
export type Cut = (callerHasLeft: boolean) => void;

/**
 * When one call must end without its answer. A call is in one stage at a time (queueing, on the wire, pausing before another
 * attempt), so one listener and one timer serve all of them, and nothing is left on a signal that many calls share.
 */
export class Cancellation {
  readonly #context: CallContext | undefined;
  readonly #onAbort = (): void => this.#cut(true);
  #stage: Cut | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastLook: NodeJS.Immediate | undefined;
  /** A timer may fire a moment before its time by performance.now(); what it ended stays ended. */
  #deadlineIsOver = false;

  /** Without a context nothing but a stage's own limit ends the call: a write outlasts its caller. */
  constructor(context: CallContext | undefined) {
    this.#context = context;
    if (context !== undefined) listen(context.signal, this.#onAbort);
  }

  get callerHasLeft(): boolean {
    return this.#context?.signal.aborted ?? false;
  }

  /** Infinity where there is no deadline; 0 or less once it is over. */
  get remainingMs(): number {
    if (this.#deadlineIsOver) return 0;
    return this.#context === undefined ? Number.POSITIVE_INFINITY : this.#context.deadlineMs - performance.now();
  }

  startStage(limitMs: number, cut: Cut): void {
    this.#stage = cut;
    if (this.callerHasLeft) {
      this.#cut(true);
      return;
    }
    const lastsToDeadline = limitMs >= this.remainingMs;
    this.#timer = setTimeout(
      () => {
        // When this process was busy, the answer may lie in the socket already: it is read before the next setImmediate.
        this.#lastLook = setImmediate(() => {
          this.#deadlineIsOver = lastsToDeadline;
          this.#cut(false);
        });
      },
      // Whole, as Node.js keeps a list of timers for each length.
      Math.min(Math.ceil(limitMs), MAX_TIMER_MS),
    );
  }

  endStage(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#lastLook);
    this.#stage = undefined;
  }

  /** Ends early only when the caller leaves. */
  pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => this.startStage(durationMs, () => resolve()));
  }

  /** What a call that was cut short because its caller left is rejected with. */
  reason(account: string, mayHaveArrived: boolean): unknown {
    if (this.remainingMs > 0) return this.#context?.signal.reason;
    return new VendorTimeout(account, 'no answer before the deadline', { mayHaveArrived });
  }

  dispose(): void {
    this.endStage();
    if (this.#context !== undefined) unlisten(this.#context.signal, this.#onAbort);
  }

  #cut(callerHasLeft: boolean): void {
    const stage = this.#stage;
    this.endStage();
    stage?.(callerHasLeft);
  }
}
