import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { MalformedAnswer } from '../errors.ts';
import { Customer } from '../model/customer.ts';
import { CacheHint, Partner, VendorCalls } from '../model/federation.ts';
import { readSubscriptionId } from '../model/ids.ts';
import { Source } from '../model/source.ts';
import { BillingSubscription } from '../model/subscription.ts';
import type { GraphqlContext } from './context.ts';
import { asksForCustomFields } from './customer.resolver.ts';
import { readSource } from './source.ts';
import { tellUnreadable } from './unreadable-parts.ts';

@Resolver(() => BillingSubscription)
export class SubscriptionResolver {
  @Query(() => BillingSubscription, {
    nullable: true,
    description: 'One subscription by its global id; null where the account has none such.',
  })
  @Partner
  @CacheHint(60)
  @VendorCalls(1)
  subscription(
    @Arg('id', () => ID, { description: 'The global id, such as "BillingSubscription:unipay:17:4".' }) id: string,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BillingSubscription | null> {
    return context.loaders
      .subscription(readSubscriptionId(id))
      .then((subscription) => tellUnreadable(subscription, context, info));
  }

  @FieldResolver(() => Customer, { description: 'Who is billed.' })
  @VendorCalls(1)
  async customer(
    @Root() { account, customerVendorId: vendorId }: BillingSubscription,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Customer> {
    const customer = await context.loaders.customer({ account, vendorId }, { customFields: asksForCustomFields(info) });
    if (!customer)
      throw new MalformedAnswer(account, `the vendor has a subscription of customer ${vendorId}, but no such customer`);
    return tellUnreadable(customer, context, info);
  }

  @FieldResolver(() => Source, { description: 'Where this record came from and how fresh it is.' })
  source(@Root() subscription: BillingSubscription, @Ctx() context: GraphqlContext): Source {
    return readSource(subscription, context);
  }
}
