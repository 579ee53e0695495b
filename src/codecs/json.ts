import { countCharacters, describeBody } from './body-description.ts';
import { type Codec, type RawValue, UnreadableBody } from './codec.ts';
import { requireFinite } from './scalar.ts';

/** RFC 8259. A number that a float would change is decoded to its source text. */
export const json: Codec = {
  name: 'json',
  contentType: 'application/json',

  encode(record) {
    const text = JSON.stringify(record);
    // It writes null for a number that is none, and takes several times as long when it is asked to look at each value.
    if (text.includes('null')) JSON.stringify(record, requireFiniteNumber);
    return text;
  },

  decode(body) {
    // RFC 8259, section 8.1, lets a reader ignore the byte order mark that some writers send.
    const text = body.startsWith('\uFEFF') ? body.slice(1) : body;
    if (text.length > HARMLESS_LENGTH && isTooDeep(text)) throw tooDeep();
    return mayHoldInexactNumber(text) ? parse(text, keepExact) : parse(text);
  },
};

function requireFiniteNumber(field: string, value: RawValue): RawValue {
  return typeof value === 'number' ? requireFinite(value, field) : value;
}

const MAX_LEVELS = 1_000;
/** In characters. V8 parses so much within some hundredths of a second, however deep it nests. */
const HARMLESS_LENGTH = 262_144;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [BRACKET, CLOSING_BRACKET, BRACE, CLOSING_BRACE] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * V8 takes many times as long for a level as for a value beside others, and as much more memory.
 * What is no JSON may be counted wrong, but only behind the character at which V8 stops.
 */
function isTooDeep(text: string): boolean {
  let levels = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (isInString) {
      if (character === BACKSLASH) at += 1;
      else if (character === QUOTE) isInString = false;
    } else if (character === QUOTE) isInString = true;
    else if (character === BRACKET || character === BRACE) {
      levels += 1;
      if (levels > MAX_LEVELS) return true;
    } else if (character === CLOSING_BRACKET || character === CLOSING_BRACE) levels -= 1;
  }
  return false;
}

function tooDeep(): UnreadableBody {
  return new UnreadableBody(`expected a JSON document of at most ${MAX_LEVELS} levels`);
}

/** V8 parses without recursing, however deep a document nests; it recurses to revive one, and refuses what is too deep for that. */
function parse(text: string, revive?: typeof keepExact): RawValue {
  try {
    return JSON.parse(text, revive);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    // Not even as a cause: V8's message quotes the text.
    throw new UnreadableBody(`expected a JSON document; ${describeFault(text, error)}`);
  }
}

function describeFault(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  if (text.trim() !== '' && (message.startsWith('Unexpected end') || message.startsWith('Unterminated'))) {
    return `it ended after ${countCharacters(text.length)}`;
  }
  if (position === undefined) return `got ${describeBody(text)}`;
  if (Number(position) >= text.length) return `it ended after ${countCharacters(text.length)}`;
  return `it stopped being one after ${countCharacters(Number(position))}`;
}

/**
 * Cheap and linear, and wrong on the safe side only (a string may hold such a run after a comma): 16 digits and points in
 * a row, or an exponent that may leave the range of a float. Nearly no answer has one, and a plain JSON.parse is some
 * times faster than one that shows the source.
 */
function mayHoldInexactNumber(text: string): boolean {
  return (LONG_RUN.test(text) && LONG_NUMBER.test(text)) || LARGE_EXPONENT.test(text);
}

/** Written out, so that V8 looks at every 16th character only, which it doesn't for {16}. */
const LONG_RUN = new RegExp('[\\d.]'.repeat(16));
const LONG_NUMBER = /(?:^|[[:,\s])-?[\d.]{16}/;
/** What stands before it is looked at last: UUIDs are full of what could be an exponent. */
const LARGE_EXPONENT = /[eE][-+]?\d{3}(?<=(?:^|[[:,\s])-?[\d.]{1,15}[eE][-+]?\d{3})/;

function keepExact(_key: string, value: RawValue, context?: { readonly source?: string }): RawValue {
  const source = context?.source;
  return typeof value !== 'number' || source === undefined || isExact(value, source) ? value : source;
}

/** IEEE 754: a double gives back any decimal of 15 significant digits, unless it is too large or too near to zero. */
const EXACT_DIGITS = 15;
const SMALLEST_NORMAL = 2 ** -1022;

function isExact(value: number, source: string): boolean {
  const digits = significantDigits(source);
  if (digits === 0) return true;
  return digits <= EXACT_DIGITS && Number.isFinite(value) && Math.abs(value) >= SMALLEST_NORMAL;
}

function significantDigits(source: string): number {
  const digits = source
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '');
  let length = digits.length;
  // Not /0+$/, which takes the square of the length on zeros in the middle.
  while (length > 0 && digits[length - 1] === '0') length -= 1;
  return length;
}
