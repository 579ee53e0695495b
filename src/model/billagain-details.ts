import { Field, ID, Int, ObjectType } from 'type-graphql';
import { InheritedCacheHint, Internal, VendorCalls } from './federation.ts';

@ObjectType({
  description:
    'The card a customer pays with, and never more of its number than the last four digits (BillAgain only).',
  simpleResolvers: true,
})
@Internal
@InheritedCacheHint
@VendorCalls(0)
export class CardSummary {
  @Field(() => String, { nullable: true, description: 'The card scheme, such as "VISA".' })
  brand!: string | null;

  @Field(() => String, { nullable: true, description: 'The last four digits of the number.' })
  lastFourDigits!: string | null;

  @Field(() => Int, { nullable: true, description: 'The month the card expires in, 1 to 12.' })
  expiryMonth!: number | null;

  @Field(() => Int, { nullable: true, description: 'The year the card expires in.' })
  expiryYear!: number | null;
}

@ObjectType({ description: 'What else BillAgain keeps about a customer (BillAgain only).', simpleResolvers: true })
@Internal
@InheritedCacheHint
@VendorCalls(0)
export class BillAgainDetails {
  @Field(() => String, {
    nullable: true,
    description: 'The field Company as BillAgain holds it, on persons and companies alike.',
  })
  company!: string | null;

  @Field(() => ID, { nullable: true, description: "BillAgain's number of the country that taxes are charged for." })
  taxCountryId!: string | null;

  @Field(() => String, { nullable: true, description: 'The state or province that taxes are charged for.' })
  taxRegion!: string | null;

  @Field(() => ID, { nullable: true, description: "BillAgain's number of that state or province." })
  taxRegionId!: string | null;

  @Field(() => CardSummary, {
    nullable: true,
    description: 'The card on file; BillAgain tells it only in answer to createCustomer.',
  })
  card!: CardSummary | null;
}
