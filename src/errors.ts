/** Everything that can go wrong and be told to a client: its public code, and whether asking again may help. */

export type ErrorCode =
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'OPERATION_TOO_COMPLEX'
  | 'VENDOR_UNAVAILABLE'
  | 'VENDOR_TIMEOUT'
  | 'VENDOR_RATE_LIMITED'
  | 'VENDOR_REFUSED_CREDENTIALS'
  | 'VENDOR_MALFORMED_ANSWER'
  | 'INTERNAL_SERVER_ERROR';

/** graphql-js copies `extensions` of whatever a resolver throws into the answer; nothing else of the error is shown. */
export abstract class BillgraphError extends Error {
  abstract readonly code: ErrorCode;

  /** Without a stack, which nobody is shown: to collect one costs more than all the rest, and a list may hold thousands. */
  constructor(message: string, options?: ErrorOptions) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message, options);
    Error.stackTraceLimit = stackTraceLimit;
  }

  get extensions(): Record<string, unknown> {
    return { code: this.code };
  }
}

/** The client asked for something that can't be meant. The message says what was expected and what came. */
export class BadUserInput extends BillgraphError {
  override readonly name = 'BadUserInput';
  readonly code = 'BAD_USER_INPUT';
}

export interface VendorErrorOptions {
  /** Would the same request have a chance later? */
  readonly retryable?: boolean;
  /** May the vendor have received, and acted on, the request? Decides what is known of a write's outcome. */
  readonly mayHaveArrived?: boolean;
  /** May the vendor receive it, or act on it, after this yet? False where its own answer ended the request. */
  readonly mayArriveYet?: boolean | undefined;
  /** The vendor's own code, e.g. UniPay's failureCode "F02". */
  readonly vendorCode?: string | undefined;
  /** How long the vendor asked to be left alone. */
  readonly retryAfterMs?: number | undefined;
  /** The code of Node's, OpenSSL's or undici's for what befell the connection, e.g. ECONNRESET: for logs, never for clients. */
  readonly wireCode?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A call to a vendor that brought no usable answer. Messages are written here or cut to a vendor's code:
 * never a URL, a body, a credential or a system's code.
 */
export abstract class VendorError extends BillgraphError {
  readonly account: string;
  readonly retryable: boolean;
  readonly mayHaveArrived: boolean;
  readonly mayArriveYet: boolean;
  readonly vendorCode: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly wireCode: string | undefined;

  constructor(account: string, message: string, options: VendorErrorOptions = {}) {
    // Expected, and at a deadline there may be one for each of thousands of calls: where it was made is told by its message,
    // and a stack costs far more than the rest of it, most of all when it is printed into the answer's errors.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(`${account}: ${message}`, options.cause === undefined ? undefined : { cause: options.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.account = account;
    this.retryable = options.retryable ?? false;
    this.mayHaveArrived = options.mayHaveArrived ?? true;
    this.mayArriveYet = this.mayHaveArrived && (options.mayArriveYet ?? true);
    this.vendorCode = options.vendorCode;
    this.retryAfterMs = options.retryAfterMs;
    this.wireCode = options.wireCode;
  }

  override get extensions(): Record<string, unknown> {
    return {
      code: this.code,
      account: this.account,
      retryable: this.retryable,
      ...(this.vendorCode === undefined ? {} : { vendorCode: this.vendorCode }),
    };
  }
}

/** Refused connection, reset, 5xx, open breaker: the vendor is not answering. */
export class VendorUnavailable extends VendorError {
  override readonly name = 'VendorUnavailable';
  readonly code = 'VENDOR_UNAVAILABLE';
  constructor(account: string, message: string, options: VendorErrorOptions = {}) {
    super(account, message, { retryable: true, ...options });
  }
}

/** No answer within VENDOR_TIMEOUT_MS, or within what was left of the request's deadline. */
export class VendorTimeout extends VendorError {
  override readonly name = 'VendorTimeout';
  readonly code = 'VENDOR_TIMEOUT';
  constructor(account: string, message: string, options: VendorErrorOptions = {}) {
    super(account, message, { retryable: true, ...options });
  }
}

/** The vendor answered 429, or asked to wait longer than the request may. */
export class VendorRateLimited extends VendorError {
  override readonly name = 'VendorRateLimited';
  readonly code = 'VENDOR_RATE_LIMITED';
  constructor(account: string, message: string, options: VendorErrorOptions = {}) {
    super(account, message, { retryable: true, mayHaveArrived: false, ...options });
  }
}

/** 401, 403 or UniPay's letter L: the account's credentials, not the client's, are at fault. */
export class VendorRefusedCredentials extends VendorError {
  override readonly name = 'VendorRefusedCredentials';
  readonly code = 'VENDOR_REFUSED_CREDENTIALS';
  constructor(account: string, message: string, options: VendorErrorOptions = {}) {
    super(account, message, { mayHaveArrived: false, ...options });
  }
}

/** An answer that can't be read: garbage, truncated, of the wrong type or too large. */
export class MalformedAnswer extends VendorError {
  override readonly name = 'MalformedAnswer';
  readonly code = 'VENDOR_MALFORMED_ANSWER';
  constructor(account: string, message: string, options: VendorErrorOptions = {}) {
    super(account, message, { mayArriveYet: false, ...options });
  }
}

/** The vendor read the request and said no (UniPay's letters F and V, BillAgain's 400). */
export class VendorRefusal extends VendorError {
  override readonly name = 'VendorRefusal';
  readonly code = 'BAD_USER_INPUT';
  constructor(account: string, message: string, options: VendorErrorOptions = {}) {
    super(account, message, { mayHaveArrived: false, ...options });
  }
}

/** The vendor says that no such record exists. Reads turn it into null; it never reaches a client as it is. */
export class VendorRecordNotFound extends VendorError {
  override readonly name = 'VendorRecordNotFound';
  readonly code = 'BAD_USER_INPUT';
  constructor(account: string, message: string, options: VendorErrorOptions = {}) {
    super(account, message, { mayHaveArrived: false, ...options });
  }
}
