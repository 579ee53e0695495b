import { Field, ObjectType } from 'type-graphql';

@ObjectType({
  description: 'One question and answer that the account keeps about a customer (BillAgain only).',
  simpleResolvers: true,
})
export class CustomField {
  @Field(() => String, { description: 'The label, as people see it; not guaranteed to be unique.' })
  key!: string;

  @Field(() => String, { nullable: true, description: 'The value as the vendor gave it.' })
  value!: string | null;
}
