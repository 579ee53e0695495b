import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../errors.ts';

/** An operation that is not run at all. Apollo Server takes the answer's status from `http`, and would take 500 without it. */
export function refusal(code: ErrorCode, message: string, status = 400): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
