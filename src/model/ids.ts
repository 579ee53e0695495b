import { BadUserInput } from '../errors.ts';
import { quote } from './quote.ts';

/** Names one customer of one account. */
export interface CustomerKey {
  readonly account: string;
  readonly vendorId: string;
}

/** Names one subscription. UniPay can only be asked for it through its customer, so both ids belong to it. */
export interface SubscriptionKey {
  readonly account: string;
  readonly customerVendorId: string;
  readonly vendorId: string;
}

export type NodeKey =
  | ({ readonly type: 'Customer' } & CustomerKey)
  | ({ readonly type: 'BillingSubscription' } & SubscriptionKey);

/** "Customer:<account>:<vendorId>" */
export function customerId(key: CustomerKey): string {
  return `Customer:${key.account}:${key.vendorId}`;
}

/** "BillingSubscription:<account>:<customer vendorId>:<vendorId>" */
export function subscriptionId(key: SubscriptionKey): string {
  return `BillingSubscription:${key.account}:${key.customerVendorId}:${key.vendorId}`;
}

/** The same record's id where its account is called `account`. */
export function renameAccount(id: string, account: string): string {
  const key = { ...readNodeId(id), account };
  return key.type === 'Customer' ? customerId(key) : subscriptionId(key);
}

const CUSTOMER_FORM = '"Customer:<account>:<vendorId>", e.g. "Customer:billagain:302"';
const SUBSCRIPTION_FORM =
  '"BillingSubscription:<account>:<customer vendorId>:<vendorId>", e.g. "BillingSubscription:unipay:17:4"';

export function readNodeId(id: string): NodeKey {
  const [type, account, first, second, ...rest] = id.split(':');
  if (account && first && rest.length === 0) {
    if (type === 'Customer' && second === undefined) return { type, account, vendorId: first };
    if (type === 'BillingSubscription' && second) return { type, account, customerVendorId: first, vendorId: second };
  }
  throw new BadUserInput(`id must be ${CUSTOMER_FORM}, or ${SUBSCRIPTION_FORM}; got ${quote(id)}`);
}

export function readCustomerId(id: string): CustomerKey {
  const key = id.startsWith('Customer:') ? readNodeId(id) : undefined;
  if (key?.type !== 'Customer') throw new BadUserInput(`a customer's id must be ${CUSTOMER_FORM}; got ${quote(id)}`);
  return key;
}

export function readSubscriptionId(id: string): SubscriptionKey {
  const key = id.startsWith('BillingSubscription:') ? readNodeId(id) : undefined;
  if (key?.type !== 'BillingSubscription') {
    throw new BadUserInput(`a subscription's id must be ${SUBSCRIPTION_FORM}; got ${quote(id)}`);
  }
  return key;
}
