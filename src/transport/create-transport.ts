import { type Dispatcher, Pool } from 'undici';
import { MalformedAnswer, VendorError, VendorTimeout, VendorUnavailable } from '../errors.ts';
import type { Account } from '../model/account.ts';
import { ACCEPT_ENCODING } from './answer-text.ts';
import { Cancellation } from './cancellation.ts';
import { CircuitBreaker, type CircuitBreakerOptions, type Verdict } from './circuit-breaker.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import { exchange, type Outcome } from './exchange.ts';
import { Retry, type RetryOptions } from './retry.ts';
import { connectSkippingContinue } from './skip-continue.ts';
import type { Attempt, CallContext, Health, Transport, TransportRequest, TransportResponse } from './transport.ts';

export interface TransportOptions {
  /**
   * The dialect's reading of what went wrong, asked of every answer, HTTP 200 included. Undefined where nothing did.
   * `statusFailure` reads what the status alone says.
   */
  readonly readFailure: (response: TransportResponse, request: TransportRequest) => VendorError | undefined;
  /** Told of each attempt on the wire when it has ended. What it throws is dropped. */
  readonly onAttempt?: (attempt: Attempt) => void;
  /** Of SAFE and IDEMPOTENT operations; the others are never repeated. */
  readonly retry?: Partial<RetryOptions>;
  readonly breaker?: Partial<CircuitBreakerOptions>;
  /** Calls that may wait for one of the account's places. Default 10,000. */
  readonly queueLimit?: number;
}

export function createTransport(account: Account, options: TransportOptions): Transport {
  return new UndiciTransport(account, options);
}

/** How a call went that may not have come as far as the wire. */
type CallOutcome = Outcome | { readonly kind: 'REFUSED'; readonly error: VendorError };

