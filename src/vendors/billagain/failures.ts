/** BillAgain's ways of saying no: a status, and `{"Errors":[{"Message":"…"}]}` (the vendor's public page on errors). */
import type { RawValue } from '../../codecs/codec.ts';
import { json } from '../../codecs/json.ts';
import { type VendorError, VendorRecordNotFound, VendorRefusal, VendorUnavailable } from '../../errors.ts';
import { statusFailure } from '../../transport/status-failure.ts';
import type { TransportRequest, TransportResponse } from '../../transport/transport.ts';
import { isRecord } from '../fields.ts';
import { describeForeign } from '../foreign-answer.ts';
import { asksForRecords } from './operations.ts';

export function readFailure(
  account: string,
  request: TransportRequest,
  response: TransportResponse,
): VendorError | undefined {
  const { status } = response;
  if (status < 300) return undefined;
  const failure = statusFailure(account, response);
  if (failure) return failure;
  if (!isErrorsBody(response.body)) {
    // A proxy or a wrong base URL answers in its own words: that says nothing about the record.
    return new VendorUnavailable(
      account,
      `${request.operation} was answered not by the vendor's API but with ${describeForeign(response)}, HTTP ${status}`,
      { retryable: false, mayHaveArrived: false },
    );
  }
  // 410 is the documented status of an unknown customer; 404 would mean the same.
  if (status === 410 || status === 404) {
    // A list of everything names no record that could be unknown: taken for "none", a fault would look like an empty account.
    return asksForRecords(request.operation)
      ? new VendorRecordNotFound(account, `${request.operation} found no record`)
      : new VendorUnavailable(account, `${request.operation} was answered with HTTP ${status}`, { retryable: false });
  }
  return new VendorRefusal(account, `${request.operation} was refused with HTTP ${status}`);
}

function isErrorsBody(body: string): boolean {
  try {
    const decoded = json.decode(body);
    return isRecord(decoded) && Array.isArray(decoded.Errors);
  } catch {
    return false;
  }
}

/** Does a success say in the same breath what went wrong? */
export function hasErrors(body: RawValue): boolean {
  return isRecord(body) && Array.isArray(body.Errors) && body.Errors.length > 0;
}
