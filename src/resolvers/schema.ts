import type { GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { BillingAccountResolver } from './billing-account.resolver.ts';
import { CustomFieldResolver } from './custom-field.resolver.ts';
import { CustomerResolver } from './customer.resolver.ts';
import { MutationResolver } from './mutation.resolver.ts';
import { NodeResolver } from './node.resolver.ts';
import { SubscriptionResolver } from './subscription.resolver.ts';

export function createSchema(): Promise<GraphQLSchema> {
  return buildSchema({
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
}
