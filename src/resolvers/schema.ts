import type { GraphQLInterfaceType, GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { nodeTypeName } from '../model/node.ts';
import { BillingAccountResolver } from './billing-account.resolver.ts';
import { CustomFieldResolver } from './custom-field.resolver.ts';
import { CustomerResolver } from './customer.resolver.ts';
import { callResolversDirectly } from './direct-calls.ts';
import { NodeResolver } from './node.resolver.ts';
import { SubscriptionResolver } from './subscription.resolver.ts';

export async function createSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [BillingAccountResolver, CustomFieldResolver, CustomerResolver, NodeResolver, SubscriptionResolver],
    // Arguments are checked where they are read, with messages of our own; class-validator would only cost time.
    validate: false,
  });
  callResolversDirectly(schema);
  // type-graphql makes it async, which a compiled query can't wait for.
  (schema.getType('Node') as GraphQLInterfaceType).resolveType = nodeTypeName;
  // The one type that type-graphql makes without a class to describe it at.
  const query = schema.getQueryType();
  if (query) query.description = 'What can be read, of every account.';
  return schema;
}
