import { afterAll } from '@jest/globals';
import type { GraphQLFormattedError } from 'graphql';
import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { startGateway } from '../../src/gateway.ts';
import { type BillagainSimulator, startBillagain } from '../../src/simulators/billagain/server.ts';
import { startUnipay, type UnipaySimulator } from '../../src/simulators/unipay/server.ts';

export const SECRET = 'the-router-and-billgraph-know-it';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    // What a test asks for, it knows the shape of.
    readonly data?: Readonly<Record<string, never>> | null;
    readonly errors?: readonly GraphQLFormattedError[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  };
}

export interface RunningSubgraph {
  readonly billagain: BillagainSimulator;
  readonly unipay: UnipaySimulator;
  readonly url: string;
  /** As a client, at /graphql. */
  ask(query: string, variables?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** As the router, at /subgraph. */
  askAsRouter(query: string, variables?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

const running = new Set<() => Promise<unknown>>();

afterAll(async () => {
  await Promise.all([...running].map((stop) => stop()));
});

/** A real gateway with /subgraph, in front of simulators of its own that a test can listen to; stopped when the file ends. */
export async function startSubgraph(settings: Readonly<Record<string, string>> = {}): Promise<RunningSubgraph> {
  const [billagain, unipay] = await Promise.all([
    startBillagain({ customers: 200 }),
    // A today that stands still, so that rows are the same in every run.
    startUnipay({ customers: 200, today: '2026-01-01' }),
  ]);
  running.add(() => Promise.all([billagain.close(), unipay.close()]));
  const config = readConfig({
    PORT: '0',
    LOG_LEVEL: 'silent',
    BILLAGAIN_URL: billagain.url,
    BILLAGAIN_ACCOUNT_ID: billagain.accountId,
    BILLAGAIN_API_KEY: billagain.apiKey,
    UNIPAY_URL: unipay.url,
    UNIPAY_USERNAME: unipay.settings.username,
    UNIPAY_PASSWORD: unipay.settings.password,
    SUBGRAPH_SECRET: SECRET,
    ...settings,
  });
  const gateway = await startGateway(config, pino({ level: 'silent' }));
  running.add(() => gateway.stop());
  return {
    billagain,
    unipay,
    url: gateway.url,
    ask: (query, variables, headers) => post(`${gateway.url}/graphql`, { query, variables }, headers),
    askAsRouter: (query, variables, headers) =>
      post(`${gateway.url}/subgraph`, { query, variables }, { 'router-authorization': SECRET, ...headers }),
  };
}

async function post(url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}
