import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { MalformedAnswer, VendorRefusal } from '../../src/errors.ts';
import type { Attempt, TransportRequest, TransportResponse } from '../../src/transport/transport.ts';
import {
  account,
  connect,
  createCustomer,
  failureOf,
  findCustomers,
  patiently,
  serve,
  serveBytes,
  until,
} from './loopback.ts';

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** What the vendor gets when this is sent. */
async function received(
  request: TransportRequest,
  basePath = '',
): Promise<{ headers: IncomingHttpHeaders; line: string; body: string }> {
  let headers: IncomingHttpHeaders = {};
  let body = '';
  const vendor = await serve(async (incoming, response) => {
    headers = incoming.headers;
    body = await textOf(incoming);
    response.end();
  });
  await connect(account(vendor.url + basePath)).send(request, patiently());
  return { headers, line: vendor.requests.join(), body };
}

/** What this answer is read as. */
async function readAnswer(
  answer: (response: ServerResponse) => void,
  maxResponseBytes = 1000,
): Promise<TransportResponse> {
  const vendor = await serve((_request, response) => answer(response));
  return connect(account(vendor.url, { maxResponseBytes }), { retry: { attempts: 1 } }).send(
    findCustomers,
    patiently(),
  );
}

describe('A request', () => {
  it("carries the account's credentials and asks for gzip or nothing", async () => {
    const { headers } = await received(findCustomers);
    expect(headers.authorization).toBe('Basic bWVyY2hhbnQ6b3BlbiBzZXNhbWU=');
    expect(headers['accept-encoding']).toBe('gzip, identity');
  });

  it.each(['', '/', '/api/v01'])('goes below the base URL, here ending in "%s"', async (basePath) => {
    const { line } = await received({ ...findCustomers, path: '/customers?limit=2' }, basePath);
    expect(line).toBe(`GET ${basePath === '/' ? '' : basePath}/customers?limit=2`);
  });

  it('carries its own headers and body', async () => {
    const request = {
      ...createCustomer,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: '{"name":"Zoë"}',
    };
    const { headers, line, body } = await received(request);
    expect(line).toBe('PUT /customers');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json',
      'content-length': '15',
    });
    expect(headers.authorization).toMatch(/^Basic /);
    expect(body).toBe('{"name":"Zoë"}');
  });

  it('may be a POST without a body', async () => {
    const { headers, body } = await received({ ...findCustomers, method: 'POST' });
    expect(headers['content-length']).toBe('0');
    expect(body).toBe('');
  });
});

