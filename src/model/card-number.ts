/** White space, hyphens, dashes and dots, as people write them between groups of digits. */
const SEPARATORS = '[\\s.\\u00ad\\u2010-\\u2015\\u2212-]{0,3}';

/** Of 700 random ones, one holds digits in its groups that could be a card number. */
const UUID = /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/gi;

/** What is long enough to hold a card number: a text without one is done with here. */
const DIGITS = new RegExp(`\\d(?:${SEPARATORS}\\d){12,}`, 'g');

/** ISO/IEC 7812 allows more, but no scheme issues shorter or longer ones. */
const [MIN_DIGITS, MAX_DIGITS] = [13, 19];

interface Place {
  readonly start: number;
  readonly end: number;
}

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

/**
 * 13 to 19 digits, perhaps in groups, that begin as the card schemes' do and end with their check digit. A number begins
 * and ends where a group does, so that an expiry date behind it doesn't hide it; a "+" before it makes a telephone number
 * of it.
 */
function findCardNumbers(text: string): Place[] {
  const places: Place[] = [];
  for (const run of text.replace(UUID, (uuid) => '-'.repeat(uuid.length)).matchAll(DIGITS)) {
    const groups = Array.from(run[0].matchAll(/\d+/g), ({ 0: digits, index }) => ({
      digits,
      start: run.index + index,
    }));
    for (let first = 0; first < groups.length; first++) {
      const last = findEnd(groups, first, text);
      if (last === undefined) continue;
      places.push({ start: groups[first]?.start ?? 0, end: last.end });
      first = last.index;
    }
  }
  return places;
}

function findEnd(
  groups: readonly { readonly digits: string; readonly start: number }[],
  first: number,
  text: string,
): { readonly index: number; readonly end: number } | undefined {
  const { digits: head = '', start = 0 } = groups[first] ?? {};
  if (!/^[2-6]/.test(head) || text[start - 1] === '+') return undefined;
  let digits = '';
  for (let index = first; index < groups.length && digits.length < MAX_DIGITS; index++) {
    const group = groups[index];
    if (group === undefined) break;
    digits += group.digits;
    if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS || !hasLuhnCheckDigit(digits)) continue;
    return { index, end: group.start + group.digits.length };
  }
  return undefined;
}

/** Told at a glance, as every text of every record is looked at. */
function hasEnoughDigits(text: string): boolean {
  if (text.length < MIN_DIGITS) return false;
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 48 && code <= 57 && ++count === MIN_DIGITS) return true;
  }
  return false;
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
    masked += `${text.slice(done, start)}************${text.slice(start, end).replace(/\D/g, '').slice(-4)}`;
    done = end;
  }
  return masked + text.slice(done);
}
