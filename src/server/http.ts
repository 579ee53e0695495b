import type { Server, ServerResponse } from 'node:http';
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
  const { apollo, corsOrigins, requestTimeoutMs, metrics, createContext, readiness } = options;
  // A stop cuts what is left after the requests under way: Node would wait a minute for connections that are kept alive, or
  // were opened and never used. Meanwhile new requests are answered 503.
  const http = fastify({ logger: false, forceCloseConnections: true });
  http.addHook('preClose', createDrain(http.server));

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

  http.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: fastifyApolloHandler(apollo, {
      context: async (_request: FastifyRequest, reply: FastifyReply) =>
        createContext({ signal: whenClientLeaves(reply), deadlineMs: performance.now() + requestTimeoutMs }),
    }),
  });
  http.get('/livez', () => ({ status: 'alive' }));
  http.get('/readyz', (_request, reply) => {
    const state = readiness();
    return reply.code(state.isReady ? 200 : 503).send(state);
  });
  http.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.print()));
  return http;
}

/** Counts a server's requests; the function it returns waits until none is under way. */
function createDrain(server: Server): () => Promise<void> {
  let underWay = 0;
  let onIdle: (() => void) | undefined;
  server.on('request', (_request, response: ServerResponse) => {
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
      if (underWay === 0) onIdle?.();
    });
  });
  return async () => {
    if (underWay === 0) return;
    await new Promise<void>((resolve) => {
      onIdle = resolve;
    });
  };
}

function whenClientLeaves({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
