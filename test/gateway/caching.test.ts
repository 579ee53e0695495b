import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type OwnRedis, startOwnRedis } from '../redis-server.ts';
import { type Overrides, startTestGateway, startVendors, type TestGateway, type Vendors } from './start-gateway.ts';

const SOURCE = 'source { cached stale fetchedAt account { name health } }';
const EVERYTHING = `{
  customer(id: "Customer:billagain:302") { id displayName balance { amount } customFields { key value } }
  unipay: customer(id: "Customer:unipay:1") { id email subscriptions { nodes { id amount { amount } } } }
  nodes(ids: ["Customer:billagain:300", "Customer:unipay:2", "Customer:billagain:999"]) { id }
  customers(first: 30) { nodes { id createdAt } completeness { state } }
  subscription(id: "BillingSubscription:unipay:1:999999999") { id }
}`;

interface Source {
  readonly cached: boolean;
  readonly stale: boolean;
  readonly fetchedAt: string;
}

let vendors: Vendors;

beforeAll(async () => {
  vendors = await startVendors({ billagain: { customers: 50 }, unipay: { customers: 50 } });
});

afterEach(() => {
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
});

const start = (overrides: Overrides = {}) => startTestGateway({ vendors, ...overrides });

function readSource(gateway: TestGateway, id = 'Customer:billagain:302'): Promise<{ customer: { source: Source } }> {
  return gateway.read(`{ customer(id: "${id}") { ${SOURCE} } }`);
}

