import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { type OwnRedis, startOwnRedis } from '../redis-server.ts';
import { startTestGateway, type TestGateway } from './start-gateway.ts';

let redis: OwnRedis;

beforeAll(async () => {
  redis = await startOwnRedis();
});
afterAll(() => redis.stop());

const settings = (redisUrl?: string) => ({
  unipay: { customers: 20 },
  billagain: { customers: 20 },
  cache: { ttlSeconds: 0 },
  ...(redisUrl === undefined ? {} : { redisUrl }),
});

const read = (gateway: TestGateway, id: string) =>
  gateway.query<{ customer: unknown }>('query ($id: ID!) { customer(id: $id) { id } }', { id });

/** Until a request of this gateway has found its vendors. */
async function connected(gateway: TestGateway): Promise<void> {
  const client = new Redis(redis.url, { maxRetriesPerRequest: null });
  while ((await client.pubsub('NUMSUB', 'billgraph:patience'))[1] === 0) await wait(20);
  client.disconnect();
  await gateway.query('{ __typename }');
}

describe('A vendor that asks one request for patience', () => {
  it('gets it from the requests after it, and the other vendor is asked as before', async () => {
    const gateway = await startTestGateway(settings());
    gateway.billagain.dials.set({ retryAfterSeconds: 60, times: 1 });
    await read(gateway, 'Customer:billagain:302');
    const calls = await gateway.callsOf(async () => {
      const [refused, answered] = [
        await read(gateway, 'Customer:billagain:300'),
        await read(gateway, 'Customer:unipay:1'),
      ];
      expect(refused.errors).toMatchObject([
        { extensions: { code: 'VENDOR_RATE_LIMITED', account: 'billagain', retryable: true } },
      ]);
      expect(answered.errors).toBeUndefined();
    });
    expect(calls).toEqual([expect.stringMatching(/^GET \/customers\/1\b/)]);
  });

  it('gets it from every replica where there is Redis, and from one that starts afterwards', async () => {
    const first = await startTestGateway(settings(redis.url));
    const second = await startTestGateway({ ...settings(redis.url), vendors: first });
    await Promise.all([connected(first), connected(second)]);
    first.billagain.dials.set({ retryAfterSeconds: 60, times: 1 });
    await read(first, 'Customer:billagain:302');
    await wait(300);
    const third = await startTestGateway({ ...settings(redis.url), vendors: first });
    await wait(300);
    const calls = await first.callsOf(async () => {
      for (const gateway of [first, second, third]) {
        expect((await read(gateway, 'Customer:billagain:300')).errors).toMatchObject([
          { extensions: { code: 'VENDOR_RATE_LIMITED', account: 'billagain' } },
        ]);
      }
    });
    expect(calls).toEqual([]);
  });

  it('gets it from each replica by itself when Redis is gone', async () => {
    const own = await startOwnRedis();
    try {
      const first = await startTestGateway(settings(own.url));
      const second = await startTestGateway({ ...settings(own.url), vendors: first });
      await own.kill();
      first.unipay.dials.set({ retryAfterSeconds: 60, times: 1 });
      await read(first, 'Customer:unipay:1');
      expect((await read(first, 'Customer:unipay:1')).errors).toMatchObject([
        { extensions: { code: 'VENDOR_RATE_LIMITED' } },
      ]);
      expect((await read(second, 'Customer:unipay:1')).errors).toBeUndefined();
    } finally {
      await own.stop();
    }
  });
});

describe("A request for a vendor's whole list of records", () => {
  it('keeps another one waiting for no more than its turn', async () => {
    const gateway = await startTestGateway({ ...settings(), limits: { concurrency: 2 } });
    gateway.unipay.dials.set({ latencyMs: 20 });
    const ids = Array.from({ length: 300 }, (_, index) => `Customer:unipay:${index + 1}`);
    let ended = false;
    const greedy = gateway.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }).finally(() => {
      ended = true;
    });
    await wait(200);
    gateway.unipay.calls.clear();
    expect((await read(gateway, 'Customer:unipay:7')).errors).toBeUndefined();
    expect(ended).toBe(false);
    await greedy;
  });
});
