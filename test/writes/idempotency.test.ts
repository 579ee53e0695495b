import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type OwnRedis, startOwnRedis, startReplicaOf } from '../redis-server.ts';
import { newCustomer } from './cases.ts';
import {
  ARCHIVE_CUSTOMER,
  attempt,
  CANCEL_SUBSCRIPTION,
  CREATE_CUSTOMER,
  CREATE_SUBSCRIPTION,
  codesOf,
  DELETE_CUSTOMER,
  PERSON,
  UNIPAY_PERSON,
  UNIPAY_SUBSCRIPTION,
  UPDATE_CUSTOMER,
  write,
} from './documents.ts';
import {
  connectTo,
  endLeases,
  isReady,
  type LocalGateway,
  startLocalGateway,
  startVendors,
  takeCalls,
  until,
  type Vendors,
} from './start-gateways.ts';

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors();
});
afterAll(() => vendors.close());
afterEach(() => {
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
});

describe.each(['memory', 'Redis'])('an idempotency key, in %s', (store) => {
  let redis: OwnRedis | undefined;
  let gateway: LocalGateway;
  beforeAll(async () => {
    redis = store === 'Redis' ? await startOwnRedis() : undefined;
    gateway = await startLocalGateway(vendors, {
      REQUEST_TIMEOUT_MS: '1500',
      VENDOR_TIMEOUT_MS: '700',
      ...(redis ? { REDIS_URL: redis.url } : {}),
    });
    await until(() => isReady(gateway.url));
  });
  afterAll(async () => {
    await gateway.stop();
    await redis?.stop();
  });
  beforeEach(() => {
    vendors.billagain.calls.clear();
    vendors.unipay.calls.clear();
  });

  it('answers the same input with the first answer, in whatever order its fields come', async () => {
    const key = randomUUID();
    const input = { ...PERSON, email: 'ada@example.com', address: { line1: '1 Long Street', city: 'Cape Town' } };
    const first = await write(gateway, CREATE_CUSTOMER, { input, key });
    const again = Object.fromEntries(Object.entries(input).reverse());
    const second = await write(gateway, CREATE_CUSTOMER, {
      input: { ...again, address: { city: 'Cape Town', line1: '1 Long Street' } },
      key,
    });
    expect(first.replayed).toBe(false);
    expect(first.customer?.source.cached).toBe(false);
    // The record is as old as the first answer, and says so.
    expect(second).toEqual({
      ...first,
      replayed: true,
      customer: { ...first.customer, source: { ...first.customer?.source, cached: true } },
    });
    expect(vendors.billagain.calls.count('POST', /^\/customers$/)).toBe(1);
  });

  it('answers with the record as it is by then', async () => {
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    const { customer } = await write(gateway, CREATE_CUSTOMER, variables);
    const input = { id: customer?.id, email: 'new@example.com' };
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input }))).toEqual([]);
    expect(await write(gateway, CREATE_CUSTOMER, variables)).toMatchObject({
      replayed: true,
      userErrors: [],
      customer: { id: customer?.id, email: 'new@example.com' },
    });
  });

  it('does not bring back a customer that was deleted meanwhile, in the answer nor for later reads', async () => {
    const variables = { input: { ...PERSON, email: 'ada@example.com' }, key: randomUUID() };
    const id = (await write(gateway, CREATE_CUSTOMER, variables)).customer?.id;
    expect(codesOf(await write(gateway, DELETE_CUSTOMER, { id }))).toEqual([]);
    const replay = await attempt(gateway, CREATE_CUSTOMER, variables);
    expect(replay).toMatchObject({
      data: {
        payload: {
          replayed: true,
          customer: null,
          userErrors: [{ code: 'NOT_FOUND', message: expect.stringContaining(`${id}`) }],
        },
      },
    });
    expect(JSON.stringify(replay)).not.toContain('ada@example.com');
    expect((await gateway.ask(`{ customer(id: "${id}") { email } }`)).data).toEqual({ customer: null });
    expect(vendors.billagain.calls.count('POST', /^\/customers$/)).toBe(1);
  });

  it('tells the id of what it created though the record can not be read just now', async () => {
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    const id = (await write(gateway, CREATE_CUSTOMER, variables)).customer?.id;
    // Another write to the account, after which no record that was cached before it is sure.
    await write(gateway, CREATE_CUSTOMER, { input: UNIPAY_PERSON });
    vendors.unipay.dials.set({ method: 'GET', status: 503 });
    const { data, errors } = await attempt(gateway, CREATE_CUSTOMER, variables);
    expect(data?.payload).toMatchObject({ replayed: true, customer: null, userErrors: [] });
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining(`carried out as ${id}`),
        path: ['payload'],
        extensions: { code: 'VENDOR_UNAVAILABLE', recordId: id, carriedOut: true, retryable: false },
      },
    ]);
    vendors.unipay.dials.clear();
    expect((await write(gateway, CREATE_CUSTOMER, variables)).customer?.id).toBe(id);
  });

  it('answers a refused input with the first refusal, from the vendor or from us', async () => {
    const cases = [
      { ...PERSON, address: { countryCode: 'South Africa' } },
      { ...UNIPAY_PERSON, merchantAccountId: '9' },
    ];
    for (const input of cases) {
      const key = randomUUID();
      const first = await write(gateway, CREATE_CUSTOMER, { input, key });
      expect(codesOf(first)).toHaveLength(1);
      vendors.unipay.calls.clear();
      expect(await write(gateway, CREATE_CUSTOMER, { input, key })).toEqual({ ...first, replayed: true });
      expect(takeCalls(vendors.unipay)).toEqual([]);
    }
  });

  it('answers an unknown outcome with the first answer, and sends nothing again', async () => {
    vendors.unipay.dials.set({ method: 'PUT', drop: 'after' });
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    const first = await write(gateway, CREATE_CUSTOMER, variables);
    expect(codesOf(first)).toEqual(['OUTCOME_UNKNOWN']);
    expect(await write(gateway, CREATE_CUSTOMER, variables)).toEqual({ ...first, replayed: true });
    expect(vendors.unipay.calls.count('PUT')).toBe(1);
  });

  it('is refused with another input, while the first is under way and after it', async () => {
    const key = randomUUID();
    vendors.unipay.dials.set({ method: 'PUT', latencyMs: 200 });
    const first = write(gateway, CREATE_CUSTOMER, { input: UNIPAY_PERSON, key });
    await until(() => vendors.unipay.calls.count('PUT') === 1);
    const other = { input: { ...UNIPAY_PERSON, email: 'ada@example.com' }, key };
    expect(codesOf(await write(gateway, CREATE_CUSTOMER, other))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    await first;
    expect(codesOf(await write(gateway, CREATE_CUSTOMER, other))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(vendors.unipay.calls.count('PUT')).toBe(1);
  });

  it('belongs to its account and to its operation', async () => {
    const key = randomUUID();
    const results = [
      await write(gateway, CREATE_CUSTOMER, { input: UNIPAY_PERSON, key }),
      await write(gateway, CREATE_CUSTOMER, { input: PERSON, key }),
      await write(gateway, CREATE_SUBSCRIPTION, { input: UNIPAY_SUBSCRIPTION, key }),
    ];
    expect(results).toMatchObject([
      { replayed: false, userErrors: [] },
      { replayed: false, userErrors: [] },
      { replayed: false, userErrors: [] },
    ]);
  });

  it('makes one of equal creates at once', async () => {
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    vendors.unipay.dials.set({ method: 'PUT', latencyMs: 100 });
    const payloads = await Promise.all(Array.from({ length: 20 }, () => write(gateway, CREATE_CUSTOMER, variables)));
    expect(new Set(payloads.map(({ customer }) => customer?.id)).size).toBe(1);
    expect(payloads.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(vendors.unipay.calls.count('PUT')).toBe(1);
  });

  it('says that a request is under way where its end does not come in time', async () => {
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    const impatient = await startLocalGateway(vendors, {
      REQUEST_TIMEOUT_MS: '100',
      ...(redis ? { REDIS_URL: redis.url } : {}),
    });
    await until(() => isReady(impatient.url));
    vendors.unipay.dials.set({ method: 'PUT', latencyMs: 400 });
    const first = write(impatient, CREATE_CUSTOMER, variables);
    await until(() => vendors.unipay.calls.count('PUT') === 1);
    expect((await write(impatient, CREATE_CUSTOMER, variables)).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_IN_PROGRESS', retryable: true, field: ['idempotencyKey'] },
    ]);
    // A create that has begun is not bound by the request's time.
    expect(await first).toMatchObject({ userErrors: [], customer: { displayName: 'Ada Lovelace' } });
    expect(await write(impatient, CREATE_CUSTOMER, variables)).toMatchObject({ replayed: true, userErrors: [] });
    await impatient.stop();
  });

  it('must be of a readable form, and is refused before any call', async () => {
    for (const key of ['', ' ', 'two words', 'käse', 'x'.repeat(256), '4111111111111111']) {
      const { data, errors } = await attempt(gateway, CREATE_CUSTOMER, { input: UNIPAY_PERSON, key });
      expect([key, data]).toEqual([key, { payload: null }]);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      if (key.trim() !== '') expect(JSON.stringify(errors)).not.toContain(key);
    }
    expect(takeCalls(vendors.unipay)).toEqual([]);
    expect(codesOf(await write(gateway, CREATE_CUSTOMER, { input: UNIPAY_PERSON, key: 'x'.repeat(255) }))).toEqual([]);
  });

  it('may be any UUID', async () => {
    // Its groups hold 16 digits with a check digit.
    const key = 'aaaaaaaa-4111-4111-8111-1110aaaaaaaa';
    expect(codesOf(await write(gateway, CREATE_CUSTOMER, { input: UNIPAY_PERSON, key }))).toEqual([]);
  });
});

