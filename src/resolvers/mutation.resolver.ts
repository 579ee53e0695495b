import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Mutation, Resolver } from 'type-graphql';
import type { Customer } from '../model/customer.ts';
import { CreateCustomerInput, UpdateCustomerInput } from '../model/customer-input.ts';
import { Internal, Partner, VendorCalls } from '../model/federation.ts';
import {
  ArchiveCustomerPayload,
  CancelSubscriptionPayload,
  CreateCustomerPayload,
  CreateSubscriptionPayload,
  DeleteCustomerPayload,
  FreezeSubscriptionPayload,
  ReopenCustomerPayload,
  UpdateCustomerPayload,
  UpdateSubscriptionPayload,
} from '../model/payloads.ts';
import type { BillingSubscription } from '../model/subscription.ts';
import {
  CancelSubscriptionInput,
  CreateSubscriptionInput,
  FreezeSubscriptionInput,
  UpdateSubscriptionInput,
} from '../model/subscription-input.ts';
import type { WriteResult } from '../writes/result.ts';
import { type GraphqlContext, reportFailure } from './context.ts';

const INPUT = { description: 'What is to be done.' };
const CUSTOMER_ID = { description: "The customer's global id." };
const KEY = {
  nullable: true,
  description:
    'A text of your own choice, 1 to 255 characters, new for each customer or subscription you mean to create: a request that is sent again with it is answered with the first result.',
} as const;
const DRY_RUN = {
  nullable: true,
  defaultValue: false,
  description: 'True to see what would be sent to the vendor, without sending it.',
} as const;

