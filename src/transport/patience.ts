export interface PatienceOptions {
  /** How long a vendor is left alone that refuses calls as too many and doesn't say for how long. Default 1,000. */
  readonly firstGuessMs: number;
  /** That doubles with each further refusal, up to this. Default 4,000. */
  readonly lastGuessMs: number;
  /** A vendor that asks for more is asked again after this all the same. Default 60,000. */
  readonly maxMs: number;
}

const DEFAULTS: PatienceOptions = { firstGuessMs: 1_000, lastGuessMs: 4_000, maxMs: 60_000 };

/** What replicas tell one another of one vendor account. Neither throws; without it each process learns by itself. */
export interface SharedPatience {
  tell(holdMs: number): void;
  /** Called whenever the account is to be left alone, from now on for so long. Returns what ends that. */
  listen(learn: (holdMs: number) => void): () => void;
}

/** A hold that grows by less isn't told again: the answers of calls that were under way at once differ by that. */
const WORTH_TELLING_MS = 250;

/** How long an account's vendor has asked to be left alone, by whatever request of whatever replica. */
export class Patience {
  readonly #options: PatienceOptions;
  readonly #shared: SharedPatience | undefined;
  readonly #stopListening: (() => void) | undefined;
  #sinceMs = 0;
  #untilMs = 0;
  /** Until then the others wait for the answer to the call that went first. */
  #turnUntilMs = 0;
  /** 0 once the vendor has answered. */
  #guessMs = 0;

  constructor(options: Partial<PatienceOptions> = {}, shared?: SharedPatience) {
    this.#options = { ...DEFAULTS, ...options };
    this.#shared = shared;
    this.#stopListening = shared?.listen((holdMs) => this.#hold(holdMs));
  }

  /** 0 when it may be asked. */
  get remainingMs(): number {
    return this.#untilMs === 0 ? 0 : Math.max(0, Math.max(this.#untilMs, this.#turnUntilMs) - performance.now());
  }

  /**
   * Whether a call may be sent now. When a guess is over nobody knows that it was long enough: one call goes, and the others
   * after its answer, or one of them when there is none for as long as the first guess.
   */
  takeTurn(): boolean {
    if (this.remainingMs > 0) return false;
    if (this.#guessMs > 0) this.#turnUntilMs = performance.now() + this.#options.firstGuessMs;
    return true;
  }

  /** The vendor asked for it, in answer to a call sent then. Undefined where it did not say for how long. */
  asked(retryAfterMs: number | undefined, sentAtMs: number): void {
    const before = this.#untilMs;
    if (retryAfterMs !== undefined) this.#hold(retryAfterMs);
    // Calls that were under way at once are refused at once, and that is one refusal.
    else if (sentAtMs >= this.#sinceMs) this.#hold(this.#nextGuessMs());
    if (this.#untilMs > before + WORTH_TELLING_MS) this.#shared?.tell(Math.ceil(this.remainingMs));
  }

  /** A call sent then had another answer. True where others waited for it. */
  answered(sentAtMs: number): boolean {
    if (this.#guessMs === 0 || sentAtMs < this.#sinceMs) return false;
    this.#guessMs = 0;
    this.#turnUntilMs = 0;
    return true;
  }

  stop(): void {
    this.#stopListening?.();
  }

  #hold(askedMs: number): void {
    if (askedMs <= 0) return;
    const nowMs = performance.now();
    this.#sinceMs = nowMs;
    this.#turnUntilMs = 0;
    this.#untilMs = Math.max(this.#untilMs, nowMs + Math.min(askedMs, this.#options.maxMs));
  }

  #nextGuessMs(): number {
    const { firstGuessMs, lastGuessMs } = this.#options;
    this.#guessMs = this.#guessMs === 0 ? firstGuessMs : Math.min(2 * this.#guessMs, lastGuessMs);
    return this.#guessMs;
  }
}
