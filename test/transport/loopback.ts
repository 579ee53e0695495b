import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach } from '@jest/globals';
import type { VendorError } from '../../src/errors.ts';
import type { Account } from '../../src/model/account.ts';
import { createTransport, type TransportOptions } from '../../src/transport/create-transport.ts';
import { statusFailure } from '../../src/transport/status-failure.ts';
import type { CallContext, Transport, TransportRequest } from '../../src/transport/transport.ts';

export interface Loopback {
  readonly port: number;
  readonly url: string;
  /** Every connection it ever accepted. */
  readonly connections: readonly Socket[];
  /** Requests received, as "METHOD path"; HTTP only. */
  readonly requests: readonly string[];
}

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Ends with the test. */
export async function listen(server: Server, requests: readonly string[] = []): Promise<Loopback> {
  const connections: Socket[] = [];
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    connections.push(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of connections) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, connections, requests };
}

export function serve(answer: RequestListener): Promise<Loopback> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  return listen(server, requests);
}

/** For answers that node:http would not give. */
export function serveBytes(onData: (socket: Socket, data: string) => void): Promise<Loopback> {
  return listen(
    createTcpServer((socket) => {
      socket.on('data', (data) => onData(socket, data.toString('latin1')));
    }),
  );
}

export const credentials = { username: 'merchant', password: 'open sesame' };

export function account(url: string, changes: Partial<Account> = {}): Account {
  return {
    name: 'acme',
    vendor: 'UNIPAY',
    url,
    credentials,
    timeoutMs: 20_000,
    concurrency: 10,
    maxResponseBytes: 1_000_000,
    ...changes,
  };
}

/** With pauses too short to wait for. Ends with the test. */
export function connect(to: Loopback | Account, options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport('connections' in to ? account(to.url) : to, {
    readFailure: (response) => statusFailure('acme', response),
    retry: { initialDelayMs: 1 },
    patience: { firstGuessMs: 1, lastGuessMs: 1 },
    ...options,
  });
  cleanups.push(() => transport.close());
  return transport;
}

export const findCustomers: TransportRequest = {
  operation: 'findCustomers',
  operationClass: 'SAFE',
  method: 'GET',
  path: '/customers',
};

export const createCustomer: TransportRequest = {
  operation: 'createCustomer',
  operationClass: 'CREATE',
  method: 'PUT',
  path: '/customers',
  body: '{}',
};

export function within(deadlineInMs: number, signal: AbortSignal = new AbortController().signal): CallContext {
  return { signal, deadlineMs: performance.now() + deadlineInMs };
}

/** Long enough never to matter. */
export function patiently(signal?: AbortSignal): CallContext {
  return within(600_000, signal);
}

/** As another request than every other. */
export function asRequester(requester: object, signal?: AbortSignal): CallContext {
  return { ...patiently(signal), requester };
}

/** What the call was rejected with. */
export async function failureOf(call: Promise<unknown>): Promise<VendorError> {
  try {
    await call;
  } catch (error) {
    return error as VendorError;
  }
  throw new Error('expected the call to fail; it was answered');
}

/** Looks again until it is so. Gives up before jest does, as it would go on looking after a failed test. */
export async function until(condition: () => boolean): Promise<void> {
  const giveUpMs = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > giveUpMs) throw new Error(`expected ${condition}; it never was`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
