import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Customer } from './customer.ts';
import { InheritedCacheHint, Shareable, VendorCalls } from './federation.ts';
import { BillingSubscription } from './subscription.ts';

export const CompletenessState = {
  COMPLETE: 'COMPLETE',
  MORE: 'MORE',
  SCAN_LIMIT: 'SCAN_LIMIT',
  FAILED: 'FAILED',
} as const;
export type CompletenessState = keyof typeof CompletenessState;

registerEnumType(CompletenessState, {
  name: 'CompletenessState',
  description: 'How far an account has been read.',
  valuesConfig: {
    COMPLETE: { description: 'Read to its end.' },
    MORE: { description: 'Read up to this page: further rows are behind endCursor.' },
    SCAN_LIMIT: {
      description: 'Read as far as one page may scan an account that cannot filter: the scan goes on behind endCursor.',
    },
    FAILED: { description: 'Not read, or not wholly: the reason and an entry in errors say why.' },
  },
});

@ObjectType({ description: 'What one account contributed to a page.', simpleResolvers: true })
@InheritedCacheHint
@VendorCalls(0)
export class AccountCompleteness {
  @Field(() => String, { description: "The account's name." })
  account!: string;

  @Field(() => CompletenessState, { description: 'How far the account has been read.' })
  state!: CompletenessState;

  @Field(() => String, {
    nullable: true,
    description: 'Why, in words, where there is more to say than the state does.',
  })
  reason!: string | null;
}

@ObjectType({ description: 'Where a page stands in the whole list, as Relay defines it.', simpleResolvers: true })
@Shareable
@InheritedCacheHint
@VendorCalls(0)
export class PageInfo {
  @Field(() => Boolean, { description: 'True when there is more behind endCursor.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'True when this page was asked for with a cursor.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "The first row's cursor." })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Where the next page begins: pass it as `after`.' })
  endCursor!: string | null;
}

@ObjectType({ description: 'A customer and its place in the list.', simpleResolvers: true })
@InheritedCacheHint
@VendorCalls(0)
export class CustomerEdge {
  @Field(() => String, { description: 'The place right behind this customer.' })
  cursor!: string;

  @Field(() => Customer, { description: 'The customer.' })
  node!: Customer;
}

@ObjectType({
  description: 'A page of customers, account after account in their configured order.',
  simpleResolvers: true,
})
@InheritedCacheHint
@VendorCalls(0)
export class CustomerConnection {
  @Field(() => [CustomerEdge], { description: 'The customers with their cursors.' })
  edges!: CustomerEdge[];

  @Field(() => [Customer], { description: 'The customers alone.' })
  nodes!: Customer[];

  @Field(() => PageInfo, { description: 'Where this page stands.' })
  pageInfo!: PageInfo;

  @Field(() => [AccountCompleteness], {
    description: 'What each account contributed: a silent account is never mistaken for an empty one.',
  })
  completeness!: AccountCompleteness[];
}

@ObjectType({ description: 'A subscription and its place in the list.', simpleResolvers: true })
@InheritedCacheHint
@VendorCalls(0)
export class BillingSubscriptionEdge {
  @Field(() => String, { description: 'The place right behind this subscription.' })
  cursor!: string;

  @Field(() => BillingSubscription, { description: 'The subscription.' })
  node!: BillingSubscription;
}

@ObjectType({ description: "A page of one customer's subscriptions, in the vendor's order.", simpleResolvers: true })
@InheritedCacheHint
@VendorCalls(0)
export class BillingSubscriptionConnection {
  @Field(() => [BillingSubscriptionEdge], { description: 'The subscriptions with their cursors.' })
  edges!: BillingSubscriptionEdge[];

  @Field(() => [BillingSubscription], { description: 'The subscriptions alone.' })
  nodes!: BillingSubscription[];

  @Field(() => PageInfo, { description: 'Where this page stands.' })
  pageInfo!: PageInfo;

  @Field(() => [AccountCompleteness], {
    description: "How far the customer's subscriptions have been read: one entry, for their account.",
  })
  completeness!: AccountCompleteness[];
}
