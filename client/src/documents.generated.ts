/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A postal address; on an update, parts left out keep their value. */
export type AddressInput = {
  /** The city or town. */
  city?: string | null | undefined;
  /** The country's ISO 3166-1 alpha-2 code; at BillAgain only when the customer is created. */
  countryCode?: string | null | undefined;
  /** The first line: house number and street. */
  line1?: string | null | undefined;
  /** The second line (BillAgain only, but for changes of customers that have one at UniPay). */
  line2?: string | null | undefined;
  /** The postal or ZIP code. */
  postalCode?: string | null | undefined;
  /** The state or province: a name at BillAgain, a code of up to 3 characters at UniPay. */
  region?: string | null | undefined;
};

/** What else BillAgain takes with a new customer (BillAgain only). */
export type BillAgainCreateInput = {
  /** The field Company as BillAgain holds it. */
  company?: string | null | undefined;
  /** A contact person to add. */
  contact?: ContactInput | null | undefined;
  /** The payment method to begin with. */
  paymentMethod?: BillAgainPaymentMethodInput | null | undefined;
  /** Subscriptions to begin with, 5 at the most. */
  subscriptions?: Array<BillAgainSubscriptionInput> | null | undefined;
  /** BillAgain's number of the country to charge taxes for. */
  taxCountryId?: string | null | undefined;
  /** BillAgain's number of the state or province to charge taxes for. */
  taxRegionId?: string | null | undefined;
};

/** The payment method to add with a new customer (BillAgain only). */
export type BillAgainPaymentMethodInput = {
  /** The card to charge. */
  creditCard: CreditCardInput;
  /** BillAgain's numbers of the gateways to register the card with. */
  gatewayIds?: Array<string> | null | undefined;
};

/** A subscription to a package, for a new customer to begin with (BillAgain only). */
export type BillAgainSubscriptionInput = {
  /** What to bill for, part by part. */
  components?: Array<SubscriptionComponentInput> | null | undefined;
  /** The billing interval in days; give this or cycleMonths. */
  cycleDays?: number | null | undefined;
  /** The billing interval in months; give this or cycleDays. */
  cycleMonths?: number | null | undefined;
  /** The day it ends. */
  endDate?: string | null | undefined;
  /** The day up to which the first bill is pro rata. */
  firstProrataSyncDate?: string | null | undefined;
  /** How many days before it is due a bill is sent. */
  invoiceLeadDays?: number | null | undefined;
  /** BillAgain's number of the package. */
  planId: string;
  /** BillAgain's number of the package's version. */
  planVersionId?: string | null | undefined;
  /** The number of the package's version. */
  planVersionNumber?: number | null | undefined;
  /** BillAgain's number of the package's rate for the term. */
  rateTermId?: string | null | undefined;
  /** The day it begins. */
  startDate?: string | null | undefined;
};

/** What else BillAgain keeps about a customer, for an update (BillAgain only). */
export type BillAgainUpdateInput = {
  /** The field Company as BillAgain holds it. */
  company?: string | null | undefined;
  /** BillAgain's number of the country to charge taxes for. */
  taxCountryId?: string | null | undefined;
  /** BillAgain's number of the state or province to charge taxes for. */
  taxRegionId?: string | null | undefined;
};

/** How often a subscription is billed. */
export type BillingCycle =
  /** Every 12 months. */
  | 'ANNUALLY'
  /** At another interval: see cycleMonths and cycleDays (BillAgain only). */
  | 'CUSTOM'
  /** Every month. */
  | 'MONTHLY'
  /** Every 3 months. */
  | 'QUARTERLY'
  /** Every 6 months. */
  | 'SEMI_ANNUALLY'
  /** The vendor doesn't say. */
  | 'UNKNOWN'
  /** Every 7 days. */
  | 'WEEKLY';

/** How to end a subscription. */
export type CancelSubscriptionInput = {
  /** The day it ends (UniPay only, which needs one). */
  effectiveDate?: string | null | undefined;
  /** The subscription's global id. */
  id: string;
  /** When it ends and what is paid back (BillAgain only, which needs one). */
  mode?: CancellationMode | null | undefined;
  /** A note to keep with the change (UniPay only). */
  note?: string | null | undefined;
};

