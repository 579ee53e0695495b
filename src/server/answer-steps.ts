import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import type { GraphqlContext } from '../resolvers/context.ts';

/** Looks at an answer before it is sent, and adds to it what its reader is to know. */
export type AnswerStep = (context: GraphQLRequestContextWillSendResponse<GraphqlContext>) => void;

/** One listener for all, in their order: Apollo Server awaits each at every stage of every request. */
export function beforeSending(...steps: readonly AnswerStep[]): ApolloServerPlugin<GraphqlContext> {
  const listener = {
    async willSendResponse(context: GraphQLRequestContextWillSendResponse<GraphqlContext>) {
      for (const step of steps) step(context);
    },
  };
  return { requestDidStart: async () => listener };
}
