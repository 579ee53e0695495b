/** 13 to 19 digits, perhaps in groups, that begin as the card schemes' do; a "+" before them makes a telephone number of them. */
const CANDIDATE = /(?<![\d+])[2-6](?:[ -]?\d){12,18}(?!\d)/g;

/** The check digit of ISO/IEC 7812: of ten numbers that are none, nine fail it. */
export function hasLuhnCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function isCardNumber(candidate: string): boolean {
  return hasLuhnCheckDigit(candidate.replace(/[ -]/g, ''));
}

export function holdsCardNumber(text: string): boolean {
  return text.length >= 13 && (text.match(CANDIDATE) ?? []).some(isCardNumber);
}

/** Leaves no more of a card number than its last four digits. */
export function maskCardNumbers(text: string): string {
  if (text.length < 13) return text;
  return text.replace(CANDIDATE, (candidate) =>
    isCardNumber(candidate) ? `************${candidate.slice(-4)}` : candidate,
  );
}
