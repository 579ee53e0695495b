import { Ctx, Query, Resolver } from 'type-graphql';
import { BillingAccount } from '../model/billing-account.ts';
import { CacheHint, Partner, VendorCalls } from '../model/federation.ts';
import type { GraphqlContext } from './context.ts';

@Resolver(() => BillingAccount)
export class BillingAccountResolver {
  @Query(() => [BillingAccount], { description: 'Every configured account, in its configured order.' })
  @Partner
  @CacheHint(60)
  @VendorCalls(0)
  billingAccounts(@Ctx() { loaders }: GraphqlContext): BillingAccount[] {
    return loaders.billingAccounts();
  }
}
