import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { BadUserInput } from '../errors.ts';
import { CacheHint, Partner, VendorCalls } from '../model/federation.ts';
import { readNodeId } from '../model/ids.ts';
import { Node } from '../model/node.ts';
import type { GraphqlContext } from './context.ts';
import { asksForCustomFields } from './customer.resolver.ts';

/** Five full batches at BillAgain; more is a job for `customers`. */
const MAX_IDS = 1000;

@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: 'Any record by its global id; null where there is none such.' })
  @Partner
  @CacheHint(60)
  @VendorCalls(1)
  async node(
    @Arg('id', () => ID, { description: 'The global id.' }) id: string,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Node | null> {
    return loadNode(id, context, asksForCustomFields(info));
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: 'Up to 1000 records by their global ids, in their order; null where there is none such.',
  })
  @Partner
  @CacheHint(60)
  @VendorCalls(1)
  nodes(
    @Arg('ids', () => [ID], { description: 'The global ids.' }) ids: string[],
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Node | Error | null>[] {
    if (ids.length > MAX_IDS) throw new BadUserInput(`\`ids\` may hold up to ${MAX_IDS} ids; got ${ids.length}`);
    const customFields = asksForCustomFields(info);
    // An error stands at its own place and leaves the other records alone; and no record waits for another.
    return ids.map((id) => loadNode(id, context, customFields).catch((error: Error) => error));
  }
}

async function loadNode(id: string, { loaders }: GraphqlContext, customFields: boolean): Promise<Node | null> {
  const key = readNodeId(id);
  return key.type === 'Customer' ? loaders.customer(key, { customFields }) : loaders.subscription(key);
}
