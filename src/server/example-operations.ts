import { type GraphQLSchema, parse, validate } from 'graphql';
import type { Account } from '../model/account.ts';
import type { Vendor } from '../model/vendor.ts';

/** Something to begin with, for people who open the gateway in a browser. */
export interface ExampleOperation {
  /** The operation's name in its document. */
  readonly name: string;
  /** What it shows, in a few words. */
  readonly title: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

type NamedAccount = Pick<Account, 'name' | 'vendor'>;

/** Ignored by Billgraph: it stands for what a proxy in front of it may want. */
const HEADERS = { 'x-request-id': 'my-first-request' };

const LOOK_ACROSS_VENDORS = `# Two vendors, one vocabulary. Press play.
query LookAcrossVendors($id: ID!, $first: Int!) {
  billingAccounts { name vendor capabilities }

  customer(id: $id) {
    id displayName status
    balance { amount currencyCode }
    source { cached fetchedAt }
  }

  customers(first: $first) {
    nodes {
      id vendor displayName email
      address { city countryCode }
    }
    pageInfo { hasNextPage endCursor }
    completeness { account state reason }
  }
}
`;

const CUSTOM_FIELDS = `# What an account asks beyond the fields that all have.
query CustomFields($id: ID!, $key: String!) {
  customer(id: $id) {
    displayName
    customFields { key values }
    income: customField(key: $key) { values }
  }
}
`;

const SUBSCRIPTIONS_DUE = `# Whom an account bills soon, and for how much.
query SubscriptionsDue(
  $accounts: [String!]
  $from: Date!
  $until: Date!
) {
  customers(first: 20, accounts: $accounts) {
    nodes {
      id displayName
      subscriptions(
        filter: { nextBillingFrom: $from, nextBillingTo: $until }
      ) {
        nodes {
          id planName billingCycle nextBillingDate
          amount { amount currencyCode }
        }
      }
    }
    completeness { account state }
  }
}
`;

const CREATE_CUSTOMER = `# Adds a customer for real. Run it twice: with the same key,
# the second time is a replay and not a second customer.
mutation CreateCustomer(
  $input: CreateCustomerInput!
  $key: String!
) {
  createCustomer(input: $input, idempotencyKey: $key) {
    customer { id displayName email status }
    replayed
    userErrors { field code message retryable }
  }
}
`;

const DRY_RUN = `# What the vendor would be sent, in its own words. Nothing is.
mutation DryRun($input: CreateCustomerInput!) {
  createCustomer(input: $input, dryRun: true) {
    dryRun { method path contentType body lostFields }
    userErrors { field code message }
  }
}
`;

const PERSON = { kind: 'INDIVIDUAL', firstName: 'Ada', lastName: 'Example', email: 'ada@example.com' };

/** What each vendor requires of a new customer beside a name. */
const REQUIRED: Readonly<Record<Vendor, Readonly<Record<string, unknown>>>> = {
  BILLAGAIN: { currencyCode: 'ZAR', taxExempt: false },
  // One of the merchant accounts that the simulator knows.
  UNIPAY: { merchantAccountId: '2001' },
};

const DAYS_AHEAD = 30;
const MS_PER_DAY = 86_400_000;

/**
 * Made for the accounts that are configured, in their order, and for the schema that is served: what it leaves out is left
 * out. `today` is taken in UTC. They all work as they are on the simulators.
 */
export function createExampleOperations(
  accounts: readonly NamedAccount[],
  schema: GraphQLSchema,
  today: Date,
): readonly ExampleOperation[] {
  const [first] = accounts;
  if (!first) return [];
  const billagain = accounts.find(({ vendor }) => vendor === 'BILLAGAIN');
  const unipay = accounts.find(({ vendor }) => vendor === 'UNIPAY');
  const newCustomer = ({ name, vendor }: NamedAccount) => ({ account: name, ...PERSON, ...REQUIRED[vendor] });
  const day = (daysAhead: number) => new Date(today.getTime() + daysAhead * MS_PER_DAY).toISOString().slice(0, 10);

  const operations: ExampleOperation[] = [
    {
      name: 'LookAcrossVendors',
      title: 'Look across vendors',
      document: LOOK_ACROSS_VENDORS,
      variables: { id: `Customer:${(billagain ?? first).name}:302`, first: 5 },
      headers: HEADERS,
    },
    {
      name: 'SubscriptionsDue',
      title: 'Subscriptions due',
      document: SUBSCRIPTIONS_DUE,
      variables: { accounts: [(unipay ?? first).name], from: day(0), until: day(DAYS_AHEAD) },
      headers: HEADERS,
    },
    {
      name: 'CreateCustomer',
      title: 'Create a customer, once',
      document: CREATE_CUSTOMER,
      variables: { key: 'my-first-customer', input: newCustomer(first) },
      headers: HEADERS,
    },
    {
      name: 'DryRun',
      title: 'Dry run',
      document: DRY_RUN,
      variables: { input: newCustomer(unipay ?? first) },
      headers: HEADERS,
    },
  ];
  // BillAgain alone has custom fields.
  if (billagain) {
    operations.splice(1, 0, {
      name: 'CustomFields',
      title: 'Custom fields',
      document: CUSTOM_FIELDS,
      variables: { id: `Customer:${billagain.name}:302`, key: 'Select your income range?' },
      headers: HEADERS,
    });
  }
  return operations.filter(({ document }) => validate(schema, parse(document)).length === 0);
}
