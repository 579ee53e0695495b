import { randomUUID } from 'node:crypto';
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
  write,
} from './documents.ts';
import { type LocalGateway, startLocalGateway, startVendors, takeCalls, type Vendors } from './start-gateways.ts';

const TIMEOUT_MS = 200;

let vendors: Vendors;
let gateway: LocalGateway;
beforeAll(async () => {
  vendors = await startVendors();
});
afterAll(() => vendors.close());
beforeEach(async () => {
  gateway = await startLocalGateway(vendors, { VENDOR_TIMEOUT_MS: String(TIMEOUT_MS) });
  vendors.billagain.calls.clear();
  vendors.unipay.calls.clear();
});
afterEach(async () => {
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
  await gateway.stop();
});

const POST_CUSTOMERS = { method: 'POST', path: /^\/customers$/ };
const OUTCOME_UNKNOWN = [
  { code: 'OUTCOME_UNKNOWN', retryable: false, message: expect.stringMatching(/not sent again/) },
];
/** After each of these the vendor has stored the row. */
const LOST_ANSWERS: Readonly<Record<string, Dial>> = {
  'the connection is dropped': { drop: 'after' },
  'the answer is cut short': { truncateBytes: 5 },
};

describe('a UniPay create whose answer is lost', () => {
  it.each(Object.entries(LOST_ANSWERS))('when %s is unknown, and one PUT', async (_how, dial) => {
    const before = vendors.unipay.customerCount;
    vendors.unipay.dials.set({ method: 'PUT', ...dial });
    const payload = await write(gateway, CREATE_CUSTOMER, { input: { ...UNIPAY_PERSON, reference: 'A-1' } });
    expect(payload).toMatchObject({ customer: null, replayed: false, userErrors: OUTCOME_UNKNOWN });
    expect(takeCalls(vendors.unipay)).toEqual(['PUT /customers.json']);
    expect(vendors.unipay.customerCount).toBe(before + 1);
  });

  it('is unknown for a subscription, too', async () => {
    vendors.unipay.dials.set({ method: 'PUT', drop: 'after' });
    const payload = await write(gateway, CREATE_SUBSCRIPTION, { input: UNIPAY_SUBSCRIPTION });
    expect(payload).toMatchObject({ subscription: null, userErrors: OUTCOME_UNKNOWN });
    expect(takeCalls(vendors.unipay)).toEqual(['PUT /customers/1/subscriptions.json']);
  });
});

describe('a UniPay cancel and freeze whose answer is lost', () => {
  it.each([
    ['cancel', CANCEL_SUBSCRIPTION, { effectiveDate: '2026-03-01' }],
    ['freeze', FREEZE_SUBSCRIPTION, { effectiveDate: '2026-02-01', paymentCount: 1 }],
  ])('is unknown after one GET to %s', async (action, document, input) => {
    const { subscription } = await write(gateway, CREATE_SUBSCRIPTION, { input: UNIPAY_SUBSCRIPTION });
    const [, , , id] = subscription?.id.split(':') ?? [];
    vendors.unipay.calls.clear();
    vendors.unipay.dials.set({ path: /~/, drop: 'after' });
    const payload = await write(gateway, document, { input: { id: subscription?.id, ...input } });
    expect(payload).toMatchObject({ subscription: null, userErrors: OUTCOME_UNKNOWN });
    expect(takeCalls(vendors.unipay)).toEqual([`GET /customers/1/subscriptions/${id}/~${action}.json`]);
    expect(vendors.unipay.adjustments.filter(({ subscriptionId }) => subscriptionId === Number(id))).toHaveLength(1);
  });
});

