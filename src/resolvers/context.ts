import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { BillgraphError } from '../errors.ts';
import type { Loaders } from '../loaders/loaders.ts';
import type { Writes } from '../writes/writes.ts';

/** What every resolver of one request sees. */
export interface GraphqlContext {
  /** When the request came, on performance.now()'s clock. */
  readonly startedAtMs: number;
  readonly loaders: Loaders;
  readonly writes: Writes;
  /** Failures of parts whose place in the answer can't be null; the server adds them to the answer's errors. */
  readonly partialFailures: GraphQLError[];
  /** The writes of this request that were carried out, by the key of their field in the answer: the record's id, where it is known. */
  readonly carriedOut: Map<string | number, string | null>;
}

/** Tells a failure beside an answer that goes on without the failed part. */
export function reportFailure(context: GraphqlContext, info: GraphQLResolveInfo, failure: BillgraphError): void {
  const path: (string | number)[] = [];
  for (let step: GraphQLResolveInfo['path'] | undefined = info.path; step; step = step.prev) path.unshift(step.key);
  context.partialFailures.push(
    new GraphQLError(failure.message, {
      nodes: info.fieldNodes,
      path,
      originalError: failure,
      extensions: failure.extensions,
    }),
  );
}