describe('an idempotency key in Redis', () => {
  let redis: OwnRedis;
  let gateway: LocalGateway;
  const start = async (settings = {}) => {
    const started = await startLocalGateway(vendors, { REDIS_URL: redis.url, ...settings });
    await until(() => isReady(started.url));
    return started;
  };
  beforeEach(async () => {
    redis = await startOwnRedis();
    gateway = await start();
    vendors.billagain.calls.clear();
    vendors.unipay.calls.clear();
  });
  afterEach(async () => {
    redis.resume();
    await gateway.stop();
    await redis.stop();
  });

  it('leaves nothing of passwords, cards and keys in any key or value', async () => {
    const card = { number: '4111111111111111', expiryMonth: 12, expiryYear: 2090 };
    const input = {
      ...PERSON,
      billAgain: {
        contact: { firstName: 'Ada', lastName: 'L', email: 'ada@example.com', password: 'correct-horse-battery' },
        paymentMethod: { creditCard: card },
      },
    };
    const carrying = await start({ ALLOW_RAW_CARD_DATA: 'true' });
    expect(codesOf(await write(carrying, CREATE_CUSTOMER, { input, key: 'my-secret-key-1' }))).toEqual([]);
    expect(codesOf(await write(gateway, CREATE_CUSTOMER, { input, key: 'my-secret-key-2' }))).toEqual(
      expect.arrayContaining(['RAW_CARD_DATA_REFUSED']),
    );
    await write(carrying, CREATE_CUSTOMER, { input: { ...input, kind: null }, key: 'my-secret-key-3' });
    await carrying.ask('{ customers(first: 5, accounts: ["billagain"]) { nodes { id } } }');
    await carrying.stop();
    const client = connectTo(redis.url);
    const stored: string[] = [];
    for (const key of await client.keys('*')) {
      const kind = await client.type(key);
      stored.push(key, JSON.stringify(kind === 'hash' ? await client.hgetall(key) : await client.get(key)));
    }
    client.disconnect();
    const text = stored.join('\n');
    expect(text).toContain('Ada Lovelace');
    for (const secret of ['correct-horse-battery', '4111111111111111', 'my-secret-key', vendors.billagain.apiKey]) {
      expect(text).not.toContain(secret);
    }
  });

  it('holds nothing of the person it created', async () => {
    const input = { ...PERSON, email: 'ada@example.com', address: { line1: '1 Long Street' } };
    const { customer } = await write(gateway, CREATE_CUSTOMER, { input, key: randomUUID() });
    const client = connectTo(redis.url);
    const [key] = await client.keys('billgraph:*:idempotency:*');
    const { result = '' } = await client.hgetall(key ?? '');
    client.disconnect();
    expect(JSON.parse(result)).toEqual({ recordId: customer?.id, userErrors: [] });
  });

  it('is lost, not new, when its request ended without a trace', async () => {
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    // As a crash between the call and the record leaves it: claimed, never settled, and the lease over.
    const client = connectTo(redis.url);
    vendors.unipay.dials.set({ method: 'PUT', latencyMs: 300 });
    const crashed = attempt(gateway, CREATE_CUSTOMER, variables);
    await until(() => vendors.unipay.calls.count('PUT') === 1);
    await endLeases(client);
    client.disconnect();
    expect(codesOf(await write(gateway, CREATE_CUSTOMER, variables))).toEqual(['OUTCOME_UNKNOWN']);
    await crashed;
    expect(vendors.unipay.calls.count('PUT')).toBe(1);
  });

  it('refuses a create while Redis can not be reached, and every change of a record, before any call', async () => {
    const id = await newCustomer(vendors.billagain);
    vendors.billagain.calls.clear();
    await redis.kill();
    await until(async () => !(await isReady(gateway.url)));
    const refused = [
      await attempt(gateway, CREATE_CUSTOMER, { input: UNIPAY_PERSON, key: randomUUID() }),
      await attempt(gateway, CREATE_SUBSCRIPTION, { input: UNIPAY_SUBSCRIPTION, key: randomUUID() }),
      await attempt(gateway, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } }),
      await attempt(gateway, ARCHIVE_CUSTOMER, { id }),
      await attempt(gateway, CANCEL_SUBSCRIPTION, {
        input: { id: 'BillingSubscription:unipay:1:9', effectiveDate: '2026-03-01' },
      }),
    ];
    for (const { data, errors } of refused) {
      expect(data).toEqual({ payload: null });
      expect(errors).toMatchObject([
        {
          message: expect.stringMatching(/nothing was sent/),
          extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: true },
        },
      ]);
    }
    expect([...takeCalls(vendors.billagain), ...takeCalls(vendors.unipay)]).toEqual([]);
    // Without a key nobody was promised anything.
    expect(codesOf(await write(gateway, CREATE_CUSTOMER, { input: UNIPAY_PERSON }))).toEqual([]);
  });

  it('refuses every coordinated write, before any call, while fewer replicas hold its key or lock than it must wait for', async () => {
    const waiting = await start({ REDIS_WAIT_REPLICAS: '1', REDIS_WAIT_MS: '50' });
    const id = await newCustomer(vendors.billagain);
    vendors.billagain.calls.clear();
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    const refused = [
      await attempt(waiting, CREATE_CUSTOMER, variables),
      await attempt(waiting, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } }),
    ];
    for (const { errors } of refused) {
      expect(errors).toMatchObject([
        { message: expect.stringMatching(/nothing was sent/), extensions: { retryable: true } },
      ]);
    }
    expect([...takeCalls(vendors.billagain), ...takeCalls(vendors.unipay)]).toEqual([]);
    const replica = await startReplicaOf(redis);
    let payload: Awaited<ReturnType<typeof write>> | undefined;
    await until(async () => {
      payload = (await attempt(waiting, CREATE_CUSTOMER, variables)).data?.payload;
      return payload !== undefined && payload !== null;
    });
    expect(payload).toMatchObject({ userErrors: [], replayed: false });
    await waiting.stop();
    await replica.stop();
  });

  it('refuses a create while Redis does not answer, and works with the same key once it does', async () => {
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    redis.pause();
    const refused = await attempt(gateway, CREATE_CUSTOMER, variables);
    expect(refused.errors).toMatchObject([{ extensions: { retryable: true } }]);
    expect(takeCalls(vendors.unipay)).toEqual([]);
    redis.resume();
    let payload: Awaited<ReturnType<typeof write>> | undefined;
    await until(async () => {
      payload = (await attempt(gateway, CREATE_CUSTOMER, variables)).data?.payload;
      return Boolean(payload);
    });
    expect(payload).toMatchObject({ userErrors: [], replayed: false });
  });

  it('answers the client though Redis died between the claim and the result, and does not create twice', async () => {
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    vendors.unipay.dials.set({ method: 'PUT', latencyMs: 300 });
    const first = write(gateway, CREATE_CUSTOMER, variables);
    await until(() => vendors.unipay.calls.count('PUT') === 1);
    redis.pause();
    expect(await first).toMatchObject({ userErrors: [], replayed: false, customer: { displayName: 'Ada Lovelace' } });
    redis.resume();
    await until(() => isReady(gateway.url));
    const client = connectTo(redis.url);
    await endLeases(client);
    client.disconnect();
    const again = await attempt(gateway, CREATE_CUSTOMER, variables);
    // The result may have got there late; else nobody knows, and nothing is sent.
    expect(again.data?.payload.customer?.id ?? again.data?.payload.userErrors[0]?.code).toEqual(
      expect.stringMatching(/^(Customer:unipay:\d+|OUTCOME_UNKNOWN)$/),
    );
    expect(vendors.unipay.calls.count('PUT')).toBe(1);
  });

  it('keeps the result though Redis came back empty before it was there', async () => {
    const variables = { input: UNIPAY_PERSON, key: randomUUID() };
    vendors.unipay.dials.set({ method: 'PUT', latencyMs: 700 });
    const first = write(gateway, CREATE_CUSTOMER, variables);
    await until(() => vendors.unipay.calls.count('PUT') === 1);
    await redis.restart();
    await first;
    await until(() => isReady(gateway.url));
    expect(await write(gateway, CREATE_CUSTOMER, variables)).toMatchObject({ replayed: true, userErrors: [] });
    expect(vendors.unipay.calls.count('PUT')).toBe(1);
  });
});

it('keys without Redis are nothing to another gateway, which is why replicas need it', async () => {
  const gateways = await Promise.all([startLocalGateway(vendors), startLocalGateway(vendors)]);
  const variables = { input: UNIPAY_PERSON, key: randomUUID() };
  const ids = await Promise.all(
    gateways.map(async (gateway) => (await write(gateway, CREATE_CUSTOMER, variables)).customer?.id),
  );
  expect(new Set(ids).size).toBe(2);
  await Promise.all(gateways.map((gateway) => gateway.stop()));
});