describe('a BillAgain create whose answer is lost', () => {
  it.each(Object.entries(LOST_ANSWERS))('when %s is found again by its reference', async (_how, dial) => {
    const reference = randomUUID();
    const before = vendors.billagain.customerCount;
    vendors.billagain.dials.set({ ...POST_CUSTOMERS, ...dial });
    const payload = await write(gateway, CREATE_CUSTOMER, { input: { ...PERSON, reference } });
    expect(payload).toMatchObject({ customer: { reference, displayName: 'Ada Lovelace' }, userErrors: [] });
    // The last is for the version: a list doesn't document the day of statements.
    expect(takeCalls(vendors.billagain)).toEqual(['POST /customers', 'GET /customers', 'POST /by_customer_ids']);
    expect(vendors.billagain.customerCount).toBe(before + 1);
  });

  it('is unknown without a reference, and nothing is looked for', async () => {
    vendors.billagain.dials.set({ ...POST_CUSTOMERS, drop: 'after' });
    const payload = await write(gateway, CREATE_CUSTOMER, { input: PERSON });
    expect(payload).toMatchObject({ customer: null, userErrors: OUTCOME_UNKNOWN });
    expect(takeCalls(vendors.billagain)).toEqual(['POST /customers']);
  });

  it('is unknown where the reference is on nobody, as it did not arrive or has not been carried out yet', async () => {
    for (const dial of [{ drop: 'before' as const }, { latencyMs: 3 * TIMEOUT_MS }, { status: 503 }]) {
      vendors.billagain.dials.set({ ...POST_CUSTOMERS, ...dial });
      const payload = await write(gateway, CREATE_CUSTOMER, { input: { ...PERSON, reference: randomUUID() } });
      expect(payload).toMatchObject({ customer: null, userErrors: OUTCOME_UNKNOWN });
      expect(vendors.billagain.calls.count('POST')).toBe(1);
      vendors.billagain.calls.clear();
    }
  });

  it('is unknown where the reference is that of a customer from before', async () => {
    const reference = randomUUID();
    const old = await newCustomer(vendors.billagain, { Reference: reference, Name: 'Ada Lovelace' });
    vendors.billagain.change(Number(old.split(':')[2]), { CreatedDate: '2020-01-01T00:00:00.0000000+02:00' });
    vendors.billagain.dials.set({ ...POST_CUSTOMERS, drop: 'before' });
    const payload = await write(gateway, CREATE_CUSTOMER, { input: { ...PERSON, reference } });
    expect(payload).toMatchObject({ customer: null, userErrors: OUTCOME_UNKNOWN });
  });

  it('is unknown where the reference is that of somebody else who was created just now', async () => {
    const reference = randomUUID();
    await newCustomer(vendors.billagain, { Reference: reference, Name: 'Grace Hopper' });
    vendors.billagain.dials.set({ ...POST_CUSTOMERS, drop: 'before' });
    const payload = await write(gateway, CREATE_CUSTOMER, { input: { ...PERSON, reference } });
    expect(payload).toMatchObject({ customer: null, userErrors: OUTCOME_UNKNOWN });
  });

  it('is unknown when the list can not be read', async () => {
    vendors.billagain.dials.set({ ...POST_CUSTOMERS, drop: 'after' }, { method: 'GET', status: 503 });
    const payload = await write(gateway, CREATE_CUSTOMER, { input: { ...PERSON, reference: randomUUID() } });
    expect(payload).toMatchObject({ customer: null, userErrors: OUTCOME_UNKNOWN });
    expect(vendors.billagain.calls.count('POST')).toBe(1);
  });
});

describe("BillAgain's changes of state whose answer is lost", () => {
  it('are done where the record shows it', async () => {
    const id = await newCustomer(vendors.billagain);
    vendors.billagain.calls.clear();
    vendors.billagain.dials.set({ method: 'PUT', drop: 'after' }, { method: 'DELETE', drop: 'after' });
    expect(await write(gateway, ARCHIVE_CUSTOMER, { id })).toMatchObject({ customer: { status: 'ARCHIVED' } });
    expect(await write(gateway, DELETE_CUSTOMER, { id })).toMatchObject({ deletedId: id, userErrors: [] });
    expect([vendors.billagain.calls.count('PUT'), vendors.billagain.calls.count('DELETE')]).toEqual([1, 1]);
  });

  it('are unknown where it does not', async () => {
    const id = await newCustomer(vendors.billagain);
    vendors.billagain.dials.set({ method: 'PUT', drop: 'before' }, { method: 'DELETE', drop: 'before' });
    expect(await write(gateway, ARCHIVE_CUSTOMER, { id })).toMatchObject({
      customer: null,
      userErrors: OUTCOME_UNKNOWN,
    });
    expect(await write(gateway, DELETE_CUSTOMER, { id })).toMatchObject({
      deletedId: null,
      userErrors: OUTCOME_UNKNOWN,
    });
  });
});

