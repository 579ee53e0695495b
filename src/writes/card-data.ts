import { hasLuhnCheckDigit, holdsCardNumber } from '../model/card-number.ts';
import type { CreditCardInput } from '../model/customer-input.ts';
import { type UserError, userError } from '../model/user-error.ts';

/**
 * Where in an input card numbers stand, and whether they may. Only one place takes one, and only where the operator has
 * taken on what that means; anywhere else it would come to be stored and shown as ordinary text.
 */
export function checkCardData(input: object, allowRawCardData: boolean, now = new Date()): UserError[] {
  const errors: UserError[] = [];
  walk(input, []);
  return errors;

  function walk(value: unknown, path: readonly string[]): void {
    if (typeof value === 'string') {
      if (holdsCardNumber(value)) refuse(path, 'holds a card number, which has no place there');
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        if (key === 'creditCard' && member) checkCard(member as CreditCardInput, [...path, key]);
        else walk(member, [...path, key]);
      }
    }
  }

  function checkCard({ number, expiryMonth, expiryYear, ...rest }: CreditCardInput, path: readonly string[]): void {
    walk(rest, path);
    if (!allowRawCardData) {
      refuse([...path, 'number'], 'is refused: this gateway does not carry card numbers');
      return;
    }
    if (!/^\d{12,19}$/.test(number) || !hasLuhnCheckDigit(number)) {
      errors.push(
        userError('INVALID', 'must be a card number: 12 to 19 digits, the last of them the check digit', [
          ...path,
          'number',
        ]),
      );
    }
    if (expiryMonth < 1 || expiryMonth > 12) {
      errors.push(userError('INVALID', `must be a month from 1 to 12; got ${expiryMonth}`, [...path, 'expiryMonth']));
    } else if (expiryYear < 2000 || expiryYear > 2099) {
      errors.push(userError('INVALID', `must be a year with four digits; got ${expiryYear}`, [...path, 'expiryYear']));
    } else if (isOver(expiryYear, expiryMonth, now)) {
      errors.push(userError('INVALID', 'must not have expired', [...path, 'expiryYear']));
    }
  }

  function refuse(path: readonly string[], why: string): void {
    errors.push(userError('RAW_CARD_DATA_REFUSED', `${path.join('.')} ${why}`, path));
  }
}

/** A card is good to the end of its month, wherever on earth that comes last. */
function isOver(year: number, month: number, now: Date): boolean {
  return Date.UTC(year, month, 1, 12) <= now.getTime();
}
