import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { SubscriptionComponentInput } from './customer-input.ts';
import { DateScalar, DecimalScalar } from './scalars.ts';

export const CancellationMode = {
  RENEWAL: 'RENEWAL',
  NO_REFUND: 'NO_REFUND',
  PRORATA: 'PRORATA',
  FULL_CREDIT: 'FULL_CREDIT',
} as const;
export type CancellationMode = keyof typeof CancellationMode;

registerEnumType(CancellationMode, {
  name: 'CancellationMode',
  description: 'When a subscription ends, and what is paid back (BillAgain only).',
  valuesConfig: {
    RENEWAL: { description: 'It ends when it would be renewed.' },
    NO_REFUND: { description: 'It ends at once; nothing is paid back.' },
    PRORATA: { description: 'It ends at once; the unused part is credited.' },
    FULL_CREDIT: { description: 'It ends at once; the last bill is credited in full.' },
  },
});

@InputType({ description: 'What else BillAgain takes with a new subscription (BillAgain only).' })
export class BillAgainSubscriptionDetailsInput {
  @Field(() => ID, { nullable: true, description: "BillAgain's number of the package's version." })
  planVersionId?: string | null;

  @Field(() => Int, { nullable: true, description: "The number of the package's version." })
  planVersionNumber?: number | null;

  @Field(() => ID, { nullable: true, description: "BillAgain's number of the package's rate for the term." })
  rateTermId?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day up to which the first bill is pro rata.' })
  firstProrataSyncDate?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many days before it is due a bill is sent.' })
  invoiceLeadDays?: number | null;
}

@InputType({ description: "A new subscription; what the account's vendor has no place for is refused, not dropped." })
export class CreateSubscriptionInput {
  @Field(() => String, { description: "The customer's account." })
  account!: string;

  @Field(() => ID, { description: "The customer's global id." })
  customerId!: string;

  @Field(() => String, { nullable: true, description: 'Your own reference (UniPay only).' })
  reference?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The plan to bill by (BillAgain package, UniPay plan), which both vendors need.',
  })
  planId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The payment method to charge (UniPay only, which needs one).',
  })
  paymentMethodId?: string | null;

  @Field(() => String, { nullable: true, description: 'A note to keep with the subscription (UniPay only).' })
  note?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'What to charge each time, in major units (UniPay only).',
  })
  amount?: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The day of the first bill, which sets the cycle (UniPay only).',
  })
  firstBillingDate?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day it begins (BillAgain only).' })
  startDate?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day it ends (BillAgain only).' })
  endDate?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The billing interval in months (BillAgain only); give this or cycleDays.',
  })
  cycleMonths?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The billing interval in days (BillAgain only); give this or cycleMonths.',
  })
  cycleDays?: number | null;

  @Field(() => [SubscriptionComponentInput], {
    nullable: true,
    description: 'What to bill for, part by part (BillAgain only).',
  })
  components?: SubscriptionComponentInput[] | null;

  @Field(() => BillAgainSubscriptionDetailsInput, {
    nullable: true,
    description: 'What else BillAgain takes (BillAgain only).',
  })
  billAgain?: BillAgainSubscriptionDetailsInput | null;
}

@InputType({
  description: 'Changes to a subscription: fields left out keep their value, null clears it (UniPay only).',
})
export class UpdateSubscriptionInput {
  @Field(() => ID, { description: "The subscription's global id." })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The note kept with the subscription.' })
  note?: string | null;

  @Field(() => ID, { nullable: true, description: 'The payment method to charge.' })
  paymentMethodId?: string | null;
}

@InputType({ description: 'How to end a subscription.' })
export class CancelSubscriptionInput {
  @Field(() => ID, { description: "The subscription's global id." })
  id!: string;

  @Field(() => DateScalar, { nullable: true, description: 'The day it ends (UniPay only, which needs one).' })
  effectiveDate?: string | null;

  @Field(() => CancellationMode, {
    nullable: true,
    description: 'When it ends and what is paid back (BillAgain only, which needs one).',
  })
  mode?: CancellationMode | null;

  @Field(() => String, { nullable: true, description: 'A note to keep with the change (UniPay only).' })
  note?: string | null;
}

@InputType({ description: 'How to freeze a subscription (UniPay only).' })
export class FreezeSubscriptionInput {
  @Field(() => ID, { description: "The subscription's global id." })
  id!: string;

  @Field(() => DateScalar, {
    description: 'The day the freeze begins: in the future, and one on which the subscription is billed.',
  })
  effectiveDate!: string;

  @Field(() => Int, { description: 'How many payments are left out.' })
  paymentCount!: number;

  @Field(() => String, { nullable: true, description: 'A note to keep with the change.' })
  note?: string | null;
}
