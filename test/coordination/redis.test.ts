import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { type Coordination, CoordinationUnavailable, RESULT_SECONDS } from '../../src/coordination/coordination.ts';
import { createRedisCoordination } from '../../src/coordination/redis.ts';
import { redisAddress } from '../../src/settings/redis-address.ts';
import { claimed, describeCoordination } from '../contracts/coordination.contract.ts';
import { type OwnRedis, type SharedRedis, startOwnRedis, startRedisCluster } from '../redis-server.ts';
import { until } from '../writes/start-gateways.ts';

let single: OwnRedis;
let cluster: SharedRedis;
beforeAll(async () => {
  [single, cluster] = await Promise.all([startOwnRedis(), startRedisCluster(3)]);
});
afterAll(() => Promise.all([single.stop(), cluster.stop()]));

async function connect({ url }: SharedRedis): Promise<Coordination> {
  let tellReachable = (): void => {};
  const reachable = new Promise<void>((resolve) => {
    tellReachable = resolve;
  });
  const coordination = createRedisCoordination({
    address: redisAddress.parse(url),
    onStateChange: (isReachable) => isReachable && tellReachable(),
  });
  await reachable;
  return coordination;
}

describeCoordination('Redis', () => connect(single));
describeCoordination('a Redis cluster of three nodes', () => connect(cluster));

it('a claim in a cluster can be waited for, at the node that has it', async () => {
  const coordination = createRedisCoordination({
    address: redisAddress.parse(cluster.url),
    durability: { replicas: 0, onDisk: false, timeoutMs: 100 },
  });
  for (const tag of ['a', 'b', 'c']) {
    const claim = () => coordination.claim(`{${tag}}:${randomUUID()}`, 'input', 1000).catch(() => undefined);
    await until(async () => (await claim())?.state === 'NEW');
  }
  await coordination.close();
});

it('a cluster is reachable only when every node is', async () => {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const coordination = await connect(cluster);
    for (const tag of ['a', 'b', 'c']) {
      const work = coordination.exclusively(`{${tag}}:${randomUUID()}`, 1000, performance.now(), async () => tag);
      expect(await work).toBe(tag);
    }
    await coordination.close();
  }
});

describe('over replicas', () => {
  let first: Coordination;
  let second: Coordination;
  let redis: Redis;
  let key: string;
  const soon = () => performance.now() + 10_000;

  beforeEach(async () => {
    [first, second] = await Promise.all([connect(single), connect(single)]);
    redis = new Redis(single.url);
    key = `{${randomUUID()}:billagain}:key`;
  });
  afterEach(async () => {
    single.resume();
    redis.disconnect();
    await Promise.all([first.close(), second.close()]);
  });

  it('a key is claimed once, and answers everywhere', async () => {
    const claims = await Promise.all([first.claim(key, 'input', 60_000), second.claim(key, 'input', 60_000)]);
    expect(claims.map(({ state }) => state).sort()).toEqual(['IN_PROGRESS', 'NEW']);
    for (const state of claims) if (state.state === 'NEW') await state.claim.settle('done');
    expect(await first.claim(key, 'input', 60_000)).toEqual({ state: 'SETTLED', result: 'done' });
    expect(await second.claim(key, 'input', 60_000)).toEqual({ state: 'SETTLED', result: 'done' });
  });

  it('a key whose process died is in progress for its lease, then lost, and never new again', async () => {
    await first.claim(key, 'input', 300);
    expect(await second.claim(key, 'input', 300)).toEqual({ state: 'IN_PROGRESS' });
    await wait(400);
    expect(await second.claim(key, 'input', 300)).toEqual({ state: 'LOST' });
    expect(await second.claim(key, 'input', 300)).toEqual({ state: 'LOST' });
    expect(await second.claim(key, 'another input', 300)).toEqual({ state: 'OTHER_INPUT' });
  });

  it('a request that outlasts its lease still settles its key', async () => {
    const claim = claimed(await first.claim(key, 'input', 1));
    await wait(20);
    expect(await second.claim(key, 'input', 60_000)).toEqual({ state: 'LOST' });
    expect(await claim.settle('done')).toBe(true);
    expect(await second.claim(key, 'input', 60_000)).toEqual({ state: 'SETTLED', result: 'done' });
  });

  it('a lost key tells when it was claimed, and what is found of it outlives what its own request says later', async () => {
    const claim = claimed(await first.claim(key, 'input', 1, 1234));
    await wait(20);
    expect(await second.claim(key, 'input', 60_000, 5678)).toEqual({ state: 'LOST', claimedAtMs: 1234 });
    expect(await second.amend(key, 'input', 'found')).toBe(true);
    expect(await claim.settle('unknown')).toBe(false);
    expect(await first.claim(key, 'input', 60_000)).toEqual({ state: 'SETTLED', result: 'found' });
  });

  it('a lock that is kept is kept for that long, whatever its lease was', async () => {
    await first.exclusively(key, 1000, soon(), (lock) => lock.keep(30_000));
    expect(await redis.pttl(key)).toBeGreaterThan(20_000);
    await redis.del(key);
    await first.exclusively(key, 1000, soon(), async (lock) => {
      await redis.set(key, 'the next one', 'PX', 1000);
      await lock.keep(30_000);
    });
    expect(await redis.pttl(key)).toBeLessThanOrEqual(1000);
  });

  it('a result is kept for a day', async () => {
    await claimed(await first.claim(key, 'input', 60_000)).settle('done');
    const ttlSeconds = await redis.ttl(key);
    expect(ttlSeconds).toBeGreaterThan(RESULT_SECONDS - 60);
    expect(ttlSeconds).toBeLessThanOrEqual(RESULT_SECONDS);
  });

  it('a claim that is no longer one neither settles nor releases the key of the next', async () => {
    const old = claimed(await first.claim(key, 'input', 60_000));
    await redis.del(key);
    const next = claimed(await second.claim(key, 'input', 60_000));
    expect(await old.settle('old')).toBe(false);
    await old.release();
    await next.settle('next');
    expect(await first.claim(key, 'input', 60_000)).toEqual({ state: 'SETTLED', result: 'next' });
  });

  it('a result outlives a Redis that forgot the claim meanwhile', async () => {
    const claim = claimed(await first.claim(key, 'input', 60_000));
    await redis.del(key, `${key}:lease`);
    expect(await claim.settle('done')).toBe(true);
    expect(await second.claim(key, 'input', 60_000)).toEqual({ state: 'SETTLED', result: 'done' });
    expect(await second.claim(key, 'another input', 60_000)).toEqual({ state: 'OTHER_INPUT' });
    expect(await redis.ttl(key)).toBeGreaterThan(RESULT_SECONDS - 60);
  });

  it('a lock that a dead process held is let go after its lease', async () => {
    let finish = (): void => {};
    const held = first.exclusively(key, 300, soon(), () => new Promise<void>((resolve) => (finish = resolve)));
    await wait(50);
    expect(await second.exclusively(key, 60_000, soon(), async () => 'in')).toBe('in');
    finish();
    await held;
  });

  it('who outlasted the lease does not let go the lock of the next', async () => {
    let finish = (): void => {};
    const held = first.exclusively(key, 100, soon(), () => new Promise<void>((resolve) => (finish = resolve)));
    await wait(150);
    await second.exclusively(key, 60_000, soon(), async () => {
      finish();
      await held;
      expect(await redis.exists(key)).toBe(1);
    });
  });

  it('nobody gets through while Redis does not answer, and a claim that came through late is given back', async () => {
    single.pause();
    await expect(first.claim(key, 'input', 60_000)).rejects.toBeInstanceOf(CoordinationUnavailable);
    const work = first.exclusively(`${key}:lock`, 60_000, soon(), async () => 'in');
    await expect(work).rejects.toBeInstanceOf(CoordinationUnavailable);
    single.resume();
    await until(async () => (await second.claim(key, 'input', 60_000).catch(() => undefined))?.state === 'NEW');
    expect(await second.exclusively(`${key}:lock`, 60_000, soon(), async () => 'in')).toBe('in');
  });
});

