import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { type OwnRedis, startOwnRedis } from '../redis-server.ts';
import { newCustomer } from './cases.ts';
import {
  attempt,
  CREATE_CUSTOMER,
  codesOf,
  type Payload,
  PERSON,
  UNIPAY_PERSON,
  UPDATE_CUSTOMER,
  write,
} from './documents.ts';
import {
  type Build,
  buildGateway,
  connectTo,
  endLeases,
  type GatewayProcess,
  startVendors,
  until,
  type Vendors,
} from './start-gateways.ts';

let build: Build;
let vendors: Vendors;
let redis: OwnRedis;
let client: Redis;
let gateways: [GatewayProcess, GatewayProcess];

beforeAll(async () => {
  [build, vendors, redis] = await Promise.all([buildGateway(), startVendors(), startOwnRedis()]);
  client = connectTo(redis.url);
  gateways = await Promise.all([start(), start()]);
});
afterAll(async () => {
  client.disconnect();
  await Promise.all(gateways.map((gateway) => gateway.kill()));
  await Promise.all([vendors.close(), redis.stop(), build.remove()]);
});

/** Silent, but for the audit. */
const start = (settings = {}) =>
  build.start(vendors, { REDIS_URL: redis.url, VENDOR_TIMEOUT_MS: '2000', LOG_LEVEL: 'silent', ...settings });

beforeEach(async () => {
  for (const index of [0, 1] as const) if (!gateways[index].isRunning()) gateways[index] = await start();
  vendors.billagain.calls.clear();
  vendors.unipay.calls.clear();
});
afterEach(() => {
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
});

const auditOf = (key: string) =>
  gateways.flatMap((gateway) => gateway.audit()).filter(({ idempotencyKey }) => idempotencyKey === key);

