import { Field, ID, InputType } from 'type-graphql';
import { DateScalar, DecimalScalar } from './scalars.ts';
import { BillingCycle, SubscriptionKind, SubscriptionStatus } from './subscription.ts';

@InputType({
  description:
    'Which customers are wanted: all that is given must match, in the way of a vendor that filters itself, elsewhere as a whole, ignoring case.',
})
export class CustomerFilter {
  @Field(() => ID, { nullable: true, description: 'Customers of this merchant account (UniPay only).' })
  merchantAccountId?: string | null;

  @Field(() => String, { nullable: true, description: 'Customers with this first name.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Customers with this last name.' })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: 'Customers of this organization.' })
  organizationName?: string | null;

  @Field(() => String, { nullable: true, description: 'Customers with this email address.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Customers with this telephone number.' })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: 'Customers whose first address line is this.' })
  street?: string | null;

  @Field(() => String, { nullable: true, description: 'Customers in this city.' })
  city?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Customers in this state or province (a name at BillAgain, a code at UniPay).',
  })
  region?: string | null;

  @Field(() => String, { nullable: true, description: 'Customers with this postal code.' })
  postalCode?: string | null;

  @Field(() => String, { nullable: true, description: 'Customers in this country (ISO 3166-1 alpha-2).' })
  countryCode?: string | null;
}

@InputType({
  description:
    "Which of a customer's subscriptions are wanted: all that is given must match, and every From and To is inclusive.",
})
export class SubscriptionFilter {
  @Field(() => BillingCycle, { nullable: true, description: 'Subscriptions billed this often.' })
  billingCycle?: BillingCycle | null;

  @Field(() => SubscriptionKind, { nullable: true, description: 'Subscriptions of this kind.' })
  kind?: SubscriptionKind | null;

  @Field(() => SubscriptionStatus, { nullable: true, description: 'Subscriptions with this status.' })
  status?: SubscriptionStatus | null;

  @Field(() => ID, { nullable: true, description: 'Subscriptions to this plan.' })
  planId?: string | null;

  @Field(() => String, { nullable: true, description: 'Subscriptions to a plan of this name (UniPay only).' })
  planName?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Set up on this day or later (UniPay only).' })
  createdFrom?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Set up on this day or earlier (UniPay only).' })
  createdTo?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Last billed on this day or later (UniPay only).' })
  lastBillingFrom?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Last billed on this day or earlier (UniPay only).' })
  lastBillingTo?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Billed next on this day or later.' })
  nextBillingFrom?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Billed next on this day or earlier.' })
  nextBillingTo?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Charged at least this much, in major units (UniPay only).',
  })
  amountFrom?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Charged at most this much, in major units (UniPay only).',
  })
  amountTo?: string | null;
}
