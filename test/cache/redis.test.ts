import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { type Cache, FENCE_SECONDS } from '../../src/cache/cache.ts';
import { createRedisCache } from '../../src/cache/redis.ts';
import { redisAddress } from '../../src/settings/redis-address.ts';
import { describeCache, entryOf, write } from '../contracts/cache.contract.ts';
import { type OwnRedis, type SharedRedis, startOwnRedis, startRedis, startRedisCluster } from '../redis-server.ts';

/** Long enough for a busy machine: most tests are not about timeouts. */
const PATIENT_MS = 10_000;

function openCache(url: string, commandTimeoutMs = PATIENT_MS): Cache {
  return createRedisCache({ address: redisAddress.parse(url), commandTimeoutMs });
}

/** Ends, in failure, before jest gives up on the test and leaves it running. */
async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 2_000; attempt += 1) {
    if (await isTrue()) return;
    await sleep(10);
  }
  throw new Error(`expected this to become true: ${isTrue}`);
}

async function openReadyCache(url: string, commandTimeoutMs = PATIENT_MS): Promise<Cache> {
  const cache = openCache(url, commandTimeoutMs);
  await until(() => cache.isReachable());
  return cache;
}

/** A plain client, to look at and tamper with what is stored. */
function openClient(url: string): Redis {
  return new Redis(url.replace('redis+cluster:', 'redis:'));
}

async function keysTagged(client: Redis, hashTag: string): Promise<string[]> {
  const found: string[] = [];
  for await (const keys of client.scanStream({ match: `*{${hashTag}}*`, count: 1_000 }))
    found.push(...(keys as string[]));
  return found;
}

/** Makes keys older instead of waiting. */
async function passSeconds(client: Redis, seconds: number, hashTag: string): Promise<void> {
  for (const key of await keysTagged(client, hashTag)) {
    const leftMs = (await client.pttl(key)) - seconds * 1_000;
    if (leftMs > 0) await client.pexpire(key, leftMs);
    else await client.del(key);
  }
}

let shared: SharedRedis;
let client: Redis;
beforeAll(async () => {
  shared = await startRedis();
  client = openClient(shared.url);
});
afterAll(async () => {
  client.disconnect();
  await shared.stop();
});

describeCache('redis', async () => ({
  cache: await openReadyCache(shared.url),
  passSeconds: (seconds, hashTag) => passSeconds(client, seconds, hashTag),
}));

describe('a Redis cluster', () => {
  let cluster: OwnRedis;
  let clusterClient: Redis;
  beforeAll(async () => {
    cluster = await startOwnRedis({ cluster: true });
    clusterClient = openClient(cluster.url);
  });
  afterAll(async () => {
    clusterClient.disconnect();
    await cluster.stop();
  });

  describeCache('redis cluster', async () => ({
    cache: await openReadyCache(cluster.url),
    passSeconds: (seconds, hashTag) => passSeconds(clusterClient, seconds, hashTag),
  }));

  it('asks each slot once, though keys of several come in one call', async () => {
    const cache = await openReadyCache(cluster.url);
    const keys = ['a', 'b', 'c', 'a', 'b', 'c'].map((account, index) => `{${account}}:${index}`);
    await cache.setMany(keys.map((key, index) => write(key, index)));
    await clusterClient.config('RESETSTAT');
    expect(await cache.getMany(keys)).toEqual(keys.map((_, index) => entryOf(index)));
    expect(await commandCalls(clusterClient, 'mget')).toBe(3);
    expect(await cache.drop(keys)).toBe(true);
    await cache.close();
  });

  it('keeps the keys of several accounts at several nodes', async () => {
    const nodes = await startRedisCluster(3);
    const cache = await openReadyCache(nodes.url);
    const keys = ['a', 'b', 'c', 'd'].map((account) => `{t:${account}}:1`);
    await until(() => cache.drop(keys.map((key) => `${key}:warm`)));
    await cache.setMany(keys.map((key) => write(key, key)));
    expect(await cache.getMany([...keys, '{t:e}:1'])).toEqual([...keys.map((key) => entryOf(key)), undefined]);
    expect(await cache.drop(keys.slice(1))).toBe(true);
    await cache.setMany(keys.map((key) => write(key, 'read before the drop')));
    expect(await cache.getMany(keys)).toEqual([entryOf('read before the drop'), undefined, undefined, undefined]);
    await cache.close();
    await nodes.stop();
  });

  it('works again after the cluster was gone', async () => {
    const cache = await openReadyCache(cluster.url);
    await cluster.kill();
    await until(() => !cache.isReachable());
    expect(await cache.getMany(['{a}:1', '{b}:1'])).toEqual([undefined, undefined]);
    expect(await cache.drop(['{a}:1'])).toBe(false);
    await cluster.restart();
    await until(() => cache.isReachable());
    await until(() => cache.drop(['{a}:2']));
    await cache.setMany([write('{a}:1', 'back')]);
    expect(await cache.getMany(['{a}:1'])).toEqual([entryOf('back')]);
    await cache.close();
  });
});

