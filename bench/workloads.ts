/** Q1 to Q5: documents that every arm answers, and the variables that they are asked with. */

export type Variables = Readonly<Record<string, unknown>>;

/** Asks one arm and gives its `data`. */
export type Ask = (query: string, variables: Variables) => Promise<Record<string, unknown>>;

export interface Workload {
  readonly name: string;
  readonly what: string;
  readonly query: string;
  /**
   * The variables of one request after another, asked of the arm that they are for, as cursors are each arm's own.
   * Many and different, so that no arm gains by answering several clients with one read.
   */
  readonly prepare: (ask: Ask) => Promise<readonly Variables[]>;
  /** Calls that Billgraph may make for one request. */
  readonly vendorCallLimit: number;
}

const PAGE_COUNT = 32;
const ALIAS_COUNT = 50;
/** The simulator's first generated customer (src/simulators/README.md). */
const FIRST_BILLAGAIN_ID = 100_001;

/** Generated customers that the simulators need for all of this. */
export const CUSTOMER_COUNT = PAGE_COUNT * 100;

const billagainId = (index: number) => `Customer:billagain:${FIRST_BILLAGAIN_ID + (index % CUSTOMER_COUNT)}`;

const aliases = Array.from({ length: ALIAS_COUNT }, (_, index) => index);

const CUSTOMERS_WITH_SUBSCRIPTIONS = `query Q3($accounts: [String!]!, $after: String) {
  customers(first: 100, after: $after, accounts: $accounts) {
    nodes {
      id displayName email
      customFields { key value }
      subscriptions(first: 3) { nodes { id status billingCycle nextBillingDate amount { amount } } }
    }
  }
}`;

export const workloads: readonly Workload[] = [
  {
    name: 'Q1',
    what: 'one customer, 8 fields',
    query: `query Q1($id: ID!) {
  customer(id: $id) { id reference kind displayName email phone status createdAt }
}`,
    prepare: async () => Array.from({ length: 500 }, (_, index) => ({ id: billagainId(index * 7) })),
    vendorCallLimit: 1,
  },
  {
    name: 'Q2',
    what: 'a page of 100 customers × 10 fields',
    query: `query Q2($accounts: [String!]!, $after: String) {
  customers(first: 100, after: $after, accounts: $accounts) {
    nodes { id reference kind displayName email phone taxNumber currencyCode status createdAt }
  }
}`,
    prepare: (ask) => pages(ask, 'billagain'),
    vendorCallLimit: 1,
  },
  {
    name: 'Q3',
    what: '100 BillAgain customers, each with custom fields and 3 subscriptions',
    query: CUSTOMERS_WITH_SUBSCRIPTIONS,
    prepare: (ask) => pages(ask, 'billagain'),
    vendorCallLimit: 101,
  },
  {
    name: 'Q3 UniPay',
    what: '100 UniPay customers, each with 3 subscriptions',
    query: CUSTOMERS_WITH_SUBSCRIPTIONS,
    prepare: (ask) => pages(ask, 'unipay'),
    vendorCallLimit: 101,
  },
  {
    name: 'Q4',
    what: '50 aliases customer(id)',
    query: `query Q4(${aliases.map((index) => `$id${index}: ID!`).join(', ')}) {
${aliases.map((index) => `  c${index}: customer(id: $id${index}) { id displayName email status }`).join('\n')}
}`,
    prepare: async () =>
      Array.from({ length: 200 }, (_, request) =>
        Object.fromEntries(aliases.map((index) => [`id${index}`, billagainId(request * ALIAS_COUNT + index * 3)])),
      ),
    vendorCallLimit: 1,
  },
  { name: 'Q5', what: '{ __typename }', query: '{ __typename }', prepare: async () => [{}], vendorCallLimit: 0 },
];

const WALK = `query Walk($accounts: [String!]!, $after: String) {
  customers(first: 100, after: $after, accounts: $accounts) { pageInfo { endCursor } }
}`;

/** The variables of an account's first pages. */
async function pages(ask: Ask, account: string): Promise<Variables[]> {
  const variables: Variables[] = [];
  let after: string | null = null;
  for (let page = 0; page < PAGE_COUNT; page++) {
    const current: Variables = { accounts: [account], after };
    variables.push(current);
    const { customers } = (await ask(WALK, current)) as { customers: { pageInfo: { endCursor: string | null } } };
    after = customers.pageInfo.endCursor;
  }
  return variables;
}