/** When a subscription ends, and what is paid back (BillAgain only). */
export type CancellationMode =
  /** It ends at once; the last bill is credited in full. */
  | 'FULL_CREDIT'
  /** It ends at once; nothing is paid back. */
  | 'NO_REFUND'
  /** It ends at once; the unused part is credited. */
  | 'PRORATA'
  /** It ends when it would be renewed. */
  | 'RENEWAL';

/** How far an account has been read. */
export type CompletenessState =
  /** Read to its end. */
  | 'COMPLETE'
  /** Not read, or not wholly: the reason and an entry in errors say why. */
  | 'FAILED'
  /** Read up to this page: further rows are behind endCursor. */
  | 'MORE'
  /** Read as far as one page may scan an account that cannot filter: the scan goes on behind endCursor. */
  | 'SCAN_LIMIT';

/** Someone to speak to at the customer, who may log in to the portal (BillAgain only). */
export type ContactInput = {
  /** The email address. */
  email?: string | null | undefined;
  /** The first name. */
  firstName?: string | null | undefined;
  /** True for a contact who may log in. */
  isActive?: boolean | null | undefined;
  /** The last name. */
  lastName?: string | null | undefined;
  /** The mobile number. */
  mobilePhone?: string | null | undefined;
  /** The password for the portal; it can be written and never read. */
  password?: string | null | undefined;
};

/** A new customer; what the account's vendor has no place for is refused, not dropped. */
export type CreateCustomerInput = {
  /** The account to add the customer to. */
  account: string;
  /** The postal address. */
  address?: AddressInput | null | undefined;
  /** What else BillAgain takes (BillAgain only). */
  billAgain?: BillAgainCreateInput | null | undefined;
  /** The ISO 4217 code of the currency to bill in (BillAgain only, which needs one). */
  currencyCode?: string | null | undefined;
  /** The whole name of a person as one text, instead of first and last name (BillAgain only). */
  displayName?: string | null | undefined;
  /** The email address. */
  email?: string | null | undefined;
  /** A second email address that gets copies (BillAgain only). */
  emailCc?: string | null | undefined;
  /** The fax number (BillAgain only). */
  fax?: string | null | undefined;
  /** A person's first name; at BillAgain it needs a last name beside it. */
  firstName?: string | null | undefined;
  /** The vendor's number of the payment gateway to use first (BillAgain only). */
  gatewayId?: string | null | undefined;
  /** Whether this is a person or an organization. */
  kind?: CustomerKind | null | undefined;
  /** A person's last name. */
  lastName?: string | null | undefined;
  /** The merchant account to add the customer to (UniPay only, which needs one). */
  merchantAccountId?: string | null | undefined;
  /** The mobile number (BillAgain only). */
  mobilePhone?: string | null | undefined;
  /** The organization, or the one a person belongs to. */
  organizationName?: string | null | undefined;
  /** How the customer pays (BillAgain only). */
  paymentMethod?: PaymentMethodKind | null | undefined;
  /** The telephone number. */
  phone?: string | null | undefined;
  /** Your own reference; at UniPay it is set once, when the customer is created. */
  reference?: string | null | undefined;
  /** The company registration number (BillAgain only). */
  registrationNumber?: string | null | undefined;
  /** True to email invoices (BillAgain only). */
  sendsInvoices?: boolean | null | undefined;
  /** True to email statements (BillAgain only). */
  sendsStatements?: boolean | null | undefined;
  /** The day of the month to send statements on, 1 to 25; null for the month's last day (BillAgain only). */
  statementDay?: number | null | undefined;
  /** True to charge no taxes (BillAgain only, which needs an answer). */
  taxExempt?: boolean | null | undefined;
  /** The VAT or other tax number (BillAgain only). */
  taxNumber?: string | null | undefined;
};

/** A payment card, taken only where this gateway is set up to carry raw card data (BillAgain only). */
export type CreditCardInput = {
  /** The card scheme, such as "VISA". */
  brand?: string | null | undefined;
  /** The month the card expires in, 1 to 12. */
  expiryMonth: number;
  /** The year the card expires in, with four digits. */
  expiryYear: number;
  /** The last name on the card. */
  lastNameOnCard?: string | null | undefined;
  /** The first name on the card. */
  nameOnCard?: string | null | undefined;
  /** The whole card number, digits only; it can be written and never read. */
  number: string;
};

