/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** How an account's vendor has been answering lately. */
export type AccountHealth =
  /** Some operations are refused, or tried again, after too many of their calls have failed. */
  | 'DEGRADED'
  /** Not answering: calls fail at once until the vendor is tried again. */
  | 'DOWN'
  /** Calls are being answered. */
  | 'UP';

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

/** Something that an account's vendor can do; what isn't listed is refused before any call. */
export type Capability =
  /** Customers can be archived, and stay readable (BillAgain only). */
  | 'CUSTOMER_ARCHIVE'
  /** Many customers are read with one call (BillAgain only). */
  | 'CUSTOMER_BATCH'
  /** New customers can be added. */
  | 'CUSTOMER_CREATE'
  /** Customers can be deleted for good (BillAgain only). */
  | 'CUSTOMER_DELETE'
  /** The vendor filters customers itself (UniPay only); elsewhere they are scanned up to a limit. */
  | 'CUSTOMER_FILTERS'
  /** Archived customers can be opened again (BillAgain only). */
  | 'CUSTOMER_REOPEN'
  /** A customer's details can be changed. */
  | 'CUSTOMER_UPDATE'
  /** Customers carry custom fields (BillAgain only). */
  | 'CUSTOM_FIELDS'
  /** Subscriptions can be cancelled. */
  | 'SUBSCRIPTION_CANCEL'
  /** New subscriptions can be added. */
  | 'SUBSCRIPTION_CREATE'
  /** The vendor filters subscriptions itself (UniPay only); elsewhere they are scanned up to a limit. */
  | 'SUBSCRIPTION_FILTERS'
  /** Subscriptions can be frozen for a number of payments (UniPay only). */
  | 'SUBSCRIPTION_FREEZE'
  /** A customer's subscriptions can be listed. */
  | 'SUBSCRIPTION_LIST'
  /** A subscription's note and payment method can be changed (UniPay only). */
  | 'SUBSCRIPTION_UPDATE';

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

/** A billing provider whose API stands behind this graph. */
export type Vendor =
  /** BillAgain. */
  | 'BILLAGAIN'
  /** UniPay by United Thinkers, under whichever of its brand names it is deployed. */
  | 'UNIPAY';

export type BillingAccountsQueryVariables = Exact<{ [key: string]: never; }>;


export type BillingAccountsQuery = { billingAccounts: Array<{ name: string, vendor: Vendor, capabilities: Array<Capability>, health: AccountHealth }> };

export type CustomFieldsQueryVariables = Exact<{
  id: string;
  key: string;
  keys?: Array<string> | string | null | undefined;
}>;


export type CustomFieldsQuery = { customer: { customFields: Array<{ key: string, value: string | null, values: Array<string> }>, some: Array<{ key: string }>, customField: { values: Array<string> } | null } | null };

export type CustomerPageQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  accounts?: Array<string> | string | null | undefined;
  filter?: CustomerFilter | null | undefined;
}>;


export type CustomerPageQuery = { customers: { edges: Array<{ cursor: string, node: { id: string, lastName: string | null } }>, nodes: Array<{ id: string }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, completeness: Array<{ account: string, state: CompletenessState, reason: string | null }> } };

export type LookUpQueryVariables = Exact<{
  billagain: string;
  unipay: string;
}>;


export type LookUpQuery = { billagain: { id: string, account: string, vendor: Vendor, vendorId: string, kind: CustomerKind, displayName: string | null, email: string | null, status: CustomerStatus, rawStatus: string | null, address: { line1: string | null, city: string | null, region: string | null, countryCode: string | null }, balance: { amount: string, currencyCode: string | null } | null, source: { fetchedAt: string, cached: boolean, stale: boolean, account: { name: string } } } | null, unipay: { id: string, account: string, vendor: Vendor, vendorId: string, kind: CustomerKind, displayName: string | null, email: string | null, status: CustomerStatus, rawStatus: string | null, address: { line1: string | null, city: string | null, region: string | null, countryCode: string | null }, balance: { amount: string, currencyCode: string | null } | null, source: { fetchedAt: string, cached: boolean, stale: boolean, account: { name: string } } } | null };

export type ContactFragment = { id: string, account: string, vendor: Vendor, vendorId: string, kind: CustomerKind, displayName: string | null, email: string | null, status: CustomerStatus, rawStatus: string | null, address: { line1: string | null, city: string | null, region: string | null, countryCode: string | null }, balance: { amount: string, currencyCode: string | null } | null, source: { fetchedAt: string, cached: boolean, stale: boolean, account: { name: string } } };

export type RefetchQueryVariables = Exact<{
  id: string;
  ids: Array<string> | string;
  subscription: string;
}>;


export type RefetchQuery = { node:
    | { __typename: 'BillingSubscription', planName: string | null, startDate: string | null, id: string }
    | { __typename: 'Customer', displayName: string | null, id: string }
   | null, nodes: Array<
    | { __typename: 'BillingSubscription', planName: string | null, startDate: string | null, id: string }
    | { __typename: 'Customer', displayName: string | null, id: string }
   | null>, subscription: { vendorId: string, customer: { id: string } } | null };

