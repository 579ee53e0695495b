import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import type { GraphqlContext } from '../resolvers/context.ts';
import { refusal } from './refusal.ts';

/**
 * Refuses an operation of a kind that the schema has no root type for, such as a subscription. It is valid to graphql-js, which
 * throws when it is to run it, as if the fault were ours.
 */
export function refuseUnservedOperations(schema: GraphQLSchema): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation }) {
          if (!operation || schema.getRootType(operation.operation)) return;
          throw refusal('BAD_USER_INPUT', `the schema has no ${operation.operation}s; got one`);
        },
      };
    },
  };
}