/** Which customers are wanted: all that is given must match, in the way of a vendor that filters itself, elsewhere as a whole, ignoring case. */
export type CustomerFilter = {
  /** Customers in this city. */
  city?: string | null | undefined;
  /** Customers in this country (ISO 3166-1 alpha-2). */
  countryCode?: string | null | undefined;
  /** Customers with this email address. */
  email?: string | null | undefined;
  /** Customers with this first name. */
  firstName?: string | null | undefined;
  /** Customers with this last name. */
  lastName?: string | null | undefined;
  /** Customers of this merchant account (UniPay only). */
  merchantAccountId?: string | null | undefined;
  /** Customers of this organization. */
  organizationName?: string | null | undefined;
  /** Customers with this telephone number. */
  phone?: string | null | undefined;
  /** Customers with this postal code. */
  postalCode?: string | null | undefined;
  /** Customers in this state or province (a name at BillAgain, a code at UniPay). */
  region?: string | null | undefined;
  /** Customers whose first address line is this. */
  street?: string | null | undefined;
};

/** Whether a customer is a person or an organization. */
export type CustomerKind =
  /** A company or other organization. */
  | 'COMPANY'
  /** A person. */
  | 'INDIVIDUAL'
  /** The vendor doesn't say. */
  | 'UNKNOWN';

/** Where a customer stands with the account. */
export type CustomerStatus =
  /** Open for business. */
  | 'ACTIVE'
  /** Put away, readable, and open to be reopened (BillAgain only). */
  | 'ARCHIVED'
  /** Ended on request (UniPay only). */
  | 'CANCELLED'
  /** Ended by its own term (UniPay only). */
  | 'EXPIRED'
  /** Not in use (UniPay only). */
  | 'INACTIVE'
  /** Put on hold; subscriptions rest (BillAgain only). */
  | 'SUSPENDED'
  /** The vendor gives no status, or one that this schema has no word for: see rawStatus. */
  | 'UNKNOWN';

/** How a customer pays (BillAgain only). */
export type PaymentMethodKind =
  /** From the customer's bank account. */
  | 'BANK_ACCOUNT'
  /** In cash. */
  | 'CASH'
  /** By cheque. */
  | 'CHEQUE'
  /** By credit card. */
  | 'CREDIT_CARD'
  /** By debit order on the customer's bank account. */
  | 'DEBIT_ORDER'
  /** By electronic funds transfer. */
  | 'EFT'
  /** In a way that this schema has no word for. */
  | 'UNKNOWN';

/** A component to bill for (BillAgain only). */
export type SubscriptionComponentInput = {
  /** The vendor's number of the component. */
  id: string;
  /** How many units to bill, 0 or more. */
  units?: string | null | undefined;
  /** The vendor's number of the component's version. */
  versionId?: string | null | undefined;
  /** The number of the component's version, counted from 1. */
  versionNumber?: number | null | undefined;
};

/** Where a subscription stands. */
export type SubscriptionStatus =
  /** Being billed. */
  | 'ACTIVE'
  /** Ended on request. */
  | 'CANCELLED'
  /** Set to begin later (UniPay only). */
  | 'DEFERRED'
  /** Ended by its own term. */
  | 'EXPIRED'
  /** Frozen for a number of payments (UniPay only). */
  | 'FROZEN'
  /** Paused on request (UniPay only). */
  | 'PAUSED'
  /** Set up and not billed yet. */
  | 'PENDING'
  /** Put on hold by the vendor (UniPay only). */
  | 'SUSPENDED'
  /** In its trial period (BillAgain only). */
  | 'TRIAL'
  /** The vendor gives no status, or one that this schema has no word for: see rawStatus. */
  | 'UNKNOWN';

