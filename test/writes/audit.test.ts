import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createMemoryCache } from '../../src/cache/memory.ts';
import { SharedReads } from '../../src/cache/shared-reads.ts';
import { createMemoryCoordination } from '../../src/coordination/memory.ts';
import { Loaders } from '../../src/loaders/loaders.ts';
import { ReadThrough } from '../../src/loaders/read-through.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { unipay } from '../../src/vendors/unipay/index.ts';
import type { AuditLine } from '../../src/writes/audit.ts';
import { Invalidation } from '../../src/writes/invalidation.ts';
import { WritesUnderWay } from '../../src/writes/under-way.ts';
import { Writes } from '../../src/writes/writes.ts';
import { CASES, newCustomer } from './cases.ts';
import {
  ARCHIVE_CUSTOMER,
  attempt,
  CREATE_CUSTOMER,
  PERSON,
  UNIPAY_PERSON,
  UPDATE_CUSTOMER,
  write,
} from './documents.ts';
import { type LocalGateway, startLocalGateway, startVendors, until, type Vendors } from './start-gateways.ts';

let vendors: Vendors;
let gateway: LocalGateway;
beforeAll(async () => {
  vendors = await startVendors();
});
afterAll(() => vendors.close());
beforeEach(async () => {
  gateway = await startLocalGateway(vendors);
});
afterEach(async () => {
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
  await gateway.stop();
});

const outcomes = () => gateway.audit().map(({ outcome }) => outcome);

describe('the audit', () => {
  it.each(CASES)('has one line of $mutation at $vendor, with when, who, where, what and how it ended', async (one) => {
    const payload = await write(gateway, one.document, await one.variables(vendors));
    const recordId = payload.customer?.id ?? payload.subscription?.id ?? payload.deletedId;
    expect(recordId).toEqual(expect.any(String));
    expect(gateway.audit()).toEqual([
      {
        level: 30,
        time: expect.anything(),
        msg: 'write',
        tenant: 'default',
        account: one.vendor,
        operation: one.mutation,
        recordId,
        idempotencyKey: null,
        outcome: 'DONE',
      },
    ]);
  });

  it('tells each outcome', async () => {
    const key = randomUUID();
    await write(gateway, CREATE_CUSTOMER, { input: UNIPAY_PERSON, key });
    await write(gateway, CREATE_CUSTOMER, { input: UNIPAY_PERSON, key });
    await write(gateway, CREATE_CUSTOMER, { input: { ...UNIPAY_PERSON, fax: '1' }, key });
    await write(gateway, CREATE_CUSTOMER, { input: { ...UNIPAY_PERSON, fax: '1' } });
    vendors.unipay.dials.set({ drop: 'after' });
    await write(gateway, CREATE_CUSTOMER, { input: UNIPAY_PERSON });
    vendors.unipay.dials.set({ retryAfterSeconds: 0 });
    await attempt(gateway, CREATE_CUSTOMER, { input: UNIPAY_PERSON });
    expect(outcomes()).toEqual(['DONE', 'REPLAYED', 'REFUSED', 'REFUSED', 'UNKNOWN', 'FAILED']);
    expect(gateway.audit().map((line) => line.idempotencyKey)).toEqual([key, key, key, null, null, null]);
  });

  it('tells of a change that failed before anything was sent', async () => {
    const id = await newCustomer(vendors.billagain);
    vendors.billagain.dials.set({ path: /by_customer_ids/, retryAfterSeconds: 3600 });
    const { errors } = await attempt(gateway, UPDATE_CUSTOMER, { input: { id, phone: '1' } });
    expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_RATE_LIMITED' } }]);
    expect(gateway.audit()).toMatchObject([{ operation: 'updateCustomer', recordId: id, outcome: 'FAILED' }]);
  });

  it('has nothing of the people written about', async () => {
    const input = {
      ...PERSON,
      displayName: 'Grace Brewster Hopper',
      email: 'grace@example.com',
      phone: '+1-555-0100',
      address: { line1: '1 Navy Yard' },
    };
    await write(gateway, CREATE_CUSTOMER, { input, key: randomUUID() });
    await write(gateway, CREATE_CUSTOMER, { input: { ...input, currencyCode: 'nonsense' } });
    expect(gateway.audit()).toHaveLength(2);
    expect(JSON.stringify(gateway.lines)).not.toMatch(/Grace|Hopper|example\.com|555-0100|Navy/);
  });

  it('goes on when the client has left in the middle of a create, which is recorded under its key', async () => {
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    vendors.unipay.calls.clear();
    vendors.unipay.dials.set({ method: 'PUT', latencyMs: 300 });
    const leaving = new AbortController();
    const left = gateway.ask(CREATE_CUSTOMER, variables, leaving.signal);
    await until(() => vendors.unipay.calls.count('PUT') === 1);
    leaving.abort();
    await expect(left).rejects.toThrow();
    await until(() => outcomes().length === 1);
    expect(gateway.audit()).toMatchObject([{ outcome: 'DONE', idempotencyKey: variables.key }]);
    const again = await write(gateway, CREATE_CUSTOMER, variables);
    expect(again).toMatchObject({ replayed: true, userErrors: [], customer: { id: gateway.audit()[0]?.recordId } });
    expect(vendors.unipay.calls.count('PUT')).toBe(1);
  });

  it('goes on when the client has left in the middle of an update, and no cache keeps the old record', async () => {
    const id = await newCustomer(vendors.billagain, { Email: 'old@example.com' });
    const look = () => gateway.ask(`{ customer(id: "${id}") { email } }`);
    await look();
    vendors.billagain.calls.clear();
    vendors.billagain.dials.set({ method: 'PUT', latencyMs: 300 });
    const leaving = new AbortController();
    const left = gateway.ask(UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } }, leaving.signal);
    await until(() => vendors.billagain.calls.count('PUT') === 1);
    leaving.abort();
    await expect(left).rejects.toThrow();
    await until(() => outcomes().length === 1);
    expect(outcomes()).toEqual(['DONE']);
    expect(await look()).toEqual({ data: { customer: { email: 'new@example.com' } } });
  });

  it('tells of the first only, when the client has left before the second of two began', async () => {
    const document = `mutation ($input: CreateCustomerInput!) {
      first: createCustomer(input: $input) { replayed }
      second: createCustomer(input: $input) { replayed }
    }`;
    vendors.unipay.calls.clear();
    vendors.unipay.dials.set({ method: 'PUT', latencyMs: 300 });
    const leaving = new AbortController();
    const left = gateway.ask(document, { input: UNIPAY_PERSON }, leaving.signal);
    await until(() => vendors.unipay.calls.count('PUT') === 1);
    leaving.abort();
    await expect(left).rejects.toThrow();
    await until(() => outcomes().length === 2);
    expect(outcomes()).toEqual(['DONE', 'FAILED']);
    expect(vendors.unipay.calls.count('PUT')).toBe(1);
  });
});