async function commandCalls(redis: Redis, command: string): Promise<number> {
  const line = new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm').exec(await redis.info('commandstats'));
  return Number(line?.[1] ?? 0);
}

describe('the Redis cache', () => {
  let cache: Cache;
  let hashTag: string;
  let key: (name: string) => string;
  beforeEach(async () => {
    hashTag = `${randomUUID()}:billagain`;
    key = (name) => `{${hashTag}}:${name}`;
    cache = await openReadyCache(shared.url);
  });
  afterEach(() => cache.close());

  it('is seen by other replicas, drops and fences included', async () => {
    const replica = await openReadyCache(shared.url);
    await cache.setMany([write(key('1'), 'one')]);
    expect(await replica.getMany([key('1')])).toEqual([entryOf('one')]);
    await replica.drop([key('1')]);
    expect(await cache.getMany([key('1')])).toEqual([undefined]);
    await cache.setMany([write(key('1'), 'old')]);
    expect(await replica.getMany([key('1')])).toEqual([undefined]);
    await replica.close();
  });

  it('gives each value and each fence its time to live', async () => {
    await cache.setMany([write(key('1'), 'one', 90)]);
    await cache.drop([key('2')]);
    const keys = await keysTagged(client, hashTag);
    expect(keys).toHaveLength(2);
    const [valueMs, fenceMs] = await Promise.all([key('1'), `fence:${key('2')}`].map((one) => client.pttl(one)));
    expect(valueMs).toBeGreaterThan(60_000);
    expect(valueMs).toBeLessThanOrEqual(90_000);
    expect(fenceMs).toBeGreaterThan(0);
    expect(fenceMs).toBeLessThanOrEqual(FENCE_SECONDS * 1_000);
  });

  it.each([
    ['no JSON', '{"value":'],
    ['an empty text', ''],
    ['JSON null', 'null'],
    ['a number', '7'],
    ['a list', '[]'],
    ['an entry without a value', '{"fetchedAtMs":1,"freshUntilMs":2}'],
    ['an entry without its times', '{"value":1}'],
    ['an entry with other times', '{"value":1,"fetchedAtMs":"1","freshUntilMs":"2"}'],
  ])('takes %s at a key for a miss, and writes over it', async (_, text) => {
    await client.set(key('1'), text, 'EX', 60);
    await cache.setMany([write(key('2'), 'two')]);
    expect(await cache.getMany([key('1'), key('2')])).toEqual([undefined, entryOf('two')]);
    await cache.setMany([write(key('1'), 'one')]);
    expect(await cache.getMany([key('1')])).toEqual([entryOf('one')]);
  });

  it('takes a key of another Redis type for a miss, and drops it', async () => {
    await client.rpush(key('1'), 'element');
    await client.expire(key('1'), 60);
    expect(await cache.getMany([key('1')])).toEqual([undefined]);
    expect(await cache.drop([key('1')])).toBe(true);
    expect(await client.exists(key('1'))).toBe(0);
  });

  it('leaves out what is no JSON and what is too large, and stores the rest', async () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    await cache.setMany([
      write(key('circular'), circular),
      write(key('bigint'), 1n),
      write(key('large'), 'ü'.repeat(600_000)),
      write(key('fine'), 'fine'),
    ]);
    expect(await cache.getMany([key('circular'), key('bigint'), key('large'), key('fine')])).toEqual([
      undefined,
      undefined,
      undefined,
      entryOf('fine'),
    ]);
  });

  it('finds its scripts again after Redis has forgotten them', async () => {
    const own = await startOwnRedis();
    const ownCache = await openReadyCache(own.url);
    const ownClient = openClient(own.url);
    await ownCache.setMany([write(key('1'), 'one')]);
    await ownCache.drop([key('2')]);
    await ownClient.script('FLUSH');
    await ownCache.setMany([write(key('1'), 'two')]);
    expect(await ownCache.drop([key('2')])).toBe(true);
    expect(await ownCache.getMany([key('1')])).toEqual([entryOf('two')]);
    ownClient.disconnect();
    await ownCache.close();
    await own.stop();
  });
});

