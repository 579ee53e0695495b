import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { GraphQLFormattedError } from 'graphql';
import { pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { startGateway } from '../../src/gateway.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFormattedError[];
}

export interface Server {
  readonly url: string;
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  get(parameters: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

const running: (() => Promise<void>)[] = [];

afterAll(async () => {
  await Promise.all(running.map((stop) => stop()));
});

/** A gateway before its own simulators, by these settings; stopped when the file ends. */
export async function serve(settings: Readonly<Record<string, string>> = {}): Promise<Server> {
  const config = readConfig({ PORT: '0', SIMULATOR_CUSTOMERS: '30', ...settings });
  const gateway = await startGateway(config, pino({ level: 'silent' }));
  running.push(() => gateway.stop());
  const url = `${gateway.url}/graphql`;
  return {
    url,
    post: (body, headers = {}) =>
      ask(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (parameters, headers = {}) =>
      ask(`${url}?${new URLSearchParams(parameters)}`, { headers: { 'apollo-require-preflight': 'true', ...headers } }),
  };
}

async function ask(url: string, request: RequestInit): Promise<Answer> {
  const response = await fetch(url, request);
  const body = (await response.json()) as Pick<Answer, 'data' | 'errors'>;
  return { status: response.status, headers: response.headers, ...body };
}

export function codesOf({ errors }: Answer): unknown[] {
  return (errors ?? []).map(({ extensions }) => extensions?.code);
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function writeFile(content: unknown): string {
  const path = join(mkdtempSync(join(tmpdir(), 'billgraph-')), 'file.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
