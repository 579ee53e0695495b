import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import type { GraphQLFormattedError } from 'graphql';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { startGateway } from '../../src/gateway.ts';
import type { BillagainOptions } from '../../src/simulators/billagain/options.ts';
import { type BillagainSimulator, startBillagain } from '../../src/simulators/billagain/server.ts';
import type { Simulator } from '../../src/simulators/simulator.ts';
import { startUnipay, type UnipayOptions, type UnipaySimulator } from '../../src/simulators/unipay/server.ts';

export interface Vendors {
  readonly billagain: BillagainSimulator;
  readonly unipay: UnipaySimulator;
  close(): Promise<void>;
}

/** The simulated UniPay's day, so that a date can be in its future in every run. */
export const TODAY = '2026-01-01';

export async function startVendors(
  options: { readonly billagain?: BillagainOptions; readonly unipay?: UnipayOptions } = {},
): Promise<Vendors> {
  const billagain = await startBillagain({ customers: 0, ...options.billagain });
  const unipay = await startUnipay({ customers: 3, today: TODAY, ...options.unipay });
  return { billagain, unipay, close: async () => void (await Promise.all([billagain.close(), unipay.close()])) };
}

export interface Answer<Data> {
  readonly data: Data | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

export type LogLine = Readonly<Record<string, unknown>>;

export interface TestGateway {
  readonly url: string;
  /** Everything it has written, line by line. */
  readonly lines: readonly LogLine[];
  ask<Data>(document: string, variables?: object, signal?: AbortSignal): Promise<Answer<Data>>;
  /** The audit's lines so far. */
  audit(): readonly LogLine[];
}

export interface LocalGateway extends TestGateway {
  stop(): Promise<void>;
}

export interface GatewayProcess extends TestGateway {
  isRunning(): boolean;
  /** As a crash does. */
  kill(): Promise<void>;
  /** SIGTERM. Resolves to the exit code. */
  stop(): Promise<number | null>;
}

/** Settings beside the vendors' own, by their variables. */
export type Settings = Readonly<Record<string, string>>;

/** A gateway in this process. */
export async function startLocalGateway(vendors: Vendors, settings: Settings = {}): Promise<LocalGateway> {
  const lines: LogLine[] = [];
  const log = pino(
    { level: settings.LOG_LEVEL ?? 'info', base: null },
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(JSON.parse(String(chunk)));
        done();
      },
    }),
  );
  const gateway = await startGateway(readConfig(environmentOf(vendors, settings)), log);
  return { ...createTestGateway(gateway.url, lines), stop: () => gateway.stop() };
}

export interface Build {
  start(vendors: Vendors, settings?: Settings): Promise<GatewayProcess>;
  remove(): Promise<void>;
}

/** Compiles the gateway for processes of its own. */
export async function buildGateway(): Promise<Build> {
  const directory = await mkdtemp(join(tmpdir(), 'billgraph-build-'));
  const outDir = join(directory, 'dist');
  await promisify(execFile)(process.execPath, [
    'node_modules/typescript/bin/tsc',
    ...['-p', 'tsconfig.build.json', '--outDir', outDir, '--sourceMap', 'false'],
  ]);
  await writeFile(join(directory, 'package.json'), '{"type":"module"}');
  await symlink(join(process.cwd(), 'node_modules'), join(directory, 'node_modules'));
  return {
    start: (vendors, settings = {}) => startProcess(join(outDir, 'main.js'), environmentOf(vendors, settings)),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

async function startProcess(main: string, env: Settings): Promise<GatewayProcess> {
  // Not taken from its log, which LOG_LEVEL may silence.
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [main], { env: { ...env, PORT: port }, stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill('SIGKILL'));
  const lines: LogLine[] = [];
  createInterface({ input: child.stdout }).on('line', (text) => lines.push(JSON.parse(text)));
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`the gateway ended before it served: ${JSON.stringify(lines)}`);
    return isReady(url);
  });
  return {
    ...createTestGateway(url, lines),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: async () => void (await end(child, 'SIGKILL')),
    stop: () => end(child, 'SIGTERM'),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Serves, and reaches its cache. */
export async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/readyz`).catch(() => undefined);
  const readiness = (await response?.json()) as { readonly isReady: boolean; readonly cache: string } | undefined;
  return readiness?.isReady === true && readiness.cache === 'reachable';
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    // Not 'exit': what it wrote last may still lie in the pipe then.
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }
  return child.exitCode;
}

function environmentOf({ billagain, unipay }: Vendors, settings: Settings): Settings {
  return {
    PORT: '0',
    BILLAGAIN_URL: billagain.url,
    BILLAGAIN_ACCOUNT_ID: billagain.accountId,
    BILLAGAIN_API_KEY: billagain.apiKey,
    UNIPAY_URL: unipay.url,
    UNIPAY_USERNAME: unipay.settings.username,
    UNIPAY_PASSWORD: unipay.settings.password,
    ...settings,
  };
}

function createTestGateway(url: string, lines: LogLine[]): TestGateway {
  return {
    url,
    lines,
    async ask<Data>(document: string, variables: object = {}, signal?: AbortSignal) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: document, variables }),
        ...(signal ? { signal } : {}),
      });
      return (await response.json()) as Answer<Data>;
    },
    audit: () => lines.filter(({ msg }) => msg === 'write'),
  };
}

/** What a vendor was asked since the last look: "PUT /customers/302". */
export function takeCalls({ calls }: Simulator): string[] {
  const taken = calls.calls.map(({ method, path }) => `${method} ${path}`);
  calls.clear();
  return taken;
}

const PATIENCE_MS = 15_000;

/** Waits until it holds, though not for ever. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAtMs = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > giveUpAtMs) throw new Error(`still not so after ${PATIENCE_MS} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A way to Redis that can be cut for one gateway while the others go on. */
export interface Line {
  readonly url: string;
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function openLine(redisUrl: string): Promise<Line> {
  const { hostname, port } = new URL(redisUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    if (isCut) {
      socket.destroy();
      return;
    }
    const upstream = connect(Number(port), hostname);
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => {
      isCut = false;
    },
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A plain client of a test's Redis. */
export function connectTo(redisUrl: string): Redis {
  return new Redis(redisUrl.replace('redis+cluster:', 'redis:'));
}

/** Time passes for every lease and lock: they run out. */
export async function endLeases(redis: Redis): Promise<void> {
  for (const key of await redis.keys('*')) if (/:lease$|:writer:/.test(key)) await redis.del(key);
}
