import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { CallLog } from './call-log.ts';
import { answerControl, CONTROL_PATH } from './control.ts';
import type { Dial, Dials } from './dials.ts';

/** A vendor's API on loopback. */
export interface Simulator {
  /** The vendor's base URL, base path included, without a slash at its end. */
  readonly url: string;
  readonly dials: Dials;
  readonly calls: CallLog;
  /** Stops at once: connections are cut, calls in progress too. May be called again. */
  close(): Promise<void>;
}

export interface VendorRequest {
  readonly method: string;
  /** Without the query and without the base path, as sent (percent signs included); starts with a slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** UTF-8 text; empty when there is none. */
  readonly body: string;
}

export interface VendorAnswer {
  readonly status: number;
  readonly body?: string;
  /** Default: `application/json; charset=utf-8`. */
  readonly contentType?: string;
}

export interface HttpOptions {
  /** 0 takes a free one, the default. */
  readonly port?: number;
  /** Loopback only: the control endpoints have no password. */
  readonly host?: '127.0.0.1';
  /** For example `/v1`; no slash at its end. */
  readonly basePath: string;
  readonly username: string;
  readonly password: string;
  /** How long every answer takes; a dial's latency is added. Default: 0. */
  readonly latencyMs?: number;
  readonly dials: Dials;
  readonly calls: CallLog;
  /** The vendor itself. Called with correct credentials only. If it throws, `failure(500)` is answered. */
  respond(request: VendorRequest): VendorAnswer | Promise<VendorAnswer>;
  /** The 401 in the vendor's shape; WWW-Authenticate is added. */
  unauthorized(request: VendorRequest): VendorAnswer;
  /** Any other error in the vendor's shape: a dial's status, a path outside the base path, a body that is too large. */
  failure(status: number, message: string, request: VendorRequest): VendorAnswer;
}

const MAX_BODY_BYTES = 16 * 1024 * 1024;
const JSON_CONTENT_TYPE = 'application/json; charset=utf-8';
/** Longer than any client pool keeps an idle connection, so that the server never cuts one as it is being reused. */
const KEEP_ALIVE_MS = 120_000;
const NO_HEADERS = {};
const NO_BODY = Promise.resolve('');