/** Changes to a customer: fields left out keep their value, null clears it. */
export type UpdateCustomerInput = {
  /** The postal address. */
  address?: AddressInput | null | undefined;
  /** What else BillAgain keeps (BillAgain only). */
  billAgain?: BillAgainUpdateInput | null | undefined;
  /** The ISO 4217 code of the currency to bill in (BillAgain only, which needs one). */
  currencyCode?: string | null | undefined;
  /** The whole name of a person as one text, instead of first and last name (BillAgain only). */
  displayName?: string | null | undefined;
  /** The email address. */
  email?: string | null | undefined;
  /** A second email address that gets copies (BillAgain only). */
  emailCc?: string | null | undefined;
  /** The Customer.version that the changes are based on: a customer that has changed since is left alone (CONFLICT). */
  expectedVersion?: string | null | undefined;
  /** The fax number (BillAgain only). */
  fax?: string | null | undefined;
  /** A person's first name; at BillAgain it needs a last name beside it. */
  firstName?: string | null | undefined;
  /** The vendor's number of the payment gateway to use first (BillAgain only). */
  gatewayId?: string | null | undefined;
  /** The customer's global id. */
  id: string;
  /** Whether this is a person or an organization. */
  kind?: CustomerKind | null | undefined;
  /** A person's last name. */
  lastName?: string | null | undefined;
  /** The mobile number (BillAgain only). */
  mobilePhone?: string | null | undefined;
  /** The organization, or the one a person belongs to. */
  organizationName?: string | null | undefined;
  /** How the customer pays (BillAgain only). */
  paymentMethod?: PaymentMethodKind | null | undefined;
  /** The telephone number. */
  phone?: string | null | undefined;
  /** Your own reference; at UniPay it is set once, when the customer is created. */
  reference?: string | null | undefined;
  /** The company registration number (BillAgain only). */
  registrationNumber?: string | null | undefined;
  /** True to email invoices (BillAgain only). */
  sendsInvoices?: boolean | null | undefined;
  /** True to email statements (BillAgain only). */
  sendsStatements?: boolean | null | undefined;
  /** The day of the month to send statements on, 1 to 25; null for the month's last day (BillAgain only). */
  statementDay?: number | null | undefined;
  /** True to charge no taxes (BillAgain only, which needs an answer). */
  taxExempt?: boolean | null | undefined;
  /** The VAT or other tax number (BillAgain only). */
  taxNumber?: string | null | undefined;
};

/** Why a change was not made, or may not have been. */
export type UserErrorCode =
  /** The record has changed since the version that was expected. */
  | 'CONFLICT'
  /** A request with this idempotency key is still under way. */
  | 'IDEMPOTENCY_IN_PROGRESS'
  /** The idempotency key was used before, with another input. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** A value is not of the expected form. */
  | 'INVALID'
  /** The account has no such record. */
  | 'NOT_FOUND'
  /** The request may have reached the vendor, and whether it was carried out could not be learned; it is not sent again. */
  | 'OUTCOME_UNKNOWN'
  /** The input holds a card number, which this gateway is not set up to carry. */
  | 'RAW_CARD_DATA_REFUSED'
  /** The vendor read the request and said no. */
  | 'REFUSED_BY_VENDOR'
  /** A value is missing that this account needs. */
  | 'REQUIRED'
  /** A value is longer than the vendor's field. */
  | 'TOO_LONG'
  /** The account's vendor has no place for the value, or can't do this at all. */
  | 'UNSUPPORTED_BY_VENDOR';

/** A billing provider whose API stands behind this graph. */
export type Vendor =
  /** BillAgain. */
  | 'BILLAGAIN'
  /** UniPay by United Thinkers, under whichever of its brand names it is deployed. */
  | 'UNIPAY';

export type CancelSubscriptionMutationVariables = Exact<{
  input: CancelSubscriptionInput;
}>;


export type CancelSubscriptionMutation = { cancelSubscription: { subscriptionId: string | null, subscription: { id: string, status: SubscriptionStatus, endDate: string | null } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, retryable: boolean }> } | null };

export type CreateCustomerMutationVariables = Exact<{
  input: CreateCustomerInput;
  idempotencyKey: string;
}>;


export type CreateCustomerMutation = { createCustomer: { customerId: string | null, replayed: boolean, customer: { id: string, vendor: Vendor, displayName: string | null, email: string | null, status: CustomerStatus, balance: { amount: string, currencyCode: string | null } | null } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, retryable: boolean }> } | null };

export type CustomerDetailsQueryVariables = Exact<{
  id: string;
}>;


