import { errors } from 'undici';
import { MalformedAnswer, type VendorError, VendorTimeout, VendorUnavailable } from '../errors.ts';

/** How far an attempt had come when its connection failed. */
export interface Progress {
  readonly account: string;
  /** Had any of the request been written? */
  readonly sent: boolean;
  /** Undefined while no answer had begun. */
  readonly status: number | undefined;
  readonly maxResponseBytes: number;
}

/**
 * Says a connection's failure in our words. The original is dropped, cause included: its message and fields hold addresses,
 * and a parser's error holds the answer itself.
 */
export function wireFailure(error: unknown, progress: Progress): VendorError {
  const { account, sent, status, maxResponseBytes } = progress;
  const code = readCode(error);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new MalformedAnswer(account, `expected an answer of at most ${maxResponseBytes} bytes; got a larger one`);
  }
  if (status !== undefined) {
    return new MalformedAnswer(account, `the answer (HTTP ${status}) broke off before its end (${code})`, {
      retryable: true,
    });
  }
  if (!sent) return unsent(account, code);
  if (error instanceof errors.HTTPParserError) {
    return new MalformedAnswer(account, 'expected an HTTP/1.1 answer; got something else');
  }
  if (error instanceof errors.HeadersOverflowError) {
    return new MalformedAnswer(account, `expected an answer with smaller headers (${code})`);
  }
  return new VendorUnavailable(account, `the connection broke before an answer came (${code})`);
}

function unsent(account: string, code: string): VendorError {
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') {
    return new VendorTimeout(account, `no connection in time (${code})`, { mayHaveArrived: false });
  }
  // undici's refusal to write what isn't HTTP: our mistake, which asking again won't mend.
  if (code.startsWith('UND_ERR_INVALID') || code.startsWith('UND_ERR_REQ')) {
    return new VendorUnavailable(account, `the request can't be written as HTTP (${code})`, {
      retryable: false,
      mayHaveArrived: false,
    });
  }
  return new VendorUnavailable(account, `no connection (${code})`, { mayHaveArrived: false });
}

/** A code of Node's, OpenSSL's or undici's, e.g. ECONNREFUSED. */
function readCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : 'no code';
}
