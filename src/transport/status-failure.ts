import {
  MalformedAnswer,
  type VendorError,
  VendorRateLimited,
  VendorRefusedCredentials,
  VendorTimeout,
  VendorUnavailable,
} from '../errors.ts';
import type { TransportResponse } from './transport.ts';

/**
 * What an answer's status alone says, for a dialect's `readFailure` to fall back on.
 * Undefined for success, and for the other 4xx, whose meaning is the dialect's.
 */
export function statusFailure(account: string, response: TransportResponse): VendorError | undefined {
  const { status, retryAfterMs } = response;
  if (status >= 200 && status < 300) return undefined;
  if (status < 400)
    return new MalformedAnswer(account, `expected an answer; got a redirect (HTTP ${status}), which is not followed`);
  if (status === 401 || status === 403) {
    return new VendorRefusedCredentials(account, `the vendor refused the account's credentials (HTTP ${status})`);
  }
  // A gateway in front of the vendor gave up waiting: the vendor may still be at work.
  if (status === 408 || status === 504) {
    return new VendorTimeout(account, `the vendor's side timed out (HTTP ${status})`, { retryAfterMs });
  }
  if (status === 429) return new VendorRateLimited(account, 'too many requests (HTTP 429)', { retryAfterMs });
  if (status >= 500) {
    // Any other may be the word of a gateway in front of the vendor, which has lost sight of the request.
    const mayArriveYet = status !== 500 && status !== 503;
    return new VendorUnavailable(account, `the vendor failed (HTTP ${status})`, { retryAfterMs, mayArriveYet });
  }
  return undefined;
}