describe('An answer', () => {
  it('is its status, content type and text', async () => {
    const answer = await readAnswer((response) =>
      response.writeHead(201, { 'content-type': 'Application/JSON; charset=utf-8' }).end('{}'),
    );
    expect(answer).toEqual({ status: 201, contentType: 'application/json', retryAfterMs: undefined, body: '{}' });
  });

  it('may be empty and of no type', async () => {
    const answer = await readAnswer((response) => response.writeHead(204).end());
    expect(answer).toEqual({ status: 204, contentType: '', retryAfterMs: undefined, body: '' });
  });

  it('may come in pieces that part a letter', async () => {
    const [first, second] = [Buffer.from('Zoë').subarray(0, 3), Buffer.from('Zoë').subarray(3)];
    const answer = await readAnswer((response) => {
      response.write(first, () => setImmediate(() => response.end(second)));
    });
    expect(answer.body).toBe('Zoë');
  });

  it('loses its byte order mark', async () => {
    expect((await readAnswer((response) => response.end('\uFEFF{}'))).body).toBe('{}');
  });

  it('may follow early hints', async () => {
    const answer = await readAnswer((response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.end('done');
    });
    expect(answer).toMatchObject({ status: 200, body: 'done' });
  });

  it('has not begun with early hints', async () => {
    const error = await failureOf(
      readAnswer((response) => {
        response.writeEarlyHints({ link: '</style.css>; rel=preload' });
        response.destroy();
      }),
    );
    expect(error).toMatchObject({ name: 'VendorUnavailable' });
  });

  it('is malformed when it is not UTF-8', async () => {
    const error = await failureOf(readAnswer((response) => response.end(Buffer.from([0x7b, 0xff, 0x7d]))));
    expect(error).toMatchObject({
      name: 'MalformedAnswer',
      message: 'acme: expected an answer in UTF-8; got other bytes',
      retryable: false,
    });
  });

  it.each(['gzip', 'x-gzip', 'GZip', 'identity, gzip'])('may be packed, as "%s"', async (encoding) => {
    const answer = await readAnswer((response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(gzipSync('{"name":"Zoë"}')),
    );
    expect(answer.body).toBe('{"name":"Zoë"}');
  });

  it('may be packed in several members that come in pieces', async () => {
    const packed = Buffer.concat([gzipSync('one '), gzipSync('two')]);
    const answer = await readAnswer((response) => {
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .write(packed.subarray(0, 7), () => setImmediate(() => response.end(packed.subarray(7))));
    });
    expect(answer.body).toBe('one two');
  });

  it.each([200, 204, 304, 500])('may name gzip and be empty, here with %i', async (status) => {
    const call = readAnswer((response) => response.writeHead(status, { 'content-encoding': 'gzip' }).end());
    if (status < 300) expect(await call).toMatchObject({ status, body: '' });
    else expect((await failureOf(call)).message).toContain(`HTTP ${status}`);
  });

  it('is bounded by its unpacked size', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000));
    expect(bomb.length).toBeLessThan(1000);
    const error = await failureOf(
      readAnswer((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
    );
    expect(error).toMatchObject({
      name: 'MalformedAnswer',
      message: 'acme: expected an answer of at most 1000 bytes; got a larger one',
    });
  });

  it('may unpack to as much as the limit', async () => {
    const answer = await readAnswer((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1000))),
    );
    expect(answer.body).toHaveLength(1000);
  });

  it.each([
    ['breaks off', gzipSync('{"name":"Zoë"}').subarray(0, -5)],
    ['is followed by something else', Buffer.concat([gzipSync('{}'), Buffer.from('<html>')])],
    ['is none', Buffer.from('{}')],
    ['is damaged', gzipSync('{"name":"Zoë"}').fill(0x41, 12, 14)],
  ])('is malformed when its gzip %s', async (_case, packed) => {
    const error = await failureOf(
      readAnswer((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)),
    );
    expect(error).toMatchObject({
      name: 'MalformedAnswer',
      message: 'acme: expected a whole answer in gzip; got one that breaks off or is none',
    });
  });

  it.each([
    ['br', 'in br'],
    ['gzip, deflate', 'in several'],
    ['hunter2', 'in an unknown one'],
  ])('is malformed in the content encoding "%s"', async (encoding, got) => {
    const error = await failureOf(
      readAnswer((response) => response.writeHead(200, { 'content-encoding': encoding }).end('{}')),
    );
    expect(error).toMatchObject({
      name: 'MalformedAnswer',
      message: `acme: expected an answer without content encoding or in gzip; got one ${got}`,
      retryable: false,
    });
  });

  it.each([
    ['text/xml; charset=ISO-8859-1', '<name>Zoë</name>'],
    ['application/json;charset="latin1"', '{"name":"Zoë"}'],
    ['text/plain; format=flowed; Charset=windows-1252', 'Zoë, 5 €'],
    ['application/xml', '<?xml version="1.0" encoding="ISO-8859-1"?><name>Zoë</name>'],
    ['', "<?xml version='1.0' encoding='iso-8859-1' standalone='yes'?><name>Zoë</name>"],
  ])('is read in Latin-1 where it declares that: %s %s', async (type, text) => {
    const bytes = Buffer.from(text.replace('€', '\x80'), 'latin1');
    const answer = await readAnswer((response) => response.writeHead(200, { 'content-type': type }).end(bytes));
    expect(answer.body).toBe(text);
  });

  it('may be in Latin-1 and packed', async () => {
    const packed = gzipSync(Buffer.from('<?xml version="1.0" encoding="latin1"?><name>Zoë</name>', 'latin1'));
    const answer = await readAnswer((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed));
    expect(answer.body).toContain('<name>Zoë</name>');
  });

  it.each([
    ['application/json;charset=ISO-8859-1', '{"name":"Zoë Café, 5 €"}'],
    ['application/json; charset="latin1"', '["Ω"]'],
    ['text/html;charset=ISO-8859-1', '{"name":"Zoë"}'],
    ['text/xml;charset=ISO-8859-1', '<name>Zoë</name>'],
    ['text/xml;charset=windows-1252', '<?xml version="1.0" encoding="UTF-8"?><name>Zoë</name>'],
    ['application/json;charset=ISO-8859-1', '{"name":"Zoe"}'],
  ])("is read in UTF-8 where it is that, though its server's default says Latin-1: %s %s", async (type, text) => {
    const answer = await readAnswer((response) => response.writeHead(200, { 'content-type': type }).end(text));
    expect(answer.body).toBe(text);
  });

  it('is read in Latin-1 where the document itself says so, even if it could be UTF-8', async () => {
    const text = '<?xml version="1.0" encoding="ISO-8859-1"?><name>Ã«</name>';
    const type = 'text/xml; charset=ISO-8859-1';
    const answer = await readAnswer((response) =>
      response.writeHead(200, { 'content-type': type }).end(Buffer.from(text, 'latin1')),
    );
    expect(answer.body).toBe(text);
  });

  it.each([
    ['text/xml; charset=utf-8', '<?xml version="1.0" encoding="ISO-8859-1"?><name>Zoë</name>'],
    ['text/xml', '\uFEFF<?xml version="1.0" encoding="ISO-8859-1"?><name>Zoë</name>'],
  ])('is read in UTF-8 where the transport or a byte order mark says so: %s', async (type, text) => {
    const answer = await readAnswer((response) => response.writeHead(200, { 'content-type': type }).end(text));
    expect(answer.body).toBe(text.replace('\uFEFF', ''));
  });

  it.each([
    [
      'application/json; charset=utf-7',
      '{}',
      'acme: expected an answer in UTF-8, US-ASCII or ISO-8859-1; got another charset',
    ],
    [
      'text/xml',
      '<?xml version="1.0" encoding="hunter2"?><a/>',
      'acme: expected an answer in UTF-8, US-ASCII or ISO-8859-1; got another charset',
    ],
    ['text/plain; charset=us-ascii', 'Zoë', 'acme: expected an answer in US-ASCII, as it declares; got other bytes'],
  ])('is malformed where its charset is not kept or known: %s', async (type, text, message) => {
    const error = await failureOf(
      readAnswer((response) => response.writeHead(200, { 'content-type': type }).end(text)),
    );
    expect(error).toMatchObject({ name: 'MalformedAnswer', message });
  });

  it('may name the identity encoding', async () => {
    const answer = await readAnswer((response) =>
      response.writeHead(200, { 'content-encoding': 'identity' }).end('{}'),
    );
    expect(answer.body).toBe('{}');
  });

  it('may be as large as the limit', async () => {
    expect((await readAnswer((response) => response.end('x'.repeat(1000)))).body).toHaveLength(1000);
  });

  it.each([
    ['with its length told', 'content-length: 1001\r\n\r\n', 'x'.repeat(1001)],
    ['in chunks', 'transfer-encoding: chunked\r\n\r\n', `3e9\r\n${'x'.repeat(1001)}\r\n`],
  ])('is malformed when it is larger, %s; then its connection ends', async (_case, head, body) => {
    const vendor = await serveBytes((socket) => socket.write(`HTTP/1.1 200 OK\r\n${head}${body}`));
    const error = await failureOf(
      connect(account(vendor.url, { maxResponseBytes: 1000 })).send(findCustomers, patiently()),
    );
    expect(error).toMatchObject({
      name: 'MalformedAnswer',
      message: 'acme: expected an answer of at most 1000 bytes; got a larger one',
    });
    expect(vendor.connections).toHaveLength(1);
    await until(() => vendor.connections.every((socket) => socket.destroyed));
  });

  it('is malformed when it is a redirect, which is not followed', async () => {
    const elsewhere = await serve((_request, response) => response.end());
    const error = await failureOf(readAnswer((response) => response.writeHead(307, { location: elsewhere.url }).end()));
    expect(error).toMatchObject({ name: 'MalformedAnswer' });
    expect(elsewhere.connections).toHaveLength(0);
  });
});

