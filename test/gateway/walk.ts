import { expect } from '@jest/globals';
import type { Answer, TestGateway } from './start-gateway.ts';

export interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly completeness: readonly {
    readonly account: string;
    readonly state: string;
    readonly reason: string | null;
  }[];
}

export interface PageVariables {
  readonly first: number;
  readonly after?: string | null;
  readonly accounts?: readonly string[] | null;
  readonly filter?: Readonly<Record<string, unknown>> | null;
}

const PAGE = `
  nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  completeness { account state reason }`;
const CUSTOMERS = `query ($first: Int, $after: String, $accounts: [String!], $filter: CustomerFilter) {
  customers(first: $first, after: $after, accounts: $accounts, filter: $filter) { ${PAGE} }
}`;
const SUBSCRIPTIONS = `query ($owner: ID!, $first: Int, $after: String, $filter: SubscriptionFilter) {
  customer(id: $owner) { subscriptions(first: $first, after: $after, filter: $filter) { ${PAGE} } }
}`;

/** One list of the gateway, by the page. */
export type List = (variables: PageVariables) => Promise<Answer<Page>>;

export function customersOf(gateway: TestGateway): List {
  return async (variables) => {
    const { data, errors } = await gateway.query<{ customers: Page }>(CUSTOMERS, { ...variables });
    return { data: data?.customers ?? null, ...(errors && { errors }) };
  };
}

export function subscriptionsOf(gateway: TestGateway, owner: string): List {
  return async (variables) => {
    const answer = await gateway.query<{ customer: { subscriptions: Page } | null }>(SUBSCRIPTIONS, {
      owner,
      ...variables,
    });
    const { data, errors } = answer;
    return { data: data?.customer?.subscriptions ?? null, ...(errors && { errors }) };
  };
}

export async function readPage(list: List, variables: PageVariables): Promise<Page> {
  const { data, errors } = await list(variables);
  if (errors || !data) throw new Error(`expected a page without errors; got ${JSON.stringify(errors)}`);
  expect(data.edges.map(({ node }) => node)).toEqual(data.nodes);
  expect(data.pageInfo.hasPreviousPage).toBe(Boolean(variables.after));
  expect(data.pageInfo.startCursor).toBe(data.edges[0]?.cursor ?? null);
  return data;
}

/** Every page of a list, from endCursor to endCursor. */
export async function walk(list: List, variables: PageVariables): Promise<Page[]> {
  const pages: Page[] = [];
  let after: string | null | undefined = variables.after;
  do {
    const page = await readPage(list, { ...variables, after: after ?? null });
    pages.push(page);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    if (pages.length > 2_000) throw new Error('expected the walk to come to an end; it did not in 2000 pages');
  } while (after);
  return pages;
}

export function idsOf(pages: Page | readonly Page[]): string[] {
  return [pages].flat().flatMap(({ nodes }) => nodes.map(({ id }) => id));
}
