import { createServer, type IncomingMessage } from 'node:http';
import { SECRET } from '../server/start-subgraph.ts';
import { requireRouters } from './installed.ts';
import { close, listen } from './recorder.ts';

requireRouters();
const { ApolloGateway, RemoteGraphQLDataSource } = await import('@apollo/gateway');
const { ApolloServer } = await import('@apollo/server');
const { startStandaloneServer } = await import('@apollo/server/standalone');
const { createGatewayRuntime } = await import('@graphql-hive/gateway-runtime');

export interface Router {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** Handed on from the client to every subgraph; nothing else of a client's is. */
const PROPAGATED = ['x-request-id', 'traceparent', 'tracestate'];

/** What a subgraph is sent: Billgraph alone learns the router's secret, and never one that a client made up. */
function headersFor(subgraph: string, ofClient: (name: string) => string | null | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of PROPAGATED) {
    const value = ofClient(name);
    if (value) headers[name] = value;
  }
  if (subgraph === 'billgraph') headers['router-authorization'] = SECRET;
  return headers;
}

/** @apollo/gateway in an Apollo Server. */
export async function startApolloGateway(supergraphSdl: string): Promise<Router> {
  interface Context {
    readonly client?: IncomingMessage;
  }
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    buildService: ({ name, url }) =>
      new RemoteGraphQLDataSource<Context>({
        ...(url === undefined ? {} : { url }),
        willSendRequest({ request, context }) {
          const headers = headersFor(name, (header) => context.client?.headers[header]?.toString());
          for (const [header, value] of Object.entries(headers)) request.http?.headers.set(header, value);
        },
      }),
  });
  const server = new ApolloServer<Context>({ gateway, stopOnTerminationSignals: false });
  const { url } = await startStandaloneServer(server, {
    listen: { port: 0, host: '127.0.0.1' },
    context: async ({ req }) => ({ client: req }),
  });
  return { url, stop: () => server.stop() };
}

/** @graphql-hive/gateway's runtime in an HTTP server of Node's. */
export async function startHiveGateway(supergraph: string): Promise<Router> {
  const gateway = createGatewayRuntime({
    supergraph,
    logging: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request, subgraphName }) =>
        headersFor(subgraphName, (name) => request.headers.get(name)),
    },
  });
  const server = createServer(gateway);
  const url = await listen(server);
  return {
    url: `${url}graphql`,
    async stop() {
      await close(server);
      await gateway[Symbol.asyncDispose]();
    },
  };
}
