/** The server that somebody would write who needs these queries: Apollo Server as it comes, resolvers by hand, DataLoader. */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import DataLoader from 'dataloader';
import { readCustomers, readCustomFields, readPage, readSubscriptions } from './reads.ts';
import type { Customer } from './records.ts';

const typeDefs = `#graphql
  scalar DateTime
  scalar Date
  scalar Decimal

  enum CustomerKind { INDIVIDUAL COMPANY UNKNOWN }
  enum CustomerStatus { ACTIVE SUSPENDED ARCHIVED INACTIVE CANCELLED EXPIRED UNKNOWN }
  enum SubscriptionStatus { PENDING TRIAL ACTIVE DEFERRED FROZEN PAUSED SUSPENDED CANCELLED EXPIRED UNKNOWN }
  enum BillingCycle { WEEKLY MONTHLY QUARTERLY SEMI_ANNUALLY ANNUALLY CUSTOM UNKNOWN }

  type Money { amount: Decimal! }
  type CustomField { key: String! value: String }

  type BillingSubscription {
    id: ID!
    status: SubscriptionStatus!
    billingCycle: BillingCycle!
    nextBillingDate: Date
    amount: Money
  }
  type BillingSubscriptionConnection { nodes: [BillingSubscription!]! }

  type Customer {
    id: ID!
    account: String!
    vendorId: ID!
    reference: String
    kind: CustomerKind!
    displayName: String
    email: String
    phone: String
    taxNumber: String
    currencyCode: String
    status: CustomerStatus!
    createdAt: DateTime
    customFields: [CustomField!]!
    subscriptions(first: Int = 25): BillingSubscriptionConnection!
  }
  type PageInfo { endCursor: String }
  type CustomerConnection { nodes: [Customer!]! pageInfo: PageInfo! }

  type Query {
    customer(id: ID!): Customer
    customers(first: Int = 25, after: String, accounts: [String!]): CustomerConnection!
  }
`;

interface Context {
  readonly customers: DataLoader<string, Customer | null>;
}

interface PageArguments {
  readonly first: number;
  readonly after: string | null;
  readonly accounts: readonly string[] | null;
}

const resolvers = {
  Query: {
    customer(_: unknown, { id }: { id: string }, { customers }: Context) {
      const [, account, vendorId] = id.split(':');
      if (account !== 'billagain' || vendorId === undefined) throw new Error('only BillAgain is asked by id here');
      return customers.load(vendorId);
    },
    async customers(_: unknown, { first, after, accounts }: PageArguments) {
      const offset = after ? Number(after) : 0;
      const nodes = await readPage(accounts?.[0] ?? 'billagain', first, offset);
      return { nodes, pageInfo: { endCursor: String(offset + nodes.length) } };
    },
  },
  Customer: {
    customFields: (customer: Customer) => readCustomFields(customer),
    async subscriptions(customer: Customer, { first }: { first: number }) {
      return { nodes: await readSubscriptions(customer, first) };
    },
  },
};

const server = new ApolloServer<Context>({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: 0 },
  context: async () => ({ customers: new DataLoader(readCustomers) }),
});
process.stdout.write(`${JSON.stringify({ url })}\n`);
