import type { Source } from '../model/source.ts';
import type { GraphqlContext } from './context.ts';

/** Where one of the loaders' records came from. */
export function readSource(record: { readonly account: string }, { loaders }: GraphqlContext): Source {
  const freshness = loaders.freshnessOf(record);
  if (!freshness) throw new Error('a record must come from the loaders to have a source');
  return {
    account: loaders.billingAccount(record.account),
    fetchedAt: new Date(freshness.fetchedAtMs).toISOString(),
    cached: freshness.cached,
    stale: freshness.stale,
  };
}
