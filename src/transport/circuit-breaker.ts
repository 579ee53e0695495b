import { CircuitState, SamplingBreaker } from 'cockatiel';
import type { Health } from './transport.ts';

export interface CircuitBreakerOptions {
  /** Share of failed calls above which it opens, between 0 and 1, both excluded. Default 0.5. */
  readonly failureRatio: number;
  /** Calls within the window below which it never opens. Default 20. */
  readonly minimumCalls: number;
  /** Default 10,000. */
  readonly windowMs: number;
  /** How long it refuses every call before it lets one through as a trial. Default 5,000. */
  readonly openMs: number;
}

const DEFAULTS: CircuitBreakerOptions = { failureRatio: 0.5, minimumCalls: 20, windowMs: 10_000, openMs: 5_000 };

export type Admission = 'CALL' | 'TRIAL';

/** `UNKNOWN` where the call says nothing of the vendor, e.g. because its caller left. */
export type Verdict = 'SUCCESS' | 'FAILURE' | 'UNKNOWN';

/**
 * Stops asking a vendor that doesn't answer, and tries one call after a while.
 *
 * The counting is cockatiel's. Its policy around it isn't used: callers wait behind the trial there, beyond their deadline,
 * and an outcome is success or failure, so that callers who leave would close the circuit again.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #calls: SamplingBreaker;
  #lastRecordMs = 0;
  /** Undefined while closed. */
  #openedAtMs: number | undefined;
  #trialIsUnderWay = false;

  constructor(options: Partial<CircuitBreakerOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
    this.#calls = this.#newWindow();
  }

  get health(): Health {
    if (this.#openedAtMs === undefined) return 'UP';
    return performance.now() - this.#openedAtMs < this.#options.openMs ? 'DOWN' : 'DEGRADED';
  }

  get isRefusing(): boolean {
    return this.#openedAtMs !== undefined && (this.#trialIsUnderWay || this.health === 'DOWN');
  }

  /** Undefined when refused; otherwise `record` must follow. */
  admit(): Admission | undefined {
    if (this.#openedAtMs === undefined) return 'CALL';
    if (this.isRefusing) return undefined;
    this.#trialIsUnderWay = true;
    return 'TRIAL';
  }

  record(admission: Admission, verdict: Verdict): void {
    if (admission === 'TRIAL') this.#recordTrial(verdict);
    // A call from before the circuit opened says nothing new.
    else if (this.#openedAtMs === undefined && verdict !== 'UNKNOWN') this.#recordCall(verdict);
  }

  #recordTrial(verdict: Verdict): void {
    this.#trialIsUnderWay = false;
    if (verdict === 'FAILURE') this.#openedAtMs = performance.now();
    if (verdict !== 'SUCCESS') return;
    this.#openedAtMs = undefined;
    this.#calls = this.#newWindow();
  }

  #recordCall(verdict: 'SUCCESS' | 'FAILURE'): void {
    const nowMs = performance.now();
    // SamplingBreaker forgets one step of its window a call, so a quiet hour would leave old failures in it.
    if (nowMs - this.#lastRecordMs > this.#options.windowMs) this.#calls = this.#newWindow();
    this.#lastRecordMs = nowMs;
    if (verdict === 'SUCCESS') this.#calls.success(CircuitState.Closed);
    else if (this.#calls.failure(CircuitState.Closed)) this.#openedAtMs = nowMs;
  }

  #newWindow(): SamplingBreaker {
    const { failureRatio, minimumCalls, windowMs } = this.#options;
    return new SamplingBreaker({
      threshold: failureRatio,
      duration: windowMs,
      // It multiplies this by the window again; half a call absorbs the rounding.
      minimumRps: (minimumCalls - 0.5) / (windowMs / 1000),
    });
  }
}
