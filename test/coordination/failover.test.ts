import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  type Coordination,
  CoordinationUnavailable,
  type RedisDurability,
} from '../../src/coordination/coordination.ts';
import { createRedisCoordination } from '../../src/coordination/redis.ts';
import { redisAddress } from '../../src/settings/redis-address.ts';
import { claimed } from '../contracts/coordination.contract.ts';
import { type OwnRedis, startOwnRedis, startReplicaOf } from '../redis-server.ts';
import { until } from '../writes/start-gateways.ts';

const ONE_REPLICA: RedisDurability = { replicas: 1, onDisk: false, timeoutMs: 800 };

async function connect({ url }: { readonly url: string }, durability?: RedisDurability): Promise<Coordination> {
  let isReachable = false;
  const coordination = createRedisCoordination({
    address: redisAddress.parse(url),
    durability,
    onStateChange: (state) => {
      isReachable = state;
    },
  });
  await until(() => isReachable);
  return coordination;
}

const soon = () => performance.now() + 10_000;

describe('a coordination that waits for a replica', () => {
  let primary: OwnRedis;
  let replica: OwnRedis;
  let coordination: Coordination;
  let key: string;
  beforeAll(async () => {
    primary = await startOwnRedis();
    replica = await startReplicaOf(primary);
  });
  afterAll(async () => {
    replica.resume();
    await Promise.all([primary.stop(), replica.stop()]);
  });
  beforeEach(async () => {
    key = `{${randomUUID()}}:key`;
    coordination = await connect(primary, ONE_REPLICA);
  });
  afterEach(() => coordination.close());

  it('gives a claim and a lock only when the replica has them, so that they outlive a failover', async () => {
    const failedOver = new Redis(replica.url);
    const claim = claimed(await coordination.claim(key, 'input', 60_000));
    expect(await failedOver.exists(key)).toBe(1);
    await coordination.exclusively(`${key}:lock`, 60_000, soon(), async () => {
      expect(await failedOver.exists(`${key}:lock`)).toBe(1);
    });
    expect(await claim.settle('done')).toBe(true);
    expect(await coordination.claim(key, 'input', 60_000)).toEqual({ state: 'SETTLED', result: 'done' });
    failedOver.disconnect();
  });

  it('refuses a claim and a lock that no replica has taken in time, and gives them back', async () => {
    replica.pause();
    await expect(coordination.claim(key, 'input', 60_000)).rejects.toBeInstanceOf(CoordinationUnavailable);
    const work = coordination.exclusively(`${key}:lock`, 60_000, soon(), async () => 'in');
    await expect(work).rejects.toBeInstanceOf(CoordinationUnavailable);
    replica.resume();
    await until(async () => (await coordination.claim(key, 'input', 60_000).catch(() => undefined))?.state === 'NEW');
    expect(await coordination.exclusively(`${key}:lock`, 60_000, soon(), async () => 'in')).toBe('in');
  });
});

describe('a coordination that waits for append-only files', () => {
  let redis: OwnRedis;
  beforeAll(async () => {
    redis = await startOwnRedis();
  });
  afterAll(() => redis.stop());

  it.each([
    ['gives a claim when the server and enough replicas have it there', [1, 2], true],
    ['refuses a claim that too few replicas have there', [1, 1], false],
    ['refuses a claim that the server does not have there', [0, 2], false],
  ])('%s', async (_, held, isGiven) => {
    // Stands in for the answers of Redis 7.2, as an older one knows no WAITAOF.
    const asked: string[] = [];
    const line = await openRewritingLine(redis.url, (text) =>
      text.replace(
        /\*4\r\n\$7\r\nWAITAOF\r\n\$\d+\r\n(\d+)\r\n\$\d+\r\n(\d+)\r\n\$\d+\r\n(\d+)\r\n/i,
        (_all, ...args) => {
          asked.push(args.slice(0, 3).join(' '));
          const script = `return {${held.join(',')}}`;
          return `*3\r\n$4\r\neval\r\n$${script.length}\r\n${script}\r\n$1\r\n0\r\n`;
        },
      ),
    );
    const coordination = await connect(line, { replicas: 2, onDisk: true, timeoutMs: 50 });
    const claim = coordination.claim(`{${randomUUID()}}:key`, 'input', 60_000);
    if (isGiven) expect(await claim).toMatchObject({ state: 'NEW' });
    else await expect(claim).rejects.toBeInstanceOf(CoordinationUnavailable);
    expect(asked).toEqual(['1 2 50']);
    await coordination.close();
    line.close();
  });
});

/** A way to Redis on which what is sent is changed. */
async function openRewritingLine(redisUrl: string, rewrite: (text: string) => string) {
  const server = createServer((socket) => {
    const upstream = createConnection(Number(new URL(redisUrl).port), '127.0.0.1');
    socket.on('data', (chunk) => upstream.write(rewrite(chunk.toString('latin1')), 'latin1'));
    upstream.pipe(socket);
    for (const one of [socket, upstream]) {
      one.on('error', () => {});
      one.on('close', () => {
        socket.destroy();
        upstream.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

describe('a coordination that waits for more than there is', () => {
  let redis: OwnRedis;
  beforeAll(async () => {
    redis = await startOwnRedis();
  });
  afterAll(() => redis.stop());

  it.each<[string, RedisDurability]>([
    ['replicas', { replicas: 1, onDisk: false, timeoutMs: 50 }],
    ['append-only files', { replicas: 0, onDisk: true, timeoutMs: 50 }],
  ])('refuses every claim: %s', async (_, durability) => {
    const coordination = await connect(redis, durability);
    const claim = coordination.claim(`{${randomUUID()}}:key`, 'input', 60_000);
    await expect(claim).rejects.toMatchObject({ extensions: { retryable: true } });
    await coordination.close();
  });
});
