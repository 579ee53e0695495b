import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';

/** Looks one customer up, and the next ones of every account, with what a first look wants to see. */
const EXAMPLE = `# Two vendors, one vocabulary. Press play.
query LookAround($id: ID!, $first: Int!) {
  billingAccounts { name vendor health capabilities }

  customer(id: $id) {
    id displayName status balance { amount currencyCode }
    customFields { key values }
    subscriptions { nodes { status billingCycle nextBillingDate } }
    source { cached fetchedAt }
  }

  customers(first: $first, accounts: ["unipay", "billagain"]) {
    nodes { id vendor displayName email address { city countryCode } }
    pageInfo { hasNextPage endCursor }
    completeness { account state reason }
  }
}
`;

/** Apollo Sandbox for a browser that opens /graphql. */
export function createLandingPage() {
  return ApolloServerPluginLandingPageLocalDefault({
    document: EXAMPLE,
    variables: { id: 'Customer:billagain:302', first: 5 },
    embed: { runTelemetry: false },
    includeCookies: false,
    footer: false,
  });
}
