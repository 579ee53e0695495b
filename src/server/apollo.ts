import { ApolloServer } from '@apollo/server';
import { ApolloServerErrorCode, unwrapResolverError } from '@apollo/server/errors';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { BillgraphError } from '../errors.ts';
import type { GraphqlContext } from '../resolvers/context.ts';
import type { TrustedDocuments } from '../settings/trusted-documents-file.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type AnswerStep, beforeSending } from './answer-steps.ts';
import { tellCachePolicy } from './cache-policy.ts';
import { tellCacheTags } from './cache-tags.ts';
import { tellCarriedOut } from './carried-out.ts';
import { runCompiledQueries } from './compiled-queries.ts';
import { tellDeprecations } from './deprecations.ts';
import { createDocumentStore } from './document-store.ts';
import { withoutSuggestions, withoutValues } from './error-message.ts';
import type { ExampleOperation } from './example-operations.ts';
import { createLandingPage } from './landing-page.ts';
import { limitAliases, limitAnswers, type OperationLimits, tellExhaustion } from './operation-limits.ts';
import { refuseUnservedOperations } from './operation-types.ts';
import { runTrustedDocumentsOnly } from './trusted-documents.ts';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  /** `public` is for people and their clients; `router` trusts who asks, and traces when asked to. */
  readonly face: 'public' | 'router';
  readonly introspection: boolean;
  /** Undefined where whoever asks keeps to limits of its own. */
  readonly limits: OperationLimits | undefined;
  /** Undefined where every document may be run. */
  readonly trustedDocuments: TrustedDocuments | undefined;
  /** What a browser is shown; undefined where it is shown nothing. */
  readonly examples: (() => readonly ExampleOperation[]) | undefined;
  /** The longest an answer may be kept by its reader. */
  readonly ttlSeconds: number;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Of one document, or of the variables of one operation; one more error says that there are others. Each is a line of a log and
 * of an answer, and a document of a few kilobytes could have thousands.
 */
const MAX_MISTAKES = 8;

export function createApollo(options: ApolloOptions): ApolloServer<GraphqlContext> {
  const { schema, face, introspection, limits, trustedDocuments, examples, ttlSeconds, log, metrics } = options;
  const formatError = (formatted: GraphQLFormattedError, error: unknown) => {
    const told = maskError(tellRefusal(formatted, error, limits), error, log);
    return introspection ? told : { ...told, message: withoutSuggestions(told.message) };
  };
  return new ApolloServer<GraphqlContext>({
    schema,
    introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    validationRules: limits ? [limitAliases] : [],
    validationOptions: { maxErrors: MAX_MISTAKES, hideSuggestions: !introspection },
    executionOptions: { maxCoercionErrors: MAX_MISTAKES },
    parseOptions: limits ? { maxTokens: limits.maxTokens } : {},
    documentStore: createDocumentStore(),
    // Else documents that clients register are kept in 30 MiB of this process's memory, which is Apollo Server's default.
    ...(trustedDocuments && { persistedQueries: false }),
    formatError,
    logger: log,
    plugins: [
      // First, as the others are awaited in turn before it is asked.
      runCompiledQueries(schema, formatError),
      examples ? createLandingPage(examples) : ApolloServerPluginLandingPageDisabled(),
      // Only a router may ask for traces: they tell of errors what clients are not told.
      face === 'router' ? ApolloServerPluginInlineTrace() : ApolloServerPluginInlineTraceDisabled(),
      refuseUnservedOperations(schema),
      ...(trustedDocuments ? [runTrustedDocumentsOnly(trustedDocuments, introspection)] : []),
      ...(limits ? [limitAnswers(schema, limits)] : []),
      beforeSending(
        tellPartialFailures,
        tellCarriedOut,
        tellRefusalsByStatus,
        tellDeprecations(schema),
        tellCachePolicy(schema, ttlSeconds),
        ...(face === 'router' ? [tellCacheTags] : []),
        measureRequests(metrics),
      ),
      // It wraps every field of the schema, which costs more than a third of a page's time; and nothing is reported anywhere.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
}

/** What graphql-js throws without a code though the client's variables are at fault: known by its words alone. */
const CLIENTS_FAULTS: readonly RegExp[] = [
  // The last word on variables with many mistakes, which names none of them.
  /^Too many errors processing variables/,
  // getArgumentValues, of a field or a directive: a variable with a default may stand where null may not, and be null.
  /^Argument "\w+" (of (non-null|required) type "[\w![\]]+"|has invalid value )/,
];

/** Apollo Server and graphql-js name some of the client's faults as if they were ours. */
function tellRefusal(
  formatted: GraphQLFormattedError,
  error: unknown,
  limits: OperationLimits | undefined,
): GraphQLFormattedError {
  const isOurs = formatted.extensions?.code === 'INTERNAL_SERVER_ERROR';
  const http = isOurs && error instanceof GraphQLError ? error.extensions.http : undefined;
  // Such as a persisted query whose hash is another text's.
  if (typeof http === 'object' && http && 'status' in http && http.status === 400) {
    return asBadUserInput(formatted);
  }
  if (isOurs && CLIENTS_FAULTS.some((words) => words.test(formatted.message))) return asBadUserInput(formatted);
  return limits ? tellExhaustion(formatted, limits) : formatted;
}

function asBadUserInput(formatted: GraphQLFormattedError): GraphQLFormattedError {
  return { ...formatted, extensions: { ...formatted.extensions, code: 'BAD_USER_INPUT' } };
}

/** What isn't made to be told is told to the log only, and to the client as what it is: our fault. */
function maskError(formatted: GraphQLFormattedError, error: unknown, log: Log): GraphQLFormattedError {
  const cause = unwrapResolverError(error);
  if (cause instanceof BillgraphError) return formatted;
  // GraphQL's own, unless it is a value of ours that a scalar can't write: such a message quotes the value.
  if (cause instanceof GraphQLError && formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') {
    return { ...formatted, message: withoutValues(formatted.message, cause) };
  }
  log.error({ path: formatted.path, error: describeFault(cause) }, 'a resolver failed');
  return { ...formatted, message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

/** What failed and where, without the message: that of a parser quotes what it was given. */
function describeFault(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause;
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^ +at /.test(line));
  return [cause.name, ...frames].join('\n');
}

/**
 * GraphQL over HTTP: application/json is for clients that may take any other status for a failure on the way, so that an
 * operation which can't be run is answered with 200 there, and with 400 in application/graphql-response+json.
 */
const tellRefusalsByStatus: AnswerStep = ({ request, response: { http, body } }) => {
  if (http.status !== 400 || body.kind !== 'single') return;
  const isWellFormed = body.singleResult.errors?.[0]?.extensions?.code !== ApolloServerErrorCode.BAD_REQUEST;
  const knowsStatus = request.http?.headers.get('accept')?.includes('application/graphql-response+json');
  if (isWellFormed && !knowsStatus) http.status = 200;
};

const tellPartialFailures: AnswerStep = ({ contextValue: { partialFailures }, response: { body } }) => {
  if (partialFailures.length === 0 || body.kind !== 'single') return;
  body.singleResult.errors = [
    ...(body.singleResult.errors ?? []),
    ...partialFailures.map((failure) => failure.toJSON()),
  ];
};

function measureRequests(metrics: Metrics): AnswerStep {
  return ({ contextValue, response: { body } }) => {
    const result = body.kind === 'single' ? body.singleResult : body.initialResult;
    const outcome = !result.errors?.length ? 'ok' : result.data ? 'partial' : 'refused';
    metrics.countRequest(outcome, performance.now() - contextValue.startedAtMs);
  };
}
