import { hash32 } from '../random.ts';
import type { CustomerRow } from './customer.ts';
import type { Input } from './input.ts';

/** Ids that a create hands out beside the customer's. The first ones are those of seed 002's example. */
export class CreatedIds {
  #contactId = 10_139;
  #paymentMethodId = 20_269;

  takeContactId(): number {
    this.#contactId += 1;
    return this.#contactId - 1;
  }

  takePaymentMethodId(): number {
    this.#paymentMethodId += 1;
    return this.#paymentMethodId - 1;
  }
}

/** What a create says of the contact: what was sent but the password, and a username (seed 002: "SoeJ7tn"). */
export function writeContact(input: Input, customerID: number, customerContactID: number) {
  const Name = input.text('Name');
  const LastName = input.text('LastName');
  const suffix = hash32(0, customerContactID).toString(36).slice(-3).padStart(3, '0');
  return {
    customerID,
    customerContactID,
    Name,
    LastName,
    Email: input.text('Email'),
    Cell: input.text('Cell'),
    Username: `${(LastName ?? '').slice(0, 3)}${(Name ?? '').slice(0, 1)}${suffix}`,
    isActive: input.boolean('isActive') ?? true,
  };
}

/** What a create says of the payment method. Only credit cards are documented; for anything else CreditCard is null. */
export function writePaymentMethod(input: Input, customerID: number, paymentMethodID: number) {
  return {
    customerID,
    paymentMethodID,
    PaymentMethodType: input.text('PaymentMethodType'),
    isPrimary: input.boolean('isPrimary') ?? true,
    isValid: true,
    CreditCard: writeCreditCard(input.object('CreditCard')),
    // The example sends ExternalGateways [{"gatewayID":"115"}] and shows null all the same.
    gatewayID: null,
  };
}

function writeCreditCard(card: Input | null) {
  return (
    card && {
      NameOnCard: card.text('NameOnCard'),
      LastNameOnCard: card.text('LastNameOnCard'),
      CardType: card.text('CardType'),
      ExpiryMonth: card.wholeNumber('ExpiryMonth'),
      ExpiryYear: card.wholeNumber('ExpiryYear'),
      // The whole number that was sent, under the name of its last four digits: the hazard that seed 002's example shows.
      LastFourDigits: card.text('Number'),
    }
  );
}

/** Seed 002's create answer: 39 fields; where reads have PrimaryPaymentMethodInfo, it has Contact and the payment method. */
export function writeCreated(row: CustomerRow, Contact: object | null, PrimaryPaymentMethod: object | null): object {
  const { PrimaryPaymentMethodInfo: _onReads, ...fields } = row;
  return { ...fields, Contact, PrimaryPaymentMethod };
}
