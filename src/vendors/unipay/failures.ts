/**
 * UniPay's ways of saying no. An "exception" names a failureCode, one letter and digits (the vendor's public page on error
 * codes); which HTTP status comes with it is not documented, so every body is looked at, HTTP 200 included.
 */
import type { RawValue } from '../../codecs/codec.ts';
import {
  type VendorError,
  VendorRateLimited,
  VendorRecordNotFound,
  VendorRefusal,
  VendorRefusedCredentials,
  VendorTimeout,
  VendorUnavailable,
} from '../../errors.ts';
import { statusFailure } from '../../transport/status-failure.ts';
import type { TransportRequest, TransportResponse } from '../../transport/transport.ts';
import { isRecord } from '../fields.ts';
import { describeForeign } from '../foreign-answer.ts';
import { decodeAnswer } from './answers.ts';
import { readsRecord } from './operations.ts';

export function readFailure(
  account: string,
  request: TransportRequest,
  response: TransportResponse,
): VendorError | undefined {
  const failure = statusFailure(account, response);
  if (failure instanceof VendorRateLimited) return failure;
  const exception = readException(response);
  // 401 and 403 mean the same whatever stands beside them; letter L says it with a code.
  if (failure instanceof VendorRefusedCredentials && exception?.code?.[0] !== 'L') return failure;
  if (exception) return failureOf(account, request, exception, failure, response.retryAfterMs);
  if (failure) return failure;
  if (response.status < 400) return undefined;
  // Without the vendor's own exception even a 404 is a proxy's, a framework's or a wrong base URL's: it says nothing about the record.
  return new VendorUnavailable(
    account,
    `${request.operation} was answered not by the vendor's API but with ${describeForeign(response)} without a failureCode, HTTP ${response.status}`,
    { retryable: false, mayHaveArrived: false },
  );
}

function failureOf(
  account: string,
  { operation }: TransportRequest,
  { code: vendorCode }: Exception,
  byStatus: VendorError | undefined,
  retryAfterMs: number | undefined,
): VendorError {
  const said = `${operation} failed with ${vendorCode ?? 'an unreadable failureCode'}`;
  switch (vendorCode?.[0]) {
    case 'E': {
      const Failure = byStatus instanceof VendorTimeout ? VendorTimeout : VendorUnavailable;
      return new Failure(account, `${said}: connectivity at the vendor`, {
        vendorCode,
        retryAfterMs,
        mayArriveYet: byStatus?.mayArriveYet,
      });
    }
    case 'L':
      return new VendorRefusedCredentials(account, `${said}: the account's login or privileges`, { vendorCode });
    case 'F':
      return new VendorRefusal(account, `${said}: a value is not of the vendor's format`, { vendorCode });
    case 'V':
      // How an unknown id is answered is not documented; "well-formed, but what it refers to doesn't exist" is letter V.
      // Of a write it may as well be said of a value within it.
      return readsRecord(operation)
        ? new VendorRecordNotFound(account, `${said}: no such record`, { vendorCode })
        : new VendorRefusal(account, `${said}: a value does not fit the vendor's data`, { vendorCode });
    case 'O':
    case 'U':
      return new VendorUnavailable(account, `${said}: the account is not set up for it`, {
        vendorCode,
        retryable: false,
        mayHaveArrived: false,
      });
    default:
      return new VendorUnavailable(account, said, { vendorCode, retryable: false });
  }
}

interface Exception {
  /** Undefined where it isn't of the documented form: it could be anything, so it isn't told. */
  readonly code: string | undefined;
}

/** Undefined where the answer is no exception. */
function readException({ status, body }: TransportResponse): Exception | undefined {
  // Nearly every answer is none: looking for the word costs far less than decoding twice.
  if (!body.includes('failureCode')) return undefined;
  let answer: RawValue;
  try {
    answer = decodeAnswer(body).value;
  } catch {
    answer = readLoosePairs(body);
  }
  const failureCode = findFailureCode(answer, status >= 400, 0);
  if (failureCode === undefined) return undefined;
  const code = typeof failureCode === 'string' ? failureCode.trim() : '';
  return { code: /^[A-Z]\d{1,6}$/.test(code) ? code : undefined };
}

/** Pairs whose message was not encoded: its blanks and quotes don't make it less of a failure. */
function readLoosePairs(body: string): RawValue {
  const text = body.trim();
  return /^\??[A-Za-z_][\w.-]*=/.test(text) ? Object.fromEntries(new URLSearchParams(text)) : null;
}

/** Deeper wrappers than this are something else. */
const MAX_WRAPPERS = 3;

/**
 * The exception's own, or that of the first one within wrappers. On success, a record that merely has such a field among
 * others is known by its id; an empty one says that there was no failure.
 */
function findFailureCode(value: RawValue | undefined, isRefused: boolean, depth: number): RawValue | undefined {
  if (depth > MAX_WRAPPERS) return undefined;
  if (Array.isArray(value)) return findFailureCode(value[0], isRefused, depth + 1);
  if (!isRecord(value) || (value.id !== undefined && !isRefused)) return undefined;
  const { failureCode } = value;
  if (failureCode !== undefined && failureCode !== null && failureCode !== '') return failureCode;
  // Rows beside it don't make it less of a failure.
  for (const part of Object.values(value)) {
    const within = findFailureCode(part, isRefused, depth + 1);
    if (within !== undefined) return within;
  }
  return undefined;
}
