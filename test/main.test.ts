import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The compiled process, as `npm start` runs it: Node itself can't run decorators. */
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

beforeAll(async () => {
  await promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    cwd: ROOT,
  });
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
  process.once('exit', () => child.kill('SIGKILL'));
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
