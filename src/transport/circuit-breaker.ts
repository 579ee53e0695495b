import { type CallCounts, CallWindow } from './call-window.ts';
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

export const CIRCUIT_DEFAULTS: CircuitBreakerOptions = {
  failureRatio: 0.5,
  minimumCalls: 20,
  windowMs: 10_000,
  openMs: 5_000,
};

export type Admission = 'CALL' | 'TRIAL';

/**
 * What a whole call says, however many attempts it took. `UNREACHABLE` is a failure to connect, which has nothing to do with
 * what was to be asked; `UNKNOWN` where the call says nothing of the vendor, e.g. because its caller left.
 */
export type Verdict = 'SUCCESS' | 'FAILURE' | 'UNREACHABLE' | 'UNKNOWN';

/**
 * Stops asking for what isn't answered, and tries one call after a while.
 *
 * Not cockatiel's policy: callers wait behind the trial there, beyond their deadline, and an outcome is success or failure, so
 * that callers who leave would close the circuit again.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  readonly #window: CallWindow;
  /** Undefined while closed. */
  #openedAtMs: number | undefined;
  #trialIsUnderWay = false;

  constructor(options: Partial<CircuitBreakerOptions> = {}) {
    this.#options = { ...CIRCUIT_DEFAULTS, ...options };
    this.#window = new CallWindow(this.#options.windowMs);
  }

  get health(): Health {
    if (this.#openedAtMs === undefined) return 'UP';
    return performance.now() - this.#openedAtMs < this.#options.openMs ? 'DOWN' : 'DEGRADED';
  }

  get isRefusing(): boolean {
    return this.#openedAtMs !== undefined && (this.#trialIsUnderWay || this.health === 'DOWN');
  }

  get recent(): CallCounts {
    return this.#window.counts();
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
    else if (this.#openedAtMs === undefined && verdict !== 'UNKNOWN') this.#recordCall(verdict !== 'SUCCESS');
  }

  open(): void {
    this.#openedAtMs = performance.now();
  }

  /** Counts anew. */
  close(): void {
    this.#openedAtMs = undefined;
    this.#window.clear();
  }

  #recordTrial(verdict: Verdict): void {
    this.#trialIsUnderWay = false;
    if (verdict === 'SUCCESS') this.close();
    else if (verdict !== 'UNKNOWN') this.open();
  }

  #recordCall(isFailure: boolean): void {
    this.#window.record(isFailure);
    if (isFailure && isFailing(this.#window.counts(), this.#options)) this.open();
  }
}

/** Have enough calls ended, and most of them badly? */
export function isFailing({ calls, failures }: CallCounts, options: CircuitBreakerOptions): boolean {
  return calls >= options.minimumCalls && failures / calls > options.failureRatio;
}
