import { describe, expect, it } from '@jest/globals';
import type { Attempt, OperationClass, TransportRequest } from '../../src/transport/transport.ts';
import {
  account,
  connect,
  createCustomer,
  failureOf,
  findCustomers,
  type Loopback,
  patiently,
  serve,
  serveBytes,
  within,
} from './loopback.ts';

const attemptsByClass: [OperationClass, number][] = [
  ['SAFE', 3],
  ['IDEMPOTENT', 3],
  ['CREATE', 1],
  ['STATE_CHANGE', 1],
  ['EDIT', 1],
];

/** With verbs that say the opposite, as the vendors' do. */
function requestOf(operationClass: OperationClass): TransportRequest {
  const repeatable = operationClass === 'SAFE' || operationClass === 'IDEMPOTENT';
  return { operation: 'any', operationClass, method: repeatable ? 'POST' : 'GET', path: '/any' };
}

/** Answers with these statuses in turn, then with 200. */
function serveStatuses(...statuses: number[]): Promise<Loopback> {
  const left = [...statuses];
  return serve((_request, response) => response.writeHead(left.shift() ?? 200).end('done'));
}

describe.each(attemptsByClass)('A %s operation', (operationClass, attempts) => {
  const request = requestOf(operationClass);

  it(`is on the wire ${attempts} times when the connection drops after each request`, async () => {
    const vendor = await serve((received) => received.socket.destroy());
    const error = await failureOf(connect(vendor).send(request, patiently()));
    expect(error).toMatchObject({ name: 'VendorUnavailable', retryable: true, mayHaveArrived: true });
    expect(vendor.requests).toHaveLength(attempts);
  });

  it(`is on the wire ${attempts} times when the vendor fails`, async () => {
    const vendor = await serve((_request, response) => response.writeHead(500).end());
    const error = await failureOf(connect(vendor).send(request, patiently()));
    expect(error).toMatchObject({ name: 'VendorUnavailable', mayHaveArrived: true });
    expect(vendor.requests).toHaveLength(attempts);
  });

  it(`is on the wire ${attempts} times when no answer comes in time`, async () => {
    const vendor = await serve(() => {});
    const error = await failureOf(connect(account(vendor.url, { timeoutMs: 100 })).send(request, patiently()));
    expect(error).toMatchObject({ name: 'VendorTimeout', mayHaveArrived: true });
    expect(vendor.requests).toHaveLength(attempts);
  });

  it(`is on the wire ${attempts} times when the vendor's limit is reached`, async () => {
    const vendor = await serve((_request, response) => response.writeHead(429).end());
    const error = await failureOf(connect(vendor).send(request, patiently()));
    expect(error).toMatchObject({ name: 'VendorRateLimited', mayHaveArrived: false });
    expect(vendor.requests).toHaveLength(attempts);
  });

  it(`is on the wire ${attempts} times when the answer breaks off`, async () => {
    const vendor = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
    });
    const error = await failureOf(connect(vendor).send(request, patiently()));
    expect(error).toMatchObject({ name: 'MalformedAnswer', mayHaveArrived: true });
    expect(vendor.requests).toHaveLength(attempts);
  });

  it.each([400, 401, 404])('is on the wire once when the vendor answers %i', async (status) => {
    const vendor = await serve((_request, response) => response.writeHead(status).end());
    await connect(vendor)
      .send(request, patiently())
      .catch(() => {});
    expect(vendor.requests).toHaveLength(1);
  });
});

describe('A repeated call', () => {
  it('is answered once the vendor has recovered', async () => {
    const vendor = await serveStatuses(503, 429);
    const attempts: Attempt[] = [];
    const transport = connect(vendor, { onAttempt: (attempt) => attempts.push(attempt) });
    expect((await transport.send(findCustomers, patiently())).body).toBe('done');
    expect(attempts).toMatchObject([
      { attempt: 1, status: 503, error: { name: 'VendorUnavailable' } },
      { attempt: 2, status: 429, error: { name: 'VendorRateLimited' } },
      { attempt: 3, status: 200, error: undefined },
    ]);
  });

  it('honours Retry-After where it fits', async () => {
    let refusals = 0;
    const vendor = await serve((_request, response) => {
      refusals += 1;
      if (refusals < 3) response.writeHead(429, { 'retry-after': '0' }).end();
      else response.end('done');
    });
    expect((await connect(vendor).send(findCustomers, patiently())).body).toBe('done');
  });

  it.each([
    [429, 'VendorRateLimited'],
    [503, 'VendorUnavailable'],
  ])('gives up at once when a %i asks to wait beyond the deadline', async (status, name) => {
    const vendor = await serve((_request, response) => response.writeHead(status, { 'retry-after': '3600' }).end());
    const error = await failureOf(connect(vendor).send(findCustomers, patiently()));
    expect(error).toMatchObject({ name, retryAfterMs: 3_600_000 });
    expect(vendor.requests).toHaveLength(1);
  });

  it('gives up when the deadline is over', async () => {
    const vendor = await serve(() => {});
    expect(await failureOf(connect(vendor).send(findCustomers, within(50)))).toMatchObject({ name: 'VendorTimeout' });
    expect(vendor.requests).toHaveLength(1);
  });

  it('may have arrived when an earlier attempt may have', async () => {
    const vendor = await serveStatuses(500, 429, 429);
    const error = await failureOf(connect(vendor).send(requestOf('IDEMPOTENT'), patiently()));
    expect(error).toMatchObject({ name: 'VendorUnavailable', mayHaveArrived: true });
    expect(vendor.requests).toHaveLength(3);
  });

  it('is told of its last failure when it only read', async () => {
    const vendor = await serveStatuses(500, 500, 429);
    const error = await failureOf(connect(vendor).send(findCustomers, patiently()));
    expect(error).toMatchObject({ name: 'VendorRateLimited' });
  });

  it('outlives a connection that the vendor closed while it was idle', async () => {
    // Answers the first request of each connection and drops the second.
    const answered = new WeakSet<object>();
    const vendor = await serveBytes((socket) => {
      if (answered.has(socket)) {
        socket.destroy();
        return;
      }
      answered.add(socket);
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone');
    });
    const transport = connect(vendor);
    await transport.send(findCustomers, patiently());
    expect((await transport.send(findCustomers, patiently())).body).toBe('done');
    expect(vendor.connections).toHaveLength(2);
  });
});

describe('A write', () => {
  it('has a connection of its own, so that none is lost on one that the vendor closes while idle', async () => {
    const connections: (string | undefined)[] = [];
    const vendor = await serve((request, response) => {
      connections.push(request.headers.connection);
      response.end('done');
    });
    const transport = connect(vendor);
    await transport.send(findCustomers, patiently());
    await transport.send(createCustomer, patiently());
    await transport.send({ ...createCustomer, operationClass: 'STATE_CHANGE' }, patiently());
    expect(connections).toEqual(['keep-alive', 'close', 'close']);
    expect(vendor.connections).toHaveLength(3);
  });
});
