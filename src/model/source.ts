import { Field, ObjectType } from 'type-graphql';
import { BillingAccount } from './billing-account.ts';
import { CacheHint, VendorCalls } from './federation.ts';
import { DateTimeScalar } from './scalars.ts';

@ObjectType({ description: 'Where a record came from and how fresh it is.', simpleResolvers: true })
@CacheHint(0)
@VendorCalls(0)
export class Source {
  @Field(() => BillingAccount, { description: 'The account that the record was read from.' })
  account!: BillingAccount;

  @Field(() => DateTimeScalar, { description: 'When the vendor gave the record out.' })
  fetchedAt!: string;

  @Field(() => Boolean, { description: 'True when no vendor was asked this time.' })
  cached!: boolean;

  @Field(() => Boolean, {
    description: 'True when the record is older than it should be because its vendor is not answering.',
  })
  stale!: boolean;
}
