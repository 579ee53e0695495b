/** What UniPay can be asked, and how: its operations and its formats. */
import { json } from '../../codecs/json.ts';
import { xml } from '../../codecs/xml.ts';
import type { UnipaySettings } from '../../model/account.ts';
import type { Ask, OperationTable } from '../operation.ts';

export const operations = {
  findCustomers: { operationClass: 'SAFE', method: 'GET', path: '/customers', source: 'seeds 000 and 001' },
  loadCustomer: {
    operationClass: 'SAFE',
    method: 'GET',
    path: '/customers/{customer-id}',
    source: "the vendor's public page on customers",
  },
  findSubscriptions: {
    operationClass: 'SAFE',
    method: 'GET',
    path: '/customers/{customer-id}/subscriptions',
    source: 'seed 003',
  },
  loadSubscription: {
    operationClass: 'SAFE',
    method: 'GET',
    path: '/customers/{customer-id}/subscriptions/{subscription-id}',
    source: "the vendor's public page on subscriptions",
  },
  // PUT creates here: each one makes another customer.
  createCustomer: { operationClass: 'CREATE', method: 'PUT', path: '/customers', source: 'seeds 000 and 001' },
  modifyCustomer: {
    operationClass: 'EDIT',
    method: 'POST',
    path: '/customers/{customer-id}',
    source: "the vendor's public page on customers",
  },
  createSubscription: {
    operationClass: 'CREATE',
    method: 'PUT',
    path: '/customers/{customer-id}/subscriptions',
    source: 'seed 003',
  },
  modifySubscription: {
    operationClass: 'EDIT',
    method: 'POST',
    path: '/customers/{customer-id}/subscriptions/{subscription-id}',
    source: "the vendor's public page on subscriptions",
  },
  // GETs that change state.
  cancelSubscription: {
    operationClass: 'STATE_CHANGE',
    method: 'GET',
    path: '/customers/{customer-id}/subscriptions/{subscription-id}',
    action: 'cancel',
    source: "the vendor's public page on subscriptions",
  },
  freezeSubscription: {
    operationClass: 'STATE_CHANGE',
    method: 'GET',
    path: '/customers/{customer-id}/subscriptions/{subscription-id}',
    action: 'freeze',
    source: "the vendor's public page on subscriptions",
  },
} satisfies OperationTable;

export type OperationName = keyof typeof operations;

/** Does it only read the record that its path names? Then what doesn't fit the vendor's data is that name. */
export function readsRecord(operation: string): boolean {
  const asked = (operations as OperationTable)[operation];
  return asked?.operationClass === 'SAFE' && asked.path.includes('{');
}

/** An Integer or Long (the vendor's public page on the customer object). Without leading zeros, so that one record has one id. */
export const VENDOR_ID = /^[1-9]\d{0,18}$/;

/** How this deployment is asked for its answers' format: by a suffix (documented for merchants), by Accept, or by both. */
export function createReads({ format, formatSelection }: UnipaySettings) {
  const headers = formatSelection === 'suffix' ? {} : { accept: (format === 'xml' ? xml : json).contentType };
  const suffix = formatSelection === 'accept' ? '' : `.${format}`;

  /** `action` stands between the resource and the suffix, for what the method alone doesn't select. */
  return (ids: Readonly<Record<string, string>>, parameters: [string, string][] = [], action = ''): Ask => ({
    ids,
    query: `${action}${suffix}${parameters.length === 0 ? '' : `?${new URLSearchParams(parameters)}`}`,
    headers,
  });
}
