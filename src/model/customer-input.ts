import { Field, ID, InputType, Int } from 'type-graphql';
import { CustomerKind, PaymentMethodKind } from './customer.ts';
import { DateScalar, DecimalScalar } from './scalars.ts';

@InputType({ description: 'A postal address; on an update, parts left out keep their value.' })
export class AddressInput {
  @Field(() => String, { nullable: true, description: 'The first line: house number and street.' })
  line1?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The second line (BillAgain only, but for changes of customers that have one at UniPay).',
  })
  line2?: string | null;

  @Field(() => String, { nullable: true, description: 'The city or town.' })
  city?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The state or province: a name at BillAgain, a code of up to 3 characters at UniPay.',
  })
  region?: string | null;

  @Field(() => String, { nullable: true, description: 'The postal or ZIP code.' })
  postalCode?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The country's ISO 3166-1 alpha-2 code; at BillAgain only when the customer is created.",
  })
  countryCode?: string | null;
}

@InputType()
abstract class CustomerInput {
  @Field(() => String, {
    nullable: true,
    description: 'Your own reference; at UniPay it is set once, when the customer is created.',
  })
  reference?: string | null;

  @Field(() => CustomerKind, { nullable: true, description: 'Whether this is a person or an organization.' })
  kind?: CustomerKind | null;

  @Field(() => String, {
    nullable: true,
    description: 'The whole name of a person as one text, instead of first and last name (BillAgain only).',
  })
  displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "A person's first name; at BillAgain it needs a last name beside it.",
  })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: "A person's last name." })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: 'The organization, or the one a person belongs to.' })
  organizationName?: string | null;

  @Field(() => String, { nullable: true, description: 'The company registration number (BillAgain only).' })
  registrationNumber?: string | null;

  @Field(() => String, { nullable: true, description: 'The VAT or other tax number (BillAgain only).' })
  taxNumber?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True to charge no taxes (BillAgain only, which needs an answer).',
  })
  taxExempt?: boolean | null;

  @Field(() => String, { nullable: true, description: 'The email address.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'A second email address that gets copies (BillAgain only).' })
  emailCc?: string | null;

  @Field(() => String, { nullable: true, description: 'The telephone number.' })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: 'The mobile number (BillAgain only).' })
  mobilePhone?: string | null;

  @Field(() => String, { nullable: true, description: 'The fax number (BillAgain only).' })
  fax?: string | null;

  @Field(() => AddressInput, { nullable: true, description: 'The postal address.' })
  address?: AddressInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'The ISO 4217 code of the currency to bill in (BillAgain only, which needs one).',
  })
  currencyCode?: string | null;

  @Field(() => PaymentMethodKind, { nullable: true, description: 'How the customer pays (BillAgain only).' })
  paymentMethod?: PaymentMethodKind | null;

  @Field(() => Boolean, { nullable: true, description: 'True to email invoices (BillAgain only).' })
  sendsInvoices?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'True to email statements (BillAgain only).' })
  sendsStatements?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: "The day of the month to send statements on, 1 to 25; null for the month's last day (BillAgain only).",
  })
  statementDay?: number | null;

  @Field(() => ID, {
    nullable: true,
    description: "The vendor's number of the payment gateway to use first (BillAgain only).",
  })
  gatewayId?: string | null;
}

@InputType({ description: 'A component to bill for (BillAgain only).' })
export class SubscriptionComponentInput {
  @Field(() => ID, { description: "The vendor's number of the component." })
  id!: string;

  @Field(() => ID, { nullable: true, description: "The vendor's number of the component's version." })
  versionId?: string | null;

  @Field(() => Int, { nullable: true, description: "The number of the component's version, counted from 1." })
  versionNumber?: number | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'How many units to bill, 0 or more.' })
  units?: string | null;
}

@InputType({ description: 'A subscription to a package, for a new customer to begin with (BillAgain only).' })
export class BillAgainSubscriptionInput {
  @Field(() => ID, { description: "BillAgain's number of the package." })
  planId!: string;

  @Field(() => ID, { nullable: true, description: "BillAgain's number of the package's version." })
  planVersionId?: string | null;

  @Field(() => Int, { nullable: true, description: "The number of the package's version." })
  planVersionNumber?: number | null;

  @Field(() => ID, { nullable: true, description: "BillAgain's number of the package's rate for the term." })
  rateTermId?: string | null;

