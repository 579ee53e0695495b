import type { BillagainSimulator } from '../../src/simulators/billagain/server.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Asks a simulator over real HTTP; `path` is below the base path. */
export async function ask(
  simulator: BillagainSimulator,
  method: string,
  path: string,
  body?: unknown,
  credentials = `${simulator.accountId}:${simulator.apiKey}`,
): Promise<Answer> {
  const response = await fetch(simulator.url + path, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export interface Row {
  readonly customerID: number;
  readonly [field: string]: unknown;
}

export async function rows(
  simulator: BillagainSimulator,
  path: string,
  method = 'GET',
  body?: unknown,
): Promise<Row[]> {
  const answer = await ask(simulator, method, path, body);
  if (answer.status !== 200) throw new Error(`${path}: expected 200; got ${answer.status} ${answer.text}`);
  return JSON.parse(answer.text) as Row[];
}

export async function ids(simulator: BillagainSimulator, path: string, asked?: unknown): Promise<number[]> {
  const read = await rows(simulator, path, asked === undefined ? 'GET' : 'POST', asked);
  return read.map((row) => row.customerID);
}
