export interface CallCounts {
  readonly calls: number;
  readonly failures: number;
}

interface Slice {
  /** Counted from the clock's beginning. */
  number: number;
  calls: number;
  failures: number;
}

/** In how many steps the window moves on. */
const SLICES = 10;

/** How many calls ended within the last while, and how many of them failed. */
export class CallWindow {
  readonly #sliceMs: number;
  readonly #slices = Array.from({ length: SLICES }, (): Slice => ({ number: -1, calls: 0, failures: 0 }));

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / SLICES;
  }

  record(isFailure: boolean): void {
    const number = this.#now();
    const slice = this.#slices[number % SLICES] as Slice;
    if (slice.number !== number) Object.assign(slice, { number, calls: 0, failures: 0 });
    slice.calls += 1;
    if (isFailure) slice.failures += 1;
  }

  counts(): CallCounts {
    const oldest = this.#now() - SLICES + 1;
    let calls = 0;
    let failures = 0;
    for (const slice of this.#slices) {
      if (slice.number < oldest) continue;
      calls += slice.calls;
      failures += slice.failures;
    }
    return { calls, failures };
  }

  clear(): void {
    for (const slice of this.#slices) slice.number = -1;
  }

  #now(): number {
    return Math.floor(performance.now() / this.#sliceMs);
  }
}
