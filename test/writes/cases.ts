import { randomUUID } from 'node:crypto';
import type { Simulator } from '../../src/simulators/simulator.ts';
import {
  ARCHIVE_CUSTOMER,
  CANCEL_SUBSCRIPTION,
  CREATE_CUSTOMER,
  CREATE_SUBSCRIPTION,
  DELETE_CUSTOMER,
  FREEZE_SUBSCRIPTION,
  PERSON,
  REOPEN_CUSTOMER,
  UNIPAY_OWNER,
  UNIPAY_PERSON,
  UNIPAY_SUBSCRIPTION,
  UPDATE_CUSTOMER,
  UPDATE_SUBSCRIPTION,
} from './documents.ts';
import { TODAY, type Vendors } from './start-gateways.ts';

/** One mutation, and the vendor's operation that it comes down to. */
export interface Case {
  readonly vendor: 'billagain' | 'unipay';
  readonly operation: string;
  readonly mutation: string;
  readonly method: string;
  readonly path: RegExp;
  readonly document: string;
  /** New ones, so that nothing is refused for having been done before. */
  readonly variables: (vendors: Vendors) => Promise<object>;
}

export const CASES: readonly Case[] = [
  {
    vendor: 'billagain',
    operation: 'createCustomer',
    mutation: 'createCustomer',
    method: 'POST',
    path: /^\/customers$/,
    document: CREATE_CUSTOMER,
    variables: async () => ({ input: PERSON }),
  },
  {
    vendor: 'billagain',
    operation: 'editCustomer',
    mutation: 'updateCustomer',
    method: 'PUT',
    path: /^\/customers\/\d+$/,
    document: UPDATE_CUSTOMER,
    variables: async ({ billagain }) => ({ input: { id: await newCustomer(billagain), email: 'new@example.com' } }),
  },
  {
    vendor: 'billagain',
    operation: 'archiveCustomer',
    mutation: 'archiveCustomer',
    method: 'PUT',
    path: /^\/customers\/\d+\/archive$/,
    document: ARCHIVE_CUSTOMER,
    variables: async ({ billagain }) => ({ id: await newCustomer(billagain) }),
  },
  {
    vendor: 'billagain',
    operation: 'reopenCustomer',
    mutation: 'reopenCustomer',
    method: 'PUT',
    path: /^\/customers\/\d+\/reopen$/,
    document: REOPEN_CUSTOMER,
    variables: async ({ billagain }) => {
      const id = await newCustomer(billagain);
      billagain.change(Number(id.split(':')[2]), { isActive: false });
      return { id };
    },
  },
  {
    vendor: 'billagain',
    operation: 'deleteCustomer',
    mutation: 'deleteCustomer',
    method: 'DELETE',
    path: /^\/customers\/\d+$/,
    document: DELETE_CUSTOMER,
    variables: async ({ billagain }) => ({ id: await newCustomer(billagain) }),
  },
  {
    vendor: 'billagain',
    operation: 'createSubscription',
    mutation: 'createSubscription',
    method: 'POST',
    path: /^\/subscriptions$/,
    document: CREATE_SUBSCRIPTION,
    variables: async ({ billagain }) => ({
      input: { account: 'billagain', customerId: await newCustomer(billagain), planId: '9', startDate: '2026-02-01' },
    }),
  },
  {
    vendor: 'billagain',
    operation: 'cancelSubscription',
    mutation: 'cancelSubscription',
    method: 'PUT',
    path: /^\/subscriptions\/\d+\/cancel\/norefund$/,
    document: CANCEL_SUBSCRIPTION,
    variables: async ({ billagain }) => {
      const owner = await newCustomer(billagain);
      const customerID = Number(owner.split(':')[2]);
      const { subscriptionID } = await call(billagain, billagainLogin(billagain), 'POST', '/subscriptions', {
        customerID,
        packageID: 9,
      });
      return { input: { id: `BillingSubscription:billagain:${customerID}:${subscriptionID}`, mode: 'NO_REFUND' } };
    },
  },
  {
    vendor: 'unipay',
    operation: 'createCustomer',
    mutation: 'createCustomer',
    method: 'PUT',
    path: /^\/customers\.json$/,
    document: CREATE_CUSTOMER,
    variables: async () => ({ input: UNIPAY_PERSON }),
  },
  {
    vendor: 'unipay',
    operation: 'modifyCustomer',
    mutation: 'updateCustomer',
    method: 'POST',
    path: /^\/customers\/1\.json$/,
    document: UPDATE_CUSTOMER,
    variables: async () => ({ input: { id: UNIPAY_OWNER, email: `${randomUUID()}@example.com` } }),
  },
  {
    vendor: 'unipay',
    operation: 'createSubscription',
    mutation: 'createSubscription',
    method: 'PUT',
    path: /^\/customers\/1\/subscriptions\.json$/,
    document: CREATE_SUBSCRIPTION,
    variables: async () => ({ input: UNIPAY_SUBSCRIPTION }),
  },
  {
    vendor: 'unipay',
    operation: 'modifySubscription',
    mutation: 'updateSubscription',
    method: 'POST',
    path: /^\/customers\/1\/subscriptions\/\d+\.json$/,
    document: UPDATE_SUBSCRIPTION,
    variables: async ({ unipay }) => ({ input: { id: await newUnipaySubscription(unipay), note: 'call first' } }),
  },
  {
    vendor: 'unipay',
    operation: 'cancelSubscription',
    mutation: 'cancelSubscription',
    method: 'GET',
    path: /^\/customers\/1\/subscriptions\/\d+\/~cancel\.json$/,
    document: CANCEL_SUBSCRIPTION,
    variables: async ({ unipay }) => ({ input: { id: await newUnipaySubscription(unipay), effectiveDate: TODAY } }),
  },
  {
    vendor: 'unipay',
    operation: 'freezeSubscription',
    mutation: 'freezeSubscription',
    method: 'GET',
    path: /^\/customers\/1\/subscriptions\/\d+\/~freeze\.json$/,
    document: FREEZE_SUBSCRIPTION,
    variables: async ({ unipay }) => ({
      input: { id: await newUnipaySubscription(unipay), effectiveDate: '2026-02-01', paymentCount: 2 },
    }),
  },
];

