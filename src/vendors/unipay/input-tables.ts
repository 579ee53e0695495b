/** Our inputs in UniPay's words. Lengths: seeds 000 and 001; objects: the vendor's public pages. */
import type { PaymentMethodKind } from '../../model/customer.ts';
import type {
  AddressInput,
  BillAgainCreateInput,
  BillAgainUpdateInput,
  CreateCustomerInput,
  SubscriptionComponentInput,
  UpdateCustomerInput,
} from '../../model/customer-input.ts';
import type {
  BillAgainSubscriptionDetailsInput,
  CancellationMode,
  CancelSubscriptionInput,
  CreateSubscriptionInput,
  FreezeSubscriptionInput,
  UpdateSubscriptionInput,
} from '../../model/subscription-input.ts';
import {
  elsewhere,
  fixed,
  listNames,
  sendCents,
  sendDay,
  sendMatching,
  sendNumber,
  sendText,
  sendWhole,
  unsupported,
  type WriteTable,
} from '../writing.ts';

const WITHOUT_LETTERS = /^\P{L}*$/u;
const TWO_LETTERS = /^[A-Z]{2}$/;

/** Filters say `street` (seed 001); a sister object of the same API splits it in two, whose lengths are not documented. */
const STREETS = ['street', 'street1', 'street2'];

/** The lines of an address, by the names that a record has for them. */
export function streetLines(first: 'street' | 'street1', hasSecond: boolean) {
  return {
    line1: sendText(first, 128),
    line2: hasSecond ? sendText('street2', 128) : unsupported<string>('has no place at UniPay, which has one line'),
  } satisfies WriteTable<Pick<AddressInput, 'line1' | 'line2'>>;
}

/** Name lengths are 255 in seed 000 and 125 in seed 001; the others are those of seed 001's filters. */
function customerTables(nameLength: number) {
  const changedCustomer = {
    id: elsewhere(['customer-id'], 'in the path'),
    expectedVersion: elsewhere([], "compared by Billgraph with the customer's version"),
    reference: fixed<string>('can be given only when the customer is created'),
    firstName: sendText('firstName', nameLength),
    lastName: sendText('lastName', nameLength),
    organizationName: sendText('organizationName', 255),
    // No fields: a customer with an organizationName is a company and shows that, else first and last name.
    kind: elsewhere(['organizationName'], 'COMPANY must have one, INDIVIDUAL must have none'),
    displayName: elsewhere([], 'refused unless the names given show as it'),
    registrationNumber: unsupported<string>(),
    taxNumber: unsupported<string>(),
    taxExempt: unsupported<boolean>(),
    email: sendText('email', 100),
    emailCc: unsupported<string>(),
    // Letters in a phone number are the vendor's own example of a format failure (its public page on error codes).
    phone: sendMatching('phone', WITHOUT_LETTERS, 'a telephone number without letters', 15),
    mobilePhone: unsupported<string>(),
    fax: unsupported<string>(),
    address: {
      ...streetLines('street', false),
      city: sendText('city', 50),
      region: sendText('state', 3),
      postalCode: sendText('zipCode', 10),
      countryCode: sendMatching('countryCode', TWO_LETTERS, 'an ISO 3166-1 alpha-2 code such as US', 2),
    },
    currencyCode: unsupported<string>(),
    paymentMethod: unsupported<PaymentMethodKind>(),
    sendsInvoices: unsupported<boolean>(),
    sendsStatements: unsupported<boolean>(),
    statementDay: unsupported<number>(),
    gatewayId: unsupported<string>(),
    billAgain: unsupported<BillAgainUpdateInput>(),
  } satisfies WriteTable<UpdateCustomerInput>;
  const { id: _id, expectedVersion: _expectedVersion, ...both } = changedCustomer;
  const newCustomer = {
    ...both,
    account: elsewhere([], 'tells Billgraph which account to ask'),
    // No length is documented for a customer's code; a subscription's is 60 (the vendor's public page on its actions).
    reference: sendText('code', 60),
    merchantAccountId: sendNumber('accountId'),
    billAgain: unsupported<BillAgainCreateInput>(),
  } satisfies WriteTable<CreateCustomerInput>;
  return { changedCustomer, newCustomer, edited: [...listNames(both), ...STREETS] };
}

const changes = {
  note: sendText('note'),
  paymentMethodId: sendNumber('paymentOptionId'),
} satisfies WriteTable<Omit<UpdateSubscriptionInput, 'id'>>;

export const inputTables = {
  /** By profile. */
  customer: { management: customerTables(125), billing: customerTables(255) },
  // The vendor's public pages on the subscription object and its actions.
  newSubscription: {
    account: elsewhere([], 'tells Billgraph which account to ask'),
    customerId: elsewhere(['customer-id'], 'in the path'),
    reference: sendText('code', 60),
    planId: sendNumber('planId'),
    paymentMethodId: sendNumber('paymentOptionId'),
    note: sendText('note'),
    amount: sendCents('amount'),
    firstBillingDate: sendDay('firstBillingDate'),
    startDate: unsupported<string>('has no place at UniPay; see firstBillingDate'),
    endDate: unsupported<string>(),
    cycleMonths: unsupported<number>("has no place at UniPay: the cycle is the plan's"),
    cycleDays: unsupported<number>("has no place at UniPay: the cycle is the plan's"),
    components: unsupported<SubscriptionComponentInput[]>(),
    billAgain: unsupported<BillAgainSubscriptionDetailsInput>(),
  } satisfies WriteTable<CreateSubscriptionInput>,
  changedSubscription: {
    id: elsewhere(['customer-id', 'subscription-id'], 'in the path'),
    ...changes,
  } satisfies WriteTable<UpdateSubscriptionInput>,
  editedSubscription: listNames(changes),
  cancellation: {
    id: elsewhere(['customer-id', 'subscription-id'], 'in the path'),
    effectiveDate: sendDay('effectiveDate'),
    mode: unsupported<CancellationMode>('has no place at UniPay; see effectiveDate'),
    note: sendText('note'),
  } satisfies WriteTable<CancelSubscriptionInput>,
  freeze: {
    id: elsewhere(['customer-id', 'subscription-id'], 'in the path'),
    effectiveDate: sendDay('effectiveDate'),
    paymentCount: sendWhole('length', 1, 1000),
    note: sendText('note'),
  } satisfies WriteTable<FreezeSubscriptionInput>,
};
