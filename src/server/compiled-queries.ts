import { type ApolloServerPlugin, type GraphQLRequest, type GraphQLRequestListener, HeaderMap } from '@apollo/server';
import type { DocumentNode, GraphQLError, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { GraphqlContext } from '../resolvers/context.ts';

/** Compiling takes as long as running a few times: a document that is asked once is not worth it. */
const COMPILED_AT_HIT = 3;

/** What is known of one operation of a document; `undefined` where it can't be compiled. */
interface Hits {
  count: number;
  compiled?: CompiledQuery | undefined;
}

/**
 * Runs queries that come again as compiled code, about one and a half times as fast as graphql-js walks them. Entries live
 * as long as Apollo Server's own bounded store keeps their documents.
 *
 * Apollo hands an answer made here out as it is, so that its errors are formatted here too.
 */
export function runCompiledQueries(
  schema: GraphQLSchema,
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError,
  compiledAtHit = COMPILED_AT_HIT,
): ApolloServerPlugin<GraphqlContext> {
  const hitsByDocument = new WeakMap<DocumentNode, Map<string, Hits>>();

  function hit(document: DocumentNode, operationName: string): CompiledQuery | undefined {
    const byOperation = hitsByDocument.get(document) ?? new Map<string, Hits>();
    const hits = byOperation.get(operationName) ?? { count: 0 };
    if (hits.count === 0) hitsByDocument.set(document, byOperation.set(operationName, hits));
    hits.count++;
    if (hits.count === compiledAtHit) {
      const result = compileQuery(schema, document, operationName);
      if (isCompiledQuery(result)) hits.compiled = result;
    }
    return hits.compiled;
  }

  const listener: GraphQLRequestListener<GraphqlContext> = {
    async responseForOperation({ document, operation, operationName, request, contextValue }) {
      if (operation?.operation !== 'query' || isTraced(request)) return null;
      const compiled = hit(document, operationName ?? '');
      if (!compiled) return null;
      const { data, errors } = await compiled.query({}, contextValue, request.variables ?? {});
      // The variables were refused before anything ran: graphql-js says it in the words that Apollo knows.
      if (data === undefined) return null;
      return {
        http: { headers: new HeaderMap() },
        body: {
          kind: 'single',
          singleResult: errors?.length ? { data, errors: errors.map(format) } : { data },
        },
      };
    },
  };

  function format(error: GraphQLError): GraphQLFormattedError {
    const { message, locations, path, extensions } = error;
    const formatted = {
      message,
      ...(locations && { locations }),
      ...(path && { path }),
      extensions: { code: 'INTERNAL_SERVER_ERROR', ...extensions },
    };
    return formatError(formatted, error);
  }

  return { requestDidStart: async () => listener };
}

/** A router wants to know how long each field took, which compiled code doesn't tell. */
function isTraced({ http }: GraphQLRequest): boolean {
  return http?.headers.get('apollo-federation-include-trace') === 'ftv1';
}
