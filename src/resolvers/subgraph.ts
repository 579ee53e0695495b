import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLResolveInfo, type GraphQLSchema, lexicographicSortSchema, parse } from 'graphql';
import { createResolversMap } from 'type-graphql';
import { type CustomerKey, readCustomerId, readSubscriptionId } from '../model/ids.ts';
import type { GraphqlContext } from './context.ts';
import { asksForCustomFields } from './customer.resolver.ts';

/** What of the specification is used, and the one directive of ours that is not part of it. */
const HEAD = `extend schema
  @link(
    url: "https://specs.apollo.dev/federation/v2.12"
    import: ["@key", "@shareable", "@tag", "@cost", "@listSize", "@cacheTag"]
  )

directive @cacheControl(maxAge: Int, inheritMaxAge: Boolean) on FIELD_DEFINITION | INTERFACE | OBJECT | UNION
`;

/** What schema/subgraph.graphql holds, and composition reads. */
export function subgraphText(schema: GraphQLSchema): string {
  return `${HEAD}\n${printSubgraphSchema(lexicographicSortSchema(schema))}\n`;
}

type CustomerReference = { readonly id: string } | CustomerKey;

/** The same schema with what a federation router asks of it: `_service` and `_entities`. */
export function createSubgraphSchema(schema: GraphQLSchema): GraphQLSchema {
  const resolvers = createResolversMap(schema);
  return buildSubgraphSchema([
    {
      typeDefs: parse(subgraphText(schema)),
      resolvers: {
        ...resolvers,
        Customer: {
          ...resolvers.Customer,
          // Async, so that a malformed reference is an error in its own place only.
          __resolveReference: async (
            reference: CustomerReference,
            { loaders }: GraphqlContext,
            info: GraphQLResolveInfo,
          ) =>
            loaders.customer('id' in reference ? readCustomerId(reference.id) : reference, {
              customFields: asksForCustomFields(info),
            }),
        },
        BillingSubscription: {
          ...resolvers.BillingSubscription,
          __resolveReference: async ({ id }: { readonly id: string }, { loaders }: GraphqlContext) =>
            loaders.subscription(readSubscriptionId(id)),
        },
      } as never,
    },
  ]);
}
