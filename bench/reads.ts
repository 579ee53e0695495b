/** What the hand-written arms ask the vendors. */
import {
  type BillagainCustomer,
  type BillagainSubscription,
  type Customer,
  fromBillagain,
  fromUnipay,
  type Subscription,
  subscriptionFromBillagain,
  subscriptionFromUnipay,
  type UnipayCustomer,
  type UnipaySubscription,
} from './records.ts';
import { billagain, unipay } from './vendors.ts';

/** BillAgain's batch, in the order asked. */
export async function readCustomers(vendorIds: readonly string[]): Promise<(Customer | null)[]> {
  const rows = (await billagain.post('/by_customer_ids?page_size=200', {
    ids: vendorIds.map(Number),
  })) as BillagainCustomer[];
  const byId = new Map(rows.map((row) => [String(row.customerID), row]));
  return vendorIds.map((id) => {
    const row = byId.get(id);
    return row === undefined ? null : fromBillagain(row);
  });
}

/** One page of one account. A cursor is the number of rows before it. */
export async function readPage(account: string, first: number, offset: number): Promise<Customer[]> {
  if (account === 'unipay') {
    const rows = (await unipay.get(`/customers.json?offset=${offset}&limit=${first}`)) as UnipayCustomer[];
    return rows.map(fromUnipay);
  }
  const rows = (await billagain.get(`/customers?page=${offset / first + 1}&page_size=${first}`)) as BillagainCustomer[];
  return rows.map(fromBillagain);
}

export interface CustomField {
  readonly key: string;
  readonly value: string | null;
}

export function customFieldsOf({ CustomFields = [] }: BillagainCustomer): CustomField[] {
  return CustomFields.map(({ Key, Value }) => ({ key: Key, value: Value }));
}

export async function readCustomFields({ account, vendorId }: Customer): Promise<CustomField[]> {
  if (account === 'unipay') return [];
  return customFieldsOf((await billagain.get(`/customers/with_customfields/${vendorId}`)) as BillagainCustomer);
}

export async function readSubscriptions(
  { account, vendorId }: Pick<Customer, 'account' | 'vendorId'>,
  first: number,
): Promise<Subscription[]> {
  if (account === 'unipay') {
    const rows = (await unipay.get(
      `/customers/${vendorId}/subscriptions.json?offset=0&limit=${first}`,
    )) as UnipaySubscription[];
    return rows.map((row) => subscriptionFromUnipay(vendorId, row));
  }
  const rows = (await billagain.get(
    `/customers/${vendorId}/subscriptions?page=1&page_size=${first}`,
  )) as BillagainSubscription[];
  return rows.map((row) => subscriptionFromBillagain(vendorId, row));
}
