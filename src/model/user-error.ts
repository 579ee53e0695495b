import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { VendorCalls } from './federation.ts';

export const UserErrorCode = {
  INVALID: 'INVALID',
  REQUIRED: 'REQUIRED',
  TOO_LONG: 'TOO_LONG',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  UNSUPPORTED_BY_VENDOR: 'UNSUPPORTED_BY_VENDOR',
  REFUSED_BY_VENDOR: 'REFUSED_BY_VENDOR',
  RAW_CARD_DATA_REFUSED: 'RAW_CARD_DATA_REFUSED',
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  IDEMPOTENCY_IN_PROGRESS: 'IDEMPOTENCY_IN_PROGRESS',
  OUTCOME_UNKNOWN: 'OUTCOME_UNKNOWN',
} as const;
export type UserErrorCode = keyof typeof UserErrorCode;

registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description: 'Why a change was not made, or may not have been.',
  valuesConfig: {
    INVALID: { description: 'A value is not of the expected form.' },
    REQUIRED: { description: 'A value is missing that this account needs.' },
    TOO_LONG: { description: "A value is longer than the vendor's field." },
    NOT_FOUND: { description: 'The account has no such record.' },
    CONFLICT: { description: 'The record has changed since the version that was expected.' },
    UNSUPPORTED_BY_VENDOR: { description: "The account's vendor has no place for the value, or can't do this at all." },
    REFUSED_BY_VENDOR: { description: 'The vendor read the request and said no.' },
    RAW_CARD_DATA_REFUSED: { description: 'The input holds a card number, which this gateway is not set up to carry.' },
    IDEMPOTENCY_KEY_REUSED: { description: 'The idempotency key was used before, with another input.' },
    IDEMPOTENCY_IN_PROGRESS: { description: 'A request with this idempotency key is still under way.' },
    OUTCOME_UNKNOWN: {
      description:
        'The request may have reached the vendor, and whether it was carried out could not be learned; it is not sent again.',
    },
  },
});

@ObjectType({ description: 'One reason why a change was not made, or may not have been.', simpleResolvers: true })
@VendorCalls(0)
export class UserError {
  @Field(() => UserErrorCode, { description: 'What kind of reason it is.' })
  code!: UserErrorCode;

  @Field(() => String, { description: 'What was expected and what came, in words.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The path of the value within the input.' })
  field!: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'The vendor\'s own code, such as the failureCode "F02" of UniPay.',
  })
  vendorCode!: string | null;

  @Field(() => Boolean, { description: 'True when the same request may succeed later.' })
  retryable!: boolean;
}

export function userError(code: UserErrorCode, message: string, field: readonly string[] | null = null): UserError {
  return { code, message, field: field && [...field], vendorCode: null, retryable: false };
}
