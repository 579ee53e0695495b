import { Ctx, Query, Resolver } from 'type-graphql';
import { BillingAccount } from '../model/billing-account.ts';
import type { GraphqlContext } from './context.ts';

@Resolver(() => BillingAccount)
export class BillingAccountResolver {
  @Query(() => [BillingAccount], { description: 'Every configured account, in its configured order.' })
  billingAccounts(@Ctx() { loaders }: GraphqlContext): BillingAccount[] {
    return loaders.billingAccounts();
  }
}