it('a Redis that is full keeps what became of a request that has its key already, and refuses new ones', async () => {
  const redis = await startOwnRedis();
  const client = new Redis(redis.url);
  const coordination = await connect(redis);
  const claim = claimed(await coordination.claim('{t}:key', 'input', 60_000));
  await client.config('SET', 'maxmemory', '1');
  await expect(coordination.claim('{t}:another', 'input', 60_000)).rejects.toBeInstanceOf(CoordinationUnavailable);
  const work = coordination.exclusively('{t}:lock', 60_000, performance.now() + 1000, async () => 'in');
  await expect(work).rejects.toBeInstanceOf(CoordinationUnavailable);
  expect(await claim.settle('done')).toBe(true);
  expect(await coordination.claim('{t}:key', 'input', 60_000)).toEqual({ state: 'SETTLED', result: 'done' });
  client.disconnect();
  await coordination.close();
  await redis.stop();
});

describe('without Redis', () => {
  it('every claim and every lock is refused as something to try again', async () => {
    const redis = await startOwnRedis();
    const coordination = await connect(redis);
    await redis.stop();
    const claim = coordination.claim('{t:a}:key', 'input', 1000);
    await expect(claim).rejects.toMatchObject({
      name: 'CoordinationUnavailable',
      extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: true },
    });
    const work = coordination.exclusively('{t:a}:lock', 1000, performance.now() + 1000, async () => 'in');
    await expect(work).rejects.toBeInstanceOf(CoordinationUnavailable);
    await coordination.close();
  });

  it('a result that can not be kept is told so, and its key is lost rather than new', async () => {
    const redis = await startOwnRedis();
    const coordination = await connect(redis);
    const claim = claimed(await coordination.claim('{t:a}:key', 'input', 1));
    redis.pause();
    expect(await claim.settle('done')).toBe(false);
    redis.resume();
    let state: string | undefined;
    await until(async () => {
      state = (await coordination.claim('{t:a}:key', 'input', 1000).catch(() => undefined))?.state;
      return state !== undefined;
    });
    // A settle that was on its way when Redis stopped answering may be carried out after all.
    expect(['LOST', 'SETTLED']).toContain(state);
    await coordination.close();
    await redis.stop();
  });
});
