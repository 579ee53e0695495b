import { type Dispatcher, Pool } from 'undici';
import { MalformedAnswer, VendorError, VendorRateLimited, VendorTimeout, VendorUnavailable } from '../errors.ts';
import type { Account } from '../model/account.ts';
import { AccountCircuits } from './account-circuits.ts';
import { ACCEPT_ENCODING } from './answer-text.ts';
import { Cancellation } from './cancellation.ts';
import type { Admission, CircuitBreakerOptions, Verdict } from './circuit-breaker.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import { EventLoopLag } from './event-loop-lag.ts';
import { exchange, type Outcome } from './exchange.ts';
import { Patience, type PatienceOptions, type SharedPatience } from './patience.ts';
import { Retry, type RetryOptions } from './retry.ts';
import { connectSkippingContinue } from './skip-continue.ts';
import type { Attempt, CallContext, Health, Transport, TransportRequest, TransportResponse } from './transport.ts';
import { WaitingLine } from './waiting-line.ts';

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
  readonly patience?: Partial<PatienceOptions>;
  /** Where replicas tell one another that the vendor asked for patience. */
  readonly sharedPatience?: SharedPatience | undefined;
  /** Calls that may wait; beyond it, those only of requesters who have less than an equal share of it. Default 20,000. */
  readonly queueLimit?: number;
}

export function createTransport(account: Account, options: TransportOptions): Transport {
  return new UndiciTransport(account, options);
}

/** How a call went that may not have come as far as the wire. */
type CallOutcome = Outcome | { readonly kind: 'REFUSED'; readonly error: VendorError };

/** One call of `send`, over all its attempts. */
interface Call {
  readonly request: TransportRequest;
  readonly requester: object;
  readonly cancellation: Cancellation;
  readonly startedMs: number;
  /** 1 for the first. */
  attempt: number;
  /** Undefined until it is about to be on the wire. */
  admission: Admission | undefined;
  /** By its attempts so far. */
  verdict: Verdict;
}

const LEFT_BEFORE_SENDING: CallOutcome = { kind: 'ABANDONED', sent: false, status: undefined };

