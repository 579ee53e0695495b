import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Dial } from '../../src/simulators/dials.ts';
import { type OwnRedis, startOwnRedis } from '../redis-server.ts';
import { newCustomer } from './cases.ts';
import {
  ARCHIVE_CUSTOMER,
  attempt,
  CANCEL_SUBSCRIPTION,
  CREATE_SUBSCRIPTION,
  codesOf,
  FREEZE_SUBSCRIPTION,
  REOPEN_CUSTOMER,
  UNIPAY_OWNER,
  UNIPAY_SUBSCRIPTION,
  UPDATE_CUSTOMER,
  UPDATE_SUBSCRIPTION,
  write,
} from './documents.ts';
import {
  connectTo,
  endLeases,
  isReady,
  type LocalGateway,
  startLocalGateway,
  startVendors,
  until,
  type Vendors,
} from './start-gateways.ts';

const TIMEOUT_MS = 300;
const LATE: Dial = { times: 1, latencyMs: 3 * TIMEOUT_MS };

let vendors: Vendors;
let redis: OwnRedis;
beforeAll(async () => {
  [vendors, redis] = await Promise.all([startVendors(), startOwnRedis()]);
});
afterAll(async () => {
  await Promise.all([vendors.close(), redis.stop()]);
});
afterEach(() => {
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
});

const rowOf = (id: string) => vendors.billagain.customer(Number(id.split(':')[2]));
const changeBehind = (id: string, change: object) => vendors.billagain.change(Number(id.split(':')[2]), change);
const puts = () => vendors.billagain.calls.count('PUT');

async function endAllLeases(): Promise<void> {
  const client = connectTo(redis.url);
  await endLeases(client);
  client.disconnect();
}

