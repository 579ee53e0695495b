import Big from 'big.js';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const ZERO = '0'.charCodeAt(0);
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DATE_TIME =
  /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;
const LOCAL_DATE_TIME = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;
const DECIMAL = /^[+-]?\d+(\.\d+)?$/;
const NORMAL_DECIMAL = /^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$/;
/** Far beyond any amount, and short enough that arithmetic on it stays cheap. */
const MAX_DECIMAL_LENGTH = 100;

export function isDate(text: string): boolean {
  return DATE.test(text) && beginsWithDay(text);
}

/** Of a text that begins with yyyy-MM-dd: is that a day of the calendar? */
function beginsWithDay(text: string): boolean {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)];
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeapYear ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0);
  return day >= 1 && day <= days;
}

/** Without a slice: each record holds several days. */
function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

/** RFC 3339 with an offset. Any number of fraction digits: BillAgain writes seven. */
export function isDateTime(text: string): boolean {
  return DATE_TIME.test(text) && beginsWithDay(text);
}

export function isLocalDateTime(text: string): boolean {
  return LOCAL_DATE_TIME.test(text) && beginsWithDay(text);
}

export function isDecimal(text: string): boolean {
  return text.length <= MAX_DECIMAL_LENGTH && DECIMAL.test(text);
}

/** One text for one value: no exponent, no "+", no zeros that say nothing. `text` is a number in decimal or scientific notation. */
export function normalizeDecimal(text: string): string {
  if (NORMAL_DECIMAL.test(text)) return text;
  // Big reads no plus sign.
  const value = new Big(text.startsWith('+') ? text.slice(1) : text);
  return value.eq(0) ? '0' : value.toFixed();
}

interface TextScalar {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  readonly expected: string;
  readonly accepts: (text: string) => boolean;
  readonly normalize?: (text: string) => string;
  /** Numbers are as good as text where they lose nothing: whole ones in JSON, and any number in a document, whose text we see. */
  readonly takesNumbers?: boolean;
}

/** A scalar that is text on both sides: what a vendor wrote goes out as it is, what a client writes is checked. */
function textScalar({ name, description, specifiedByURL, expected, accepts, normalize, takesNumbers }: TextScalar) {
  function read(value: string): string {
    if (!accepts(value)) refuse(`text of ${value.length} characters`);
    return normalize ? normalize(value) : value;
  }
  function refuse(came: string): never {
    throw new GraphQLError(`${name} must be ${expected}; got ${came}`, { extensions: { code: 'BAD_USER_INPUT' } });
  }
  return new GraphQLScalarType<string, string>({
    name,
    description,
    ...(specifiedByURL === undefined ? {} : { specifiedByURL }),
    serialize: (value) => String(value),
    parseValue: (value) => {
      if (typeof value === 'string') return read(value);
      if (takesNumbers && Number.isSafeInteger(value)) return read(String(value));
      return refuse(value === null ? 'null' : `a ${typeof value}`);
    },
    parseLiteral: (node) => {
      if (node.kind === Kind.STRING) return read(node.value);
      if (takesNumbers && (node.kind === Kind.INT || node.kind === Kind.FLOAT)) return read(node.value);
      return refuse(`a literal of another kind (${node.kind})`);
    },
  });
}

export const DateScalar = textScalar({
  name: 'Date',
  description: 'A calendar day, yyyy-MM-dd.',
  expected: 'a calendar day as yyyy-MM-dd',
  accepts: isDate,
});

export const DateTimeScalar = textScalar({
  name: 'DateTime',
  description: "An instant with its offset (RFC 3339), with as many digits of a second's fraction as the vendor wrote.",
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  expected: 'an instant with an offset, e.g. 2016-03-11T16:34:53+02:00',
  accepts: isDateTime,
});

export const LocalDateTimeScalar = textScalar({
  name: 'LocalDateTime',
  description: 'A day and a time of day, yyyy-MM-ddTHH:mm:ss, where the vendor names no time zone.',
  expected: 'a day and time without a zone, e.g. 2016-03-11T16:34:53',
  accepts: isLocalDateTime,
});

export const DecimalScalar = textScalar({
  name: 'Decimal',
  description: 'An exact decimal number, written as a string such as "1728.0667" and never rounded.',
  expected: 'a decimal number as a string, e.g. "1728.0667"',
  accepts: isDecimal,
  normalize: normalizeDecimal,
  takesNumbers: true,
});