  @Field(() => [SubscriptionComponentInput], { nullable: true, description: 'What to bill for, part by part.' })
  components?: SubscriptionComponentInput[] | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day it begins.' })
  startDate?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day up to which the first bill is pro rata.' })
  firstProrataSyncDate?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'The day it ends.' })
  endDate?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many days before it is due a bill is sent.' })
  invoiceLeadDays?: number | null;

  @Field(() => Int, { nullable: true, description: 'The billing interval in months; give this or cycleDays.' })
  cycleMonths?: number | null;

  @Field(() => Int, { nullable: true, description: 'The billing interval in days; give this or cycleMonths.' })
  cycleDays?: number | null;
}

@InputType({ description: 'Someone to speak to at the customer, who may log in to the portal (BillAgain only).' })
export class ContactInput {
  @Field(() => String, { nullable: true, description: 'The first name.' })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'The last name.' })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: 'The mobile number.' })
  mobilePhone?: string | null;

  @Field(() => String, { nullable: true, description: 'The email address.' })
  email?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'True for a contact who may log in.' })
  isActive?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'The password for the portal; it can be written and never read.',
  })
  password?: string | null;
}

@InputType({
  description: 'A payment card, taken only where this gateway is set up to carry raw card data (BillAgain only).',
})
export class CreditCardInput {
  @Field(() => String, { description: 'The whole card number, digits only; it can be written and never read.' })
  number!: string;

  @Field(() => Int, { description: 'The month the card expires in, 1 to 12.' })
  expiryMonth!: number;

  @Field(() => Int, { description: 'The year the card expires in, with four digits.' })
  expiryYear!: number;

  @Field(() => String, { nullable: true, description: 'The card scheme, such as "VISA".' })
  brand?: string | null;

  @Field(() => String, { nullable: true, description: 'The first name on the card.' })
  nameOnCard?: string | null;

  @Field(() => String, { nullable: true, description: 'The last name on the card.' })
  lastNameOnCard?: string | null;
}

@InputType({ description: 'The payment method to add with a new customer (BillAgain only).' })
export class BillAgainPaymentMethodInput {
  @Field(() => CreditCardInput, { description: 'The card to charge.' })
  creditCard!: CreditCardInput;

  @Field(() => [ID], { nullable: true, description: "BillAgain's numbers of the gateways to register the card with." })
  gatewayIds?: string[] | null;
}

@InputType({ description: 'What else BillAgain keeps about a customer, for an update (BillAgain only).' })
export class BillAgainUpdateInput {
  @Field(() => String, { nullable: true, description: 'The field Company as BillAgain holds it.' })
  company?: string | null;

  @Field(() => ID, { nullable: true, description: "BillAgain's number of the country to charge taxes for." })
  taxCountryId?: string | null;

  @Field(() => ID, { nullable: true, description: "BillAgain's number of the state or province to charge taxes for." })
  taxRegionId?: string | null;
}

@InputType({ description: 'What else BillAgain takes with a new customer (BillAgain only).' })
export class BillAgainCreateInput extends BillAgainUpdateInput {
  @Field(() => ContactInput, { nullable: true, description: 'A contact person to add.' })
  contact?: ContactInput | null;

  @Field(() => [BillAgainSubscriptionInput], {
    nullable: true,
    description: 'Subscriptions to begin with, 5 at the most.',
  })
  subscriptions?: BillAgainSubscriptionInput[] | null;

  @Field(() => BillAgainPaymentMethodInput, { nullable: true, description: 'The payment method to begin with.' })
  paymentMethod?: BillAgainPaymentMethodInput | null;
}

@InputType({ description: "A new customer; what the account's vendor has no place for is refused, not dropped." })
export class CreateCustomerInput extends CustomerInput {
  @Field(() => String, { description: 'The account to add the customer to.' })
  account!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The merchant account to add the customer to (UniPay only, which needs one).',
  })
  merchantAccountId?: string | null;

  @Field(() => BillAgainCreateInput, { nullable: true, description: 'What else BillAgain takes (BillAgain only).' })
  billAgain?: BillAgainCreateInput | null;
}

@InputType({ description: 'Changes to a customer: fields left out keep their value, null clears it.' })
export class UpdateCustomerInput extends CustomerInput {
  @Field(() => ID, { description: "The customer's global id." })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The Customer.version that the changes are based on: a customer that has changed since is left alone (CONFLICT).',
  })
  expectedVersion?: string | null;

  @Field(() => BillAgainUpdateInput, { nullable: true, description: 'What else BillAgain keeps (BillAgain only).' })
  billAgain?: BillAgainUpdateInput | null;
}