/** Starts a vendor's HTTP server: credentials, body, call log, dials; the vendor's own behaviour is `respond`. */
export async function startHttp(options: HttpOptions): Promise<Simulator> {
  const { basePath, dials, calls } = options;
  const host = options.host ?? '127.0.0.1';
  const credentials = Buffer.from(`${options.username}:${options.password}`).toString('base64');
  const expectedHeader = `Basic ${credentials}`;
  const stopping = new AbortController();

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const target = incoming.url ?? '/';
    const queryAt = target.indexOf('?');
    const fullPath = queryAt === -1 ? target : target.slice(0, queryAt);
    const query = queryAt === -1 ? '' : target.slice(queryAt + 1);
    const method = incoming.method ?? 'GET';
    const body = await readBody(incoming);

    if (fullPath.startsWith(CONTROL_PATH)) {
      send(outgoing, answerControl(method, fullPath.slice(CONTROL_PATH.length), body ?? '', dials, calls), NO_HEADERS);
      return;
    }

    const isBelowBasePath = fullPath === basePath || fullPath.startsWith(`${basePath}/`);
    const path = isBelowBasePath ? fullPath.slice(basePath.length) || '/' : fullPath;
    const { headers } = incoming;
    const end = calls.begin({
      method,
      path,
      query,
      body: body ?? '',
      contentType: headers['content-type'],
      accept: headers.accept,
    });
    let status: number | undefined;
    try {
      const request = { method, path, query: new URLSearchParams(query), headers, body: body ?? '' };
      if (body === undefined) {
        // The rest of the body was not read, so the connection can't be used again.
        status = send(outgoing, options.failure(413, `More than ${MAX_BODY_BYTES} bytes`, request), {
          connection: 'close',
        });
      } else if (!isAuthorized(headers.authorization)) {
        status = send(outgoing, options.unauthorized(request), { 'www-authenticate': 'Basic realm="simulator"' });
      } else if (!isBelowBasePath) {
        status = send(outgoing, options.failure(404, `Only ${basePath} is served here`, request), NO_HEADERS);
      } else {
        status = await answer(request, outgoing, dials.take(method, path));
      }
    } finally {
      end(status);
    }
  }

  function isAuthorized(header: string | undefined): boolean {
    if (header === undefined) return false;
    if (header === expectedHeader) return true;
    const [scheme, value] = header.split(/ +/);
    return scheme?.toLowerCase() === 'basic' && value === credentials;
  }

  /** The status sent; undefined when the socket was destroyed instead. */
  async function answer(
    request: VendorRequest,
    outgoing: ServerResponse,
    dial: Dial | undefined,
  ): Promise<number | undefined> {
    const latencyMs = (options.latencyMs ?? 0) + (dial?.latencyMs ?? 0);
    // The wait does not end when the client leaves: what a real vendor has received, it carries out.
    if (latencyMs > 0) await wait(latencyMs, undefined, { signal: stopping.signal });
    if (dial === undefined) return send(outgoing, await respond(request), NO_HEADERS);

    if (dial.drop === 'before') {
      outgoing.destroy();
      return undefined;
    }
    const status =
      dial.status ?? (dial.retryAfterSeconds !== undefined ? 429 : dial.body !== undefined ? 200 : undefined);
    let result = status === undefined ? await respond(request) : dialled(dial, status, request);
    if (dial.drop === 'after') {
      outgoing.destroy();
      return undefined;
    }
    if (dial.rewrite !== undefined) result = { ...result, body: dial.rewrite(result.body ?? '') };
    const headers = dial.retryAfterSeconds === undefined ? NO_HEADERS : { 'retry-after': `${dial.retryAfterSeconds}` };
    if (dial.truncateBytes === undefined) return send(outgoing, result, headers);
    sendTruncated(outgoing, result, headers, dial.truncateBytes);
    return result.status;
  }

  async function respond(request: VendorRequest): Promise<VendorAnswer> {
    try {
      return await options.respond(request);
    } catch (error) {
      return options.failure(500, `The simulator failed: ${error instanceof Error ? error.stack : error}`, request);
    }
  }

  function dialled(dial: Dial, status: number, request: VendorRequest): VendorAnswer {
    const answer =
      dial.body === undefined ? options.failure(status, `Dialled ${status}`, request) : { status, body: dial.body };
    return dial.contentType === undefined ? answer : { ...answer, contentType: dial.contentType };
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;

  let closed: Promise<void> | undefined;
  return {
    url: `http://${host}:${port}${basePath}`,
    dials,
    calls,
    close() {
      closed ??= new Promise<void>((resolve) => {
        server.close(() => resolve());
        stopping.abort();
        server.closeAllConnections();
      });
      return closed;
    },
  };
}

/** Undefined when it is larger than the limit; rejects when the client leaves before its end. */
function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const { headers } = incoming;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return NO_BODY;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else resolve(undefined);
    });
    incoming.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    incoming.once('error', reject);
  });
}

function send(outgoing: ServerResponse, answer: VendorAnswer, headers: Record<string, string>): number {
  const { status, body } = answer;
  if (body === undefined || status === 204 || status === 304) {
    outgoing.writeHead(status, status === 204 || status === 304 ? headers : { ...headers, 'content-length': 0 });
    outgoing.end();
    return status;
  }
  outgoing.writeHead(status, {
    ...headers,
    'content-type': answer.contentType ?? JSON_CONTENT_TYPE,
    'content-length': Buffer.byteLength(body),
  });
  outgoing.end(body);
  return status;
}

function sendTruncated(
  outgoing: ServerResponse,
  answer: VendorAnswer,
  headers: Record<string, string>,
  sentBytes: number,
): void {
  const body = Buffer.from(answer.body ?? '');
  outgoing.writeHead(answer.status, {
    ...headers,
    'content-type': answer.contentType ?? JSON_CONTENT_TYPE,
    'content-length': body.length,
  });
  if (sentBytes >= body.length) {
    outgoing.end(body);
    return;
  }
  outgoing.flushHeaders();
  const part = body.subarray(0, sentBytes);
  if (part.length === 0) {
    // An empty write has no callback to wait for; the headers still have to leave first.
    setImmediate(() => outgoing.destroy());
  } else {
    outgoing.write(part, () => outgoing.destroy());
  }
}
