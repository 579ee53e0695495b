import { maskCardNumbers } from './card-number.ts';

/** No card number, however it is written, is longer. */
const LONGEST_CARD_NUMBER = 250;

/** The first characters of what a client sent, enough to recognise it by in an error message. */
export function quote(text: string, maxLength = 80): string {
  // Masked before it is cut: half a card number is still most of one.
  const shown = maskCardNumbers(text.slice(0, maxLength + LONGEST_CARD_NUMBER));
  return JSON.stringify(shown.length > maxLength ? `${shown.slice(0, maxLength)}…` : shown);
}
