import { execFile } from 'node:child_process';
import { createServer as createTlsServer } from 'node:tls';
import { inspect, promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import {
  account,
  connect,
  createCustomer,
  credentials,
  failureOf,
  findCustomers,
  listen,
  patiently,
  serve,
  serveBytes,
} from './loopback.ts';
import { selfSigned } from './self-signed.ts';

const once = { retry: { attempts: 1 } };

/** A port that nobody listens on. */
async function closedUrl(): Promise<string> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

describe('A request that the vendor cannot have got', () => {
  it('says so when the connection is refused', async () => {
    const error = await failureOf(connect(account(await closedUrl())).send(createCustomer, patiently()));
    expect(error).toMatchObject({
      name: 'VendorUnavailable',
      message: 'acme: no connection',
      wireCode: 'ECONNREFUSED',
      retryable: true,
      mayHaveArrived: false,
    });
  });

  it('says so when the host is unknown', async () => {
    const error = await failureOf(connect(account('http://vendor.invalid')).send(createCustomer, patiently()));
    expect(error).toMatchObject({ name: 'VendorUnavailable', mayHaveArrived: false });
  });

  it('says so when the vendor speaks no TLS', async () => {
    const vendor = await serveBytes((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const transport = connect(account(vendor.url.replace('http', 'https')));
    expect(await failureOf(transport.send(createCustomer, patiently()))).toMatchObject({
      name: 'VendorUnavailable',
      mayHaveArrived: false,
    });
  });

  it('says so when the vendor never finishes connecting', async () => {
    const vendor = await serveBytes(() => {});
    const transport = connect(account(vendor.url.replace('http', 'https'), { timeoutMs: 100 }));
    expect(await failureOf(transport.send(createCustomer, patiently()))).toMatchObject({
      name: 'VendorTimeout',
      mayHaveArrived: false,
    });
  });

  it('says so, and that asking again will not help, when it is not HTTP', async () => {
    const vendor = await serve((_request, response) => response.end());
    const error = await failureOf(connect(vendor).send({ ...createCustomer, path: '/a b' }, patiently()));
    expect(error).toMatchObject({ name: 'VendorUnavailable', retryable: false, mayHaveArrived: false });
    expect(vendor.connections).toHaveLength(0);
  });
});

describe("A vendor's certificate", () => {
  async function serveUntrusted(): Promise<{ url: string; received: string[] }> {
    const received: string[] = [];
    const server = createTlsServer(selfSigned, (socket) => socket.on('data', (data) => received.push(String(data))));
    const { port } = await listen(server);
    return { url: `https://localhost:${port}`, received };
  }

  it('is checked before anything is sent', async () => {
    const { url, received } = await serveUntrusted();
    expect(await failureOf(connect(account(url), once).send(findCustomers, patiently()))).toMatchObject({
      name: 'VendorUnavailable',
      wireCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      mayHaveArrived: false,
    });
    expect(received).toEqual([]);
  });

  it('is checked though the environment says not to', async () => {
    const { url, received } = await serveUntrusted();
    // In a process of its own: Node reads the real environment, jest hands its tests a copy.
    const program = `
      import { createTransport } from ${JSON.stringify(new URL('../../src/transport/create-transport.ts', import.meta.url))};
      const transport = createTransport(${JSON.stringify(account(url))}, { readFailure() {} });
      await transport
        .send(${JSON.stringify(createCustomer)}, { signal: new AbortController().signal, deadlineMs: Infinity })
        .catch(({ wireCode }) => console.log(wireCode));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      timeout: 25_000,
    });
    expect(stdout.trim()).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(received).toEqual([]);
  });
});

describe('A request that the vendor may have got', () => {
  it('says so when the connection is reset', async () => {
    const vendor = await serveBytes((socket) => socket.resetAndDestroy());
    expect(await failureOf(connect(vendor).send(createCustomer, patiently()))).toMatchObject({
      name: 'VendorUnavailable',
      mayHaveArrived: true,
    });
  });

  it('says so when the answer is not HTTP', async () => {
    const vendor = await serveBytes((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'));
    expect(await failureOf(connect(vendor).send(createCustomer, patiently()))).toMatchObject({
      name: 'MalformedAnswer',
      mayHaveArrived: true,
    });
  });

  it("says so when the answer's headers have no end", async () => {
    const vendor = await serveBytes((socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`));
    expect(await failureOf(connect(vendor).send(createCustomer, patiently()))).toMatchObject({
      name: 'MalformedAnswer',
      mayHaveArrived: true,
    });
  });
});

describe("A system's code for what befell a connection", () => {
  const CODES = /\b(?:E[A-Z]{4,}|UND_ERR|ERR_|HPE_|[A-Z]+_[A-Z_]+)/;

  it.each([
    ['refused', closedUrl],
    ['unknown', async () => 'http://vendor.invalid'],
    ['reset', async () => (await serve((request) => request.socket.resetAndDestroy())).url],
    ['closed', async () => (await serve((request) => request.socket.destroy())).url],
    ['garbled', async () => (await serveBytes((socket) => socket.end('SSH-2.0\r\n'))).url],
    [
      'endless',
      async () => (await serveBytes((s) => s.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(99_999)}\r\n\r\n`))).url,
    ],
    ['breaking off', async () => (await serveBytes((s) => s.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx'))).url],
    ['of no TLS', async () => (await serveBytes((s) => s.end('HTTP/1.1 400\r\n\r\n'))).url.replace('http', 'https')],
  ])('is kept for the log and is in no message when the vendor is %s', async (_case, start) => {
    const error = await failureOf(connect(account(await start()), once).send(findCustomers, patiently()));
    expect(error.wireCode).toMatch(/^[A-Z0-9_]+$/);
    expect(error.message).not.toMatch(CODES);
    expect(JSON.stringify(error.extensions)).not.toContain(error.wireCode);
  });
});

describe('What is secret', () => {
  const body = 'the body';
  const secrets = [
    credentials.username,
    credentials.password,
    Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64'),
    '127.0.0.1',
    '/private',
    body,
  ];

  function expectNoSecretIn(value: unknown): void {
    const printed = inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true });
    for (const secret of secrets) expect(printed).not.toContain(secret);
  }

  it.each([
    ['refused', closedUrl],
    ['reset', async () => (await serve((request) => request.socket.resetAndDestroy())).url],
    ['garbled', async () => (await serveBytes((socket) => socket.end(`${body}\r\n`))).url],
    ['failing', async () => (await serve((_request, response) => response.writeHead(500).end(body))).url],
    [
      'redirecting',
      async () =>
        (await serve((_request, response) => response.writeHead(302, { location: 'http://127.0.0.1/private' }).end()))
          .url,
    ],
    [
      'breaking off',
      async () =>
        (await serveBytes((socket) => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n${body}`))).url,
    ],
    ['silent', async () => (await serve(() => {})).url],
  ])('is in no error and no attempt when the vendor is %s', async (_case, start) => {
    const attempts: unknown[] = [];
    const url = await start();
    const transport = connect(account(`${url}/private`, { timeoutMs: 1000 }), {
      ...once,
      onAttempt: (attempt) => attempts.push(attempt),
    });
    const error = await failureOf(transport.send({ ...createCustomer, path: '/private', body }, patiently()));
    expectNoSecretIn(error);
    expect(attempts).toHaveLength(1);
    expectNoSecretIn(attempts);
    expectNoSecretIn(transport);
  });

  it.each(['merchant:open sesame@/private', '//127.0.0.1/private', 'ftp://merchant@127.0.0.1/private'])(
    'is in no error when the base URL is unusable: %s',
    (url) => {
      let error: unknown;
      try {
        connect(account(url));
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ message: 'acme: expected an http or https base URL; got something else' });
      expectNoSecretIn(error);
    },
  );
});
