import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Dial } from '../../src/simulators/dials.ts';
import { newCustomer } from './cases.ts';
import {
  ARCHIVE_CUSTOMER,
  attempt,
  CANCEL_SUBSCRIPTION,
  CREATE_CUSTOMER,
  CREATE_SUBSCRIPTION,
  codesOf,
  DELETE_CUSTOMER,
  FREEZE_SUBSCRIPTION,
  PERSON,
  UNIPAY_PERSON,
  UNIPAY_SUBSCRIPTION,
  UPDATE_CUSTOMER,
  UPDATE_SUBSCRIPTION,
  write,
} from './documents.ts';
import { type LocalGateway, startLocalGateway, startVendors, type Vendors } from './start-gateways.ts';

let vendors: Vendors;
let gateway: LocalGateway;
beforeAll(async () => {
  vendors = await startVendors();
});
afterAll(() => vendors.close());
beforeEach(async () => {
  gateway = await startLocalGateway(vendors);
  vendors.billagain.calls.clear();
  vendors.unipay.calls.clear();
});
afterEach(async () => {
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
  await gateway.stop();
});

const UNKNOWN = [expect.objectContaining({ code: 'OUTCOME_UNKNOWN', retryable: false })];

describe('a create that is answered with no record, and did not arrive', () => {
  it.each<[string, Dial]>([
    ['null', { status: 200, body: 'null' }],
    ['an empty record', { status: 200, body: '{}' }],
    ['an empty list', { status: 200, body: '[]' }],
    ['an empty body', { status: 200, body: '' }],
    ['no body', { status: 204, body: '' }],
    ['a text', { status: 200, body: 'OK' }],
    ['a word of success', { status: 200, body: '{"result":"OK"}' }],
    ['a web page', { status: 200, body: '<html>please log in</html>', contentType: 'text/html' }],
    ['a record without a number', { status: 200, body: '{"firstName":"Ada"}' }],
  ])('is not told as done, and is not sent again: %s', async (_, dial) => {
    vendors.unipay.dials.set({ method: 'PUT', ...dial });
    vendors.billagain.dials.set({ method: 'POST', path: /^\/(customers|subscriptions)$/, ...dial });
    for (const [document, input] of [
      [CREATE_CUSTOMER, UNIPAY_PERSON],
      [CREATE_SUBSCRIPTION, UNIPAY_SUBSCRIPTION],
      [CREATE_CUSTOMER, PERSON],
      [CREATE_SUBSCRIPTION, { account: 'billagain', customerId: 'Customer:billagain:302', planId: '305' }],
    ] as const) {
      expect(await write(gateway, document, { input })).toMatchObject({ userErrors: UNKNOWN });
    }
    expect([vendors.unipay.calls.count('PUT'), vendors.billagain.calls.count('POST')]).toEqual([2, 2]);
  });
});

describe('a create that BillAgain answers with 201', () => {
  it.each<[string, Dial]>([
    ['an empty body', { rewrite: () => '' }],
    ['null', { rewrite: () => 'null' }],
    ['an empty record', { rewrite: () => '{}' }],
    ['half a record', { rewrite: (body) => body.slice(0, 20) }],
    ['a text', { rewrite: () => 'Created' }],
  ])('is done without a record, and an error beside it says so: %s', async (_, dial) => {
    const before = vendors.billagain.customerCount;
    vendors.billagain.dials.set({ method: 'POST', path: /^\/customers$/, ...dial });
    const { data, errors } = await attempt(gateway, CREATE_CUSTOMER, { input: PERSON });
    expect(data?.payload).toMatchObject({ customer: null, userErrors: [] });
    expect(errors).toMatchObject([{ path: ['payload'], extensions: { code: 'VENDOR_MALFORMED_ANSWER' } }]);
    expect(vendors.billagain.customerCount).toBe(before + 1);
  });

  it('is not done where it tells errors', async () => {
    vendors.billagain.dials.set({ method: 'POST', status: 201, body: '{"Errors":[{"Message":"x"}]}' });
    expect(await write(gateway, CREATE_CUSTOMER, { input: PERSON })).toMatchObject({ userErrors: UNKNOWN });
  });
});

describe('a change at BillAgain', () => {
  it.each<[string, Dial]>([
    ['an empty 200', { status: 200, body: '' }],
    ['null', { status: 200, body: 'null' }],
    ['a web page', { status: 200, body: '<html>please log in</html>' }],
    ['another customer', { status: 200, body: '{"customerID":302}' }],
  ])('is not known to be done by %s, which did not come of it', async (_, dial) => {
    const id = await newCustomer(vendors.billagain);
    vendors.billagain.dials.set({ method: 'PUT', ...dial }, { method: 'DELETE', ...dial });
    const input = { id, email: 'new@example.com' };
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input }))).toEqual(['OUTCOME_UNKNOWN']);
    expect(codesOf(await write(gateway, ARCHIVE_CUSTOMER, { id }))).toEqual(['OUTCOME_UNKNOWN']);
    expect(codesOf(await write(gateway, DELETE_CUSTOMER, { id }))).toEqual(['OUTCOME_UNKNOWN']);
  });

  it.each(['null', '', '{}', '[]', '{"customerID":302}'])(
    'that did not arrive is not done because the customer is then shown as %j',
    async (body) => {
      const id = await newCustomer(vendors.billagain);
      vendors.billagain.dials.set({ method: 'DELETE', drop: 'before' }, { method: 'GET', status: 200, body });
      expect(await write(gateway, DELETE_CUSTOMER, { id })).toMatchObject({ deletedId: null, userErrors: UNKNOWN });
    },
  );

  it.each(['null', '', '{}', '[{}]', '{"customerID":302}'])(
    'of a customer that is shown as %j is a fault, not NOT_FOUND, and nothing is sent',
    async (body) => {
      const id = await newCustomer(vendors.billagain);
      vendors.billagain.dials.set({ path: /by_customer_ids/, status: 200, body });
      const { errors } = await attempt(gateway, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } });
      expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_MALFORMED_ANSWER' } }]);
      expect(vendors.billagain.calls.count('PUT')).toBe(0);
    },
  );
});