/** A customer that is made behind the gateway's back, in an account without other generated ones. */
export async function newCustomer(billagain: Vendors['billagain'], fields: object = {}): Promise<string> {
  const made = await call(billagain, billagainLogin(billagain), 'POST', '/customers', {
    isCompany: false,
    Name: 'Grace Hopper',
    CurrencyCode: 'ZAR',
    isWaiveTaxes: false,
    ...fields,
  });
  return `Customer:billagain:${made.customerID}`;
}

export async function newUnipayCustomer(unipay: Vendors['unipay']): Promise<string> {
  const { username, password } = unipay.settings;
  const fields = { accountId: 2001, firstName: 'Grace', lastName: 'Hopper', email: 'old@example.com' };
  const made = await call(unipay, `${username}:${password}`, 'PUT', '/customers.json', fields);
  return `Customer:unipay:${made.id}`;
}

async function newUnipaySubscription(unipay: Vendors['unipay']): Promise<string> {
  const { username, password } = unipay.settings;
  const made = await call(unipay, `${username}:${password}`, 'PUT', '/customers/1/subscriptions.json', {
    planId: 503,
    firstBillingDate: '2026-02-01',
  });
  return `BillingSubscription:unipay:1:${made.id}`;
}

const billagainLogin = ({ accountId, apiKey }: Vendors['billagain']): string => `${accountId}:${apiKey}`;

async function call(
  { url }: Simulator,
  login: string,
  method: string,
  path: string,
  body: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(login).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok || 'failureCode' in answer) throw new Error(`expected a new record; got ${JSON.stringify(answer)}`);
  return answer;
}
