import { errors } from 'undici';
import { MalformedAnswer, type VendorError, VendorTimeout, VendorUnavailable } from '../errors.ts';
import { tooLarge } from './answer-text.ts';

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
  const wireCode = readCode(error);
  if (wireCode === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return tooLarge(account, maxResponseBytes);
  if (status !== undefined) {
    return new MalformedAnswer(account, `the answer (HTTP ${status}) broke off before its end`, {
      retryable: true,
      wireCode,
    });
  }
  if (!sent) return unsent(account, wireCode);
  if (error instanceof errors.HTTPParserError) {
    return new MalformedAnswer(account, 'expected an HTTP/1.1 answer; got something else', { wireCode });
  }
  if (error instanceof errors.HeadersOverflowError) {
    return new MalformedAnswer(account, 'expected an answer with smaller headers', { wireCode });
  }
  return new VendorUnavailable(account, 'the connection broke before an answer came', { wireCode });
}

function unsent(account: string, wireCode: string): VendorError {
  if (wireCode === 'ETIMEDOUT' || wireCode === 'UND_ERR_CONNECT_TIMEOUT') {
    return new VendorTimeout(account, 'no connection in time', { mayHaveArrived: false, wireCode });
  }
  // undici's refusal to write what isn't HTTP: our mistake, which asking again won't mend.
  if (wireCode.startsWith('UND_ERR_INVALID') || wireCode.startsWith('UND_ERR_REQ')) {
    return new VendorUnavailable(account, "the request can't be written as HTTP", {
      retryable: false,
      mayHaveArrived: false,
      wireCode,
    });
  }
  if (isOfTls(wireCode)) {
    return new VendorUnavailable(account, "no connection: the vendor's certificate or its TLS was not accepted", {
      mayHaveArrived: false,
      wireCode,
    });
  }
  return new VendorUnavailable(account, 'no connection', { mayHaveArrived: false, wireCode });
}

/** OpenSSL's codes for certificates, and Node's for TLS (Node.js documentation, tls, X509 certificate error codes). */
function isOfTls(code: string): boolean {
  return /CERT|^ERR_(?:SSL|TLS)_|^UNABLE_TO_|^CRL_|^HOSTNAME_MISMATCH$/.test(code);
}

/** A code of Node's, OpenSSL's or undici's, e.g. ECONNREFUSED. */
function readCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : 'NO_CODE';
}