describe('a defect of ours after a create was sent', () => {
  it('leaves its key telling that the outcome is unknown, not free for a second create', async () => {
    let sent = 0;
    let secret = 'secret';
    const transport: Transport = {
      send: () => {
        sent += 1;
        return Promise.reject(new TypeError('a defect'));
      },
      health: () => 'UP',
      close: async () => {},
    };
    const account = unipay.connect(
      {
        name: 'unipay',
        vendor: 'UNIPAY',
        url: 'http://127.0.0.1:9',
        credentials: { username: 'u', password: 'p' },
        timeoutMs: 100,
        concurrency: 1,
        maxResponseBytes: 1000,
      },
      transport,
    );
    const accounts = new Map([['unipay', account]]);
    const settings = { ttlSeconds: 60, absentTtlSeconds: 10, staleSeconds: 0 };
    const cache = createMemoryCache({ maxEntries: 10 });
    const shared = new SharedReads();
    const context = {
      tenant: 'default',
      signal: new AbortController().signal,
      deadlineMs: performance.now() + 1000,
    };
    const loaders = new Loaders(
      { accounts, reads: new ReadThrough(cache, shared, settings), scanLimitRows: 10 },
      context,
    );
    const lines: AuditLine[] = [];
    const writes = new Writes(
      {
        accounts,
        coordination: createMemoryCoordination(),
        invalidation: new Invalidation(cache, shared, settings),
        audit: (line) => lines.push(line),
        underWay: new WritesUnderWay(),
        allowRawCardData: false,
        fingerprintSecretOf: () => secret,
        timeoutMsOf: () => 100,
      },
      context,
      loaders,
    );
    const options = { dryRun: false, idempotencyKey: 'a-key' };
    await expect(writes.createCustomer(UNIPAY_PERSON, options)).rejects.toThrow('a defect');
    const second = await writes.createCustomer(UNIPAY_PERSON, options);
    expect(second).toMatchObject({ replayed: true, record: null, userErrors: [{ code: 'OUTCOME_UNKNOWN' }] });
    expect(lines.map(({ outcome }) => outcome)).toEqual(['UNKNOWN', 'REPLAYED']);

    // Another password makes another fingerprint of the input, but not another key.
    secret = 'the password that came after it';
    const third = await writes.createCustomer(UNIPAY_PERSON, options);
    expect(third.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    expect(sent).toBe(1);
  });
});

it('a write on a record that is refused for its account leaves no call', async () => {
  const { data } = await attempt(gateway, ARCHIVE_CUSTOMER, { id: 'Customer:unipay:1' });
  expect(data?.payload.userErrors).toMatchObject([{ code: 'UNSUPPORTED_BY_VENDOR' }]);
});