describe.each(['memory', 'Redis'])('an edit at BillAgain, with locks in %s', (store) => {
  let gateway: LocalGateway;
  let id: string;
  beforeAll(async () => {
    gateway = await startLocalGateway(vendors, {
      REQUEST_TIMEOUT_MS: '2500',
      VENDOR_TIMEOUT_MS: String(TIMEOUT_MS),
      ...(store === 'Redis' ? { REDIS_URL: redis.url } : {}),
    });
    await until(() => isReady(gateway.url));
  });
  afterAll(() => gateway.stop());
  beforeEach(async () => {
    id = await newCustomer(vendors.billagain, { Email: 'old@example.com' });
    vendors.billagain.calls.clear();
  });

  it('that arrives late is sent once, and nobody else writes before it has arrived', async () => {
    vendors.billagain.dials.set({ method: 'PUT', ...LATE });
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input: { id, phone: '1' } }))).toEqual(['OUTCOME_UNKNOWN']);
    const other = await write(gateway, UPDATE_CUSTOMER, { input: { id, fax: '2' } });
    expect(other.userErrors).toMatchObject([{ code: 'CONFLICT', retryable: true }]);
    await until(() => rowOf(id)?.Tel === '1');
    expect(puts()).toBe(1);
    if (store === 'memory') return;
    await endAllLeases();
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input: { id, fax: '2' } }))).toEqual([]);
    expect(rowOf(id)).toMatchObject({ Tel: '1', Fax: '2' });
  });

  it('whose connection broke on the way may arrive yet: it is not sent again, and the record stays locked', async () => {
    vendors.billagain.dials.set({ method: 'PUT', drop: 'before' });
    const lost = await write(gateway, UPDATE_CUSTOMER, { input: { id, phone: '1' } });
    expect(lost.userErrors).toMatchObject([{ code: 'OUTCOME_UNKNOWN', retryable: false }]);
    expect(puts()).toBe(1);
    vendors.billagain.dials.clear();
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input: { id, fax: '2' } }))).toEqual(['CONFLICT']);
  });

  it('whose answer is lost is done where the record shows it, and the next one need not wait', async () => {
    vendors.billagain.dials.set({ method: 'PUT', times: 1, drop: 'after' });
    const payload = await write(gateway, UPDATE_CUSTOMER, { input: { id, phone: '1', address: { city: 'Durban' } } });
    expect(payload).toMatchObject({ userErrors: [], customer: { phone: '1', address: { city: 'Durban' } } });
    expect(puts()).toBe(1);
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input: { id, fax: '2' } }))).toEqual([]);
  });

  it.each([
    ['is then in conflict with the version that was read', { expectedVersion: true }],
    ['is then refused', { expectedVersion: false }],
  ])(
    'that the vendor may have carried out in words of its own is unknown, though planned anew it %s',
    async (_, { expectedVersion }) => {
      const { version } = (
        await gateway.ask<{ customer: { version: string } }>('query ($id: ID!) { customer(id: $id) { version } }', {
          id,
        })
      ).data?.customer ?? { version: '' };
      // Carried out, and not as it was sent.
      vendors.billagain.dials.set(
        { method: 'PUT', times: 1, status: 503, retryAfterSeconds: 1 },
        ...(expectedVersion ? [] : [{ method: 'PUT', status: 400 }]),
      );
      const editing = write(gateway, UPDATE_CUSTOMER, {
        input: { id, email: 'Ada@Example.com', ...(expectedVersion ? { expectedVersion: version } : {}) },
      });
      await until(() => puts() === 1);
      changeBehind(id, { Email: 'ada@example.com' });
      expect(codesOf(await editing)).toEqual(['OUTCOME_UNKNOWN']);
    },
  );

  it('that asks for what was there already is not taken for done by that', async () => {
    vendors.billagain.dials.set({ method: 'PUT', ...LATE });
    await write(gateway, UPDATE_CUSTOMER, { input: { id, email: 'old@example.com' } });
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input: { id, fax: '2' } }))).toEqual(['CONFLICT']);
  });

  it.each([
    ['failed', { status: 500 }],
    ['asked for patience with 503', { status: 503, retryAfterSeconds: 1 }],
    ['asked for patience with 429', { retryAfterSeconds: 1 }],
  ])('is planned anew where the vendor %s, and keeps what others changed meanwhile', async (_what, dial) => {
    vendors.billagain.dials.set({ method: 'PUT', times: 1, ...dial });
    const update = write(gateway, UPDATE_CUSTOMER, { input: { id, phone: '1' } });
    await until(() => puts() === 1);
    changeBehind(id, { City: 'Durban', Email: 'behind@example.com' });
    expect(await update).toMatchObject({ userErrors: [], customer: { phone: '1', email: 'behind@example.com' } });
    expect(rowOf(id)).toMatchObject({ Tel: '1', City: 'Durban', Email: 'behind@example.com' });
    expect(puts()).toBe(2);
  });

  it('is not planned anew over a version that is no longer the expected one', async () => {
    const { customer } = await write(gateway, UPDATE_CUSTOMER, { input: { id, phone: '0' } });
    vendors.billagain.calls.clear();
    vendors.billagain.dials.set({ method: 'PUT', times: 1, status: 503, retryAfterSeconds: 1 });
    const input = { id, phone: '1', expectedVersion: customer?.version };
    const update = write(gateway, UPDATE_CUSTOMER, { input });
    await until(() => puts() === 1);
    changeBehind(id, { City: 'Durban' });
    expect((await update).userErrors).toMatchObject([{ code: 'CONFLICT', field: ['expectedVersion'] }]);
    expect(puts()).toBe(1);
  });

  it('is unknown after a few attempts that the vendor has all ended, and the record is free', async () => {
    vendors.billagain.dials.set({ method: 'PUT', status: 503 });
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input: { id, phone: '1' } }))).toEqual(['OUTCOME_UNKNOWN']);
    expect(puts()).toBe(3);
    vendors.billagain.dials.clear();
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input: { id, fax: '2' } }))).toEqual([]);
  });

  it('is unknown where it can not be looked for, and sent once', async () => {
    // The first read comes through, and no other.
    vendors.billagain.dials.set({ method: 'PUT', drop: 'after' }, { times: 1, latencyMs: 1 }, { status: 503 });
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input: { id, phone: '1' } }))).toEqual(['OUTCOME_UNKNOWN']);
    expect(puts()).toBe(1);
  });

  // The last, as the account is left alone from then on.
  it('is a fault to try again where the vendor asks for more patience than there is time, and nothing was changed', async () => {
    vendors.billagain.dials.set({ method: 'PUT', retryAfterSeconds: 60 });
    const { errors } = await attempt(gateway, UPDATE_CUSTOMER, { input: { id, phone: '1' } });
    expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_RATE_LIMITED', retryable: true } }]);
    expect(puts()).toBe(1);
  });
});

describe('a change of state at BillAgain that the vendor is silent about', () => {
  it('keeps others from the record while it may take effect yet', async () => {
    const gateway = await startLocalGateway(vendors, {
      REQUEST_TIMEOUT_MS: '1500',
      VENDOR_TIMEOUT_MS: String(TIMEOUT_MS),
    });
    const id = await newCustomer(vendors.billagain);
    vendors.billagain.dials.set({ method: 'PUT', ...LATE });
    expect(codesOf(await write(gateway, ARCHIVE_CUSTOMER, { id }))).toEqual(['OUTCOME_UNKNOWN']);
    expect((await write(gateway, REOPEN_CUSTOMER, { id })).userErrors).toMatchObject([
      { code: 'CONFLICT', retryable: true },
    ]);
    await until(() => rowOf(id)?.isActive === false);
    await gateway.stop();
  });
});

