/**
 * Finds card numbers in text, however people write them: in groups, with any of a dozen separators, behind zeros, in the digits
 * of any script. What counts as one is decided by the issuers' own ranges and lengths and the check digit, not by the length
 * alone: of numbers with 13 to 19 digits, one in ten has a valid check digit, and a gateway for billing is full of references.
 *
 * Libraries such as credit-card-type guess a brand while a customer is still typing: there, every number that begins with 6 may
 * become a Maestro card. Here that would mask references and telephone numbers.
 */

/** The first digits of an issuer's numbers, from and to, and how many digits a number has. */
type IssuerRange = readonly [from: string, to: string, lengths: readonly number[]];

const FROM_16 = [16, 17, 18, 19];
const FROM_13 = [13, 14, 15, ...FROM_16];
const FROM_12 = [12, ...FROM_13];

/**
 * ISO/IEC 7812 numbers by issuer, after the issuers' published ranges (Wikipedia, "Payment card number", keeps a list of them;
 * credit-card-type another). UATP has all that begins with 1 and GPN all that begins with 1946: both are left out, as days and
 * references begin so.
 */
const ISSUER_RANGES: readonly IssuerRange[] = [
  ['4', '4', [13, 16, 18, 19]], // Visa, with Dankort and Elo
  ['51', '55', [16]], // Mastercard
  ['2221', '2720', [16]], // Mastercard
  ['34', '34', [15]], // American Express
  ['37', '37', [15]], // American Express
  ['300', '305', [14, 16, 19]], // Diners Club
  ['309', '309', [14, 16, 19]], // Diners Club
  ['36', '36', [14, 16, 19]], // Diners Club
  ['38', '39', [14, 16, 19]], // Diners Club
  ['3528', '3589', FROM_16], // JCB
  ['353', '353', [16]], // RuPay with JCB
  ['356', '356', [16]], // RuPay with JCB
  ['1800', '1800', [15]], // JCB, before 2000
  ['2131', '2131', [15]], // JCB, before 2000
  ['6011', '6011', FROM_16], // Discover
  ['644', '649', FROM_16], // Discover
  ['65', '65', FROM_16], // Discover, RuPay, Troy, Verve, Elo
  ['62', '62', FROM_16], // UnionPay, with Discover's 622126 to 622925
  ['8100', '8171', FROM_16], // UnionPay
  ['5018', '5018', FROM_12], // Maestro
  ['5020', '5020', FROM_12], // Maestro
  ['5038', '5038', FROM_12], // Maestro
  ['5893', '5893', FROM_12], // Maestro
  ['6304', '6304', FROM_12], // Maestro
  ['6759', '6759', FROM_12], // Maestro
  ['6761', '6763', FROM_12], // Maestro
  ['50', '50', FROM_13], // Maestro, Verve, Elo, Meeza, RuPay
  ['56', '58', FROM_13], // Maestro
  ['67', '67', FROM_13], // Maestro, with Switch and Solo
  ['636', '639', FROM_16], // InterPayment, InstaPayment, Maestro, Elo, Hiper
  ['60', '60', [16]], // RuPay, Hipercard, Cabal, UkrCard
  ['81', '82', [16]], // RuPay
  ['2200', '2205', FROM_16], // Mir, PayPak
  ['8600', '8600', [16]], // Uzcard
  ['9860', '9860', [16]], // Humo
  ['9112', '9112', [16]], // Belkart
  ['9704', '9704', [16, 19]], // Napas
  ['9792', '9792', [16]], // Troy
];

const [MIN_DIGITS, MAX_DIGITS] = [12, 19];

/** By a number's first four digits: how long it may be, each length as one bit. */
const LENGTHS_BY_HEAD = new Uint32Array(10_000);
for (const [from, to, lengths] of ISSUER_RANGES) {
  const mask = lengths.reduce((bits, length) => bits | (1 << length), 0);
  LENGTHS_BY_HEAD.subarray(Number(from.padEnd(4, '0')), Number(to.padEnd(4, '9')) + 1).forEach((bits, index, heads) => {
    heads[index] = bits | mask;
  });
}

/** What people write between the groups of a number. */
const SEPARATORS = '[\\s\\p{Pd}\\p{Pc}\\p{Cf}\\u2212.,/\\\\|:;\\u00b7\\u2022\'"~*=]{1,10}';

/** Groups of digits that follow each other with nothing but a few separators between. */
const RUN = new RegExp(`\\d+(?:${SEPARATORS}\\d+)*`, 'gu');

/**
 * UUIDs, days and times: digits in groups that are no card's, and could make one together with what stands beside them. In the
 * midst of other digits they may be groups of a number.
 */
const OTHER_NUMBERS = new RegExp(
  [
    '\\b[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}\\b',
    '(?<!\\d[-./]?)(?:19|20)\\d\\d([-./])\\d\\d?\\1\\d\\d?(?![-./]?\\d)',
    '(?<!\\d[-./]?)\\d\\d?([-./])\\d\\d?\\2(?:19|20)\\d\\d(?![-./]?\\d)',
    '(?<!\\d[:.]?)\\d\\d?:[0-5]\\d(?::[0-5]\\d(?:[.,]\\d{1,9})?)?(?!:?\\d)',
  ].join('|'),
  'gi',
);

interface Place {
  readonly start: number;
  readonly end: number;
}

interface Group extends Place {
  /** How many digits of the run are behind its end. */
  readonly digitsBehind: number;
  /** What stands between the group before and this one. */
  readonly separator: string;
}

