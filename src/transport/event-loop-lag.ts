const TICK_MS = 50;
/** Timers are a little late at the best of times. */
const TOLERANCE_MS = 20;

/** How long this process has kept its event loop from turning: meanwhile it reads no answer and writes no request. */
export class EventLoopLag {
  #lastTickMs = performance.now();
  #totalMs = 0;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => {
      this.#totalMs = this.totalMs;
      this.#lastTickMs = performance.now();
    }, TICK_MS).unref();
  }

  /** Since it was created; what the loop is late at this moment included. */
  get totalMs(): number {
    const lateMs = performance.now() - this.#lastTickMs - TICK_MS;
    return lateMs > TOLERANCE_MS ? this.#totalMs + lateMs : this.#totalMs;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