@Resolver()
export class MutationResolver {
  @Mutation(() => CreateCustomerPayload, {
    nullable: true,
    description: 'Adds a customer to an account; at most once for an idempotency key.',
  })
  @Partner
  @VendorCalls(3)
  async createCustomer(
    @Arg('input', () => CreateCustomerInput, INPUT) input: CreateCustomerInput,
    @Arg('idempotencyKey', () => String, KEY) idempotencyKey: string | null,
    @Internal @Arg('dryRun', () => Boolean, DRY_RUN) dryRun: boolean | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CreateCustomerPayload> {
    const result = await context.writes.createCustomer(input, { idempotencyKey, dryRun: dryRun === true });
    return { ...customerPayload(result, context, info), replayed: result.replayed };
  }

  @Mutation(() => UpdateCustomerPayload, {
    nullable: true,
    description: "Changes a customer's details; fields left out of the input keep their value.",
  })
  @Partner
  @VendorCalls(3)
  async updateCustomer(
    @Arg('input', () => UpdateCustomerInput, INPUT) input: UpdateCustomerInput,
    @Internal @Arg('dryRun', () => Boolean, DRY_RUN) dryRun: boolean | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UpdateCustomerPayload> {
    return customerPayload(await context.writes.updateCustomer(input, { dryRun: dryRun === true }), context, info);
  }

  @Mutation(() => ArchiveCustomerPayload, {
    nullable: true,
    description: 'Puts a customer away; it stays readable (BillAgain only).',
  })
  @Partner
  @VendorCalls(3)
  async archiveCustomer(
    @Arg('id', () => ID, CUSTOMER_ID) id: string,
    @Internal @Arg('dryRun', () => Boolean, DRY_RUN) dryRun: boolean | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ArchiveCustomerPayload> {
    return customerPayload(await context.writes.archiveCustomer(id, { dryRun: dryRun === true }), context, info);
  }

  @Mutation(() => ReopenCustomerPayload, {
    nullable: true,
    description: 'Opens an archived customer again (BillAgain only).',
  })
  @Partner
  @VendorCalls(3)
  async reopenCustomer(
    @Arg('id', () => ID, CUSTOMER_ID) id: string,
    @Internal @Arg('dryRun', () => Boolean, DRY_RUN) dryRun: boolean | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ReopenCustomerPayload> {
    return customerPayload(await context.writes.reopenCustomer(id, { dryRun: dryRun === true }), context, info);
  }

  @Mutation(() => DeleteCustomerPayload, {
    nullable: true,
    description: 'Deletes a customer for good (BillAgain only).',
  })
  @Internal
  @VendorCalls(1)
  async deleteCustomer(
    @Arg('id', () => ID, CUSTOMER_ID) id: string,
    @Internal @Arg('dryRun', () => Boolean, DRY_RUN) dryRun: boolean | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DeleteCustomerPayload> {
    const result = await context.writes.deleteCustomer(id, { dryRun: dryRun === true });
    const { userErrors, dryRun: planned } = result;
    noteWrite(result, context, info);
    return { deletedId: userErrors.length > 0 || planned ? null : id, userErrors, dryRun: planned };
  }

  @Mutation(() => CreateSubscriptionPayload, {
    nullable: true,
    description: 'Adds a subscription to a customer; at most once for an idempotency key.',
  })
  @Partner
  @VendorCalls(3)
  async createSubscription(
    @Arg('input', () => CreateSubscriptionInput, INPUT) input: CreateSubscriptionInput,
    @Arg('idempotencyKey', () => String, KEY) idempotencyKey: string | null,
    @Internal @Arg('dryRun', () => Boolean, DRY_RUN) dryRun: boolean | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CreateSubscriptionPayload> {
    const result = await context.writes.createSubscription(input, { idempotencyKey, dryRun: dryRun === true });
    return { ...subscriptionPayload(result, context, info), replayed: result.replayed };
  }

  @Mutation(() => UpdateSubscriptionPayload, {
    nullable: true,
    description: "Changes a subscription's note and payment method (UniPay only).",
  })
  @Partner
  @VendorCalls(3)
  async updateSubscription(
    @Arg('input', () => UpdateSubscriptionInput, INPUT) input: UpdateSubscriptionInput,
    @Internal @Arg('dryRun', () => Boolean, DRY_RUN) dryRun: boolean | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UpdateSubscriptionPayload> {
    const result = await context.writes.updateSubscription(input, { dryRun: dryRun === true });
    return subscriptionPayload(result, context, info);
  }

  @Mutation(() => CancelSubscriptionPayload, { nullable: true, description: 'Ends a subscription.' })
  @Partner
  @VendorCalls(3)
  async cancelSubscription(
    @Arg('input', () => CancelSubscriptionInput, INPUT) input: CancelSubscriptionInput,
    @Internal @Arg('dryRun', () => Boolean, DRY_RUN) dryRun: boolean | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CancelSubscriptionPayload> {
    const result = await context.writes.cancelSubscription(input, { dryRun: dryRun === true });
    return subscriptionPayload(result, context, info);
  }

  @Mutation(() => FreezeSubscriptionPayload, {
    nullable: true,
    description: 'Leaves out a number of payments of a subscription (UniPay only).',
  })
  @Partner
  @VendorCalls(3)
  async freezeSubscription(
    @Arg('input', () => FreezeSubscriptionInput, INPUT) input: FreezeSubscriptionInput,
    @Internal @Arg('dryRun', () => Boolean, DRY_RUN) dryRun: boolean | null,
    @Ctx() context: GraphqlContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<FreezeSubscriptionPayload> {
    const result = await context.writes.freezeSubscription(input, { dryRun: dryRun === true });
    return subscriptionPayload(result, context, info);
  }
}

function customerPayload(result: WriteResult<Customer>, context: GraphqlContext, info: GraphQLResolveInfo) {
  noteWrite(result, context, info);
  return { customer: result.record, customerId: result.recordId, userErrors: result.userErrors, dryRun: result.dryRun };
}

function subscriptionPayload(
  result: WriteResult<BillingSubscription>,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
) {
  noteWrite(result, context, info);
  return {
    subscription: result.record,
    subscriptionId: result.recordId,
    userErrors: result.userErrors,
    dryRun: result.dryRun,
  };
}

/**
 * Errors in the place of what a write was to show name its record, and don't call for another try. A write that was carried
 * out and can't be shown is a success with an error beside it.
 */
function noteWrite(result: WriteResult<unknown>, context: GraphqlContext, info: GraphQLResolveInfo): void {
  const { userErrors, dryRun, recordId, readBackFailure } = result;
  if (userErrors.length === 0 && dryRun === null) context.carriedOut.set(info.path.key, recordId);
  if (readBackFailure) reportFailure(context, info, readBackFailure);
}
