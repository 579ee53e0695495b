import { requireRouters } from './installed.ts';

requireRouters();
const { ApolloServer } = await import('@apollo/server');
const { startStandaloneServer } = await import('@apollo/server/standalone');
const { buildSubgraphSchema } = await import('@apollo/subgraph');
const { parse } = await import('graphql');

type Resolvers = Readonly<Record<string, Readonly<Record<string, (source: never, given: never) => unknown>>>>;

/** A subgraph of somebody else's, over real HTTP. */
export async function startNeighbour(typeDefs: string, resolvers: Resolvers) {
  const schema = buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: resolvers as never }]);
  const server = new ApolloServer({
    schema,
    stopOnTerminationSignals: false,
    logger: QUIET,
  });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  return { url, stop: () => server.stop() };
}

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