describe.each(['memory', 'Redis'])('a cache in %s', (where) => {
  let redis: OwnRedis | undefined;
  let gateway: TestGateway;

  beforeAll(async () => {
    if (where === 'Redis') redis = await startOwnRedis();
  });

  beforeEach(async () => {
    await redis?.restart();
    gateway = await start(redis && { redisUrl: redis.url });
    await isReady(gateway);
  });

  afterEach(() => gateway.stop());
  afterAll(() => redis?.stop());

  it('answers the same query within the TTL without a call, and with the same answer', async () => {
    const first = await gateway.read(EVERYTHING);
    let second: unknown;
    expect(
      await gateway.callsOf(async () => {
        second = await gateway.read(EVERYTHING);
      }),
    ).toEqual([]);
    expect(second).toEqual(first);
  });

  it('remembers that a record is not there', async () => {
    const document =
      '{ customer(id: "Customer:billagain:999") { id } subscription(id: "BillingSubscription:unipay:1:999") { id } }';
    expect(await gateway.callsOf(() => gateway.read(document))).toHaveLength(2);
    expect(await gateway.callsOf(() => gateway.read(document))).toEqual([]);
  });

  it('asks only for those of many that it does not have', async () => {
    await gateway.read('{ nodes(ids: ["Customer:billagain:302", "Customer:billagain:999"]) { id } }');
    vendors.billagain.calls.clear();
    await gateway.read(
      '{ nodes(ids: ["Customer:billagain:302", "Customer:billagain:300", "Customer:billagain:999", "Customer:billagain:10622"]) { id } }',
    );
    expect(vendors.billagain.calls.calls.map(({ body }) => body)).toEqual(['{"ids":[300,10622]}']);
  });

  it('says whether a record was cached, and when its vendor gave it out', async () => {
    const before = Date.now();
    const { customer: fresh } = await readSource(gateway);
    const between = Date.now();
    const { customer: cached } = await readSource(gateway);
    expect(fresh.source).toMatchObject({ cached: false, stale: false, account: { name: 'billagain', health: 'UP' } });
    expect(cached.source).toEqual({ ...fresh.source, cached: true });
    expect(Date.parse(fresh.source.fetchedAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(fresh.source.fetchedAt)).toBeLessThanOrEqual(between);
  });

  it('serves an expired record while its vendor is down, and says so; lists, too', async () => {
    await gateway.stop();
    gateway = await start({
      ...(redis && { redisUrl: redis.url }),
      cache: { ttlSeconds: 0.05, absentTtlSeconds: 0.05 },
    });
    await isReady(gateway);
    const document = `{
      customer(id: "Customer:billagain:302") { email ${SOURCE} }
      customers(first: 2, accounts: ["billagain"]) { nodes { id ${SOURCE} subscriptions { nodes { id ${SOURCE} } } } pageInfo { hasNextPage } completeness { state } }
    }`;
    interface Data {
      customer: { email: string; source: Source };
      customers: { nodes: { id: string; source: Source; subscriptions: { nodes: { source: Source }[] } }[] };
    }
    const fresh = await gateway.read<Data>(document);
    await sleep(60); // past the TTL
    vendors.billagain.dials.set({ status: 503 });
    const stale = await gateway.read<Data>(document);
    const sources = ({ customer, customers }: Data) => [
      customer.source,
      ...customers.nodes.flatMap(({ source, subscriptions }) => [
        source,
        ...subscriptions.nodes.map((row) => row.source),
      ]),
    ];
    expect(sources(fresh).length).toBeGreaterThan(2);
    expect(sources(stale)).toEqual(sources(fresh).map((source) => ({ ...source, cached: true, stale: true })));
    expect(stale.customer.email).toBe('poqo@hotmail.com');

    vendors.billagain.dials.clear();
    const again = await gateway.read<Data>(document);
    expect(sources(again).map(({ cached, stale: isStale }) => ({ cached, isStale }))).toEqual(
      sources(again).map(() => ({ cached: false, isStale: false })),
    );
    expect(Date.parse(again.customer.source.fetchedAt)).toBeGreaterThan(Date.parse(fresh.customer.source.fetchedAt));
  });

  it('serves nothing expired that the vendor itself has an answer to', async () => {
    await gateway.stop();
    gateway = await start({
      ...(redis && { redisUrl: redis.url }),
      cache: { ttlSeconds: 0.05, absentTtlSeconds: 0.05 },
    });
    await isReady(gateway);
    await readSource(gateway);
    await sleep(60); // past the TTL
    vendors.billagain.dials.set({ status: 410 });
    expect(await gateway.read('{ customer(id: "Customer:billagain:302") { id } }')).toEqual({ customer: null });
  });

  it('does not remember an unreadable row', async () => {
    vendors.billagain.dials.set({
      path: /by_customer_ids/,
      times: 1,
      rewrite: (body) => body.replaceAll('"customerID":302', '"customerID":"?"'),
    });
    const document = '{ nodes(ids: ["Customer:billagain:302", "Customer:billagain:300"]) { id } }';
    const { data, errors } = await gateway.query(document);
    expect(data).toEqual({ nodes: [null, { id: 'Customer:billagain:300' }] });
    expect(errors).toHaveLength(1);
    vendors.billagain.calls.clear();
    expect(await gateway.read(document)).toEqual({
      nodes: [{ id: 'Customer:billagain:302' }, { id: 'Customer:billagain:300' }],
    });
    expect(vendors.billagain.calls.calls.map(({ body }) => body)).toEqual(['{"ids":[302]}']);
  });
});

describe('two equal queries at once', () => {
  it.each([
    ['with a cache', {}],
    ['without one', { cache: { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 } }],
  ])('are the calls of one, %s', async (_, overrides) => {
    const gateway = await start(overrides);
    const one = await gateway.callsOf(() => gateway.read(EVERYTHING));
    await gateway.stop();
    const other = await start(overrides);
    vendors.billagain.dials.set({ latencyMs: 300 });
    vendors.unipay.dials.set({ latencyMs: 300 });
    let answers: unknown[] = [];
    const two = await other.callsOf(async () => {
      answers = await Promise.all([other.read(EVERYTHING), other.read(EVERYTHING), other.read(EVERYTHING)]);
    });
    await other.stop();
    expect([...two].sort()).toEqual([...one].sort());
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });
});

describe('a gateway without a cache', () => {
  it('asks each time, and calls nothing cached', async () => {
    const gateway = await start({ cache: { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 } });
    for (let time = 0; time < 3; time++) {
      let source: Source | undefined;
      const calls = await gateway.callsOf(async () => {
        source = (await readSource(gateway)).customer.source;
      });
      expect(calls).toEqual(['POST /by_customer_ids?page_size=200']);
      expect(source).toMatchObject({ cached: false, stale: false });
    }
    vendors.billagain.dials.set({ status: 503 });
    const { errors } = await gateway.query('{ customer(id: "Customer:billagain:302") { id } }');
    expect(errors?.[0]?.extensions?.code).toBe('VENDOR_UNAVAILABLE');
    await gateway.stop();
  });

  it('still asks for a record once within one request', async () => {
    const gateway = await start({ cache: { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 } });
    const calls = await gateway.callsOf(() =>
      gateway.read(
        '{ a: customer(id: "Customer:unipay:1") { id subscriptions { nodes { customer { id } } } } b: node(id: "Customer:unipay:1") { id } }',
      ),
    );
    await gateway.stop();
    expect(calls).toEqual(['GET /customers/1.json', 'GET /customers/1/subscriptions.json?offset=0&limit=25']);
  });
});

describe('a record that is not there', () => {
  it('is asked for again where absence is not remembered', async () => {
    const gateway = await start({ cache: { absentTtlSeconds: 0 } });
    const document = '{ customer(id: "Customer:billagain:999") { id } }';
    expect(await gateway.callsOf(() => gateway.read(document))).toHaveLength(1);
    expect(await gateway.callsOf(() => gateway.read(document))).toHaveLength(1);
    await gateway.stop();
  });

  it('is never claimed from memory while the vendor is down', async () => {
    const gateway = await start({ cache: { absentTtlSeconds: 0.05 } });
    const document = '{ customer(id: "Customer:billagain:999") { id } }';
    await gateway.read(document);
    await sleep(60); // past the TTL
    vendors.billagain.dials.set({ status: 503 });
    const { data, errors } = await gateway.query(document);
    expect(data).toEqual({ customer: null });
    expect(errors?.[0]?.extensions?.code).toBe('VENDOR_UNAVAILABLE');
    await gateway.stop();
  });
});

describe('gateways that share a Redis', () => {
  let redis: OwnRedis;

  beforeAll(async () => {
    redis = await startOwnRedis();
  });

  afterAll(() => redis.stop());

  it('share what they read', async () => {
    const [one, two] = await Promise.all([start({ redisUrl: redis.url }), start({ redisUrl: redis.url })]);
    await Promise.all([isReady(one), isReady(two)]);
    const first = await one.read(EVERYTHING);
    let second: unknown;
    const calls = await two.callsOf(async () => {
      second = await two.read(EVERYTHING);
    });
    await Promise.all([one.stop(), two.stop()]);
    expect(calls).toEqual([]);
    expect(second).toEqual(first);
  });

  it.each([
    ['is killed', () => redis.kill(), () => redis.restart()],
    ['stops answering', async () => redis.pause(), async () => redis.resume()],
  ])('go on rightly when it %s, and use it again when it is back', async (_, breakIt, mendIt) => {
    const gateway = await start({ redisUrl: redis.url });
    await isReady(gateway);
    const whole = await gateway.read(EVERYTHING);
    await breakIt();
    for (let time = 0; time < 3; time++) {
      expect(await gateway.read(EVERYTHING)).toEqual(whole);
    }
    expect(await gateway.callsOf(() => gateway.read(EVERYTHING))).not.toEqual([]);
    const readiness = await fetch(`${gateway.url}/readyz`);
    expect([readiness.status, ((await readiness.json()) as { cache: string }).cache]).toEqual([200, 'unreachable']);
    await mendIt();
    await isReady(gateway);
    await gateway.read(EVERYTHING);
    while ((await gateway.callsOf(() => gateway.read(EVERYTHING))).length > 0) await sleep(20);
    expect(await gateway.read(EVERYTHING)).toEqual(whole);
    await gateway.stop();
  });

  it.each([
    ['with a cache', {}],
    ['without one', { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 }],
  ])('join no read that began before the other’s write, %s', async (_, cache) => {
    const [one, two] = await Promise.all([
      start({ redisUrl: redis.url, cache }),
      start({ redisUrl: redis.url, cache }),
    ]);
    await Promise.all([isReady(one), isReady(two)]);
    const document = '{ customer(id: "Customer:billagain:100005") { email } }';
    vendors.billagain.calls.clear();
    vendors.billagain.dials.set({
      path: /by_customer_ids/,
      times: 1,
      latencyMs: 2_000,
      rewrite: (body) => body.replace(/"Email":"[^"]*"/, '"Email":"old@example.com"'),
    });
    const before = one.read(document);
    while (vendors.billagain.calls.count('POST', /by_customer_ids/) === 0) await sleep(10);
    await two.read(
      'mutation { updateCustomer(input: { id: "Customer:billagain:100005", email: "new@example.com" }) { userErrors { code } } }',
    );
    expect(await one.read(document)).toEqual({ customer: { email: 'new@example.com' } });
    expect(await before).toEqual({ customer: { email: 'old@example.com' } });
    await Promise.all([one.stop(), two.stop()]);
  });

  it('start and serve though it is not there', async () => {
    const gateway = await start({ redisUrl: 'redis://127.0.0.1:1' });
    expect(await gateway.read('{ customer(id: "Customer:billagain:302") { id } }')).toEqual({
      customer: { id: 'Customer:billagain:302' },
    });
    await gateway.stop();
  });
});

/** Until the gateway says that its cache answers. */
async function isReady(gateway: TestGateway): Promise<void> {
  for (;;) {
    const { cache } = (await (await fetch(`${gateway.url}/readyz`)).json()) as { cache: string };
    if (cache === 'reachable') return;
    await sleep(10);
  }
}
