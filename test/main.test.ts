import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type BillagainSimulator, startBillagain } from '../src/simulators/billagain/server.ts';
import { startOwnRedis } from './redis-server.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The compiled process, as `npm start` runs it: Node itself can't run decorators. */
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

beforeAll(async () => {
  await promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    cwd: ROOT,
  });
});

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Run {
  readonly child: ChildProcess;
  readonly exitCode: Promise<number | null>;
  output(): string;
  /** The first logged line with this message. */
  logged(message: string): Promise<Record<string, unknown>>;
}

function run(environment: Readonly<Record<string, string>>): Run {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [MAIN], { env: { PATH, PORT: '0', ...environment }, stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  children.push(child);
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    exitCode,
    output: () => output,
    async logged(message) {
      for (;;) {
        const line = output.split('\n').find((text) => text.includes(`"msg":"${message}`));
        if (line !== undefined) return JSON.parse(line) as Record<string, unknown>;
        if (child.exitCode !== null) throw new Error(`expected "${message}"; got ${output}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

describe('the process', () => {
  it('tells every problem of its settings at once, shows no secret, and exits with 1', async () => {
    const { exitCode, output } = run({
      PORT: 'eighty',
      VENDOR_TIMEOUT_MS: '-1',
      LOG_LEVEL: 'loud',
      BILLAGAIN_URL: 'http://api.billagain.example/v1',
      UNIPAY_URL: 'https://unipay.example',
      UNIPAY_USERNAME: 'merchant:1',
      UNIPAY_PASSWORD: 'open sesame',
      REDIS_URL: 'redis://:redis-secret@:x',
    });
    expect(await exitCode).toBe(1);
    for (const variable of [
      'PORT',
      'VENDOR_TIMEOUT_MS',
      'LOG_LEVEL',
      'BILLAGAIN_URL',
      'BILLAGAIN_API_KEY',
      'UNIPAY_USERNAME',
      'REDIS_URL',
    ]) {
      expect(output()).toMatch(new RegExp(`^- .*${variable}`, 'm'));
    }
    expect(output()).not.toMatch(/open sesame|merchant:1|redis-secret/);
    expect(output()).not.toMatch(/^\s+at /m);
  });

  it('refuses production without an account, and says what to set', async () => {
    const { exitCode, output } = run({ NODE_ENV: 'production' });
    expect(await exitCode).toBe(1);
    expect(output()).toMatch(/set BILLAGAIN_URL, BILLAGAIN_ACCOUNT_ID and BILLAGAIN_API_KEY.*SIMULATORS=on/);
  });

  it('serves both simulators without any setting, says so loudly, and stops cleanly on a signal', async () => {
    const { child, exitCode, logged } = run({ SIMULATOR_CUSTOMERS: '5' });
    const { url } = await logged('serving');
    expect(await logged('NO REAL ACCOUNT')).toMatchObject({ level: 40 });
    const response = await fetch(String(url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: '{ customers { nodes { id } } seed: customer(id: "Customer:billagain:302") { displayName } }',
      }),
    });
    expect(await response.json()).toMatchObject({
      data: { customers: { nodes: { length: 13 } }, seed: { displayName: 'Brielle Barnett' } },
    });
    child.kill('SIGTERM');
    await logged('stopped');
    expect(await exitCode).toBe(0);
  });
});

describe('stopping the process', () => {
  jest.setTimeout(90_000); // one of them takes longer than ten seconds by itself
  let vendor: BillagainSimulator;
  beforeAll(async () => {
    vendor = await startBillagain({ customers: 5 });
  });
  afterAll(() => vendor.close());

  const account = () => ({
    BILLAGAIN_URL: vendor.url,
    BILLAGAIN_ACCOUNT_ID: vendor.accountId,
    BILLAGAIN_API_KEY: vendor.apiKey,
  });
  const CREATE = `mutation { createCustomer(input: {
    account: "billagain", kind: INDIVIDUAL, firstName: "Ada", lastName: "Example", currencyCode: "ZAR", taxExempt: false
  }) { customer { id } userErrors { code } } }`;
  const ask = (url: unknown, query: string) =>
    fetch(String(url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    }).then((response) => response.json() as Promise<{ data: { createCustomer: { customer: { id: string } } } }>);

  async function whenVendorIsAsked(callCount: number): Promise<void> {
    for (let look = 0; vendor.calls.count() < callCount; look++) {
      if (look > 500) throw new Error('the vendor was not asked');
      await sleep(20);
    }
  }

  /** A create that has reached the vendor, which takes so long over it. */
  async function beginCreate(url: unknown, latencyMs: number) {
    vendor.dials.set({ method: 'POST', path: /^\/customers$/, latencyMs, times: 1 });
    const before = vendor.calls.count();
    const answer = ask(url, CREATE);
    // Whoever awaits it hears of its failure.
    answer.catch(() => {});
    await whenVendorIsAsked(before + 1);
    return { answer };
  }

  /** A request that announces more than it sends. */
  async function startUpload(url: unknown) {
    const { hostname, port } = new URL(String(url));
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.resume();
    await once(socket, 'connect');
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{',
    );
    return socket;
  }

  it('answers a write that takes longer than ten seconds before the process exits', async () => {
    const { child, exitCode, logged } = run({ ...account(), REQUEST_TIMEOUT_MS: '20000', VENDOR_TIMEOUT_MS: '20000' });
    const { url } = await logged('serving');
    const { answer } = await beginCreate(url, 12_000);
    child.kill('SIGTERM');
    expect((await answer).data.createCustomer.customer.id).toMatch(/^Customer:billagain:/);
    expect(await exitCode).toBe(0);
  });

  it('does not wait for a request that never wholly arrives, and answers the others', async () => {
    const { child, exitCode, logged } = run({ ...account(), STOP_TIMEOUT_MS: '600000' });
    const { url } = await logged('serving');
    const upload = await startUpload(url);
    const { answer } = await beginCreate(url, 3_000);
    child.kill('SIGTERM');
    expect((await answer).data.createCustomer.customer.id).toMatch(/^Customer:billagain:/);
    expect(await exitCode).toBe(0);
    upload.destroy();
  });

  it('exits though clients go on asking, and refuses them with 503', async () => {
    const { child, exitCode, logged } = run(account());
    const { url } = await logged('serving');
    const { answer } = await beginCreate(url, 3_000);
    child.kill('SIGTERM');
    const statuses = new Set<number>();
    let isOver = false;
    const load = Array.from({ length: 10 }, async () => {
      while (!isOver) {
        const response = await fetch(String(url), { method: 'POST' }).catch(() => undefined);
        if (response) statuses.add(response.status);
        else await sleep(20);
      }
    });
    expect((await answer).data.createCustomer.customer.id).toMatch(/^Customer:billagain:/);
    expect(await exitCode).toBe(0);
    isOver = true;
    await Promise.all(load);
    expect(statuses).toContain(503);
  });

  it('exits with 1 within the documented time where a request outlasts it, with Redis too, and says what was cut', async () => {
    const redis = await startOwnRedis();
    const { child, exitCode, logged } = run({
      ...account(),
      REDIS_URL: redis.url,
      REQUEST_TIMEOUT_MS: '50000',
      VENDOR_TIMEOUT_MS: '50000',
      STOP_TIMEOUT_MS: '500',
    });
    const { url } = await logged('serving');
    const { answer } = await beginCreate(url, 40_000);
    child.kill('SIGTERM');
    expect(await answer.catch(() => 'cut')).toBe('cut');
    expect(await logged('requests were cut')).toMatchObject({ requestCount: 1 });
    expect(await logged('could not stop cleanly')).toMatchObject({
      reason: expect.stringContaining('a write under way was cut'),
    });
    expect(await exitCode).toBe(1);
    await redis.stop();
  });

  it('exits where Redis has gone and nothing is under way', async () => {
    const redis = await startOwnRedis();
    const { child, exitCode, logged } = run({ ...account(), REDIS_URL: redis.url });
    await logged('serving');
    redis.pause();
    child.kill('SIGTERM');
    expect(await exitCode).toBe(0);
    await redis.stop();
  });
});
