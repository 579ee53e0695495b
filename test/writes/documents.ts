import type { Answer, TestGateway } from './start-gateways.ts';

/** Every mutation, with all that its payload can tell. */

const USER_ERRORS = 'userErrors { code message field vendorCode retryable }';
const PLANNED = 'dryRun { method path contentType body lostFields }';
const CUSTOMER = `customer {
  id reference kind displayName firstName lastName organizationName email phone currencyCode status balance { amount }
  address { line1 city } version source { cached fetchedAt }
}`;
const SUBSCRIPTION = 'subscription { id status rawStatus note paymentMethodId endDate }';

export const CREATE_CUSTOMER = `mutation ($input: CreateCustomerInput!, $key: String, $dryRun: Boolean) {
  payload: createCustomer(input: $input, idempotencyKey: $key, dryRun: $dryRun) { replayed ${CUSTOMER} ${USER_ERRORS} ${PLANNED} }
}`;
export const UPDATE_CUSTOMER = `mutation ($input: UpdateCustomerInput!, $dryRun: Boolean) {
  payload: updateCustomer(input: $input, dryRun: $dryRun) { ${CUSTOMER} ${USER_ERRORS} ${PLANNED} }
}`;
export const ARCHIVE_CUSTOMER = byId('archiveCustomer', CUSTOMER);
export const REOPEN_CUSTOMER = byId('reopenCustomer', CUSTOMER);
export const DELETE_CUSTOMER = byId('deleteCustomer', 'deletedId');
export const CREATE_SUBSCRIPTION = `mutation ($input: CreateSubscriptionInput!, $key: String, $dryRun: Boolean) {
  payload: createSubscription(input: $input, idempotencyKey: $key, dryRun: $dryRun) { replayed ${SUBSCRIPTION} ${USER_ERRORS} ${PLANNED} }
}`;
export const UPDATE_SUBSCRIPTION = byInput('updateSubscription', 'UpdateSubscriptionInput');
export const CANCEL_SUBSCRIPTION = byInput('cancelSubscription', 'CancelSubscriptionInput');
export const FREEZE_SUBSCRIPTION = byInput('freezeSubscription', 'FreezeSubscriptionInput');

function byId(name: string, record: string): string {
  return `mutation ($id: ID!, $dryRun: Boolean) { payload: ${name}(id: $id, dryRun: $dryRun) { ${record} ${USER_ERRORS} ${PLANNED} } }`;
}

function byInput(name: string, type: string): string {
  return `mutation ($input: ${type}!, $dryRun: Boolean) {
    payload: ${name}(input: $input, dryRun: $dryRun) { ${SUBSCRIPTION} ${USER_ERRORS} ${PLANNED} }
  }`;
}

export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[] | null;
  readonly vendorCode: string | null;
  readonly retryable: boolean;
}

export interface Payload {
  readonly replayed?: boolean;
  readonly customer?: CustomerAnswer | null;
  readonly subscription?: { readonly id: string; readonly [field: string]: unknown } | null;
  readonly deletedId?: string | null;
  readonly userErrors: readonly UserError[];
  readonly dryRun: PlannedAnswer | null;
}

export interface CustomerAnswer {
  readonly id: string;
  readonly version: string;
  readonly source: { readonly cached: boolean; readonly fetchedAt: string };
  readonly [field: string]: unknown;
}

export interface PlannedAnswer {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | null;
  readonly body: string | null;
  readonly lostFields: readonly string[];
}

/** The payload of a write that was answered with one, and nothing beside it. */
export async function write(gateway: TestGateway, document: string, variables: object): Promise<Payload> {
  const { data, errors } = await attempt(gateway, document, variables);
  if (errors || !data?.payload) throw new Error(`expected a payload; got ${JSON.stringify(errors)}`);
  return data.payload;
}

export function attempt(
  gateway: TestGateway,
  document: string,
  variables: object,
): Promise<Answer<{ readonly payload: Payload }>> {
  return gateway.ask(document, variables);
}

export function codesOf({ userErrors }: Payload): string[] {
  return userErrors.map(({ code }) => code);
}

/** A customer that BillAgain takes. */
export const PERSON = {
  account: 'billagain',
  kind: 'INDIVIDUAL',
  displayName: 'Ada Lovelace',
  currencyCode: 'ZAR',
  taxExempt: false,
} as const;

/** A customer that UniPay takes. */
export const UNIPAY_PERSON = {
  account: 'unipay',
  merchantAccountId: '2001',
  firstName: 'Ada',
  lastName: 'Lovelace',
} as const;

/** A customer of the simulated UniPay. */
export const UNIPAY_OWNER = 'Customer:unipay:1';

/** A subscription that UniPay takes, billed first a month from the simulator's today. */
export const UNIPAY_SUBSCRIPTION = {
  account: 'unipay',
  customerId: UNIPAY_OWNER,
  planId: '503',
  paymentMethodId: '70001',
  firstBillingDate: '2026-02-01',
} as const;