/** The check digit of ISO/IEC 7812: of ten numbers that are none, nine fail it. */
export function hasLuhnCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

export function holdsCardNumber(text: string): boolean {
  return hasEnoughDigits(text) && findCardNumbers(text).length > 0;
}

/** Leaves no more of a card number than its last four digits. */
export function maskCardNumbers(text: string): string {
  if (!hasEnoughDigits(text)) return text;
  let masked = '';
  let done = 0;
  for (const { start, end } of findCardNumbers(text)) {
    masked += `${text.slice(done, start)}************${digitsOf(text.slice(start, end)).slice(-4)}`;
    done = end;
  }
  return masked + text.slice(done);
}

/** The decimal digits of a text, of whatever script, as ASCII. */
export function digitsOf(text: string): string {
  return toAsciiDigits(text).replace(/\D/g, '');
}

/** Told at a glance, as every text of every record is looked at. */
function hasEnoughDigits(text: string): boolean {
  if (text.length < MIN_DIGITS) return false;
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    // Beyond ASCII any character might be a digit.
    if (((code >= 48 && code <= 57) || code > 127) && ++count === MIN_DIGITS) return true;
  }
  return false;
}

function findCardNumbers(text: string): Place[] {
  const plain = toAsciiDigits(text);
  const ascii = plain.replace(OTHER_NUMBERS, (other) => 'x'.repeat(other.length));
  const places: Place[] = [];
  for (const { 0: run, index } of ascii.matchAll(RUN)) {
    if (run.length < MIN_DIGITS) continue;
    for (const { start, end } of findInRun(run, /[+\uff0b]/.test(ascii[index - 1] ?? ''))) {
      places.push({ start: index + start, end: index + end });
    }
  }
  if (places.length === 0 || plain.length === text.length) return places;
  const placeOf = createPlaces(text);
  return places.map(({ start, end }) => ({ start: placeOf(start), end: placeOf(end) }));
}

/** Where a character of the text in ASCII digits stands in the text itself: a digit beyond the basic plane takes two places. */
function createPlaces(text: string): (index: number) => number {
  const places: number[] = [];
  let place = 0;
  for (const character of text) {
    for (let index = 0; index < toAsciiDigits(character).length; index++) places.push(place + index);
    place += character.length;
  }
  return (index) => places[index] ?? place;
}

/**
 * A number begins and ends where a group does, so that an expiry date behind it doesn't hide it. Zeros before it are no part of
 * it: no issuer's numbers begin so.
 */
function findInRun(run: string, followsPlus: boolean): Place[] {
  const digits = run.replace(/\D/g, '');
  const groups = readGroups(run);
  const groupAt = new Map(groups.map(({ digitsBehind }, index) => [digitsBehind, index]));
  const places: Place[] = [];
  for (let first = 0; first < groups.length; first++) {
    const last = findEnd(first);
    if (last === undefined) continue;
    places.push({ start: (groups[first] as Group).start, end: (groups[last] as Group).end });
    first = last;
  }
  return places;

  /** The last group of a card number that begins with the `first`. A "+" before it makes a telephone number of it. */
  function findEnd(first: number): number | undefined {
    if (first === 0 && followsPlus) return undefined;
    const { start, end, digitsBehind } = groups[first] as Group;
    const zeros = (/^0*/.exec(run.slice(start, end)) as RegExpExecArray)[0].length;
    if (zeros === end - start) return undefined;
    const from = digitsBehind - (end - start) + zeros;
    const lengths = LENGTHS_BY_HEAD[Number(digits.slice(from, from + 4))] as number;
    if (lengths === 0) return undefined;
    // The longest first: a shorter one within it would leave digits of it behind.
    for (let length = MAX_DIGITS; length >= MIN_DIGITS; length--) {
      if ((lengths & (1 << length)) === 0) continue;
      const last = groupAt.get(from + length);
      if (last === undefined || !hasLuhnCheckDigit(digits.slice(from, from + length))) continue;
      if (isWrittenAsOneNumber(groups.slice(first, last + 1))) return last;
    }
    return undefined;
  }
}

function readGroups(run: string): Group[] {
  const groups: Group[] = [];
  let behind = 0;
  let end = 0;
  for (const { 0: digits, index: start } of run.matchAll(/\d+/g)) {
    const separator = run.slice(end, start);
    end = start + digits.length;
    behind += digits.length;
    groups.push({ start, end, digitsBehind: behind, separator });
  }
  return groups;
}

/**
 * A decimal has two groups, and a list of amounts or references has groups of any size with separators of any kind: in a card
 * number either the separators are alike or the groups are.
 */
function isWrittenAsOneNumber([, second, ...rest]: readonly Group[]): boolean {
  if (second === undefined) return true;
  if (rest.length === 0) return !/^[.,]$/.test(second.separator);
  if (rest.every(({ separator }) => separator === second.separator)) return true;
  const size = second.end - second.start;
  return size > 2 && rest.slice(0, -1).every(({ start, end }) => end - start === size);
}

function toAsciiDigits(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (character) => readDigit(character) ?? character);
}

const DECIMAL_DIGIT = /^\p{Nd}$/u;

function readDigit(character: string): string | undefined {
  // Full-width, superscript and mathematical ones.
  const plain = character.normalize('NFKC');
  if (/^[0-9]$/.test(plain)) return plain;
  if (!DECIMAL_DIGIT.test(plain)) return undefined;
  // Other scripts have theirs in rows of ten, from zero to nine.
  const code = plain.codePointAt(0) as number;
  let value = 0;
  while (value < 9 && DECIMAL_DIGIT.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}