describe('an edit at UniPay', () => {
  let gateway: LocalGateway;
  let subscriptionId: string;
  beforeAll(async () => {
    gateway = await startLocalGateway(vendors, {
      REQUEST_TIMEOUT_MS: '2000',
      VENDOR_TIMEOUT_MS: String(TIMEOUT_MS),
      REDIS_URL: redis.url,
    });
    await until(() => isReady(gateway.url));
    const { subscription } = await write(gateway, CREATE_SUBSCRIPTION, { input: UNIPAY_SUBSCRIPTION });
    subscriptionId = subscription?.id ?? '';
  });
  afterAll(() => gateway.stop());
  beforeEach(async () => {
    await endAllLeases();
    vendors.unipay.calls.clear();
  });

  const edits = () =>
    [
      [UPDATE_CUSTOMER, { id: UNIPAY_OWNER, email: `${randomUUID()}@example.com` }, { id: UNIPAY_OWNER, phone: '1' }],
      [UPDATE_SUBSCRIPTION, { id: subscriptionId, note: randomUUID() }, { id: subscriptionId, note: 'other' }],
    ] as const;

  it.each([0, 1])('is sent once and found out where its answer is lost (%i)', async (which) => {
    const [document, input] = edits()[which] ?? [];
    vendors.unipay.dials.set({ method: 'POST', drop: 'after' });
    expect(codesOf(await write(gateway, document ?? '', { input }))).toEqual([]);
    expect(vendors.unipay.calls.count('POST')).toBe(1);
  });

  it.each([0, 1])('is sent once and keeps the record where it may arrive late (%i)', async (which) => {
    const [document = '', input, other] = edits()[which] ?? [];
    vendors.unipay.dials.set({ method: 'POST', ...LATE });
    expect(codesOf(await write(gateway, document, { input }))).toEqual(['OUTCOME_UNKNOWN']);
    expect(codesOf(await write(gateway, document, { input: other }))).toEqual(['CONFLICT']);
    expect(vendors.unipay.calls.count('POST')).toBe(1);
  });

  it.each([0, 1])('is planned anew where the vendor failed (%i)', async (which) => {
    const [document = '', input] = edits()[which] ?? [];
    vendors.unipay.dials.set({ method: 'POST', times: 1, status: 503 });
    expect(codesOf(await write(gateway, document, { input }))).toEqual([]);
    expect(vendors.unipay.calls.count('POST')).toBe(2);
  });

  it.each([
    ['cancel', CANCEL_SUBSCRIPTION, { effectiveDate: '2026-03-01' }],
    ['freeze', FREEZE_SUBSCRIPTION, { effectiveDate: '2026-02-01', paymentCount: 1 }],
  ])('waits for a %s that may take effect yet', async (_action, document, input) => {
    vendors.unipay.dials.set({ path: /~/, ...LATE });
    const lost = await write(gateway, document, { input: { id: subscriptionId, ...input } });
    expect(codesOf(lost)).toEqual(['OUTCOME_UNKNOWN']);
    const update = await write(gateway, UPDATE_SUBSCRIPTION, { input: { id: subscriptionId, note: 'late' } });
    expect(codesOf(update)).toEqual(['CONFLICT']);
  });
});

describe('an archive or a reopen of a customer that was so already', () => {
  it.each([
    ['archive', ARCHIVE_CUSTOMER, REOPEN_CUSTOMER],
    ['reopen', REOPEN_CUSTOMER, ARCHIVE_CUSTOMER],
  ])('keeps others out while its request may arrive yet: %s', async (action, change, undo) => {
    const gateway = await startLocalGateway(vendors, {
      REQUEST_TIMEOUT_MS: '2500',
      VENDOR_TIMEOUT_MS: String(TIMEOUT_MS),
    });
    const id = await newCustomer(vendors.billagain);
    if (action === 'archive') await write(gateway, ARCHIVE_CUSTOMER, { id });
    vendors.billagain.dials.set({ method: 'PUT', path: new RegExp(`/${action}$`), ...LATE });
    expect(codesOf(await write(gateway, change, { id }))).toEqual([]);
    expect((await write(gateway, undo, { id })).userErrors).toMatchObject([{ code: 'CONFLICT', retryable: true }]);
    await gateway.stop();
  });
});
