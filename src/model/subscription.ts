import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CacheHint, InheritedCacheHint, Internal, Key, VendorCalls } from './federation.ts';
import { Money } from './money.ts';
import { Node } from './node.ts';
import { DateScalar, DecimalScalar, LocalDateTimeScalar } from './scalars.ts';
import type { UnreadablePart } from './unreadable.ts';
import { Vendor } from './vendor.ts';

export const SubscriptionStatus = {
  PENDING: 'PENDING',
  TRIAL: 'TRIAL',
  ACTIVE: 'ACTIVE',
  DEFERRED: 'DEFERRED',
  FROZEN: 'FROZEN',
  PAUSED: 'PAUSED',
  SUSPENDED: 'SUSPENDED',
  CANCELLED: 'CANCELLED',
  EXPIRED: 'EXPIRED',
  UNKNOWN: 'UNKNOWN',
} as const;
export type SubscriptionStatus = keyof typeof SubscriptionStatus;

registerEnumType(SubscriptionStatus, {
  name: 'SubscriptionStatus',
  description: 'Where a subscription stands.',
  valuesConfig: {
    PENDING: { description: 'Set up and not billed yet.' },
    TRIAL: { description: 'In its trial period (BillAgain only).' },
    ACTIVE: { description: 'Being billed.' },
    DEFERRED: { description: 'Set to begin later (UniPay only).' },
    FROZEN: { description: 'Frozen for a number of payments (UniPay only).' },
    PAUSED: { description: 'Paused on request (UniPay only).' },
    SUSPENDED: { description: 'Put on hold by the vendor (UniPay only).' },
    CANCELLED: { description: 'Ended on request.' },
    EXPIRED: { description: 'Ended by its own term.' },
    UNKNOWN: { description: 'The vendor gives no status, or one that this schema has no word for: see rawStatus.' },
  },
});

export const SubscriptionKind = { FIXED: 'FIXED', PERPETUAL: 'PERPETUAL', UNKNOWN: 'UNKNOWN' } as const;
export type SubscriptionKind = keyof typeof SubscriptionKind;

registerEnumType(SubscriptionKind, {
  name: 'SubscriptionKind',
  description: 'Whether a subscription ends by itself.',
  valuesConfig: {
    FIXED: { description: 'Ends after a set time or number of payments.' },
    PERPETUAL: { description: 'Goes on until it is cancelled.' },
    UNKNOWN: { description: "The vendor doesn't say." },
  },
});

export const BillingCycle = {
  WEEKLY: 'WEEKLY',
  MONTHLY: 'MONTHLY',
  QUARTERLY: 'QUARTERLY',
  SEMI_ANNUALLY: 'SEMI_ANNUALLY',
  ANNUALLY: 'ANNUALLY',
  CUSTOM: 'CUSTOM',
  UNKNOWN: 'UNKNOWN',
} as const;
export type BillingCycle = keyof typeof BillingCycle;

registerEnumType(BillingCycle, {
  name: 'BillingCycle',
  description: 'How often a subscription is billed.',
  valuesConfig: {
    WEEKLY: { description: 'Every 7 days.' },
    MONTHLY: { description: 'Every month.' },
    QUARTERLY: { description: 'Every 3 months.' },
    SEMI_ANNUALLY: { description: 'Every 6 months.' },
    ANNUALLY: { description: 'Every 12 months.' },
    CUSTOM: { description: 'At another interval: see cycleMonths and cycleDays (BillAgain only).' },
    UNKNOWN: { description: "The vendor doesn't say." },
  },
});

@ObjectType({ description: 'A part of what a subscription bills for (BillAgain only).', simpleResolvers: true })
@InheritedCacheHint
@VendorCalls(0)
export class SubscriptionComponent {
  @Field(() => ID, { description: "The vendor's number of the component." })
  id!: string;

  @Field(() => String, { nullable: true, description: "The component's version." })
  version!: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'How many units are billed.' })
  units!: string | null;
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'An agreement to bill a customer again and again.',
})
@Key('id')
@CacheHint(60)
@VendorCalls(0)
export class BillingSubscription extends Node {
  @Field(() => String, { description: 'The configured account\'s name, such as "unipay".' })
  account!: string;

  @Field(() => Vendor, { description: 'The vendor that keeps this subscription.' })
  vendor!: Vendor;

  @Field(() => ID, { description: "The vendor's own number for this subscription." })
  vendorId!: string;

  /** Whose it is. The field `customer` of the schema loads the record. */
  customerVendorId!: string;

  @Field(() => String, {
    nullable: true,
    description: "The account's own reference for this subscription (UniPay only).",
  })
  reference!: string | null;

  @Field(() => ID, { nullable: true, description: 'The plan it is billed by (BillAgain package, UniPay plan).' })
  planId!: string | null;

  @Field(() => String, { nullable: true, description: "The plan's name (UniPay only)." })
  planName!: string | null;

  @Field(() => SubscriptionKind, {
    description: 'Whether it ends by itself; at BillAgain told from whether it has an end date.',
  })
  kind!: SubscriptionKind;

  @Field(() => SubscriptionStatus, { description: 'Where the subscription stands.' })
  status!: SubscriptionStatus;

  @Field(() => String, { nullable: true, description: "The vendor's own word for the status." })
  @Internal
  rawStatus!: string | null;

  @Field(() => BillingCycle, { description: 'How often it is billed.' })
  billingCycle!: BillingCycle;

  @Field(() => Int, {
    nullable: true,
    description: "The billing interval in months; null where it is counted in days or isn't known.",
  })
  cycleMonths!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: "The billing interval in days; null where it is counted in months or isn't known.",
  })
  cycleDays!: number | null;

  @Field(() => Money, { nullable: true, description: 'What is charged each time it is billed (UniPay only).' })
  amount!: Money | null;

  @Field(() => Money, { nullable: true, description: 'The tax within each charge (UniPay only).' })
  taxAmount!: Money | null;

  @Field(() => LocalDateTimeScalar, {
    nullable: true,
    description: 'When it was set up; the vendor names no time zone (UniPay only).',
  })
  createdAt!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day it begins (BillAgain only).' })
  startDate!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day it ends (BillAgain only).' })
  endDate!: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The day of the first bill, which sets the cycle (UniPay only).',
  })
  firstBillingDate!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day of the next bill.' })
  nextBillingDate!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day of the last bill (UniPay only).' })
  lastBillingDate!: string | null;

  @Field(() => String, { nullable: true, description: 'A note kept with the subscription (UniPay only).' })
  note!: string | null;

  @Field(() => ID, { nullable: true, description: 'The payment method it is charged to (UniPay only).' })
  paymentMethodId!: string | null;

  @Field(() => [SubscriptionComponent], {
    description: 'What it bills for, part by part (BillAgain only; else empty).',
  })
  components!: SubscriptionComponent[];

  /** What of it could not be read; left out where all could. */
  readonly unreadable?: readonly UnreadablePart[];
}
