import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inPlace, type Role } from './processors.ts';
import { CUSTOMER_COUNT } from './workloads.ts';

const BENCH = dirname(fileURLToPath(import.meta.url));
export const BUILT = join(BENCH, '..', 'dist');

/** A server under measurement. */
export interface Arm {
  readonly name: string;
  /** Where it takes GraphQL. */
  readonly url: string;
  readonly process: ChildProcess;
}

export interface Upstream {
  /** The settings that lead to the simulators. */
  readonly settings: Readonly<Record<string, string>>;
  /** Calls to both vendors since it was last asked. */
  takeCallCount(): Promise<number>;
}

const started: ChildProcess[] = [];

export async function startUpstream(latencyMs: number): Promise<Upstream> {
  const counts = ['--customers', String(CUSTOMER_COUNT), '--latency-ms', String(latencyMs)];
  const { read } = start('OTHERS', [
    join(BUILT, 'simulators/main.js'),
    ...counts,
    '--billagain-port',
    '0',
    '--unipay-port',
    '0',
  ]);
  const settings: Record<string, string> = {};
  await read((line) => {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) settings[name] = value;
    return line.startsWith('Dials') || undefined;
  });
  const controls = [settings.BILLAGAIN_URL, settings.UNIPAY_URL].map((url) => new URL('/_simulator/calls', url));
  return {
    settings,
    async takeCallCount() {
      let count = 0;
      for (const control of controls) {
        const { total } = (await (await fetch(control)).json()) as { total: number };
        count += total;
        await fetch(control, { method: 'DELETE' });
      }
      return count;
    },
  };
}

export async function startBillgraph(
  name: string,
  built: string,
  cacheTtlSeconds: number,
  upstream: Upstream,
): Promise<Arm> {
  const { process, read } = start('SERVER', [join(built, 'main.js')], {
    ...upstream.settings,
    NODE_ENV: 'production',
    PORT: '0',
    VENDOR_CONCURRENCY: '128',
    CACHE_TTL_SECONDS: String(cacheTtlSeconds),
  });
  const url = await read((line) => {
    const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
    return msg === 'serving' ? url : undefined;
  });
  return { name, url, process };
}

/** A server of this folder. */
export async function startServer(name: string, file: string, upstream: Upstream): Promise<Arm> {
  const { process, read } = start('SERVER', [join(BENCH, file)], { ...upstream.settings, NODE_ENV: 'production' });
  const url = await read((line) => (JSON.parse(line) as { url: string }).url);
  return { name, url, process };
}

/** When they have ended. */
export async function stop(arms: readonly Arm[]): Promise<void> {
  await Promise.all(
    arms.map(({ process: child }) => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      return ended;
    }),
  );
}

export function stopAll(): void {
  for (const child of started) child.kill('SIGTERM');
}

function start(role: Role, args: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  const [command = '', ...rest] = inPlace(role, [process.execPath, ...args]);
  const child = spawn(command, rest, {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const lines = createInterface({ input: child.stdout });

  /** What `find` makes of the first line that it recognises. */
  function read<T>(find: (line: string) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        const found = find(line);
        if (found !== undefined) resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code} before it served`)));
    });
  }
  return { process: child, read };
}

/** Its processor time so far, in nanoseconds; undefined where there is no /proc. */
export function processorNs({ process: { pid } }: Arm): number | undefined {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads)) return undefined;
  // The kernel's documentation of scheduler statistics: the first number is the time spent on the processor.
  const times = readdirSync(threads).map((thread) => readProc(`${threads}/${thread}/schedstat`)?.split(' ')[0] ?? 0);
  return times.reduce((sum: number, time) => sum + Number(time), 0);
}

/** The most memory it has held; undefined where there is no /proc. */
export function peakMemoryKb({ process: { pid } }: Arm): number | undefined {
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(readProc(`/proc/${pid}/status`) ?? '')?.[1];
  return peak === undefined ? undefined : Number(peak);
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
