import type { GraphQLResolveInfo } from 'graphql';
import { BadUserInput } from '../errors.ts';
import type { PageRequest } from '../loaders/connection.ts';
import { asksFor } from './look-ahead.ts';

export const DEFAULT_FIRST = 25;
export const MAX_FIRST = 200;

/** Checks the paging arguments of a connection. */
export function readPageRequest(
  first: number | null | undefined,
  after: string | null | undefined,
  info: GraphQLResolveInfo,
): PageRequest {
  const count = first ?? DEFAULT_FIRST;
  if (count < 1 || count > MAX_FIRST) {
    throw new BadUserInput(`\`first\` must be a whole number from 1 to ${MAX_FIRST}; got ${count}`);
  }
  return {
    first: count,
    after,
    looksBeyond: asksFor(info, 'pageInfo', 'hasNextPage') || asksFor(info, 'completeness'),
  };
}
