import { createHash, timingSafeEqual } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { AccountHealth } from '../model/billing-account.ts';
import type { GraphqlContext } from '../resolvers/context.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { CallContext } from '../transport/transport.ts';
import { DEPRECATED_FIELDS_HEADER } from './deprecations.ts';
import { watchRequests } from './drain.ts';
import type { ExampleOperation } from './example-operations.ts';
import { serveGraphiql } from './graphiql.ts';
import { LANDING_PAGE_HEADERS } from './landing-page.ts';

export interface HttpOptions {
  readonly apollo: ApolloServer<GraphqlContext>;
  /** Undefined where no router is to be answered. */
  readonly subgraph: { readonly apollo: ApolloServer<GraphqlContext>; readonly secret: string } | undefined;
  /** What a browser is shown; undefined where it is shown nothing. */
  readonly examples: (() => readonly ExampleOperation[]) | undefined;
  readonly corsOrigins: readonly string[];
  readonly requestTimeoutMs: number;
  readonly maxRequestBytes: number;
  /** How long a stop waits for the requests under way. */
  readonly stopTimeoutMs: number;
  /** Told how many requests a stop has to leave unanswered because that time is over. */
  readonly onCut: (requestCount: number) => void;
  readonly metrics: Metrics;
  /** Called for each GraphQL request. */
  readonly createContext: (call: CallContext) => GraphqlContext;
  readonly readiness: () => Readiness;
}

export interface Readiness {
  /** False while starting and stopping. An account or a cache that is down leaves the rest of the gateway useful. */
  readonly isReady: boolean;
  readonly accounts: Readonly<Record<string, AccountHealth>>;
  readonly cache: 'reachable' | 'unreachable';
}

/** /graphql, /graphiql, /livez, /readyz and /metrics. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { apollo, subgraph, examples, corsOrigins, requestTimeoutMs, metrics, createContext, readiness } = options;
  // A stop cuts what is left after the requests under way: Node would wait a minute for connections that are kept alive, or
  // were opened and never used. Meanwhile new requests are answered 503.
  const http = fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: options.maxRequestBytes,
    // It bounds the hook below, too: a request that takes longer would be cut. The hook has a bound of its own.
    pluginTimeout: 0,
    // Such as a path that can't be decoded, which its message repeats.
    frameworkErrors: ({ statusCode = 400 }, _request, reply: FastifyReply) =>
      void reply.code(statusCode).send(refusalOf("the request's path can't be read")),
    clientErrorHandler: refuseUnreadable,
  });
  const requests = watchRequests(http.server);
  http.addHook('preClose', async () => {
    const cutCount = await requests.ended(performance.now() + options.stopTimeoutMs);
    if (cutCount > 0) options.onCut(cutCount);
  });
  // Read by nobody: 415 says so, where an empty body would be complained of.
  http.removeContentTypeParser('text/plain');

  // Errors before GraphQL has a say, such as a body that is no JSON, look like GraphQL's own.
  http.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    const refusal =
      status < 500 ? refusalOf(error.message) : refusalOf('Internal server error', 'INTERNAL_SERVER_ERROR');
    return reply.code(status).send(refusal);
  });
  http.setNotFoundHandler((_request, reply) => reply.code(404).send(refusalOf('nothing is served at this path')));

  if (corsOrigins.length > 0) {
    await http.register(cors, {
      origin: [...corsOrigins],
      methods: ['GET', 'POST', 'OPTIONS'],
      exposedHeaders: [DEPRECATED_FIELDS_HEADER, 'sunset'],
      maxAge: 86_400,
    });
  }

  const context = async (_request: FastifyRequest, reply: FastifyReply) =>
    createContext({
      signal: whenClientLeaves(reply),
      deadlineMs: performance.now() + requestTimeoutMs,
      requester: {},
    });
  http.route({ method: ['PUT', 'PATCH', 'DELETE'], url: '/graphql', onRequest: refuseMethod, handler: refuseMethod });
  http.post('/graphql', fastifyApolloHandler(apollo, { context }));
  http.get('/graphql', { onSend: protectLandingPage }, fastifyApolloHandler(apollo, { context }));
  if (examples) serveGraphiql(http, examples);
  if (subgraph) {
    http.route({
      method: 'POST',
      url: '/subgraph',
      preHandler: refuseStrangers(subgraph.secret),
      handler: fastifyApolloHandler(subgraph.apollo, { context }),
    });
  }
  http.get('/livez', () => ({ status: 'alive' }));
  http.get('/readyz', (_request, reply) => {
    const state = readiness();
    return reply.code(state.isReady ? 200 : 503).send(state);
  });
  http.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.print()));
  return http;
}

/** Looks like GraphQL's own. */
function refusalOf(message: string, code = 'BAD_USER_INPUT') {
  return { errors: [{ message, extensions: { code } }] };
}

async function refuseMethod({ method }: FastifyRequest, reply: FastifyReply) {
  const refusal = refusalOf(`GraphQL is asked by GET or POST; got ${method}`);
  await reply.code(405).header('allow', 'GET, POST').send(refusal);
}

/** By the code of Node's error; whatever else it is, 400. */
const UNREADABLE: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request took too long to arrive'],
  HPE_HEADER_OVERFLOW: [431, "the request's headers are too long"],
};

/** Answers what Node can't read as HTTP, for which there is no reply to send it by. */
function refuseUnreadable({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (code !== 'ECONNRESET' && socket.writable) {
    const [status, message] = UNREADABLE[code] ?? [400, "the request can't be read as HTTP"];
    const body = JSON.stringify(refusalOf(message));
    socket.write(
      [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        'Content-Type: application/json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  }
  socket.destroy();
}

/** Answers in JSON need no policy. */
async function protectLandingPage(_request: FastifyRequest, reply: FastifyReply) {
  if (String(reply.getHeader('content-type')).startsWith('text/html')) reply.headers(LANDING_PAGE_HEADERS);
}

/** The header that Apollo's documentation on securing subgraphs has routers send their secret in. */
const ROUTER_HEADER = 'router-authorization';

function refuseStrangers(secret: string) {
  // Digests have one length, so that comparing them tells nothing of the secret's.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(secret);
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const given = request.headers[ROUTER_HEADER];
    if (typeof given === 'string' && timingSafeEqual(digest(given), expected)) return;
    const message = `this path is for the router, which sends its secret in the header ${ROUTER_HEADER}`;
    await reply.code(401).send(refusalOf(message, 'UNAUTHENTICATED'));
  };
}

function whenClientLeaves({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