describe("UniPay's cancel and freeze", () => {
  const ACTIONS = [
    ['cancel', CANCEL_SUBSCRIPTION, { effectiveDate: '2026-03-01' }],
    ['freeze', FREEZE_SUBSCRIPTION, { effectiveDate: '2026-02-01', paymentCount: 1 }],
  ] as const;

  async function newSubscription(): Promise<string> {
    const { subscription } = await write(gateway, CREATE_SUBSCRIPTION, { input: UNIPAY_SUBSCRIPTION });
    if (!subscription) throw new Error('the answer holds the subscription');
    vendors.unipay.calls.clear();
    return subscription.id;
  }

  const ANSWERS = [
    '{"result":"OK"}',
    '<response status="OK"/>',
    'true',
    '',
    '{}',
    '{"id":1,"status":"N"}',
    'OK',
    '?result=OK&',
    'id=1&status=C&',
  ];

  it.each(ACTIONS.flatMap(([name, ...action]) => ANSWERS.map((body) => [name, body, ...action] as const)))(
    'are done, and the record read back: %s answered with %j',
    async (_name, body, document, input) => {
      const id = await newSubscription();
      vendors.unipay.dials.set({ path: /~/, rewrite: () => body });
      const payload = await write(gateway, document, { input: { id, ...input } });
      expect(payload).toMatchObject({ subscription: { id }, userErrors: [] });
      expect(vendors.unipay.calls.count('GET')).toBe(2);
      expect(await gateway.ask(`{ subscription(id: "${id}") { id } }`)).toEqual({ data: { subscription: { id } } });
    },
  );

  it.each(ACTIONS)('are not known to be done by what tells a failure or is somebody else’s: %s', async (...action) => {
    const [, document, input] = action;
    const id = await newSubscription();
    for (const body of [
      '<html>log in</html>',
      'please wait',
      'maintenance',
      '{"error":"away"}',
      '<maintenance/>',
      'false',
      'result=ERROR',
    ]) {
      vendors.unipay.dials.set({ path: /~/, status: 200, body });
      expect(await write(gateway, document, { input: { id, ...input } })).toMatchObject({ userErrors: UNKNOWN });
    }
  });

  it.each(ACTIONS)('are refused by a failureCode in url-encoded pairs: %s', async (_name, document, input) => {
    const id = await newSubscription();
    vendors.unipay.dials.set({ path: /~/, status: 200, body: 'failureCode=V05&failureMessage=no+billing+date' });
    const payload = await write(gateway, document, { input: { id, ...input } });
    expect(codesOf(payload)).toEqual(['REFUSED_BY_VENDOR']);
  });
});

describe("UniPay's modifications", () => {
  const ANSWERS = [
    '{"id":2,"note":"other"}',
    '{"result":"OK"}',
    'null',
    '{}',
    '',
    '<html>log in</html>',
    '<maintenance/>',
  ];

  async function newRecords() {
    const { customer } = await write(gateway, CREATE_CUSTOMER, { input: UNIPAY_PERSON });
    const { subscription } = await write(gateway, CREATE_SUBSCRIPTION, { input: UNIPAY_SUBSCRIPTION });
    if (!customer || !subscription) throw new Error('the answers hold the records');
    return [
      [UPDATE_CUSTOMER, { id: customer.id, email: 'new@example.com' }],
      [UPDATE_SUBSCRIPTION, { id: subscription.id, note: 'new' }],
    ] as const;
  }

  it.each(ANSWERS)('are done where the record then shows them, though the answer was %j', async (body) => {
    for (const [document, input] of await newRecords()) {
      vendors.unipay.dials.set({ method: 'POST', rewrite: () => body });
      const payload = await write(gateway, document, { input });
      expect(payload.userErrors).toEqual([]);
      expect(payload.customer ?? payload.subscription).toMatchObject(input);
    }
  });

  it.each(ANSWERS)('are not known to be done where it does not, and the answer was %j', async (body) => {
    for (const [document, input] of await newRecords()) {
      vendors.unipay.dials.set({ method: 'POST', status: 200, body });
      expect(await write(gateway, document, { input })).toMatchObject({ userErrors: UNKNOWN });
    }
  });
});
