import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  VendorError,
  VendorRecordNotFound,
  VendorRefusal,
  VendorRefusedCredentials,
  VendorTimeout,
  VendorUnavailable,
} from '../../../src/errors.ts';
import { startUnipay, type UnipaySimulator } from '../../../src/simulators/unipay/server.ts';
import type { TransportResponse } from '../../../src/transport/transport.ts';
import { readFailure } from '../../../src/vendors/unipay/failures.ts';
import type { VendorAccount } from '../../../src/vendors/vendor.ts';
import { patience } from '../connected.ts';
import { readFixture } from '../fixture.ts';
import { connectDeployment, DEPLOYMENTS, type Deployment } from './deployments.ts';

const MESSAGE = 'Brielle 4242424242424242';

/** The ways that an exception may be written: none of them is documented. */
const WRITTEN: Record<string, (code: string) => string> = {
  JSON: (code) => `{"failureCode":"${code}","failureMessage":"${MESSAGE}"}`,
  'JSON in a wrapper': (code) => `{"exception":{"failureCode":"${code}","failureMessage":"${MESSAGE}"}}`,
  'JSON beside a status': (code) => `{"status":"failed","exception":{"failureCode":"${code}"}}`,
  'a JSON list': (code) => `[{"failureCode":"${code}"}]`,
  'a wrapped JSON list of two': (code) => `{"exceptions":[{"failureCode":"${code}"},{"failureCode":"F99"}]}`,
  'JSON beside an empty list': (code) => `{"customers":[],"exception":{"failureCode":"${code}"}}`,
  'JSON beside rows': (code) => `{"customers":[{"id":1}],"exceptions":[{"failureCode":"${code}"}]}`,
  'XML attributes': (code) => `<?xml version="1.0"?>\n<exception failureCode="${code}" failureMessage="${MESSAGE}"/>`,
  'XML elements': (code) => `<e><failureCode>${code}</failureCode><failureMessage>${MESSAGE}</failureMessage></e>`,
  'XML in a wrapper': (code) => `<response><exception failureCode="${code}"/></response>`,
  'url-encoded pairs': (code) => `failureCode=${encodeURIComponent(code)}&failureMessage=Brielle+4242424242424242`,
  'url-encoded pairs as in the vendor’s sample': (code) => `?result=ERROR&failureCode=${encodeURIComponent(code)}&`,
  'pairs that are not encoded': (code) => `failureCode=${code}&failureMessage=${MESSAGE} <"x">`,
  'XML with a namespace': (code) => `<u:e xmlns:u="urn:u"><u:failureCode>${code}</u:failureCode></u:e>`,
};

function read(body: string, operation = 'findCustomers', changes: Partial<TransportResponse> = {}) {
  const request = { operation, operationClass: 'SAFE', method: 'GET', path: '/customers' } as const;
  return readFailure('unipay', request, { status: 200, contentType: '', retryAfterMs: undefined, body, ...changes });
}

describe.each(Object.entries(WRITTEN))('an exception as %s', (_how, write) => {
  it.each([
    ['E', VendorUnavailable, true],
    ['L', VendorRefusedCredentials, false],
    ['F', VendorRefusal, false],
    ['V', VendorRefusal, false],
    ['O', VendorUnavailable, false],
    ['U', VendorUnavailable, false],
    ['Z', VendorUnavailable, false],
  ])('of letter %s is told by its letter, HTTP 200 or not', (letter, as, retryable) => {
    for (const status of [200, 400, 500]) {
      const failure = read(write(`${letter}07`), 'findCustomers', { status });
      expect(failure).toBeInstanceOf(as);
      expect(failure).toMatchObject({ retryable, vendorCode: `${letter}07`, account: 'unipay' });
      expect(failure?.message).toContain(`findCustomers failed with ${letter}07`);
      expect(failure?.message).not.toMatch(/Brielle|4242/);
    }
  });

  it('of letter V means that a record asked for by its number is not there', () => {
    for (const operation of ['loadCustomer', 'loadSubscription', 'findSubscriptions']) {
      expect(read(write('V01'), operation)).toBeInstanceOf(VendorRecordNotFound);
    }
  });

  it('whose code is of another form is a failure whose code is not repeated', () => {
    for (const code of ['4242424242424242', 'Brielle', 'F', '07', 'f07', 'F07 Brielle', 'F1234567']) {
      const failure = read(write(code));
      expect(failure).toBeInstanceOf(VendorUnavailable);
      expect(failure).toMatchObject({ retryable: false, vendorCode: undefined });
      expect(failure?.extensions).not.toHaveProperty('vendorCode');
      expect(failure?.message).toBe('unipay: findCustomers failed with an unreadable failureCode');
    }
  });
});

describe('no exception', () => {
  it.each([
    '{"id":17,"firstName":"failureCode","failureCode":"F01"}',
    '{"id":17,"note":"\\"failureCode\\":\\"F01\\""}',
    '[{"id":17,"failureCode":"F01"}]',
    '[{"id":1},{"failureCode":"F01"}]',
    '{"customers":[{"id":17,"organizationName":"failureCode F01"},{"id":18}]}',
    '<customer id="17" firstName="failureCode" failureCode="F01"/>',
    '<customers><customer id="17" note="failureCode"/><customer id="18"/></customers>',
    '<customers><customer><id>17</id><failureCode>F01</failureCode></customer></customers>',
    '{"failureCode":null,"customer":{"id":17}}',
    '{"failureCode":"","customers":[]}',
    'failureCode',
    'failureCode=&failureMessage=&result=OK',
    'id=17&failureCode=F01',
    'see failureCode=F01 in the manual',
    '{"a":{"b":{"c":{"d":{"e":{"failureCode":"F01"}}}}}}',
  ])('is %s', (body) => expect(read(body)).toBeUndefined());

  it('is a refused answer with a number of its own: there, the failureCode counts', () => {
    expect(read('{"id":"r-1","failureCode":"F02"}', 'loadCustomer', { status: 400 })).toMatchObject({
      vendorCode: 'F02',
    });
  });
});