export type CustomerDetailsQuery = { customer: { version: string, phone: string | null, id: string, vendor: Vendor, displayName: string | null, email: string | null, status: CustomerStatus, address: { line1: string | null, city: string | null, region: string | null, postalCode: string | null, countryCode: string | null }, customFields: Array<{ key: string, values: Array<string> }>, subscriptions: { nodes: Array<{ id: string, planName: string | null, status: SubscriptionStatus, billingCycle: BillingCycle, nextBillingDate: string | null }> }, balance: { amount: string, currencyCode: string | null } | null } | null };

export type CustomerSummaryFragment = { id: string, vendor: Vendor, displayName: string | null, email: string | null, status: CustomerStatus, balance: { amount: string, currencyCode: string | null } | null };

export type FindCustomersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  accounts?: Array<string> | string | null | undefined;
  filter?: CustomerFilter | null | undefined;
}>;


export type FindCustomersQuery = { customers: { nodes: Array<{ id: string, vendor: Vendor, displayName: string | null, email: string | null, status: CustomerStatus, balance: { amount: string, currencyCode: string | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null }, completeness: Array<{ account: string, state: CompletenessState, reason: string | null }> } };

export type UpdateCustomerMutationVariables = Exact<{
  input: UpdateCustomerInput;
}>;


export type UpdateCustomerMutation = { updateCustomer: { customerId: string | null, customer: { version: string, id: string, vendor: Vendor, displayName: string | null, email: string | null, status: CustomerStatus, balance: { amount: string, currencyCode: string | null } | null } | null, userErrors: Array<{ code: UserErrorCode, message: string, field: Array<string> | null, retryable: boolean }> } | null };

export const CustomerSummaryFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CustomerSummary"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Customer"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currencyCode"}}]}}]}}]} as unknown as DocumentNode<CustomerSummaryFragment, unknown>;
export const CancelSubscriptionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelSubscription"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CancelSubscriptionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelSubscription"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subscriptionId"}},{"kind":"Field","name":{"kind":"Name","value":"subscription"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"endDate"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]}}]}}]} as unknown as DocumentNode<CancelSubscriptionMutation, CancelSubscriptionMutationVariables>;
export const CreateCustomerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateCustomer"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateCustomerInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"idempotencyKey"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createCustomer"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}},{"kind":"Argument","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"Variable","name":{"kind":"Name","value":"idempotencyKey"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"customer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CustomerSummary"}}]}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CustomerSummary"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Customer"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currencyCode"}}]}}]}}]} as unknown as DocumentNode<CreateCustomerMutation, CreateCustomerMutationVariables>;
export const CustomerDetailsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CustomerDetails"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"customer"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CustomerSummary"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"address"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"line1"}},{"kind":"Field","name":{"kind":"Name","value":"city"}},{"kind":"Field","name":{"kind":"Name","value":"region"}},{"kind":"Field","name":{"kind":"Name","value":"postalCode"}},{"kind":"Field","name":{"kind":"Name","value":"countryCode"}}]}},{"kind":"Field","name":{"kind":"Name","value":"customFields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}},{"kind":"Field","name":{"kind":"Name","value":"subscriptions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"planName"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"billingCycle"}},{"kind":"Field","name":{"kind":"Name","value":"nextBillingDate"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CustomerSummary"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Customer"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currencyCode"}}]}}]}}]} as unknown as DocumentNode<CustomerDetailsQuery, CustomerDetailsQueryVariables>;
export const FindCustomersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FindCustomers"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"25"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"accounts"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"CustomerFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"customers"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"accounts"},"value":{"kind":"Variable","name":{"kind":"Name","value":"accounts"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CustomerSummary"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"completeness"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"account"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CustomerSummary"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Customer"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currencyCode"}}]}}]}}]} as unknown as DocumentNode<FindCustomersQuery, FindCustomersQueryVariables>;
export const UpdateCustomerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateCustomer"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateCustomerInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateCustomer"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"customerId"}},{"kind":"Field","name":{"kind":"Name","value":"customer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CustomerSummary"}},{"kind":"Field","name":{"kind":"Name","value":"version"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CustomerSummary"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Customer"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"vendor"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"balance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"currencyCode"}}]}}]}}]} as unknown as DocumentNode<UpdateCustomerMutation, UpdateCustomerMutationVariables>;