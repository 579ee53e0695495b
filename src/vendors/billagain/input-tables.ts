/** Our inputs in BillAgain's words. Seed 002's inputs of create and edit; a subscription's are those within its create. */
import type { PaymentMethodKind } from '../../model/customer.ts';
import type {
  AddressInput,
  BillAgainCreateInput,
  BillAgainPaymentMethodInput,
  BillAgainSubscriptionInput,
  BillAgainUpdateInput,
  ContactInput,
  CreateCustomerInput,
  CreditCardInput,
  SubscriptionComponentInput,
  UpdateCustomerInput,
} from '../../model/customer-input.ts';
import type {
  BillAgainSubscriptionDetailsInput,
  CancellationMode,
  CancelSubscriptionInput,
  CreateSubscriptionInput,
} from '../../model/subscription-input.ts';
import {
  elsewhere,
  fixed,
  listNames,
  sendFlag,
  sendMatching,
  sendNumber,
  sendNumberText,
  sendQuantity,
  sendText,
  sendWhole,
  sendWord,
  sendWrittenDay,
  unsupported,
  type WriteTable,
} from '../writing.ts';

const PAYMENT_METHODS = {
  CASH: 'cash',
  CHEQUE: 'cheque',
  CREDIT_CARD: 'credit_card',
  DEBIT_ORDER: 'debit_order',
  EFT: 'eft',
} as const satisfies Partial<Record<PaymentMethodKind, string>>;

/** The last part of the path of a cancellation (the vendor's own client). */
export const CANCELLATIONS = {
  RENEWAL: 'renewal',
  NO_REFUND: 'norefund',
  PRORATA: 'prorata',
  FULL_CREDIT: 'fullcredit',
} as const satisfies Record<CancellationMode, string>;

const THREE_LETTERS = /^[A-Z]{3}$/;
const TWO_LETTERS = /^[A-Z]{2}$/;

const changedAddress = {
  line1: sendText('Address1'),
  line2: sendText('Address2'),
  city: sendText('City'),
  region: sendText('State'),
  postalCode: sendText('ZipCode'),
  countryCode: fixed('can be given only when the customer is created; see billAgain.taxCountryId'),
} satisfies WriteTable<AddressInput>;

const changedDetails = {
  company: sendText('Company'),
  taxCountryId: sendNumber('countryID'),
  // Text in both of the seed's examples of a write, though its table says a number.
  taxRegionId: sendNumberText('countryStateID'),
} satisfies WriteTable<BillAgainUpdateInput>;

const contact = {
  firstName: sendText('Name'),
  lastName: sendText('LastName'),
  mobilePhone: sendText('Cell'),
  email: sendText('Email'),
  isActive: sendFlag('isActive'),
  password: sendText('Password'),
} satisfies WriteTable<ContactInput>;

const creditCard = {
  number: elsewhere(['Number'], 'number of 12 to 19 digits'),
  expiryMonth: elsewhere(['ExpiryMonth'], 'text of two digits'),
  expiryYear: elsewhere(['ExpiryYear'], 'text'),
  brand: sendText('CardType'),
  nameOnCard: sendText('NameOnCard'),
  lastNameOnCard: sendText('LastNameOnCard'),
} satisfies WriteTable<CreditCardInput>;

// Text in the seed's example: [{"gatewayID": "115"}].
const gatewayId = sendNumberText('gatewayID');

const paymentMethod = {
  creditCard: elsewhere(['CreditCard'], 'record', creditCard),
  gatewayIds: elsewhere(['ExternalGateways.gatewayID'], 'list of numbers as text'),
} satisfies WriteTable<BillAgainPaymentMethodInput>;

const component = {
  id: sendNumber('componentID'),
  versionId: sendNumber('componentVersionID'),
  versionNumber: sendWhole('componentVersionNumber', 1, 1_000_000),
  units: sendQuantity('NumUnits'),
} satisfies WriteTable<SubscriptionComponentInput>;

const subscriptionDetails = {
  planVersionId: sendNumber('packageVersionID'),
  planVersionNumber: sendWhole('packageVersionNumber', 1, 1_000_000),
  rateTermId: sendNumber('packageRateTermID'),
  firstProrataSyncDate: sendWrittenDay('firstProrataSyncDate'),
  invoiceLeadDays: sendWhole('numDaysBeforeToInv', 0, 366),
} satisfies WriteTable<BillAgainSubscriptionDetailsInput>;

/** A cycle is one number and its unit. */
const term = {
  cycleMonths: elsewhere(['Term', 'TermType'], 'that many "months"; not beside cycleDays'),
  cycleDays: elsewhere(['Term', 'TermType'], 'that many "days"; not beside cycleMonths'),
};

const components = elsewhere(['componentUsage'], 'list, in its order', component);

const inlineSubscription = {
  ...subscriptionDetails,
  planId: sendNumber('packageID'),
  components,
  startDate: sendWrittenDay('StartDate'),
  endDate: sendWrittenDay('EndDate'),
  ...term,
} satisfies WriteTable<BillAgainSubscriptionInput>;