class UndiciTransport implements Transport {
  readonly #account: Account;
  readonly #options: TransportOptions;
  readonly #pool: Pool;
  readonly #singleUsePool: Pool;
  readonly #pathPrefix: string;
  /** undici's flat form: name, value, name, value. */
  readonly #headers: string[];
  readonly #limit: ConcurrencyLimit;
  readonly #queueLimit: number;
  readonly #circuits: AccountCircuits;
  readonly #patience: Patience;
  readonly #retry: Retry;
  readonly #lag = new EventLoopLag();
  /** Made once, as thousands of calls may be refused at once. */
  readonly #refusals: {
    readonly circuitIsOpen: CallOutcome;
    readonly tooLate: CallOutcome;
    readonly queueFull: CallOutcome;
  };
  /** Calls that wait until the vendor may be asked again. */
  readonly #held = new WaitingLine<() => void>();
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
    this.#queueLimit = options.queueLimit ?? 20_000;
    this.#limit = new ConcurrencyLimit(account.concurrency, this.#queueLimit);
    this.#circuits = new AccountCircuits(options.breaker);
    this.#patience = new Patience(options.patience, options.sharedPatience);
    this.#retry = new Retry(options.retry);
    this.#refusals = {
      circuitIsOpen: refused(this.#unavailable('not asked, as too many calls to it failed lately')),
      tooLate: refused(new VendorTimeout(account.name, 'not asked before the time was up', { mayHaveArrived: false })),
      queueFull: refused(this.#unavailable(`${account.concurrency} calls are under way and too many wait already`)),
    };
  }

  async send(request: TransportRequest, context: CallContext): Promise<TransportResponse> {
    if (this.#closed !== undefined) throw this.#unavailable('the connection to it is closed: this process is stopping');
    const cancellation = new Cancellation(isRepeatable(request) ? context : undefined);
    const call: Call = {
      request,
      requester: context.requester ?? context.signal,
      cancellation,
      startedMs: performance.now(),
      attempt: 1,
      admission: undefined,
      verdict: 'UNKNOWN',
    };
    this.#underWay += 1;
    let last: VendorError | undefined;
    let mayBeDone: VendorError | undefined;
    try {
      for (; ; call.attempt++) {
        const outcome = await this.#attempt(call);
        const pauseMs = this.#pauseMs(call, outcome);
        if (outcome.kind !== 'FAILED' || pauseMs === undefined)
          return this.#read(outcome, cancellation, last, mayBeDone);
        last = outcome.error;
        // Though the last attempt can't have arrived, an earlier one may have.
        if (last.mayHaveArrived && request.operationClass === 'IDEMPOTENT') mayBeDone = last;
        await cancellation.pause(pauseMs);
      }
    } finally {
      if (call.admission !== undefined) this.#circuits.record(request.operation, call.admission, call.verdict);
      cancellation.dispose();
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#onIdle?.();
    }
  }

  health(): Health {
    return this.#circuits.health;
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
    this.#lag.stop();
    this.#patience.stop();
    // Not close(): what undici still holds are connections that nobody waits for.
    await Promise.all([this.#pool.destroy(), this.#singleUsePool.destroy()]);
  }

  /** Undefined where there is to be no other attempt; a trial has but one. */
  #pauseMs({ request, attempt, admission, cancellation }: Call, outcome: CallOutcome): number | undefined {
    if (outcome.kind !== 'FAILED' || !isRepeatable(request) || admission === 'TRIAL') return undefined;
    const askedMs = Math.max(outcome.error.retryAfterMs ?? 0, this.#patience.remainingMs);
    return this.#retry.pauseMs(outcome.error, attempt, askedMs, cancellation.remainingMs);
  }

  /** `last` is how the attempt before ended, and `mayBeDone` the last that may have arrived. */
  #read(
    outcome: CallOutcome,
    cancellation: Cancellation,
    last: VendorError | undefined,
    mayBeDone: VendorError | undefined,
  ): TransportResponse {
    if (outcome.kind === 'ANSWERED') return outcome.response;
    if (outcome.kind === 'ABANDONED') {
      throw cancellation.reason(this.#account.name, outcome.sent || mayBeDone !== undefined);
    }
    // What the vendor said of an attempt says more than that there was no other.
    const error = outcome.kind === 'REFUSED' ? (last ?? outcome.error) : outcome.error;
    throw error.retryable && !error.mayHaveArrived && mayBeDone !== undefined ? mayBeDone : error;
  }

  /** At most one attempt on the wire, in one of the account's places. */
  async #attempt(call: Call): Promise<CallOutcome> {
    const refusal = await this.#enter(call);
    if (refusal !== undefined) return refusal;
    call.admission ??= this.#circuits.admit(call.request.operation);
    if (call.admission === undefined) {
      this.#limit.leave();
      return this.#refusals.circuitIsOpen;
    }
    try {
      return await this.#putOnTheWire(call);
    } finally {
      this.#limit.leave();
    }
  }

  /** Undefined once it has a place, and the vendor may be asked. */
  async #enter(call: Call): Promise<CallOutcome | undefined> {
    const { request, cancellation } = call;
    for (;;) {
      const leftMs = this.#timeToBeginMs(call);
      if (cancellation.callerHasLeft) return LEFT_BEFORE_SENDING;
      if (leftMs <= 0) return this.#refusals.tooLate;
      // One that was admitted as a trial finds its own circuit refusing others.
      if (call.admission !== 'TRIAL' && this.#circuits.isRefusing(request.operation))
        return this.#refusals.circuitIsOpen;
      const holdMs = this.#patience.remainingMs;
      if (holdMs > 0) {
        // Meanwhile others change what an edit was planned from: it is planned anew instead.
        const mustBeNow = request.operationClass === 'EDIT';
        if (mustBeNow || holdMs >= leftMs || this.#held.size >= this.#queueLimit) return this.#leaveAlone(holdMs);
        await this.#waitOut(holdMs, cancellation);
        continue;
      }
      // Mostly there is a place.
      const refusal = this.#limit.tryEnter() ? undefined : await this.#queue(call, leftMs);
      if (refusal !== undefined) return refusal;
      // Meanwhile the vendor may have asked for patience, or the time have run out.
      if (this.#timeToBeginMs(call) > 0 && this.#patience.takeTurn()) return undefined;
      this.#limit.leave();
    }
  }

  /** A write may wait for its turn as long as for its answer. */
  #timeToBeginMs({ request, cancellation, startedMs }: Call): number {
    if (isRepeatable(request)) return cancellation.remainingMs;
    return this.#account.timeoutMs - (performance.now() - startedMs);
  }

  /** Ends early when the caller leaves, and when the vendor answers again. */
  #waitOut(holdMs: number, cancellation: Cancellation): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        cancellation.endStage();
        this.#held.leave(waiting);
        resolve();
      };
      const waiting = this.#held.join(end);
      cancellation.startStage(holdMs, end);
    });
  }

  #endWaiting(): void {
    // Those that must wait on join the line again, but not before this is over.
    for (let next = this.#held.first; next !== undefined; next = this.#held.first) next.value?.();
  }

  /** Undefined once there is a place. */
  async #queue({ requester, cancellation }: Call, limitMs: number): Promise<CallOutcome | undefined> {
    switch (await this.#limit.enter(requester, cancellation, limitMs)) {
      case 'ENTERED':
        return undefined;
      case 'CALLER_LEFT':
        return LEFT_BEFORE_SENDING;
      case 'WAITED_TOO_LONG':
        return this.#refusals.tooLate;
      case 'QUEUE_FULL':
        return this.#refusals.queueFull;
    }
  }

  async #putOnTheWire(call: Call): Promise<Outcome> {
    const { request, cancellation } = call;
    const { name, maxResponseBytes, timeoutMs } = this.#account;
    const lagBeforeMs = this.#lag.totalMs;
    const sentAtMs = performance.now();
    const limitMs = Math.max(0, Math.min(timeoutMs, cancellation.remainingMs));
    const outcome = this.#judge(
      await exchange(
        isRepeatable(request) ? this.#pool : this.#singleUsePool,
        this.#dispatchOptions(request),
        { account: name, maxResponseBytes, limitMs },
        cancellation,
      ),
      request,
    );
    const verdict = readVerdict(outcome, limitMs, timeoutMs, this.#lag.totalMs - lagBeforeMs);
    if (verdict !== 'UNKNOWN') call.verdict = verdict;
    this.#heed(outcome, sentAtMs);
    this.#tell(request, call.attempt, outcome, performance.now() - sentAtMs);
    return outcome;
  }

  /** A vendor that asks for patience gets it from every call to its account. */
  #heed(outcome: Outcome, sentAtMs: number): void {
    if (outcome.kind === 'FAILED' && isWishForPatience(outcome.error)) {
      this.#patience.asked(outcome.error.retryAfterMs, sentAtMs);
    } else if (outcome.kind === 'ANSWERED' || (outcome.kind === 'FAILED' && outcome.status !== undefined)) {
      // Even an answer that is an error shows that it refuses no more.
      if (this.#patience.answered(sentAtMs)) this.#endWaiting();
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

  #leaveAlone(holdMs: number): CallOutcome {
    return refused(
      new VendorRateLimited(this.#account.name, 'not asked, as the vendor has asked to be left alone for a while', {
        retryAfterMs: Math.ceil(holdMs),
      }),
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

function isWishForPatience(error: VendorError): boolean {
  return error.retryAfterMs !== undefined || error instanceof VendorRateLimited;
}

function refused(error: VendorError): CallOutcome {
  return { kind: 'REFUSED', error };
}

/** The share of an attempt's time that this process may be late by itself, for the attempt still to say something. */
const LAG_SHARE = 0.1;

/**
 * What an attempt says of the vendor's availability. Refusals, rate limits and answers that can't be read come from a vendor
 * that is there; that no answer came says nothing where this process was too busy to read it, nor where the caller's deadline
 * left the vendor less than half of its time.
 */
function readVerdict(outcome: Outcome, limitMs: number, timeoutMs: number, lagMs: number): Verdict {
  if (outcome.kind === 'ABANDONED') return 'UNKNOWN';
  if (outcome.kind === 'ANSWERED') return 'SUCCESS';
  const { error, status } = outcome;
  const isTimeout = error instanceof VendorTimeout;
  if (!isTimeout && !(error instanceof VendorUnavailable && error.retryable)) return 'SUCCESS';
  if (status !== undefined) return 'FAILURE';
  if (lagMs > limitMs * LAG_SHARE || (isTimeout && limitMs < timeoutMs / 2)) return 'UNKNOWN';
  return error.mayHaveArrived ? 'FAILURE' : 'UNREACHABLE';
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