describe('a status', () => {
  it('of 401 or 403 is about credentials, whatever stands beside it', () => {
    for (const status of [401, 403]) {
      expect(read(WRITTEN.JSON?.('E01') ?? '', 'loadCustomer', { status })).toBeInstanceOf(VendorRefusedCredentials);
      expect(read(WRITTEN.JSON?.('L04') ?? '', 'loadCustomer', { status })).toMatchObject({ vendorCode: 'L04' });
      expect(read('', 'loadCustomer', { status })).toBeInstanceOf(VendorRefusedCredentials);
    }
  });

  it('beside letter E keeps how long to wait, and whether it was a timeout', () => {
    const body = WRITTEN.JSON?.('E01') ?? '';
    expect(read(body, 'loadCustomer', { status: 503, retryAfterMs: 3_000 })).toMatchObject({ retryAfterMs: 3_000 });
    expect(read(body, 'loadCustomer', { status: 504 })).toBeInstanceOf(VendorTimeout);
  });

  it.each([
    ['', 'an empty body'],
    ['default backend - 404', 'text/plain'],
    ['{"timestamp":"2026-01-01","status":404,"error":"Not Found","path":"/"}', 'a JSON record of another form'],
    ['{"message":"none"}', 'a JSON record of another form'],
    ['null', 'text/plain'],
    ['[]', 'a JSON list'],
    ['<!DOCTYPE html><html>', 'an HTML page'],
    ['\n<HTML lang="en">', 'an HTML page'],
    ['<?xml version="1.0"?><html/>', 'an HTML page'],
    ['<!-- x -->\n<!doctype html>\n<html>', 'an HTML page'],
    ['<Error><Code>NoSuchKey</Code></Error>', 'markup of another form'],
  ])('of 404 or 410 says nothing of a record where the failureCode is missing: %j', (body, kind) => {
    for (const status of [404, 410]) {
      for (const operation of ['loadCustomer', 'loadSubscription', 'findSubscriptions', 'findCustomers']) {
        const failure = read(body, operation, { status, contentType: 'text/plain' });
        expect(failure).toBeInstanceOf(VendorUnavailable);
        expect(failure).toMatchObject({ retryable: false, mayHaveArrived: false });
        expect(failure?.message).toBe(
          `unipay: ${operation} was answered not by the vendor's API but with ${kind} without a failureCode, HTTP ${status}`,
        );
      }
    }
  });

  it.each(Object.entries(WRITTEN))('of 404 or 410 means no such record beside letter V as %s', (_how, write) => {
    for (const status of [404, 410]) {
      expect(read(write('V01'), 'loadCustomer', { status })).toBeInstanceOf(VendorRecordNotFound);
      expect(read(write('V01'), 'findCustomers', { status })).toBeInstanceOf(VendorRefusal);
      expect(read(write('F01'), 'loadCustomer', { status })).toBeInstanceOf(VendorRefusal);
    }
  });

  it('of another refusal without a failureCode is not the vendor’s', () => {
    expect(read('nope', 'loadCustomer', { status: 418 })).toMatchObject({
      code: 'VENDOR_UNAVAILABLE',
      retryable: false,
    });
  });
});

describe.each(['json', 'xml'] as const)('over HTTP in %s', (format) => {
  const deployment = { ...(DEPLOYMENTS[0] as Deployment), format };
  let simulator: UnipaySimulator;
  let account: VendorAccount;
  beforeAll(async () => {
    simulator = await startUnipay({ customers: 20 });
  });
  afterAll(() => simulator.close());
  beforeEach(() => {
    account = connectDeployment(simulator, deployment);
  });
  afterEach(async () => {
    simulator.dials.clear();
    await account.close();
  });

  const load = async (id: string) => (await account.loadCustomers([id], { customFields: false }, patience())).get(id);

  it('an exception on HTTP 200 is a failure', async () => {
    const body = readFixture(format === 'json' ? 'unipay/failure.json' : 'unipay/failure.attributes.xml');
    simulator.dials.set({ status: 200, body: body.replace('V01', 'O12') });
    const failure = await load('17').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(VendorError);
    expect((failure as VendorError).extensions).toMatchObject({ code: 'VENDOR_UNAVAILABLE', vendorCode: 'O12' });
  });

  it('an exception that says "no such record" is no record', async () => {
    expect(await load('999')).toBeUndefined();
    for (const body of ['failure.json', 'failure.attributes.xml', 'failure.elements.xml'].map(
      (name) => `unipay/${name}`,
    )) {
      simulator.dials.set({ status: 200, body: readFixture(body) });
      expect(await load('17')).toBeUndefined();
    }
  });

  it('a customer whose name is failureCode is one', async () => {
    simulator.dials.set({ rewrite: (body) => body.replace(/(firstName\W+)\w+/, '$1failureCode') });
    const named = await Promise.all(['1', '2', '3', '4', '5', '6'].map(load));
    expect(named.map((customer) => (customer as { firstName: string }).firstName)).toContain('failureCode');
  });
});
