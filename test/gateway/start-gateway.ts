import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterAll } from '@jest/globals';
import type { GraphQLFormattedError } from 'graphql';
import { pino } from 'pino';
import { type Config, readConfig } from '../../src/config.ts';
import { startGateway } from '../../src/gateway.ts';
import { type Account, type UnipaySettings, unipayDefaults } from '../../src/model/account.ts';
import { redisAddress } from '../../src/settings/redis-address.ts';
import type { BillagainOptions } from '../../src/simulators/billagain/options.ts';
import { type BillagainSimulator, startBillagain } from '../../src/simulators/billagain/server.ts';
import type { Call } from '../../src/simulators/call-log.ts';
import type { UnipayOptions } from '../../src/simulators/unipay/options.ts';
import { startUnipay, type UnipaySimulator } from '../../src/simulators/unipay/server.ts';

export interface Overrides {
  readonly billagain?: BillagainOptions;
  readonly unipay?: UnipayOptions;
  readonly unipaySettings?: Partial<UnipaySettings>;
  readonly server?: Partial<Config['server']>;
  readonly limits?: Partial<Config['vendorLimits']>;
  readonly cache?: Partial<Config['cache']>;
  readonly redisUrl?: string;
  readonly scanLimitRows?: number;
  /** In the order of the configuration. Default: both, billagain first. */
  readonly accounts?: readonly AccountName[];
  /** Another gateway's vendors, which go on when this one stops. */
  readonly vendors?: Vendors;
}

export type AccountName = 'billagain' | 'unipay';

export interface Vendors {
  readonly billagain: BillagainSimulator;
  readonly unipay: UnipaySimulator;
}

export interface Answer<Data> {
  readonly data: Data | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

export interface TestGateway extends Vendors {
  readonly url: string;
  /** What was logged, at every level, as it would have been written. */
  readonly logged: readonly string[];
  /** Everything that came back, failures included. */
  query<Data>(document: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer<Data>>;
  /** What came back of a query that must not fail. */
  read<Data>(document: string, variables?: Readonly<Record<string, unknown>>): Promise<Data>;
  /** What both vendors were asked meanwhile, in the order of arrival. */
  callsOf(work: () => Promise<unknown>): Promise<readonly string[]>;
  /** The vendors go on until the test file ends. */
  stop(): Promise<void>;
}

/** A cache that neither expires nor forgets while a test runs. */
const CACHE = { ttlSeconds: 60, absentTtlSeconds: 60, staleSeconds: 300, staleAfterMs: 2_000, maxEntries: 50_000 };
const LIMITS = { timeoutMs: 5_000, concurrency: 20, maxResponseBytes: 16_777_216 };
/** Every setting that a test has no opinion on is at its default. */
const DEFAULTS = readConfig({ SIMULATORS: 'on' });

/** What is still to be stopped: a test that fails half-way must not keep the process alive. */
const running = new Set<() => Promise<unknown>>();

afterAll(async () => {
  await Promise.all([...running].map((stop) => stop()));
});

/** A real gateway over real HTTP, in front of both vendors' simulators. */
export async function startTestGateway(overrides: Overrides = {}): Promise<TestGateway> {
  const vendors = overrides.vendors ?? (await startVendors(overrides));
  const logged: string[] = [];
  const gateway = await startGateway(createConfig(vendors, overrides), createCapturedLog(logged));
  let stopped: Promise<void> | undefined;
  const stop = () => {
    running.delete(stop);
    stopped ??= gateway.stop();
    return stopped;
  };
  running.add(stop);

  async function query<Data>(document: string, variables = {}): Promise<Answer<Data>> {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document, variables }),
    });
    return (await response.json()) as Answer<Data>;
  }

  return {
    ...vendors,
    url: gateway.url,
    logged,
    query,
    async read<Data>(document: string, variables = {}) {
      const { data, errors } = await query<Data>(document, variables);
      if (errors || !data) throw new Error(`expected an answer without errors; got ${JSON.stringify(errors)}`);
      return data;
    },
    async callsOf(work) {
      const { billagain, unipay } = vendors;
      billagain.calls.clear();
      unipay.calls.clear();
      await work();
      return [...billagain.calls.calls, ...unipay.calls.calls].map(describeCall);
    },
    stop,
  };
}

export async function startVendors({
  billagain,
  unipay,
}: Pick<Overrides, 'billagain' | 'unipay'> = {}): Promise<Vendors> {
  const [billagainSimulator, unipaySimulator] = await Promise.all([
    startBillagain({ customers: 0, ...billagain }),
    // A today that stands still, so that rows are the same in every run.
    startUnipay({ customers: 0, today: '2026-01-01', ...unipay }),
  ]);
  running.add(() => Promise.all([billagainSimulator.close(), unipaySimulator.close()]));
  return { billagain: billagainSimulator, unipay: unipaySimulator };
}

function createConfig(vendors: Vendors, overrides: Overrides): Config {
  const vendorLimits = { ...LIMITS, ...overrides.limits };
  const accounts: Record<AccountName, Account> = {
    billagain: {
      name: 'billagain',
      vendor: 'BILLAGAIN',
      url: vendors.billagain.url,
      credentials: { username: vendors.billagain.accountId, password: vendors.billagain.apiKey },
      ...vendorLimits,
    },
    unipay: {
      name: 'unipay',
      vendor: 'UNIPAY',
      url: vendors.unipay.url,
      credentials: { username: vendors.unipay.settings.username, password: vendors.unipay.settings.password },
      unipay: { ...unipayDefaults, ...overrides.unipaySettings },
      ...vendorLimits,
    },
  };
  return {
    ...DEFAULTS,
    server: { ...DEFAULTS.server, port: 0, ...overrides.server },
    log: { level: 'trace' },
    accounts: (overrides.accounts ?? ['billagain', 'unipay']).map((name) => accounts[name]),
    simulators: undefined,
    vendorLimits,
    scanLimitRows: overrides.scanLimitRows ?? DEFAULTS.scanLimitRows,
    cache: { ...CACHE, ...overrides.cache },
    redis: overrides.redisUrl === undefined ? undefined : redisAddress.parse(overrides.redisUrl),
  };
}

/** Quiet, and kept at every level. */
function createCapturedLog(lines: string[]) {
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return pino({ level: 'trace', base: null }, destination);
}

function describeCall({ method, path, query }: Call): string {
  return `${method} ${path}${query === '' ? '' : `?${query}`}`;
}

/** A customer that no vendor has: far above every generated number. */
export const UNKNOWN_NUMBER = '999999999';

/** A text that occurs nowhere else. */
export function uniqueText(): string {
  return randomUUID();
}
