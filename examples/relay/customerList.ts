import { graphql } from 'relay-runtime';

/*
 * Read by relay-compiler, which writes __generated__ from it. In an application these stand in the components that use them.
 */

/** The list: Relay joins its pages under the key of @connection. */
export const listQuery = () => graphql`
  query customerListQuery($count: Int!, $cursor: String, $accounts: [String!]) {
    ...customerList_list @arguments(count: $count, cursor: $cursor, accounts: $accounts)
  }
`;

export const listFragment = () => graphql`
  fragment customerList_list on Query
  @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "String" }, accounts: { type: "[String!]" })
  @refetchable(queryName: "customerListNextPageQuery") {
    customers(first: $count, after: $cursor, accounts: $accounts) @connection(key: "customerList_customers") {
      edges {
        node {
          id
          ...customerList_row
        }
      }
    }
  }
`;

/** A row, which reads itself again through `node(id:)`. */
export const rowFragment = () => graphql`
  fragment customerList_row on Customer @refetchable(queryName: "customerListRowQuery") {
    id
    displayName
    status
  }
`;
