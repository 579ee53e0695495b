import { describe, expect, it } from '@jest/globals';
import {
  MalformedAnswer,
  VendorRateLimited,
  VendorRecordNotFound,
  VendorRefusal,
  VendorRefusedCredentials,
  VendorUnavailable,
} from '../../../src/errors.ts';
import type { TransportResponse } from '../../../src/transport/transport.ts';
import { readFailure } from '../../../src/vendors/billagain/failures.ts';
import { operations } from '../../../src/vendors/billagain/operations.ts';

const ERRORS = '{"Errors":[{"Message":"Cannot find Customer Brielle for this Account"}]}';

function read(status: number, body: string, operation = 'loadCustomer', changes: Partial<TransportResponse> = {}) {
  const request = { operation, operationClass: 'SAFE', method: 'GET', path: '/customers/302' } as const;
  const failure = readFailure('billagain', request, {
    status,
    contentType: '',
    retryAfterMs: undefined,
    body,
    ...changes,
  });
  expect(failure?.message ?? '').not.toContain('Brielle');
  return failure;
}

describe("BillAgain's answer", () => {
  it.each([200, 201, 204])('with HTTP %d is none of failure, whatever it holds', (status) => {
    expect(read(status, ERRORS)).toBeUndefined();
  });

  it.each(['loadCustomer', 'loadCustomerWithCustomFields', 'loadCustomersByIds', 'listCustomerSubscriptions'])(
    'with HTTP 410 and Errors to %s says that there is no such record',
    (operation) => {
      for (const status of [410, 404]) {
        expect(read(status, ERRORS, operation)).toBeInstanceOf(VendorRecordNotFound);
        expect(read(status, '{"Errors":[]}', operation)).toBeInstanceOf(VendorRecordNotFound);
      }
    },
  );

  it.each(['listCustomers', 'listCustomersWithCustomFields'])(
    'with HTTP 410 to %s says nothing of any record: no list of everything is "not found"',
    (operation) => {
      expect(read(410, ERRORS, operation)).toBeInstanceOf(VendorUnavailable);
      expect(read(410, ERRORS, operation)?.retryable).toBe(false);
    },
  );

  it.each([
    '',
    'Gone',
    '<html>Brielle</html>',
    '{}',
    '{"Errors":"Brielle"}',
    '[{"Errors":[]}]',
    '{"Error":[]}',
    'null',
  ])('with HTTP 410 and the body %j is not the API’s own', (body) => {
    expect(read(410, body)).toBeInstanceOf(VendorUnavailable);
    expect(read(410, body)).toMatchObject({ retryable: false, mayHaveArrived: false });
  });

  it('with another refusal and Errors is a refusal', () => {
    for (const status of [400, 405, 409, 422]) expect(read(status, ERRORS)).toBeInstanceOf(VendorRefusal);
    expect(read(400, '<html>Brielle</html>')).toBeInstanceOf(VendorUnavailable);
  });

  it('is told by its status alone where that says enough', () => {
    expect(read(302, '')).toBeInstanceOf(MalformedAnswer);
    expect(read(401, ERRORS)).toBeInstanceOf(VendorRefusedCredentials);
    expect(read(403, ERRORS)).toBeInstanceOf(VendorRefusedCredentials);
    expect(read(429, ERRORS, 'loadCustomer', { retryAfterMs: 2_000 })).toBeInstanceOf(VendorRateLimited);
    expect(read(429, ERRORS, 'loadCustomer', { retryAfterMs: 2_000 })?.retryAfterMs).toBe(2_000);
    for (const status of [500, 502, 503]) expect(read(status, ERRORS)).toMatchObject({ retryable: true });
  });
});

describe("BillAgain's operations", () => {
  it('that read are safe, the POST among them too', () => {
    const reads = Object.entries(operations).filter(([name]) => /^(list|load)/.test(name));
    for (const [, { operationClass }] of reads) expect(operationClass).toBe('SAFE');
    expect(reads).toHaveLength(6);
    expect(operations.loadCustomersByIds).toMatchObject({ method: 'POST', path: '/by_customer_ids' });
  });
});
