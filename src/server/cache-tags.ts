import { readCacheTags } from '../resolvers/subgraph.ts';
import type { AnswerStep } from './answer-steps.ts';

/**
 * Tells a router, beside each answer it may keep, by which tags to drop it. The schema has no @cacheTag: it can't name a record
 * that has two keys without a field in common, nor those of a list, and @apollo/gateway runs no supergraph that has it.
 */
export const tellCacheTags: AnswerStep = ({ operation, contextValue, response: { body } }) => {
  if (operation?.operation !== 'query' || body.kind !== 'single') return;
  const tags = readCacheTags(contextValue);
  if (Object.keys(tags).length === 0) return;
  body.singleResult.extensions = { ...body.singleResult.extensions, ...tags };
};
