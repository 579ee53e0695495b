import { Field, ID, ObjectType } from 'type-graphql';
import { Customer } from './customer.ts';
import { Internal, VendorCalls } from './federation.ts';
import { BillingSubscription } from './subscription.ts';
import { UserError } from './user-error.ts';

@ObjectType({ description: 'The request that a change would send to the vendor.', simpleResolvers: true })
@Internal
@VendorCalls(0)
export class PlannedRequest {
  @Field(() => String, { description: 'The HTTP method.' })
  method!: string;

  @Field(() => String, { description: "The path below the account's base URL, with its query." })
  path!: string;

  @Field(() => String, { nullable: true, description: "The body's content type." })
  contentType!: string | null;

  @Field(() => String, { nullable: true, description: 'The body, with passwords and card numbers masked.' })
  body!: string | null;

  @Field(() => [String], {
    description: 'The fields of the input that would be lost, as dotted paths; without dryRun they are refused.',
  })
  lostFields!: string[];
}

@ObjectType()
abstract class Payload {
  @Field(() => [UserError], { description: 'Why the change was not made; empty when it was.' })
  userErrors!: UserError[];

  @Field(() => PlannedRequest, { nullable: true, description: 'With dryRun, what would have been sent; else null.' })
  @Internal
  dryRun!: PlannedRequest | null;
}

@ObjectType()
abstract class CustomerPayload extends Payload {
  @Field(() => Customer, {
    nullable: true,
    description: 'The customer as the vendor has it now; null when the change was refused.',
  })
  customer!: Customer | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The customer's global id, even where the customer can't be shown; null when the change was refused, or may have been made without an answer that names it.",
  })
  customerId!: string | null;
}

@ObjectType()
abstract class SubscriptionPayload extends Payload {
  @Field(() => BillingSubscription, {
    nullable: true,
    description: 'The subscription as the vendor has it now; null when the change was refused.',
  })
  subscription!: BillingSubscription | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The subscription's global id, even where the subscription can't be shown; null when the change was refused, or may have been made without an answer that names it.",
  })
  subscriptionId!: string | null;
}

const REPLAYED = 'True when an idempotency key was answered with the result of an earlier request.';

@ObjectType({ description: 'What became of createCustomer.', simpleResolvers: true })
@VendorCalls(0)
export class CreateCustomerPayload extends CustomerPayload {
  @Field(() => Boolean, { description: REPLAYED })
  replayed!: boolean;
}

@ObjectType({ description: 'What became of updateCustomer.', simpleResolvers: true })
@VendorCalls(0)
export class UpdateCustomerPayload extends CustomerPayload {}

@ObjectType({ description: 'What became of archiveCustomer.', simpleResolvers: true })
@VendorCalls(0)
export class ArchiveCustomerPayload extends CustomerPayload {}

@ObjectType({ description: 'What became of reopenCustomer.', simpleResolvers: true })
@VendorCalls(0)
export class ReopenCustomerPayload extends CustomerPayload {}

@ObjectType({ description: 'What became of deleteCustomer.', simpleResolvers: true })
@VendorCalls(0)
@Internal
export class DeleteCustomerPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'The global id of the customer that is gone; null when it was not deleted.',
  })
  deletedId!: string | null;
}

@ObjectType({ description: 'What became of createSubscription.', simpleResolvers: true })
@VendorCalls(0)
export class CreateSubscriptionPayload extends SubscriptionPayload {
  @Field(() => Boolean, { description: REPLAYED })
  replayed!: boolean;
}

@ObjectType({ description: 'What became of updateSubscription.', simpleResolvers: true })
@VendorCalls(0)
export class UpdateSubscriptionPayload extends SubscriptionPayload {}

@ObjectType({ description: 'What became of cancelSubscription.', simpleResolvers: true })
@VendorCalls(0)
export class CancelSubscriptionPayload extends SubscriptionPayload {}

@ObjectType({ description: 'What became of freezeSubscription.', simpleResolvers: true })
@VendorCalls(0)
export class FreezeSubscriptionPayload extends SubscriptionPayload {}
