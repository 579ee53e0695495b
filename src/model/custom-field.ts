import { Field, ObjectType } from 'type-graphql';
import { InheritedCacheHint, VendorCalls } from './federation.ts';

@ObjectType({
  description: 'One question and answer that the account keeps about a customer (BillAgain only).',
  simpleResolvers: true,
})
@InheritedCacheHint
@VendorCalls(0)
export class CustomField {
  @Field(() => String, { description: 'The label, as people see it; not guaranteed to be unique.' })
  key!: string;

  @Field(() => String, { nullable: true, description: 'The value as the vendor gave it.' })
  value!: string | null;
}
