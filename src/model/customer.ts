import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Address } from './address.ts';
import { BillAgainDetails } from './billagain-details.ts';
import type { CustomField } from './custom-field.ts';
import { CacheHint, Internal, Key, VendorCalls } from './federation.ts';
import { Money } from './money.ts';
import { Node } from './node.ts';
import { DateTimeScalar } from './scalars.ts';
import { Vendor } from './vendor.ts';

export const CustomerKind = { INDIVIDUAL: 'INDIVIDUAL', COMPANY: 'COMPANY', UNKNOWN: 'UNKNOWN' } as const;
export type CustomerKind = keyof typeof CustomerKind;

registerEnumType(CustomerKind, {
  name: 'CustomerKind',
  description: 'Whether a customer is a person or an organization.',
  valuesConfig: {
    INDIVIDUAL: { description: 'A person.' },
    COMPANY: { description: 'A company or other organization.' },
    UNKNOWN: { description: "The vendor doesn't say." },
  },
});

export const CustomerStatus = {
  ACTIVE: 'ACTIVE',
  SUSPENDED: 'SUSPENDED',
  ARCHIVED: 'ARCHIVED',
  INACTIVE: 'INACTIVE',
  CANCELLED: 'CANCELLED',
  EXPIRED: 'EXPIRED',
  UNKNOWN: 'UNKNOWN',
} as const;
export type CustomerStatus = keyof typeof CustomerStatus;

registerEnumType(CustomerStatus, {
  name: 'CustomerStatus',
  description: 'Where a customer stands with the account.',
  valuesConfig: {
    ACTIVE: { description: 'Open for business.' },
    SUSPENDED: { description: 'Put on hold; subscriptions rest (BillAgain only).' },
    ARCHIVED: { description: 'Put away, readable, and open to be reopened (BillAgain only).' },
    INACTIVE: { description: 'Not in use (UniPay only).' },
    CANCELLED: { description: 'Ended on request (UniPay only).' },
    EXPIRED: { description: 'Ended by its own term (UniPay only).' },
    UNKNOWN: { description: 'The vendor gives no status, or one that this schema has no word for: see rawStatus.' },
  },
});

export const PaymentMethodKind = {
  CASH: 'CASH',
  CHEQUE: 'CHEQUE',
  CREDIT_CARD: 'CREDIT_CARD',
  DEBIT_ORDER: 'DEBIT_ORDER',
  EFT: 'EFT',
  BANK_ACCOUNT: 'BANK_ACCOUNT',
  UNKNOWN: 'UNKNOWN',
} as const;
export type PaymentMethodKind = keyof typeof PaymentMethodKind;

registerEnumType(PaymentMethodKind, {
  name: 'PaymentMethodKind',
  description: 'How a customer pays (BillAgain only).',
  valuesConfig: {
    CASH: { description: 'In cash.' },
    CHEQUE: { description: 'By cheque.' },
    CREDIT_CARD: { description: 'By credit card.' },
    DEBIT_ORDER: { description: "By debit order on the customer's bank account." },
    EFT: { description: 'By electronic funds transfer.' },
    BANK_ACCOUNT: { description: "From the customer's bank account." },
    UNKNOWN: { description: 'In a way that this schema has no word for.' },
  },
});

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'Someone who is billed: a person or an organization, at one account of one vendor.',
})
@Key('id')
@Key('account vendorId')
@CacheHint(60)
@VendorCalls(0)
export class Customer extends Node {
  @Field(() => String, { description: 'The configured account\'s name, such as "billagain".' })
  account!: string;

  @Field(() => Vendor, { description: 'The vendor that keeps this customer.' })
  vendor!: Vendor;

  @Field(() => ID, { description: "The vendor's own number for this customer." })
  vendorId!: string;

  @Field(() => String, {
    nullable: true,
    description: "The account's own reference for this customer (BillAgain Reference, UniPay code).",
  })
  reference!: string | null;

  @Field(() => CustomerKind, { description: 'Whether this is a person or an organization.' })
  kind!: CustomerKind;

  @Field(() => String, { nullable: true, description: 'A name to show, filled wherever any name is known.' })
  displayName!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "A person's first name; at BillAgain null where the vendor holds the whole name as one text (see displayName).",
  })
  firstName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "A person's last name, or that of an organization's contact person.",
  })
  lastName!: string | null;

  @Field(() => String, { nullable: true, description: 'The organization, or the one a person belongs to.' })
  organizationName!: string | null;

  @Field(() => String, { nullable: true, description: 'The company registration number (BillAgain only).' })
  registrationNumber!: string | null;

  @Field(() => String, { nullable: true, description: 'The VAT or other tax number, as text (BillAgain only).' })
  taxNumber!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True when no taxes are charged (BillAgain only).' })
  taxExempt!: boolean | null;

  @Field(() => String, { nullable: true, description: 'The email address.' })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'A second email address that gets copies (BillAgain only).' })
  emailCc!: string | null;

  @Field(() => String, { nullable: true, description: 'The telephone number, as the vendor holds it.' })
  phone!: string | null;

  @Field(() => String, { nullable: true, description: 'The mobile number, as the vendor holds it (BillAgain only).' })
  mobilePhone!: string | null;

  @Field(() => String, { nullable: true, description: 'The fax number (BillAgain only).' })
  fax!: string | null;

  @Field(() => Address, { description: 'The postal address.' })
  address!: Address;

  @Field(() => String, {
    nullable: true,
    description: 'The ISO 4217 code of the currency the customer is billed in (BillAgain only).',
  })
  currencyCode!: string | null;

  @Field(() => CustomerStatus, { description: 'Where the customer stands with the account.' })
  status!: CustomerStatus;

  @Field(() => String, {
    nullable: true,
    description: "The vendor's own word for the status, or its flags where it gives no word.",
  })
  @Internal
  rawStatus!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the customer was added (BillAgain only: UniPay names no time zone).',
  })
  createdAt!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the customer was put on hold (BillAgain only).' })
  suspendedAt!: string | null;

  @Field(() => Money, { nullable: true, description: 'What the customer owes.' })
  balance!: Money | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many active subscriptions the vendor counts (BillAgain only).',
  })
  activeSubscriptionCount!: number | null;

  @Field(() => PaymentMethodKind, { nullable: true, description: 'How the customer pays (BillAgain only).' })
  paymentMethod!: PaymentMethodKind | null;

  @Field(() => ID, {
    nullable: true,
    description: "The vendor's number of the payment method used first (BillAgain only).",
  })
  primaryPaymentMethodId!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True when invoices are emailed to the customer (BillAgain only).',
  })
  sendsInvoices!: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True when statements are emailed to the customer (BillAgain only).',
  })
  sendsStatements!: boolean | null;

  /** Undefined where the answer that the customer was read from doesn't hold it: the resolver then asks for it. */
  statementDay!: number | null | undefined;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the last statement was sent (BillAgain only).' })
  statementLastSentAt!: string | null;

  @Field(() => ID, { nullable: true, description: 'The merchant account that the customer belongs to (UniPay only).' })
  @Internal
  merchantAccountId!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "The vendor's number of the payment gateway used first (BillAgain only).",
  })
  @Internal
  gatewayId!: string | null;

  @Field(() => BillAgainDetails, { nullable: true, description: 'What else BillAgain keeps (BillAgain only).' })
  @Internal
  billAgain!: BillAgainDetails | null;

  /** In the vendor's order, duplicates kept. Undefined where they were not read: the resolver then asks for them. */
  customFields!: readonly CustomField[] | undefined;
}