describe('a create that certainly did not arrive', () => {
  it('is a fault to try again where the vendor refuses the connection, and its key is as good as unused', async () => {
    const key = randomUUID();
    await gateway.stop();
    const gone = await startVendors();
    gateway = await startLocalGateway(gone);
    await gone.close();
    for (const input of [PERSON, UNIPAY_PERSON]) {
      const { data, errors } = await attempt(gateway, CREATE_CUSTOMER, { input, key });
      expect(data).toEqual({ payload: null });
      expect(errors).toMatchObject([
        { extensions: { code: 'VENDOR_UNAVAILABLE', account: input.account, retryable: true } },
      ]);
      // Not IDEMPOTENCY_KEY_REUSED.
      const other = await attempt(gateway, CREATE_CUSTOMER, { input: { ...input, email: 'ada@example.com' }, key });
      expect(other.errors?.[0]?.extensions?.code).toBe('VENDOR_UNAVAILABLE');
    }
  });

  it('is a fault to try again while all circuits are open, and its key works once they are closed', async () => {
    vendors.unipay.dials.set({ method: 'GET', status: 503 });
    // Of one operation alone nothing would follow for others.
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        gateway.ask(
          `{ customer(id: "Customer:unipay:${index + 1}") { id } subscription(id: "BillingSubscription:unipay:${index + 1}:1") { id } }`,
        ),
      ),
    );
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    const refused = await attempt(gateway, CREATE_CUSTOMER, variables);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'VENDOR_UNAVAILABLE', retryable: true } }]);
    expect(vendors.unipay.calls.count('PUT')).toBe(0);
    await gateway.stop();
    gateway = await startLocalGateway(vendors);
    expect(await write(gateway, CREATE_CUSTOMER, variables)).toMatchObject({ userErrors: [], replayed: false });
  });

  it('is a fault to try again where the vendor asks to be left alone, and its key works afterwards', async () => {
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    vendors.unipay.dials.set({ retryAfterSeconds: 0, times: 1 });
    const limited = await attempt(gateway, CREATE_CUSTOMER, variables);
    expect(limited.errors).toMatchObject([{ extensions: { code: 'VENDOR_RATE_LIMITED', retryable: true } }]);
    expect(await write(gateway, CREATE_CUSTOMER, variables)).toMatchObject({ userErrors: [], replayed: false });
    expect(vendors.unipay.calls.count('PUT')).toBe(2);
  });
});

describe('a create that the vendor carried out without showing its record', () => {
  it('is done, and an error says what is missing', async () => {
    vendors.billagain.dials.set({ ...POST_CUSTOMERS, rewrite: () => '' });
    const { data, errors } = await attempt(gateway, CREATE_CUSTOMER, { input: PERSON });
    expect(data?.payload).toMatchObject({ customer: null, userErrors: [] });
    expect(errors).toMatchObject([{ path: ['payload'], extensions: { code: 'VENDOR_MALFORMED_ANSWER' } }]);
  });
});

describe('a write that was carried out and can not be read back', () => {
  it('is data without the record and without userErrors, with an error beside it, and one PUT', async () => {
    const id = await newCustomer(vendors.billagain);
    vendors.billagain.calls.clear();
    // The first is the read before the change.
    vendors.billagain.dials.set({ path: /by_customer_ids/, times: 1 }, { path: /by_customer_ids/, status: 503 });
    const { data, errors } = await attempt(gateway, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } });
    expect(data).toEqual({ payload: { customer: null, userErrors: [], dryRun: null } });
    expect(errors).toMatchObject([
      { path: ['payload'], extensions: { code: 'VENDOR_UNAVAILABLE', account: 'billagain' } },
    ]);
    expect(vendors.billagain.calls.count('PUT')).toBe(1);
    expect(vendors.billagain.customer(Number(id.split(':')[2]))).toMatchObject({ Email: 'new@example.com' });
  });
});

describe('a refused write', () => {
  it('tells what the vendor said no to, and not that the record is missing', async () => {
    const unknownPlan = await write(gateway, CREATE_SUBSCRIPTION, {
      input: { ...UNIPAY_SUBSCRIPTION, planId: '999999' },
    });
    expect(unknownPlan.userErrors).toMatchObject([{ code: 'REFUSED_BY_VENDOR', vendorCode: 'V01' }]);
    const { subscription } = await write(gateway, CREATE_SUBSCRIPTION, { input: UNIPAY_SUBSCRIPTION });
    const input = { id: subscription?.id, effectiveDate: '2026-02-02', paymentCount: 1 };
    const offDay = await write(gateway, FREEZE_SUBSCRIPTION, { input });
    expect(offDay.userErrors).toMatchObject([{ code: 'REFUSED_BY_VENDOR', vendorCode: 'V02' }]);
  });

  it('is NOT_FOUND for a record that the account does not have', async () => {
    const input = { id: 'Customer:billagain:999', email: 'new@example.com' };
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input }))).toEqual(['NOT_FOUND']);
    expect(codesOf(await write(gateway, ARCHIVE_CUSTOMER, { id: input.id }))).toEqual(['NOT_FOUND']);
    expect(codesOf(await write(gateway, DELETE_CUSTOMER, { id: input.id }))).toEqual(['NOT_FOUND']);
  });
});