class UndiciTransport implements Transport {
  readonly #account: Account;
  readonly #options: TransportOptions;
  readonly #pool: Pool;
  readonly #singleUsePool: Pool;
  readonly #pathPrefix: string;
  /** undici's flat form: name, value, name, value. */
  readonly #headers: string[];
  readonly #limit: ConcurrencyLimit;
  readonly #breaker: CircuitBreaker;
  readonly #retry: Retry;
  #underWay = 0;
  #closed: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(account: Account, options: TransportOptions) {
    const url = readBaseUrl(account);
    this.#account = account;
    this.#options = options;
    this.#pathPrefix = url.pathname.replace(/\/$/, '');
    const { username, password } = account.credentials;
    this.#headers = [
      'authorization',
      `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      'accept-encoding',
      ACCEPT_ENCODING,
    ];
    // One request a connection at a time: a pipelined one would be written again when the one ahead of it fails.
    this.#pool = new Pool(url.origin, { ...poolOptions(account), pipelining: 1 });
    // A write gets a connection of its own (pipelining 0 is undici's "no keep-alive"). The vendor may close an idle connection
    // just as a request is written to it; nobody can tell then whether it arrived. A read is sent again, a write never is,
    // so it would fail, its outcome unknown, though the vendor is well. That is worth a write's handshake.
    this.#singleUsePool = new Pool(url.origin, { ...poolOptions(account), pipelining: 0 });
    this.#limit = new ConcurrencyLimit(account.concurrency, options.queueLimit ?? 10_000);
    this.#breaker = new CircuitBreaker(options.breaker);
    this.#retry = new Retry(options.retry);
  }

  async send(request: TransportRequest, context: CallContext): Promise<TransportResponse> {
    if (this.#closed !== undefined) throw this.#unavailable('the connection to it is closed: this process is stopping');
    const cancellation = new Cancellation(isRepeatable(request) ? context : undefined);
    this.#underWay += 1;
    let earlier: VendorError | undefined;
    try {
      for (let attempt = 1; ; attempt++) {
        const outcome = await this.#call(request, attempt, cancellation);
        const pauseMs = this.#pauseMs(request, outcome, attempt, cancellation);
        if (outcome.kind !== 'FAILED' || pauseMs === undefined) {
          // Though the last attempt can't have arrived, an earlier one may have.
          return this.#read(outcome, cancellation, request.operationClass === 'IDEMPOTENT' ? earlier : undefined);
        }
        if (outcome.error.mayHaveArrived) earlier = outcome.error;
        await cancellation.pause(pauseMs);
      }
    } finally {
      cancellation.dispose();
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#onIdle?.();
    }
  }

  health(): Health {
    return this.#breaker.health;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    // Not close(): what undici still holds are connections that nobody waits for.
    await Promise.all([this.#pool.destroy(), this.#singleUsePool.destroy()]);
  }

  /** Undefined where there is to be no other attempt. */
  #pauseMs(
    request: TransportRequest,
    outcome: CallOutcome,
    attempt: number,
    cancellation: Cancellation,
  ): number | undefined {
    if (outcome.kind !== 'FAILED' || !isRepeatable(request)) return undefined;
    return this.#retry.pauseMs(outcome.error, attempt, cancellation.remainingMs);
  }

  #read(outcome: CallOutcome, cancellation: Cancellation, mayBeDone?: VendorError): TransportResponse {
    if (outcome.kind === 'ANSWERED') return outcome.response;
    if (outcome.kind === 'ABANDONED') {
      throw cancellation.reason(this.#account.name, outcome.sent || mayBeDone !== undefined);
    }
    const { error } = outcome;
    throw error.retryable && !error.mayHaveArrived && mayBeDone !== undefined ? mayBeDone : error;
  }

  /** At most one attempt on the wire, in one of the account's places. */
  async #call(request: TransportRequest, attempt: number, cancellation: Cancellation): Promise<CallOutcome> {
    if (cancellation.callerHasLeft) return { kind: 'ABANDONED', sent: false, status: undefined };
    if (cancellation.remainingMs <= 0) return this.#tooLate();
    if (this.#breaker.isRefusing) return this.#circuitIsOpen();
    // Mostly there is a place.
    const refusal = this.#limit.tryEnter() ? undefined : await this.#queue(request, cancellation);
    if (refusal !== undefined) return refusal;
    const admission = this.#breaker.admit();
    if (admission === undefined) {
      this.#limit.leave();
      return this.#circuitIsOpen();
    }
    const { name, maxResponseBytes, timeoutMs } = this.#account;
    const startedMs = performance.now();
    const limitMs = Math.max(0, Math.min(timeoutMs, cancellation.remainingMs));
    let verdict: Verdict = 'UNKNOWN';
    try {
      const outcome = this.#judge(
        await exchange(
          isRepeatable(request) ? this.#pool : this.#singleUsePool,
          this.#dispatchOptions(request),
          { account: name, maxResponseBytes, limitMs },
          cancellation,
        ),
        request,
      );
      verdict = readVerdict(outcome, limitMs, timeoutMs);
      this.#tell(request, attempt, outcome, performance.now() - startedMs);
      return outcome;
    } finally {
      this.#breaker.record(admission, verdict);
      this.#limit.leave();
    }
  }

  /** Undefined once there is a place. */
  async #queue(request: TransportRequest, cancellation: Cancellation): Promise<CallOutcome | undefined> {
    const { concurrency, timeoutMs } = this.#account;
    const limitMs = isRepeatable(request) ? cancellation.remainingMs : timeoutMs;
    switch (await this.#limit.enter(cancellation, limitMs)) {
      case 'ENTERED':
        return undefined;
      case 'CALLER_LEFT':
        return { kind: 'ABANDONED', sent: false, status: undefined };
      case 'WAITED_TOO_LONG':
        return this.#tooLate();
      case 'QUEUE_FULL':
        return refused(this.#unavailable(`${concurrency} calls are under way and too many wait already`));
    }
  }

  #dispatchOptions(request: TransportRequest): Dispatcher.DispatchOptions {
    const { method, path, headers = {}, body } = request;
    const flat = [...this.#headers];
    for (const name in headers) flat.push(name, headers[name] as string);
    return { method, path: this.#pathPrefix + path, headers: flat, body: body ?? null };
  }

  /** An answer may be the vendor's way of saying no. */
  #judge(outcome: Outcome, request: TransportRequest): Outcome {
    if (outcome.kind !== 'ANSWERED') return outcome;
    const { status } = outcome.response;
    let error: VendorError | undefined;
    try {
      error = this.#options.readFailure(outcome.response, request);
    } catch (thrown) {
      // A parser's error may quote the body, so it isn't handed on.
      error =
        thrown instanceof VendorError
          ? thrown
          : new MalformedAnswer(
              this.#account.name,
              `the answer (HTTP ${status}) to ${request.operation} can't be read`,
            );
    }
    return error === undefined ? outcome : { kind: 'FAILED', error, status };
  }

  #tell(request: TransportRequest, attempt: number, outcome: Outcome, durationMs: number): void {
    const { onAttempt } = this.#options;
    if (onAttempt === undefined) return;
    const { operation, operationClass } = request;
    try {
      onAttempt({
        account: this.#account.name,
        operation,
        operationClass,
        attempt,
        durationMs,
        status: outcome.kind === 'ANSWERED' ? outcome.response.status : outcome.status,
        error: outcome.kind === 'FAILED' ? outcome.error : undefined,
        abandoned: outcome.kind === 'ABANDONED',
      });
    } catch {
      // A metric that can't be written doesn't fail the call.
    }
  }

  #circuitIsOpen(): CallOutcome {
    return refused(this.#unavailable('not asked, as too many calls to it failed lately'));
  }

  #tooLate(): CallOutcome {
    return refused(
      new VendorTimeout(this.#account.name, 'not asked before the time was up', { mayHaveArrived: false }),
    );
  }

  #unavailable(message: string): VendorUnavailable {
    return new VendorUnavailable(this.#account.name, message, { mayHaveArrived: false });
  }
}