describe("A dialect's reading of failures", () => {
  it('is asked of an HTTP 200 too, with the request at hand', async () => {
    const vendor = await serve((_request, response) => response.end('F02'));
    const transport = connect(vendor, {
      readFailure: ({ body, status }, { operation }) =>
        new VendorRefusal('acme', `refused ${operation} (HTTP ${status})`, { vendorCode: body }),
    });
    const error = await failureOf(transport.send(findCustomers, patiently()));
    expect(error).toMatchObject({
      name: 'VendorRefusal',
      vendorCode: 'F02',
      message: 'acme: refused findCustomers (HTTP 200)',
    });
    expect(vendor.requests).toHaveLength(1);
  });

  it('may be thrown', async () => {
    const vendor = await serve((_request, response) => response.end());
    const transport = connect(vendor, {
      readFailure: () => {
        throw new MalformedAnswer('acme', 'expected a code; got none');
      },
    });
    expect(await failureOf(transport.send(findCustomers, patiently()))).toMatchObject({
      message: 'acme: expected a code; got none',
    });
  });

  it('fails the call, without quoting the answer, when it breaks', async () => {
    const vendor = await serve((_request, response) => response.writeHead(400).end('secret'));
    const transport = connect(vendor, { readFailure: ({ body }) => JSON.parse(body) });
    const error = await failureOf(transport.send(findCustomers, patiently()));
    expect(error).toMatchObject({
      name: 'MalformedAnswer',
      message: "acme: the answer (HTTP 400) to findCustomers can't be read",
    });
    expect(error.cause).toBeUndefined();
  });
});

