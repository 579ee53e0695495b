import { describe, expect, it } from '@jest/globals';
import { statusFailure } from '../../src/transport/status-failure.ts';

function failure(status: number, retryAfterMs?: number) {
  return statusFailure('acme', { status, contentType: '', retryAfterMs, body: 'secret' });
}

describe('What a status alone says', () => {
  it.each([
    [301, 'MalformedAnswer', false, true],
    [304, 'MalformedAnswer', false, true],
    [401, 'VendorRefusedCredentials', false, false],
    [403, 'VendorRefusedCredentials', false, false],
    [408, 'VendorTimeout', true, true],
    [429, 'VendorRateLimited', true, false],
    [500, 'VendorUnavailable', true, true],
    [503, 'VendorUnavailable', true, true],
    [504, 'VendorTimeout', true, true],
  ])('%i is %s', (status, name, retryable, mayHaveArrived) => {
    expect(failure(status)).toMatchObject({ name, retryable, mayHaveArrived, account: 'acme' });
  });

  it.each([200, 201, 204, 400, 404, 409, 410, 422])('%i is nothing, or for the dialect to say', (status) => {
    expect(failure(status)).toBeUndefined();
  });

  it.each([408, 429, 503, 504])('%i keeps how long the vendor asked to be left alone', (status) => {
    expect(failure(status, 7_000)).toMatchObject({ retryAfterMs: 7_000 });
  });

  it.each([
    [500, false],
    [503, false],
    [502, true],
    [504, true],
    [408, true],
    [524, true],
    [429, false],
    [401, false],
    [301, false],
  ])('after %i a request may take effect yet: %s', (status, mayArriveYet) => {
    expect(failure(status)).toMatchObject({ mayArriveYet });
  });

  it('never quotes the answer', () => {
    expect(failure(500)?.message).not.toContain('secret');
  });
});
