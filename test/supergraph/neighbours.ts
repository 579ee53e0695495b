/** Knows customers by their id. */
export const LOYALTY = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])

  type Query {
    members(ids: [ID!]!): [Customer!]!
  }

  extend type Customer @key(fields: "id") {
    id: ID!
    loyaltyTier: String
    credit: Money
  }

  type Money @shareable {
    amount: Decimal!
    currencyCode: String
  }

  scalar Decimal
`;

/** Knows customers as their vendor numbers them. */
export const SUPPORT = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

  type Query {
    tickets(numbers: [ID!]!): [Ticket!]!
  }

  type Ticket {
    subject: String!
    customer: Customer!
  }

  extend type Customer @key(fields: "account vendorId") {
    account: String!
    vendorId: ID!
    openTicketCount: Int
  }
`;
