import type { GraphQLInterfaceType, GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { nodeTypeName } from '../model/node.ts';
import { BillingAccountResolver } from './billing-account.resolver.ts';
import { CustomFieldResolver } from './custom-field.resolver.ts';
import { CustomerResolver } from './customer.resolver.ts';
import { callResolversDirectly } from './direct-calls.ts';
import { MutationResolver } from './mutation.resolver.ts';
import { NodeResolver } from './node.resolver.ts';
import { SubscriptionResolver } from './subscription.resolver.ts';

export async function createSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [
      BillingAccountResolver,
      CustomFieldResolver,
      CustomerResolver,
      MutationResolver,
      NodeResolver,
      SubscriptionResolver,
    ],
    // Arguments are checked where they are read, with messages of our own; class-validator would only cost time.
    validate: false,
  });
  callResolversDirectly(schema);
  // type-graphql makes it async, which a compiled query can't wait for.
  (schema.getType('Node') as GraphQLInterfaceType).resolveType = nodeTypeName;
  // The types that type-graphql makes without a class to describe them at.
  const [query, mutation] = [schema.getQueryType(), schema.getMutationType()];
  if (query) query.description = 'What can be read, of every account.';
  if (mutation)
    mutation.description =
      'What can be changed, and is refused with a reason where it is not; a field is null only with an error at its path.';
  return schema;
}
