import type { VendorError } from '../errors.ts';

/**
 * What may be done with an operation, whatever its HTTP verb: UniPay creates with PUT and cancels with GET,
 * BillAgain reads with POST.
 *
 * - `SAFE` may be repeated, shared and cached.
 * - `IDEMPOTENT` may be repeated, never shared or cached.
 * - `CREATE` and `STATE_CHANGE` go on the wire once, ever, and run to their end though the client has left.
 * - `EDIT` sends a whole record as it was read, once for each time it is read: sent again as it was, it would undo what
 *   others have changed meanwhile. It runs to its end, too.
 */
export type OperationClass = 'SAFE' | 'IDEMPOTENT' | 'CREATE' | 'STATE_CHANGE' | 'EDIT';

export interface TransportRequest {
  /** For metrics, logs and the breaker: a name of the dialect's own, e.g. `findCustomers`. */
  readonly operation: string;
  readonly operationClass: OperationClass;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the account's base URL, query included, starting with "/". */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface TransportResponse {
  readonly status: number;
  /** Lower case, without parameters; "" where the vendor names none. */
  readonly contentType: string;
  /** From Retry-After, seconds or date; undefined where there is none or it can't be read. */
  readonly retryAfterMs: number | undefined;
  readonly body: string;
}

/** Who asks, and how long they wait. */
export interface CallContext {
  /** Aborts when nobody waits for the answer any more. Ignored by CREATE, STATE_CHANGE and EDIT. */
  readonly signal: AbortSignal;
  /** When the answer is of no use any more, on performance.now()'s clock. */
  readonly deadlineMs: number;
  /** Stands for who asks: an account's places go to each in turn. Default: the signal. */
  readonly requester?: object | undefined;
}

/** DOWN: refused without being asked. DEGRADED: being tried again, or some of its operations are refused. */
export type Health = 'UP' | 'DEGRADED' | 'DOWN';

/** One account's way to its vendor. */
export interface Transport {
  /**
   * Rejects with a {@link VendorError} whose `mayHaveArrived` is false only when the vendor can't have acted on the request,
   * or with the signal's reason when the caller left before the deadline.
   */
  send(request: TransportRequest, context: CallContext): Promise<TransportResponse>;
  health(): Health;
  /** Takes no further call, waits for those under way, then ends every connection. */
  close(): Promise<void>;
}

/** One attempt on the wire, told when it has ended. */
export interface Attempt {
  readonly account: string;
  readonly operation: string;
  readonly operationClass: OperationClass;
  /** 1 for the first. */
  readonly attempt: number;
  readonly durationMs: number;
  /** Undefined where no status came. */
  readonly status: number | undefined;
  readonly error: VendorError | undefined;
  /** Its caller left before it ended; then there is no error either. */
  readonly abandoned: boolean;
}