type Refetched_BillingSubscription_Fragment = { __typename: 'BillingSubscription', planName: string | null, startDate: string | null, id: string };

type Refetched_Customer_Fragment = { __typename: 'Customer', displayName: string | null, id: string };

export type RefetchedFragment =
  | Refetched_BillingSubscription_Fragment
  | Refetched_Customer_Fragment
;

export type SubscriptionsDueQueryVariables = Exact<{
  customer: string;
  until: string;
  status?: SubscriptionStatus | null | undefined;
}>;


export type SubscriptionsDueQuery = { customer: { displayName: string | null, subscriptions: { nodes: Array<{ id: string, status: SubscriptionStatus, billingCycle: BillingCycle, nextBillingDate: string | null, amount: { amount: string } | null, customer: { id: string } }>, completeness: Array<{ account: string, state: CompletenessState }> } } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const ContactFragmentDoc = new TypedDocumentString(`
    fragment Contact on Customer {
  id
  account
  vendor
  vendorId
  kind
  displayName
  email
  address {
    line1
    city
    region
    countryCode
  }
  status
  rawStatus
  balance {
    amount
    currencyCode
  }
  source {
    account {
      name
    }
    fetchedAt
    cached
    stale
  }
}
    `, {"fragmentName":"Contact"}) as unknown as TypedDocumentString<ContactFragment, unknown>;
export const RefetchedFragmentDoc = new TypedDocumentString(`
    fragment Refetched on Node {
  __typename
  id
  ... on Customer {
    displayName
  }
  ... on BillingSubscription {
    planName
    startDate
  }
}
    `, {"fragmentName":"Refetched"}) as unknown as TypedDocumentString<RefetchedFragment, unknown>;
export const BillingAccountsDocument = new TypedDocumentString(`
    query BillingAccounts {
  billingAccounts {
    name
    vendor
    capabilities
    health
  }
}
    `) as unknown as TypedDocumentString<BillingAccountsQuery, BillingAccountsQueryVariables>;
export const CustomFieldsDocument = new TypedDocumentString(`
    query CustomFields($id: ID!, $key: String!, $keys: [String!]) {
  customer(id: $id) {
    customFields {
      key
      value
      values
    }
    some: customFields(keys: $keys) {
      key
    }
    customField(key: $key) {
      values
    }
  }
}
    `) as unknown as TypedDocumentString<CustomFieldsQuery, CustomFieldsQueryVariables>;
export const CustomerPageDocument = new TypedDocumentString(`
    query CustomerPage($first: Int, $after: String, $accounts: [String!], $filter: CustomerFilter) {
  customers(first: $first, after: $after, accounts: $accounts, filter: $filter) {
    edges {
      cursor
      node {
        id
        lastName
      }
    }
    nodes {
      id
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
    completeness {
      account
      state
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<CustomerPageQuery, CustomerPageQueryVariables>;
export const LookUpDocument = new TypedDocumentString(`
    query LookUp($billagain: ID!, $unipay: ID!) {
  billagain: customer(id: $billagain) {
    ...Contact
  }
  unipay: customer(id: $unipay) {
    ...Contact
  }
}
    fragment Contact on Customer {
  id
  account
  vendor
  vendorId
  kind
  displayName
  email
  address {
    line1
    city
    region
    countryCode
  }
  status
  rawStatus
  balance {
    amount
    currencyCode
  }
  source {
    account {
      name
    }
    fetchedAt
    cached
    stale
  }
}`) as unknown as TypedDocumentString<LookUpQuery, LookUpQueryVariables>;
export const RefetchDocument = new TypedDocumentString(`
    query Refetch($id: ID!, $ids: [ID!]!, $subscription: ID!) {
  node(id: $id) {
    ...Refetched
  }
  nodes(ids: $ids) {
    ...Refetched
  }
  subscription(id: $subscription) {
    vendorId
    customer {
      id
    }
  }
}
    fragment Refetched on Node {
  __typename
  id
  ... on Customer {
    displayName
  }
  ... on BillingSubscription {
    planName
    startDate
  }
}`) as unknown as TypedDocumentString<RefetchQuery, RefetchQueryVariables>;
export const SubscriptionsDueDocument = new TypedDocumentString(`
    query SubscriptionsDue($customer: ID!, $until: Date!, $status: SubscriptionStatus) {
  customer(id: $customer) {
    displayName
    subscriptions(first: 200, filter: {nextBillingTo: $until, status: $status}) {
      nodes {
        id
        status
        billingCycle
        nextBillingDate
        amount {
          amount
        }
        customer {
          id
        }
      }
      completeness {
        account
        state
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SubscriptionsDueQuery, SubscriptionsDueQueryVariables>;