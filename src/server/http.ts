import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { AccountHealth } from '../model/billing-account.ts';
import type { GraphqlContext } from '../resolvers/context.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { CallContext } from '../transport/transport.ts';

export interface HttpOptions {
  readonly apollo: ApolloServer<GraphqlContext>;
  /** Undefined where no router is to be answered. */
  readonly subgraph: { readonly apollo: ApolloServer<GraphqlContext>; readonly secret: string } | undefined;
  readonly corsOrigins: readonly string[];
  readonly requestTimeoutMs: number;
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

/** /graphql, /livez, /readyz and /metrics. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { apollo, subgraph, corsOrigins, requestTimeoutMs, metrics, createContext, readiness } = options;
  const http = fastify({ logger: false });

  // Errors before GraphQL has a say, such as a body that is no JSON, look like GraphQL's own.
  http.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    const code = status < 500 ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR';
    const message = status < 500 ? error.message : 'Internal server error';
    return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
  });

  if (corsOrigins.length > 0) {
    await http.register(cors, { origin: [...corsOrigins], methods: ['GET', 'POST', 'OPTIONS'], maxAge: 86_400 });
  }

  const context = async (_request: FastifyRequest, reply: FastifyReply) =>
    createContext({ signal: whenClientLeaves(reply), deadlineMs: performance.now() + requestTimeoutMs });
  http.route({ method: ['GET', 'POST'], url: '/graphql', handler: fastifyApolloHandler(apollo, { context }) });
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
    await reply.code(401).send({ errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] });
  };
}

function whenClientLeaves({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