describe('two processes and one Redis', () => {
  it.each([
    ['unipay', UNIPAY_PERSON, 'PUT'],
    ['billagain', PERSON, 'POST'],
  ] as const)(
    'make one customer at %s of 20 equal creates at once, and answer all alike',
    async (vendor, input, method) => {
      const variables = { input, key: randomUUID() };
      vendors[vendor].dials.set({ method, latencyMs: 200 });
      const payloads = await Promise.all(
        Array.from({ length: 20 }, (_, index) => write(gateways[index % 2 === 0 ? 0 : 1], CREATE_CUSTOMER, variables)),
      );
      expect(vendors[vendor].calls.count(method, /^\/customers(\.json)?$/)).toBe(1);
      const [first] = payloads.filter(({ replayed }) => !replayed);
      expect(payloads.filter(({ replayed }) => replayed)).toHaveLength(19);
      expect(first).toMatchObject({ userErrors: [], customer: { displayName: 'Ada Lovelace' } });
      for (const payload of payloads) expect(withoutTheWay(payload)).toEqual(first && withoutTheWay(first));
      // Both processes write their lines though their logs are silent.
      await until(() => auditOf(variables.key).length === 20);
      const outcomes = auditOf(variables.key).map(({ outcome }) => outcome);
      expect(outcomes.sort()).toEqual(['DONE', ...Array.from({ length: 19 }, () => 'REPLAYED')]);
    },
  );

  it('never make a second customer when the one that was at it is killed', async () => {
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    const [dying, surviving] = gateways;
    const before = vendors.unipay.customerCount;
    vendors.unipay.dials.set({ method: 'PUT', latencyMs: 300 });
    const asked = Array.from({ length: 10 }, () => attempt(dying, CREATE_CUSTOMER, variables).catch(() => undefined));
    await until(() => vendors.unipay.calls.count('PUT') === 1);
    await dying.kill();
    await Promise.all(asked);
    const hasty = await start({ REQUEST_TIMEOUT_MS: '200' });
    const soon = await Promise.all(Array.from({ length: 10 }, () => write(hasty, CREATE_CUSTOMER, variables)));
    expect(soon.flatMap(codesOf)).toEqual(Array.from({ length: 10 }, () => 'IDEMPOTENCY_IN_PROGRESS'));
    // Time passes; who waited meanwhile learns it, too.
    const waiting = write(surviving, CREATE_CUSTOMER, variables);
    await endLeases(client);
    const later = [
      await waiting,
      await write(surviving, CREATE_CUSTOMER, variables),
      await write(hasty, CREATE_CUSTOMER, variables),
    ];
    expect(later.flatMap(codesOf)).toEqual(['OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN']);
    expect(
      codesOf(
        await write(surviving, CREATE_CUSTOMER, { ...variables, input: { ...UNIPAY_PERSON, email: 'a@example.com' } }),
      ),
    ).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(vendors.unipay.calls.count('PUT')).toBe(1);
    expect(vendors.unipay.customerCount).toBe(before + 1);
    await hasty.kill();
  });

  it('find what a process was making at BillAgain when it was killed, and answer its key with that', async () => {
    const { kind: _, ...input } = { ...PERSON, reference: randomUUID() };
    const variables = { input, key: randomUUID() };
    const [dying, surviving] = gateways;
    vendors.billagain.dials.set({ method: 'POST', path: /^\/customers$/, latencyMs: 300 });
    const before = vendors.billagain.customerCount;
    const asked = attempt(dying, CREATE_CUSTOMER, variables).catch(() => undefined);
    await until(() => vendors.billagain.calls.count('POST') === 1);
    await dying.kill();
    await asked;
    await endLeases(client);
    // Nothing is there yet, and nothing is sent.
    expect(codesOf(await write(surviving, CREATE_CUSTOMER, variables))).toEqual(['OUTCOME_UNKNOWN']);
    await until(() => vendors.billagain.customerCount === before + 1);
    const found = await write(surviving, CREATE_CUSTOMER, variables);
    expect(found).toMatchObject({ replayed: true, userErrors: [], customer: { reference: input.reference } });
    expect(await write(surviving, CREATE_CUSTOMER, variables)).toMatchObject({
      replayed: true,
      customer: { id: found.customer?.id },
    });
    expect(vendors.billagain.calls.count('POST', /^\/customers$/)).toBe(1);
  });

  it('lose neither of two changes of different fields of one customer at once', async () => {
    const id = await newCustomer(vendors.billagain);
    const row = () => vendors.billagain.customer(Number(id.split(':')[2]));
    vendors.billagain.dials.set({ latencyMs: 10 });
    for (let round = 1; round <= 8; round++) {
      const [email, phone, city] = [`${round}@example.com`, `+27-${round}`, `City ${round}`];
      const payloads = await Promise.all([
        write(gateways[0], UPDATE_CUSTOMER, { input: { id, email } }),
        write(gateways[1], UPDATE_CUSTOMER, { input: { id, phone } }),
        write(gateways[round % 2 === 0 ? 0 : 1], UPDATE_CUSTOMER, { input: { id, address: { city } } }),
      ]);
      expect(payloads.flatMap(codesOf)).toEqual([]);
      expect(row()).toMatchObject({ Email: email, Tel: phone, City: city });
    }
  });

  it('let one of two changes of one version through', async () => {
    const id = await newCustomer(vendors.billagain);
    const { customer } = await write(gateways[0], UPDATE_CUSTOMER, { input: { id, phone: '0' } });
    const payloads = await Promise.all(
      gateways.map((gateway, index) =>
        write(gateway, UPDATE_CUSTOMER, {
          input: { id, phone: String(index), expectedVersion: customer?.version, fax: `${index}` },
        }),
      ),
    );
    expect(payloads.map(codesOf).sort()).toEqual([[], ['CONFLICT']]);
  });

  it('let go of the record of a process that was killed, after its lease', async () => {
    const id = await newCustomer(vendors.billagain);
    const [dying, surviving] = gateways;
    vendors.billagain.dials.set({ method: 'PUT', times: 1, latencyMs: 300 });
    const asked = attempt(dying, UPDATE_CUSTOMER, { input: { id, email: 'a@example.com' } }).catch(() => undefined);
    await until(() => vendors.billagain.calls.count('PUT') === 1);
    await dying.kill();
    await asked;
    const waiting = write(surviving, UPDATE_CUSTOMER, { input: { id, phone: '1' } });
    await until(async () => (await client.keys('*:writer:*')).length === 1);
    await endLeases(client);
    expect(await waiting).toMatchObject({ userErrors: [], customer: { phone: '1' } });
  });

  it('keep a record locked for no longer than a write may take', async () => {
    const id = await newCustomer(vendors.billagain);
    vendors.billagain.dials.set({ method: 'PUT', latencyMs: 200 });
    const update = write(gateways[0], UPDATE_CUSTOMER, { input: { id, phone: '1' } });
    await until(() => vendors.billagain.calls.count('PUT') === 1);
    const [lock = ''] = await client.keys('*:writer:*');
    const leftMs = await client.pttl(lock);
    // The request's 10 s, two calls of 2 s, and the reads afterwards.
    expect(leftMs).toBeGreaterThan(20_000);
    expect(leftMs).toBeLessThan(30_000);
    await update;
    expect(await client.keys('*:writer:*')).toEqual([]);
  });

  it('see at once what the other wrote, in records, lists and by ids that were not there', async () => {
    const [writer, reader] = gateways;
    const look = `query ($id: ID!) { customer(id: $id) { email } customers(first: 200, accounts: ["billagain"]) { nodes { id email } } }`;
    interface Look {
      readonly customer: { readonly email: string | null } | null;
      readonly customers: { readonly nodes: readonly { readonly id: string; readonly email: string | null }[] };
    }
    const read = async (gateway: GatewayProcess, id: string) => {
      const { data } = await gateway.ask<Look>(look, { id });
      return [data?.customer?.email, data?.customers.nodes.find((node) => node.id === id)?.email];
    };
    const { customer } = await write(writer, CREATE_CUSTOMER, { input: { ...PERSON, email: 'old@example.com' } });
    const id = customer?.id ?? '';
    const next = id.replace(/\d+$/, (number) => String(Number(number) + 1));
    for (const gateway of gateways) {
      await read(gateway, next);
      expect(await read(gateway, id)).toEqual(['old@example.com', 'old@example.com']);
    }
    await write(writer, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } });
    expect(await read(reader, id)).toEqual(['new@example.com', 'new@example.com']);
    const created = await write(writer, CREATE_CUSTOMER, { input: { ...PERSON, email: 'next@example.com' } });
    expect(created.customer?.id).toBe(next);
    expect(await read(reader, next)).toEqual(['next@example.com', 'next@example.com']);
  });
});

