import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { BadUserInput } from '../errors.ts';
import type { Customer } from '../model/customer.ts';
import { CacheHint, Partner, VendorCalls } from '../model/federation.ts';
import { readNodeId } from '../model/ids.ts';
import { Node } from '../model/node.ts';
import type { BillingSubscription } from '../model/subscription.ts';
import type { GraphqlContext } from './context.ts';
import { asksForCustomFields } from './customer.resolver.ts';
import { tellUnreadable, tellUnreadableRows } from './unreadable-parts.ts';

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
    return tellUnreadable(await loadNode(id, context, asksForCustomFields(info)), context, info);
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
    const nodes = ids.map((id) => loadNode(id, context, customFields).catch((error: Error) => error));
    // Told once for all of them, which is before the answer is sent: that waits for all, too.
    void Promise.all(nodes).then((all) =>
      tellUnreadableRows(
        all.map((node) => node ?? {}),
        context,
        info,
        (index) => [[index]],
      ),
    );
    return nodes;
  }
}

type Loaded = Customer | BillingSubscription;

async function loadNode(id: string, { loaders }: GraphqlContext, customFields: boolean): Promise<Loaded | null> {
  const key = readNodeId(id);
  return key.type === 'Customer' ? loaders.customer(key, { customFields }) : loaders.subscription(key);
}
