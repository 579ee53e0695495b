/**
 * UniPay's ways of saying no. An "exception" names a failureCode, one letter and digits (the vendor's public page on error
 * codes); which HTTP status comes with it is not documented, so every body is looked at, HTTP 200 included.
 */
import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import {
  type VendorError,
  VendorRateLimited,
  VendorRecordNotFound,
  VendorRefusal,
  VendorRefusedCredentials,
  VendorUnavailable,
} from '../../errors.ts';
import { statusFailure } from '../../transport/status-failure.ts';
import type { TransportRequest, TransportResponse } from '../../transport/transport.ts';
import { isRecord } from '../fields.ts';
import { decodeAnswer, namesRecord, readsRecord } from './operations.ts';

export function readFailure(
  account: string,
  request: TransportRequest,
  response: TransportResponse,
): VendorError | undefined {
  const failure = statusFailure(account, response);
  if (failure instanceof VendorRateLimited) return failure;
  const code = readFailureCode(response.body);
  if (code !== undefined) return failureOf(account, request, code, response.retryAfterMs);
  if (failure) return failure;
  if (response.status < 400) return undefined;
  if (namesRecord(request.operation) && (response.status === 404 || response.status === 410)) {
    return new VendorRecordNotFound(account, `${request.operation} found no record`);
  }
  return new VendorUnavailable(
    account,
    `${request.operation} was answered with HTTP ${response.status} and no failureCode, not by the vendor's API`,
    { retryable: false, mayHaveArrived: false },
  );
}

function failureOf(
  account: string,
  { operation }: TransportRequest,
  code: string,
  retryAfterMs: number | undefined,
): VendorError {
  const said = `${operation} failed with ${code}`;
  const vendorCode = code;
  switch (code[0]) {
    case 'E':
      return new VendorUnavailable(account, `${said}: connectivity at the vendor`, { vendorCode, retryAfterMs });
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

/** Undefined where the answer is no exception. */
function readFailureCode(body: string): string | undefined {
  // Nearly every answer is none: looking for the word costs far less than decoding twice.
  if (!body.includes('failureCode')) return undefined;
  let answer: RawValue;
  try {
    answer = decodeAnswer(body);
  } catch {
    return undefined;
  }
  const exception = findException(answer, 0);
  if (exception === undefined) return undefined;
  const code = String(exception.failureCode);
  return /^[A-Z]\d{1,4}$/.test(code) ? code : 'an unreadable failureCode';
}

/** The exception itself, or one within a wrapper; a record that merely has such a field among others has an id, too. */
function findException(value: RawValue | undefined, depth: number): RawRecord | undefined {
  if (Array.isArray(value)) return value.length === 1 ? findException(value[0], depth + 1) : undefined;
  if (!isRecord(value) || value.id !== undefined || depth > 2) return undefined;
  if (value.failureCode !== undefined) return value;
  const members = Object.values(value);
  return members.length === 1 ? findException(members[0], depth + 1) : undefined;
}
