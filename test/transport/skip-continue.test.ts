import type { Socket } from 'node:net';
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import {
  account,
  connect,
  createCustomer,
  failureOf,
  findCustomers,
  type Loopback,
  listen,
  patiently,
  serveBytes,
} from './loopback.ts';
import { selfSigned } from './self-signed.ts';

const DONE = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone';
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n';
const PROCESSING = 'HTTP/1.1 102 Processing\r\n\r\n';

/** A vendor that writes these pieces, each in a packet of its own, for each request. */
function servePieces(...pieces: string[]): Promise<Loopback> {
  return serveBytes((socket) => void writeAll(socket, pieces));
}

async function writeAll(socket: Socket, pieces: readonly string[]): Promise<void> {
  socket.setNoDelay(true);
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('A 100 Continue that nobody asked for', () => {
  it.each([
    ['in one packet with the answer', [CONTINUE + DONE]],
    ['in a packet of its own', [CONTINUE, DONE]],
    ['in pieces', ['HTTP/1', '.1 100 Cont', 'inue\r\nx: y\r\n', '\r', '\nHTTP/1.1 200', DONE.slice(12)]],
    ['twice', [CONTINUE + CONTINUE, CONTINUE + DONE]],
    ['without a reason phrase', ['HTTP/1.1 100\r\n\r\n', DONE]],
    ['before early hints', [CONTINUE + HINTS + DONE]],
    ['after early hints', [HINTS + CONTINUE + DONE]],
    ['after early hints that came before it', [HINTS, CONTINUE, DONE]],
    ['after early hints in pieces', [HINTS.slice(0, 11), HINTS.slice(11, 40), HINTS.slice(40) + CONTINUE + DONE]],
    ['after a 102 and between early hints', [PROCESSING + HINTS, CONTINUE + HINTS, DONE]],
    ['of HTTP/1.0', ['HTTP/1.0 100 Continue\r\n\r\n', DONE]],
  ])('is skipped, here %s', async (_case, pieces) => {
    const vendor = await servePieces(...pieces);
    const transport = connect(vendor, { retry: { attempts: 1 } });
    for (const request of [findCustomers, createCustomer, findCustomers]) {
      expect((await transport.send(request, patiently())).body).toBe('done');
    }
  });

  it('is skipped over TLS too', async () => {
    const server = createTlsServer(selfSigned, (socket) => {
      socket.on('data', () => void writeAll(socket, [HINTS, CONTINUE, DONE]));
    });
    const { port } = await listen(server);
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, selfSigned.cert]);
    try {
      const transport = connect(account(`https://127.0.0.1:${port}`), { retry: { attempts: 1 } });
      expect((await transport.send(createCustomer, patiently())).body).toBe('done');
    } finally {
      setDefaultCACertificates(trusted);
    }
  });

  it('leaves the connection alive for the next read', async () => {
    const vendor = await servePieces(CONTINUE, DONE);
    const transport = connect(vendor, { retry: { attempts: 1 } });
    for (let call = 0; call < 6; call++) await transport.send(findCustomers, patiently());
    // A call may begin before the last one's connection is free again.
    expect(vendor.connections.length).toBeLessThanOrEqual(2);
  });

  it('is no answer: without another the call fails', async () => {
    const vendor = await serveBytes((socket) => socket.end(CONTINUE));
    const error = await failureOf(connect(vendor).send(createCustomer, patiently()));
    expect(error).toMatchObject({ name: 'VendorUnavailable', mayHaveArrived: true });
  });

  it('is not looked for behind a 101, which nobody asked for either: the call fails', async () => {
    const vendor = await servePieces(
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      DONE,
    );
    const error = await failureOf(connect(vendor).send(createCustomer, patiently()));
    expect(error).toMatchObject({ mayHaveArrived: true });
  });

  it('is left in a body that looks like one', async () => {
    const vendor = await servePieces(`HTTP/1.1 200 OK\r\ncontent-length: ${CONTINUE.length}\r\n\r\n`, CONTINUE);
    const answer = await connect(vendor, { retry: { attempts: 1 } }).send(findCustomers, patiently());
    expect(answer.body).toBe(CONTINUE);
  });
});
