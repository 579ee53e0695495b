import { type RawValue, UnwritableValue } from './codec.ts';

// Node's own since 21; not yet declared by TypeScript's libraries.
declare global {
  interface JSON {
    rawJSON(text: string): RawNumber;
    isRawJSON(value: unknown): value is RawNumber;
  }
}

/** A number held as its text, so that it is encoded digit for digit. */
export type RawNumber = { readonly rawJSON: string };

// RFC 8259, section 6.
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** An exact decimal to be written as a number, however many digits it has: JSON writes it without quotes. */
export function rawNumber(text: string): RawNumber {
  if (!JSON_NUMBER.test(text)) throw new UnwritableValue('expected the text of a decimal number, as JSON writes it');
  return JSON.rawJSON(text);
}

export function isRawNumber(value: RawValue): value is RawNumber {
  return JSON.isRawJSON(value);
}