describe('the Redis cache, on a server of its own,', () => {
  let redis: OwnRedis;
  beforeEach(async () => {
    redis = await startOwnRedis();
  });
  afterEach(() => redis.stop());

  it('reads, writes and drops many keys with one command each', async () => {
    const cache = await openReadyCache(redis.url);
    const looking = openClient(redis.url);
    const keys = Array.from({ length: 200 }, (_, number) => `{t:a}:${number}`);
    await cache.setMany([write('{t:a}:0', 0)]);
    await cache.drop(['{t:a}:none']);
    await looking.config('RESETSTAT');
    await cache.setMany(keys.map((key) => write(key, key)));
    await cache.getMany(keys);
    await cache.drop(keys);
    expect(await commandCalls(looking, 'mget')).toBe(1);
    expect(await commandCalls(looking, 'evalsha')).toBe(2);
    expect(await commandCalls(looking, 'eval')).toBe(0);
    looking.disconnect();
    await cache.close();
  });

  it('forgets, fences and replaces though Redis is full, and stores nothing else then', async () => {
    const cache = await openReadyCache(redis.url);
    const looking = openClient(redis.url);
    const [record, other, generation] = ['{t:a}:record', '{t:a}:other', '{t:a}:generation'] as const;
    await cache.setMany([write(record, 'old'), write(generation, 'before')]);
    await looking.config('SET', 'maxmemory', '1');
    expect(await cache.setMany([write(other, 'new')])).toBe(false);
    expect(await cache.drop([record, other])).toBe(true);
    expect(await cache.setMany([write(generation, 'after')], { overFence: true })).toBe(true);
    expect(await cache.getMany([record, generation])).toEqual([undefined, entryOf('after')]);
    await looking.config('SET', 'maxmemory', '0');
    expect(await cache.setMany([write(record, 'read before the drop')])).toBe(true);
    expect(await cache.getMany([record])).toEqual([undefined]);
    looking.disconnect();
    await cache.close();
  });

  it('answers as if it were empty while Redis is gone, and works again when it is back', async () => {
    const states: (readonly [boolean, string | undefined])[] = [];
    const cache = createRedisCache({
      address: redisAddress.parse(redis.url),
      commandTimeoutMs: PATIENT_MS,
      onStateChange: (isReachable, reason) => states.push([isReachable, reason]),
    });
    await until(() => cache.isReachable());
    await cache.setMany([write('{t:a}:1', 'one')]);
    await redis.kill();
    expect(await cache.getMany(['{t:a}:1', '{t:a}:2'])).toEqual([undefined, undefined]);
    await cache.setMany([write('{t:a}:1', 'lost')]);
    expect(await cache.drop(['{t:a}:1'])).toBe(false);
    await until(() => !cache.isReachable());
    await redis.restart();
    await until(() => cache.isReachable());
    expect(await cache.getMany(['{t:a}:1'])).toEqual([undefined]);
    await cache.setMany([write('{t:a}:1', 'back')]);
    expect(await cache.getMany(['{t:a}:1'])).toEqual([entryOf('back')]);
    expect(states.map(([isReachable]) => isReachable)).toEqual([true, false, true]);
    await cache.close();
  });

  it('answers what was under way when Redis was killed', async () => {
    const cache = await openReadyCache(redis.url);
    redis.pause();
    const answers = Promise.all([
      cache.getMany(['{t:a}:1', '{t:a}:2']),
      cache.setMany([write('{t:a}:1', 'one')]),
      cache.drop(['{t:a}:1']),
    ]);
    await redis.kill();
    expect(await answers).toEqual([[undefined, undefined], false, false]);
    await cache.close();
  });

  it('does not wait for a Redis that has stopped answering, and works again when it answers', async () => {
    const states: boolean[] = [];
    const cache = createRedisCache({
      address: redisAddress.parse(redis.url),
      commandTimeoutMs: 50,
      onStateChange: (isReachable) => states.push(isReachable),
    });
    await until(() => cache.isReachable());
    redis.pause();
    expect(await cache.getMany(['{t:a}:1'])).toEqual([undefined]);
    expect(cache.isReachable()).toBe(false);
    await cache.setMany([write('{t:a}:1', 'one')]);
    expect(await cache.drop(['{t:a}:1'])).toBe(false);
    expect(states).toEqual([true]); // the connection was still there: it was the command that timed out
    redis.resume();
    await until(() => cache.isReachable());
    await until(() => cache.drop(['{t:a}:2']));
    await cache.close();
  });

  it('replaces a connection that stays silent', async () => {
    const states: boolean[] = [];
    const cache = createRedisCache({
      address: redisAddress.parse(redis.url),
      commandTimeoutMs: 50,
      onStateChange: (isReachable) => states.push(isReachable),
    });
    await until(() => cache.isReachable());
    redis.pause();
    await cache.getMany(['{t:a}:1']);
    await until(() => states.length === 2);
    redis.resume();
    await until(() => cache.drop(['{t:a}:2']));
    expect(states).toEqual([true, false, true]);
    await cache.close();
  });

  it('asks a Redis that has stopped answering once, not for every read', async () => {
    const proxy = await startCountingProxy(Number(new URL(redis.url).port));
    const cache = await openReadyCache(proxy.url, 50);
    redis.pause();
    await cache.getMany(['{t:a}:1']);
    const sentBytes = proxy.sentBytes();
    for (let read = 0; read < 20; read += 1) {
      expect(await cache.getMany(['{t:a}:1'])).toEqual([undefined]);
    }
    await cache.setMany([write('{t:a}:1', 'one')]);
    expect(proxy.sentBytes()).toBe(sentBytes);
    await cache.close();
    redis.resume();
    await proxy.stop();
  });

  it('takes an answer that came while this process was busy', async () => {
    const cache = await openReadyCache(redis.url, 20);
    await until(() => cache.isReachable());
    await cache.setMany([write('{t:a}:1', 'one')], { overFence: true });
    const looking = openClient(redis.url);
    await looking.set('{t:a}:2', JSON.stringify(entryOf('two')));
    const answer = cache.getMany(['{t:a}:2']);
    await new Promise((resolve) => setImmediate(resolve)); // it is on the wire
    const busyUntilMs = performance.now() + 200;
    while (performance.now() < busyUntilMs) {
      // nothing else runs
    }
    expect(await answer).toEqual([entryOf('two')]);
    looking.disconnect();
    await cache.close();
  });

  it('names a refused password by its code, and shows neither it nor the address', async () => {
    const looking = openClient(redis.url);
    await looking.config('SET', 'requirepass', 'the right one');
    const reasons: (string | undefined)[] = [];
    const cache = createRedisCache({
      address: redisAddress.parse(redis.url.replace('//', '//:hunter2@')),
      commandTimeoutMs: PATIENT_MS,
      onStateChange: (_, reason) => reasons.push(reason),
    });
    await until(() => reasons.length > 0);
    expect(reasons).toEqual(['WRONGPASS']);
    expect(await cache.getMany(['{t:a}:1'])).toEqual([undefined]);
    expect(cache.isReachable()).toBe(false);
    await cache.close();
    looking.disconnect();
  });
});

it('answers at once where no Redis has ever been, and says so once', async () => {
  const redis = await startOwnRedis();
  await redis.stop();
  const reasons: (string | undefined)[] = [];
  const cache = createRedisCache({
    address: redisAddress.parse(redis.url),
    commandTimeoutMs: PATIENT_MS,
    onStateChange: (_, reason) => reasons.push(reason),
  });
  expect(await cache.getMany(['{t:a}:1'])).toEqual([undefined]);
  expect(await cache.drop(['{t:a}:1'])).toBe(false);
  await until(() => reasons.length > 0);
  await sleep(300); // several attempts to connect
  expect(reasons).toEqual(['ECONNREFUSED']);
  await cache.close();
});

/** Counts what a client sends. */
async function startCountingProxy(port: number): Promise<{ url: string; sentBytes(): number; stop(): Promise<void> }> {
  let sentBytes = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const upstream = connect(port, '127.0.0.1');
    for (const one of [socket, upstream]) {
      sockets.add(one);
      one.on('error', () => undefined);
    }
    socket.on('data', (chunk) => {
      sentBytes += chunk.length;
    });
    socket.pipe(upstream).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return {
    url: `redis://127.0.0.1:${address.port}`,
    sentBytes: () => sentBytes,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
