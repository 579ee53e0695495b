import {
  createOperationDescriptor,
  Environment,
  fetchQuery,
  type GraphQLResponse,
  getSingularSelector,
  Network,
  RecordSource,
  type RequestParameters,
  Store,
  type Variables,
} from 'relay-runtime';
import listFragment from './__generated__/customerList_list.graphql.ts';
import rowFragment from './__generated__/customerList_row.graphql.ts';
import nextPageQuery, { type customerListNextPageQuery } from './__generated__/customerListNextPageQuery.graphql.ts';
import listQuery, { type customerListQuery } from './__generated__/customerListQuery.graphql.ts';
import rowQuery, { type customerListRowQuery } from './__generated__/customerListRowQuery.graphql.ts';

function createEnvironment(url: string) {
  return new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(async ({ text }: RequestParameters, variables: Variables) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: text, variables }),
      });
      return (await response.json()) as GraphQLResponse;
    }),
  });
}

/** Two pages, joined by @connection, and one row read again by its id: what components do, without React. */
export async function run(url: string, account: string) {
  const environment = createEnvironment(url);
  const first = { count: 3, cursor: null, accounts: [account] };
  await fetchQuery<customerListQuery>(environment, listQuery, first).toPromise();
  const descriptor = createOperationDescriptor(listQuery, first);
  environment.retain(descriptor);

  const { pageInfo } = readList().customers;
  const next = { ...first, cursor: pageInfo.endCursor };
  await fetchQuery<customerListNextPageQuery>(environment, nextPageQuery, next).toPromise();

  const { edges } = readList().customers;
  const ids = edges.map(({ node }) => node.id);
  const id = ids[0] as string;
  await fetchQuery<customerListRowQuery>(environment, rowQuery, { id }).toPromise();
  const row = environment.lookup({
    ...(getSingularSelector(rowFragment, edges[0]?.node) as Parameters<typeof environment.lookup>[0]),
  }).data as { readonly displayName: string | null };
  return { ids, displayName: row.displayName };

  function readList() {
    const root = environment.lookup(descriptor.fragment).data;
    const selector = getSingularSelector(listFragment, root);
    return environment.lookup(selector as Parameters<typeof environment.lookup>[0]).data as unknown as List;
  }
}

interface List {
  readonly customers: {
    readonly edges: readonly { readonly node: { readonly id: string } }[];
    readonly pageInfo: { readonly endCursor: string };
  };
}