describe('Whoever is told of attempts', () => {
  it('hears of each, with its status and how long it took', async () => {
    const vendor = await serve((_request, response) => response.end());
    const attempts: Attempt[] = [];
    await connect(vendor, { onAttempt: (attempt) => attempts.push(attempt) }).send(findCustomers, patiently());
    expect(attempts).toEqual([
      {
        account: 'acme',
        operation: 'findCustomers',
        operationClass: 'SAFE',
        attempt: 1,
        durationMs: expect.any(Number),
        status: 200,
        error: undefined,
        abandoned: false,
      },
    ]);
  });

  it('does not fail the call by throwing', async () => {
    const vendor = await serve((_request, response) => response.end('done'));
    const transport = connect(vendor, {
      onAttempt: () => {
        throw new Error('full');
      },
    });
    expect((await transport.send(findCustomers, patiently())).body).toBe('done');
  });
});

describe('A transport that is closed', () => {
  it('waits for calls under way, queued ones included, and ends its connections', async () => {
    const held: ServerResponse[] = [];
    const vendor = await serve((_request, response) => held.push(response));
    const transport = connect(account(vendor.url, { concurrency: 1 }));
    const order: string[] = [];
    const read = transport.send(findCustomers, patiently()).then(() => order.push('read'));
    const write = transport.send(createCustomer, patiently()).then(() => order.push('write'));
    const closed = transport.close().then(() => order.push('closed'));
    for (let answered = 0; answered < 2; answered++) {
      await until(() => held.length === 1);
      held.shift()?.end();
    }
    await Promise.all([read, write, closed]);
    expect(order).toEqual(['read', 'write', 'closed']);
    await until(() => vendor.connections.every((socket) => socket.destroyed));
  });

  it('takes no further call', async () => {
    const vendor = await serve((_request, response) => response.end());
    const transport = connect(vendor);
    await transport.send(findCustomers, patiently());
    await transport.close();
    const error = await failureOf(transport.send(findCustomers, patiently()));
    expect(error).toMatchObject({ name: 'VendorUnavailable', mayHaveArrived: false });
    expect(vendor.requests).toHaveLength(1);
  });

  it('may be closed twice', async () => {
    const transport = connect(await serve(() => {}));
    await Promise.all([transport.close(), transport.close()]);
  });
});
