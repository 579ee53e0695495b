import Big from 'big.js';
import { Field, ObjectType } from 'type-graphql';
import { InheritedCacheHint, Shareable, VendorCalls } from './federation.ts';
import { DecimalScalar } from './scalars.ts';

@ObjectType({
  description: 'Exact amount in major units of its currency; currencyCode is null where the vendor names none.',
  simpleResolvers: true,
})
@Shareable
@InheritedCacheHint
@VendorCalls(0)
export class Money {
  @Field(() => DecimalScalar, {
    description: 'The amount in major units, such as "19.99" for nineteen rand and 99 cents.',
  })
  amount!: string;

  @Field(() => String, { nullable: true, description: 'The ISO 4217 code of the currency, such as "ZAR".' })
  currencyCode!: string | null;
}

/** 1999 → "19.99". `cents` is a whole number as text. */
export function centsToMajor(cents: string): string {
  const negative = cents.startsWith('-');
  const digits = (negative ? cents.slice(1) : cents).replace(/^0+(?=\d)/, '').padStart(3, '0');
  const fraction = digits.slice(-2).replace(/0+$/, '');
  const major = fraction === '' ? digits.slice(0, -2) : `${digits.slice(0, -2)}.${fraction}`;
  return negative && major !== '0' ? `-${major}` : major;
}

/** The whole cents at or above (`up`) or at or below (`down`) an amount of major units: what an inclusive border of a filter means in cents. */
export function majorToCents(major: string, direction: 'up' | 'down'): string {
  const cents = new Big(major).times(100);
  const truncated = cents.round(0, Big.roundDown);
  if (truncated.eq(cents)) return truncated.toFixed();
  if (direction === 'up' && cents.gt(0)) return truncated.plus(1).toFixed();
  if (direction === 'down' && cents.lt(0)) return truncated.minus(1).toFixed();
  return truncated.toFixed();
}

export function compareDecimals(left: string, right: string): -1 | 0 | 1 {
  return new Big(left).cmp(right);
}
