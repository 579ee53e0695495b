import { Field, ObjectType } from 'type-graphql';
import { InheritedCacheHint, Shareable, VendorCalls } from './federation.ts';

@ObjectType({
  description: "A customer's postal address; parts the vendor doesn't hold are null.",
  simpleResolvers: true,
})
@Shareable
@InheritedCacheHint
@VendorCalls(0)
export class Address {
  @Field(() => String, { nullable: true, description: 'The first line: house number and street.' })
  line1!: string | null;

  @Field(() => String, { nullable: true, description: 'The second line, such as a suburb.' })
  line2!: string | null;

  @Field(() => String, { nullable: true, description: 'The city or town.' })
  city!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The state or province: a name at BillAgain ('Eastern Cape'), a code at UniPay ('TX').",
  })
  region!: string | null;

  @Field(() => String, { nullable: true, description: 'The postal or ZIP code, as text.' })
  postalCode!: string | null;

  @Field(() => String, { nullable: true, description: "The country's English name (BillAgain only)." })
  country!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The country's ISO 3166-1 alpha-2 code; at BillAgain found by the country's name, null where the name isn't known.",
  })
  countryCode!: string | null;
}