const newDetails = {
  ...changedDetails,
  contact: elsewhere(['Contact'], 'record', contact),
  subscriptions: elsewhere(['Subscriptions'], 'list of up to 5', inlineSubscription),
  paymentMethod: elsewhere(['PrimaryPaymentMethod'], 'record', paymentMethod),
} satisfies WriteTable<BillAgainCreateInput>;

const changedCustomer = {
  id: elsewhere(['customerID'], 'in the path'),
  expectedVersion: elsewhere([], "compared by Billgraph with the customer's version"),
  reference: sendText('Reference'),
  // isCompany decides what Name, LastName and Company mean: see names.
  kind: elsewhere(['isCompany'], 'COMPANY → true, INDIVIDUAL → false; left out, told from the names'),
  displayName: elsewhere(['Name'], "a person's whole name; a company has none beside organizationName"),
  firstName: elsewhere(['Name'], "a person's, beside a last name; refused for a company"),
  lastName: elsewhere(['LastName'], 'text'),
  organizationName: elsewhere(['Name', 'Company'], "a company's Name, a person's Company"),
  registrationNumber: sendText('RegistrationNumber'),
  taxNumber: sendText('VatNo'),
  taxExempt: sendFlag('isWaiveTaxes'),
  email: sendText('Email'),
  emailCc: sendText('EmailCC'),
  phone: sendText('Tel'),
  mobilePhone: sendText('Cell'),
  fax: sendText('Fax'),
  address: changedAddress,
  currencyCode: sendMatching('CurrencyCode', THREE_LETTERS, 'an ISO 4217 code such as ZAR'),
  paymentMethod: sendWord<PaymentMethodKind>('PaymentMethod', PAYMENT_METHODS),
  sendsInvoices: sendFlag('autoSendInvoice'),
  sendsStatements: sendFlag('autoSendStatement'),
  statementDay: sendWhole('StatementDay', 1, 25),
  gatewayId: sendNumber('PrimaryGatewayID'),
  billAgain: changedDetails,
} satisfies WriteTable<UpdateCustomerInput>;

const { id: _id, expectedVersion: _expectedVersion, ...shared } = changedCustomer;

const newCustomer = {
  ...shared,
  account: elsewhere([], 'tells Billgraph which account to ask'),
  billAgain: newDetails,
  merchantAccountId: unsupported<string>('has no place at BillAgain: the account itself is the merchant'),
  address: {
    ...changedAddress,
    countryCode: sendMatching('CountryCode', TWO_LETTERS, 'an ISO 3166-1 alpha-2 code such as ZA'),
  },
} satisfies WriteTable<CreateCustomerInput>;

/** The input's names; which of them go together is decided in inputs.ts. */
export type Names = Pick<CreateCustomerInput, 'displayName' | 'firstName' | 'lastName' | 'organizationName'>;

export const inputTables = {
  newCustomer,
  changedCustomer,
  /** The fields of an edit, by the vendor's names. */
  edited: listNames(shared),
  company: {
    // A company shows its own name, so that there is nothing to write where it is that.
    displayName: elsewhere([], 'must be organizationName'),
    firstName: unsupported<string>('has no place in a company, whose name is organizationName'),
    lastName: sendText('LastName'),
    organizationName: sendText('Name'),
  } satisfies WriteTable<Names>,
  person: {
    displayName: sendText('Name'),
    firstName: sendText('Name'),
    lastName: sendText('LastName'),
    organizationName: sendText('Company'),
  } satisfies WriteTable<Names>,
  contact,
  gatewayId,
  creditCard,
  component,
  subscriptionDetails,
  inlineSubscription,
  newSubscription: {
    account: elsewhere([], 'tells Billgraph which account to ask'),
    customerId: elsewhere(['customerID'], 'number'),
    billAgain: elsewhere([], 'its fields, lying flat', subscriptionDetails),
    reference: unsupported<string>(),
    planId: sendNumber('packageID'),
    paymentMethodId: unsupported<string>(
      "has no place at BillAgain, which charges the customer's primary payment method",
    ),
    note: unsupported<string>(),
    amount: unsupported<string>("has no place at BillAgain: the price is the package's"),
    firstBillingDate: unsupported<string>('has no place at BillAgain; see startDate'),
    startDate: sendWrittenDay('StartDate'),
    endDate: sendWrittenDay('EndDate'),
    ...term,
    components,
  } satisfies WriteTable<CreateSubscriptionInput>,
  cancellation: {
    id: elsewhere(['subscriptionID'], 'in the path'),
    mode: elsewhere(
      ['mode'],
      `in the path: ${Object.entries(CANCELLATIONS)
        .map(([ours, theirs]) => `${ours} → ${theirs}`)
        .join(', ')}`,
    ),
    effectiveDate: unsupported<string>('has no place at BillAgain; see mode'),
    note: unsupported<string>(),
  } satisfies WriteTable<CancelSubscriptionInput>,
};