describe('a process that is told to stop', () => {
  it('ends the create it is at, answers it and records it', async () => {
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    const [stopping, other] = gateways;
    vendors.unipay.dials.set({ method: 'PUT', latencyMs: 500 });
    const asked = write(stopping, CREATE_CUSTOMER, variables);
    await until(() => vendors.unipay.calls.count('PUT') === 1);
    const stopped = stopping.stop();
    const payload = await asked;
    expect(payload).toMatchObject({ replayed: false, userErrors: [], customer: { displayName: 'Ada Lovelace' } });
    expect(await stopped).toBe(0);
    expect(auditOf(variables.key)).toMatchObject([{ outcome: 'DONE', recordId: payload.customer?.id }]);
    const again = await write(other, CREATE_CUSTOMER, variables);
    expect(again).toMatchObject({ replayed: true, customer: { id: payload.customer?.id } });
    expect(vendors.unipay.calls.count('PUT')).toBe(1);
  });

  it('ends and records a create though its client has left', async () => {
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    const [stopping, other] = gateways;
    vendors.unipay.dials.set({ method: 'PUT', latencyMs: 500 });
    const leaving = new AbortController();
    const asked = stopping.ask(CREATE_CUSTOMER, variables, leaving.signal).catch(() => undefined);
    await until(() => vendors.unipay.calls.count('PUT') === 1);
    leaving.abort();
    await asked;
    expect(await stopping.stop()).toBe(0);
    expect(auditOf(variables.key)).toMatchObject([{ outcome: 'DONE' }]);
    expect(await write(other, CREATE_CUSTOMER, variables)).toMatchObject({ replayed: true, userErrors: [] });
  });

  it('learns what became of a create whose answer was lost, though its client has left', async () => {
    const variables = { input: { ...PERSON, reference: randomUUID() }, key: randomUUID() };
    const [stopping, other] = gateways;
    vendors.billagain.dials.set({ method: 'POST', path: /^\/customers$/, latencyMs: 500, drop: 'after' });
    const leaving = new AbortController();
    const asked = stopping.ask(CREATE_CUSTOMER, variables, leaving.signal).catch(() => undefined);
    await until(() => vendors.billagain.calls.count('POST') === 1);
    leaving.abort();
    await asked;
    expect(await stopping.stop()).toBe(0);
    expect(await write(other, CREATE_CUSTOMER, variables)).toMatchObject({
      replayed: true,
      userErrors: [],
      customer: { reference: variables.input.reference },
    });
  });
});

/** What may differ between the first answer and its repetitions. */
function withoutTheWay({ replayed: _, customer, ...rest }: Payload): object {
  return { ...rest, customer: { ...customer, source: { ...customer?.source, cached: true } } };
}
