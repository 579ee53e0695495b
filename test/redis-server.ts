import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

export interface SharedRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** A redis-server of the test's own, on loopback and without persistence. */
export interface OwnRedis extends SharedRedis {
  /** As a crash does. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again, empty, where it was. */
  restart(): Promise<void>;
  /** It keeps its connections and answers nothing. */
  pause(): void;
  resume(): void;
}

const START_ATTEMPTS = 5;

/**
 * The Redis that REDIS_URL names, else one of our own. It may hold other people's keys: tests take keys of a random
 * tenant, with an expiry, and never flush.
 */
export function startRedis(): Promise<SharedRedis> {
  const url = process.env.REDIS_URL;
  return url === undefined || url === '' ? startOwnRedis() : Promise.resolve({ url, stop: () => Promise.resolve() });
}

/** A cluster of so many nodes, each with its share of the slots. `url` names the first of them. */
export async function startRedisCluster(nodeCount: number): Promise<SharedRedis> {
  const nodes = await Promise.all(
    Array.from({ length: nodeCount }, () => startOwnRedis({ clusterWithoutSlots: true })),
  );
  const clients = nodes.map(({ url }) => new Redis(url.replace('redis+cluster:', 'redis:')));
  const [first] = nodes;
  const { hostname, port } = new URL(first?.url ?? '');
  const share = 16_384 / nodeCount;
  for (const [index, client] of clients.entries()) {
    const [from, to] = [Math.ceil(index * share), Math.ceil((index + 1) * share) - 1];
    await client.cluster('ADDSLOTSRANGE', from, to);
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  const busPort = /@(\d+)/.exec(String(await clients[0]?.call('CLUSTER', 'NODES')))?.[1] ?? '';
  for (const client of clients.slice(1)) await client.call('CLUSTER', 'MEET', hostname, port, busPort);
  for (const client of clients) {
    while (!/cluster_state:ok[\s\S]*cluster_slots_ok:16384/.test(await client.cluster('INFO'))) await sleep(20);
    client.disconnect();
  }
  return { url: first?.url ?? '', stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))) };
}

/** A replica of another server, when it has all that the other has. */
export async function startReplicaOf(primary: OwnRedis): Promise<OwnRedis> {
  const replica = await startOwnRedis();
  const client = new Redis(replica.url);
  await client.replicaof('127.0.0.1', Number(new URL(primary.url).port));
  while (!(await client.info('replication')).includes('master_link_status:up')) await sleep(20);
  client.disconnect();
  // The primary counts it only once it has heard from it.
  const writer = new Redis(primary.url);
  do await writer.set('billgraph:replica', '', 'PX', 1);
  while ((await writer.wait(1, 200)) < 1);
  writer.disconnect();
  return replica;
}

/** For tests that kill it, stop it or read its statistics. With `cluster`, a cluster of one node that holds all slots. */
export async function startOwnRedis({ cluster: isWhole = false, clusterWithoutSlots = false } = {}): Promise<OwnRedis> {
  const cluster = isWhole || clusterWithoutSlots;
  const kind = { cluster, hasAllSlots: isWhole };
  const directory = await mkdtemp(join(tmpdir(), 'billgraph-redis-'));
  const removeDirectory = () => rm(directory, { recursive: true, force: true });
  const started = await startOnFreePort(directory, kind).catch(async (error: unknown) => {
    await removeDirectory();
    throw error;
  });
  const { port } = started;
  let { server } = started;
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    server.kill('SIGKILL'); // ends a paused one too
    await exit;
  };
  return {
    url: `${cluster ? 'redis+cluster' : 'redis'}://127.0.0.1:${port}`,
    kill,
    restart: async () => {
      await kill();
      const restarted = await start(directory, port, kind);
      if (restarted === undefined) throw new Error(`redis-server did not start again on port ${port}`);
      server = restarted;
    },
    pause: () => server.kill('SIGSTOP'),
    resume: () => server.kill('SIGCONT'),
    stop: async () => {
      await kill();
      await removeDirectory();
    },
  };
}

interface Kind {
  readonly cluster: boolean;
  readonly hasAllSlots: boolean;
}

async function startOnFreePort(directory: string, kind: Kind): Promise<{ server: ChildProcess; port: number }> {
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt += 1) {
    const port = await freePort();
    const server = await start(directory, port, kind);
    if (server !== undefined) return { server, port };
  }
  throw new Error(`redis-server did not start on any of ${START_ATTEMPTS} free ports`);
}

/** Undefined when it ended before it answered: another process may have taken the port meanwhile. */
async function start(
  directory: string,
  port: number,
  { cluster, hasAllSlots }: Kind,
): Promise<ChildProcess | undefined> {
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    directory,
    '--save',
    '',
    '--appendonly',
    'no',
    '--repl-diskless-sync-delay',
    '0',
  ];
  if (cluster) {
    options.push('--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1');
    options.push('--cluster-port', String(await freePort()));
  }
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  process.once('exit', () => server.kill('SIGKILL'));
  const failure = new Promise<'ended'>((resolve, reject) => {
    server.once('exit', () => resolve('ended'));
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? notInstalled() : error));
  });
  const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 20, maxRetriesPerRequest: null });
  client.on('error', () => undefined); // until it listens
  try {
    const state = await Promise.race([failure, new Promise((resolve) => client.once('ready', resolve))]);
    if (state === 'ended') return undefined;
    if (hasAllSlots) await serveAllSlots(client);
    return server;
  } finally {
    client.disconnect();
  }
}

async function serveAllSlots(client: Redis): Promise<void> {
  if (!(await client.cluster('INFO')).includes('cluster_slots_assigned:16384')) {
    await client.cluster('ADDSLOTSRANGE', 0, 16_383);
  }
  while (!(await client.cluster('INFO')).includes('cluster_state:ok')) await sleep(20);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function notInstalled(): Error {
  return new Error(
    'These tests need redis-server on the PATH: `apt-get install redis-server`, or `npm run check`, which installs it',
  );
}
