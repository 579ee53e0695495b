import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { FindCustomersDocument } from '../client/src/index.ts';

/** Walks through all customers of an account, page after page. */
export async function run(url: string, account: string) {
  const client = new Client({ url, exchanges: [cacheExchange, fetchExchange], preferGetMethod: false });
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const result: Awaited<ReturnType<typeof readPage>> = await readPage(after);
    if (result.error) throw result.error;
    const page = result.data?.customers;
    ids.push(...(page?.nodes ?? []).map(({ id }) => id));
    after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
  return ids;

  function readPage(cursor: string | null) {
    return client.query(FindCustomersDocument, { first: 50, after: cursor, accounts: [account] }).toPromise();
  }
}
