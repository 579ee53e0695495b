import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway, UNKNOWN_NUMBER } from '../gateway/start-gateway.ts';
import {
  BillingAccountsDocument,
  CustomerPageDocument,
  CustomFieldsDocument,
  LookUpDocument,
  RefetchDocument,
  SubscriptionsDueDocument,
} from './documents.generated.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ billagain: { customers: 30 }, unipay: { customers: 30 } });
});
afterAll(() => gateway.stop());

/** What a typed client makes sure of: these variables belong to this document, and so does what comes back. */
function read<Data, Variables extends Readonly<Record<string, unknown>>>(
  document: DocumentTypeDecoration<Data, Variables> & { toString(): string },
  variables: Variables,
): Promise<Data> {
  return gateway.read<Data>(document.toString(), variables);
}

async function firstUnipayCustomer(): Promise<string> {
  const { customers } = await read(CustomerPageDocument, { first: 1, accounts: ['unipay'] });
  return customers.nodes[0]?.id ?? 'no customer';
}

describe('documents in use', () => {
  it('look customers of both vendors up', async () => {
    const unipay = await firstUnipayCustomer();
    const found = await read(LookUpDocument, { billagain: 'Customer:billagain:302', unipay });
    expect(found.billagain).toMatchObject({
      vendor: 'BILLAGAIN',
      vendorId: '302',
      kind: 'INDIVIDUAL',
      displayName: 'Brielle Barnett',
      balance: { amount: '500.5', currencyCode: 'ZAR' },
      source: { account: { name: 'billagain' }, stale: false },
    });
    expect(found.unipay).toMatchObject({ id: unipay, vendor: 'UNIPAY', account: 'unipay' });
    expect(Date.parse(found.unipay?.source.fetchedAt ?? '')).not.toBeNaN();
  });

  it('answer null for whom nobody knows', async () => {
    const nobody = { billagain: `Customer:billagain:${UNKNOWN_NUMBER}`, unipay: `Customer:unipay:${UNKNOWN_NUMBER}` };
    expect(await read(LookUpDocument, nobody)).toEqual({ billagain: null, unipay: null });
  });

  it('read custom fields: all, some, and one', async () => {
    const { customer } = await read(CustomFieldsDocument, { id: 'Customer:billagain:302', key: 'none', keys: [] });
    const keys = customer?.customFields.map(({ key }) => key) ?? [];
    const [first = '', second = ''] = keys;
    expect(keys.length).toBeGreaterThan(1);
    const chosen = await read(CustomFieldsDocument, { id: 'Customer:billagain:302', key: first, keys: [second] });
    expect(chosen.customer?.some.map(({ key }) => key)).toEqual(keys.filter((key) => key === second));
    expect(chosen.customer?.customField?.values).toEqual(customer?.customFields[0]?.values);
  });

  it('walk pages of all accounts, each customer once', async () => {
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const { customers }: Awaited<ReturnType<typeof nextPage>> = await nextPage(after);
      ids.push(...customers.nodes.map(({ id }) => id));
      expect(customers.pageInfo.hasPreviousPage).toBe(after !== null);
      after = customers.pageInfo.hasNextPage ? customers.pageInfo.endCursor : null;
    } while (after !== null);
    // 30 generated ones at each, and the seed's three.
    expect(ids).toHaveLength(63);
    expect(new Set(ids).size).toBe(63);
  });

  function nextPage(after: string | null) {
    return read(CustomerPageDocument, { first: 20, after });
  }

  it('find customers by a filter and say how far each account was read', async () => {
    const { customers } = await read(CustomerPageDocument, { filter: { email: 'nobody@nowhere.example' } });
    expect(customers.edges).toEqual([]);
    expect(customers.completeness).toEqual([
      { account: 'billagain', state: 'COMPLETE', reason: null },
      { account: 'unipay', state: 'COMPLETE', reason: null },
    ]);
  });

  it('find the subscriptions that are due', async () => {
    const customer = await firstUnipayCustomer();
    const due = await read(SubscriptionsDueDocument, { customer, until: '2030-12-31', status: 'ACTIVE' });
    const subscriptions = due.customer?.subscriptions;
    expect(subscriptions?.completeness).toEqual([{ account: 'unipay', state: 'COMPLETE' }]);
    expect(subscriptions?.nodes.length).toBeGreaterThan(0);
    for (const node of subscriptions?.nodes ?? []) {
      expect(node).toMatchObject({ status: 'ACTIVE', customer: { id: customer } });
      expect((node.nextBillingDate ?? '9999') <= '2030-12-31').toBe(true);
    }
  });

  it('refetch any record by its id', async () => {
    const customer = await firstUnipayCustomer();
    const due = await read(SubscriptionsDueDocument, { customer, until: '2030-12-31' });
    const subscription = due.customer?.subscriptions.nodes[0]?.id ?? 'no subscription';
    const ids = [subscription, 'Customer:billagain:300', `Customer:unipay:${UNKNOWN_NUMBER}`];
    const found = await read(RefetchDocument, { id: customer, ids, subscription });
    expect(found.node).toEqual({ __typename: 'Customer', id: customer, displayName: due.customer?.displayName });
    expect(found.nodes.map((node) => node?.__typename)).toEqual(['BillingSubscription', 'Customer', undefined]);
    expect(found.nodes.map((node) => node?.id)).toEqual([ids[0], ids[1], undefined]);
    expect(found.subscription?.customer.id).toBe(customer);
  });

  it('tell which accounts there are', async () => {
    const { billingAccounts } = await read(BillingAccountsDocument, {});
    expect(billingAccounts.map(({ name, vendor, health }) => ({ name, vendor, health }))).toEqual([
      { name: 'billagain', vendor: 'BILLAGAIN', health: 'UP' },
      { name: 'unipay', vendor: 'UNIPAY', health: 'UP' },
    ]);
    expect(billingAccounts[0]?.capabilities).toContain('CUSTOM_FIELDS');
  });
});
