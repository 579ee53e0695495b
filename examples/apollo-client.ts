import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { CreateCustomerDocument, CustomerDetailsDocument } from '../client/src/index.ts';

/** Reads a customer, adds one, and reads the first again from the cache that Apollo Client keeps by `id`. */
export async function run(url: string) {
  const client = new ApolloClient({ link: new HttpLink({ uri: url }), cache: new InMemoryCache() });
  const variables = { id: 'Customer:billagain:302' };
  const { data } = await client.query({ query: CustomerDetailsDocument, variables });

  const created = await client.mutate({
    mutation: CreateCustomerDocument,
    variables: {
      idempotencyKey: crypto.randomUUID(),
      input: { account: 'unipay', merchantAccountId: '2001', firstName: 'Ann', lastName: 'Lee' },
    },
  });

  const again = await client.query({ query: CustomerDetailsDocument, variables, fetchPolicy: 'cache-only' });
  client.stop();
  return {
    name: data?.customer?.displayName,
    createdName: created.data?.createCustomer?.customer?.displayName,
    cachedName: again.data?.customer?.displayName,
  };
}
