import { readFileSync } from 'node:fs';
import { requireRouters } from './installed.ts';
import { LOYALTY, SUPPORT } from './neighbours.ts';

requireRouters();
const { composeServices } = await import('@apollo/composition');
const { parse } = await import('graphql');

export interface Urls {
  readonly billgraph: string;
  readonly loyalty: string;
  readonly support: string;
}

const NOWHERE: Urls = { billgraph: 'http://billgraph', loyalty: 'http://loyalty', support: 'http://support' };

export function readSubgraphText(): string {
  return readFileSync(new URL('../../schema/subgraph.graphql', import.meta.url), 'utf8');
}

/** As `rover supergraph compose` does, from the printed file. */
export function compose(urls: Urls = NOWHERE, billgraph = readSubgraphText()) {
  return composeServices([
    { name: 'billgraph', url: urls.billgraph, typeDefs: parse(billgraph) },
    { name: 'loyalty', url: urls.loyalty, typeDefs: parse(LOYALTY) },
    { name: 'support', url: urls.support, typeDefs: parse(SUPPORT) },
  ]);
}

/** Throws with what composition has against it. */
export function composeSupergraph(urls: Urls): string {
  const { supergraphSdl, errors } = compose(urls);
  if (supergraphSdl === undefined)
    throw new Error(`must compose; got ${errors?.map(({ message }) => message).join('\n')}`);
  return supergraphSdl;
}