/** By what the operation does, whatever its HTTP verb. */
function isRepeatable({ operationClass }: TransportRequest): boolean {
  return operationClass === 'SAFE' || operationClass === 'IDEMPOTENT';
}

function refused(error: VendorError): CallOutcome {
  return { kind: 'REFUSED', error };
}

/**
 * What an attempt says of the vendor's availability. Refusals, rate limits and answers that can't be read come from a vendor
 * that is there; a timeout says nothing where the caller's deadline left the vendor less than half of its time.
 */
function readVerdict(outcome: Outcome, limitMs: number, timeoutMs: number): Verdict {
  if (outcome.kind === 'ABANDONED') return 'UNKNOWN';
  if (outcome.kind === 'ANSWERED') return 'SUCCESS';
  const { error } = outcome;
  if (error instanceof VendorTimeout) return limitMs < timeoutMs / 2 ? 'UNKNOWN' : 'FAILURE';
  return error instanceof VendorUnavailable && error.retryable ? 'FAILURE' : 'SUCCESS';
}

function readBaseUrl(account: Account): URL {
  // Parsed here first, as the error of Node's own would quote the URL.
  const url = URL.canParse(account.url) ? new URL(account.url) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new Error(`${account.name}: expected an http or https base URL; got something else`);
}

function poolOptions(account: Account): Pool.Options {
  return {
    connections: account.concurrency,
    // Explicit, so that no environment variable turns the certificate check off.
    connect: connectSkippingContinue({ timeout: account.timeoutMs, rejectUnauthorized: true, allowH2: false }),
    allowH2: false,
    maxResponseSize: account.maxResponseBytes,
    // Each attempt has one timer of its own, over everything; these two would bound each silence only.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}
