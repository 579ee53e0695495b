import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { BillgraphError } from '../errors.ts';
import type { GraphqlContext } from '../resolvers/context.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { withoutValues } from './error-message.ts';
import { createLandingPage } from './landing-page.ts';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function createApollo({ schema, introspection, log, metrics }: ApolloOptions): ApolloServer<GraphqlContext> {
  return new ApolloServer<GraphqlContext>({
    schema,
    introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => maskError(formatted, error, log),
    logger: log,
    plugins: [
      createLandingPage(),
      tellPartialFailures,
      measureRequests(metrics),
      // It wraps every field of the schema, which costs more than a third of a page's time; and nothing is reported anywhere.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
}

/** What isn't made to be told is told to the log only, and to the client as what it is: our fault. */
function maskError(formatted: GraphQLFormattedError, error: unknown, log: Log): GraphQLFormattedError {
  const cause = unwrapResolverError(error);
  if (cause instanceof BillgraphError) return formatted;
  if (cause instanceof GraphQLError) return { ...formatted, message: withoutValues(formatted.message) };
  log.error({ path: formatted.path, error: cause instanceof Error ? cause.stack : typeof cause }, 'a resolver failed');
  return { ...formatted, message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

const tellPartialFailures: ApolloServerPlugin<GraphqlContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue, response: { body } }) {
        const { partialFailures } = contextValue;
        if (partialFailures.length === 0 || body.kind !== 'single') return;
        body.singleResult.errors = [
          ...(body.singleResult.errors ?? []),
          ...partialFailures.map((failure) => failure.toJSON()),
        ];
      },
    };
  },
};

function measureRequests(metrics: Metrics): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      const startedAtMs = performance.now();
      return {
        async willSendResponse({ response: { body } }) {
          const result = body.kind === 'single' ? body.singleResult : body.initialResult;
          const outcome = !result.errors?.length ? 'ok' : result.data ? 'partial' : 'refused';
          metrics.countRequest(outcome, performance.now() - startedAtMs);
        },
      };
    },
  };
}
