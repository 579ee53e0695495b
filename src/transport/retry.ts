import { ExponentialBackoff, fullJitterGenerator } from 'cockatiel';
import type { VendorError } from '../errors.ts';

export interface RetryOptions {
  /** Attempts in all, the first included. Default 3. */
  readonly attempts: number;
  /** The longest pause before the second attempt; it doubles with each further one. Default 100. */
  readonly initialDelayMs: number;
  /** Default 2,000. */
  readonly maxDelayMs: number;
}

const DEFAULTS: RetryOptions = { attempts: 3, initialDelayMs: 100, maxDelayMs: 2_000 };

/**
 * When a repeatable call is tried again: exponential backoff with full jitter, or what the vendor asked for where that is longer.
 * Not cockatiel's retry policy: its pause can't be cut short, and knows neither deadline nor Retry-After.
 */
export class Retry {
  readonly #attempts: number;
  readonly #backoff: ExponentialBackoff<number>;

  constructor(options: Partial<RetryOptions> = {}) {
    const { attempts, initialDelayMs, maxDelayMs } = { ...DEFAULTS, ...options };
    this.#attempts = attempts;
    this.#backoff = new ExponentialBackoff({
      generator: fullJitterGenerator,
      initialDelay: initialDelayMs,
      maxDelay: maxDelayMs,
    });
  }

  /**
   * How long to pause after this attempt, no shorter than the vendor asked for; undefined where there is to be no other, or no
   * time is left for it.
   */
  pauseMs(error: VendorError, attempt: number, askedMs: number, remainingMs: number): number | undefined {
    if (!error.retryable || attempt >= this.#attempts) return undefined;
    let backoff = this.#backoff.next();
    for (let step = 1; step < attempt; step++) backoff = backoff.next(undefined);
    const pauseMs = Math.max(backoff.duration, askedMs);
    return pauseMs < remainingMs ? pauseMs : undefined;
  }
}
