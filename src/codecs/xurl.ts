import { describeBody } from './body-description.ts';
import { type Codec, type RawValue, UnreadableBody, UnwritableValue } from './codec.ts';
import { isScalar, type Scalar, writeScalar } from './scalar.ts';

/**
 * application/x-www-form-urlencoded (WHATWG URL standard, section 5), which UniPay calls xurl or query.
 *
 * Flat: a list is its name repeated, and a list of one can't be told from its item. Null is left out, as undefined is:
 * `name=` says the empty string.
 */
export const xurl: Codec = {
  name: 'xurl',
  contentType: 'application/x-www-form-urlencoded',

  encode(record) {
    const pairs = new URLSearchParams();
    for (const [name, value] of Object.entries(record)) {
      if (value === undefined || value === null) continue;
      const items: readonly RawValue[] = Array.isArray(value) ? value : [value];
      for (const item of items) pairs.append(name, writeItem(item, name));
    }
    return pairs.toString();
  },

  decode(body) {
    // UniPay's own sample begins with "?" and ends with "&" (component FeeCycle, the vendor's public page): URLSearchParams
    // overlooks both.
    const text = body.trim();
    const fault = findFault(text);
    if (fault !== undefined) {
      throw new UnreadableBody(`expected URL-encoded name=value pairs; got ${describeBody(body)} with ${fault}`);
    }
    const members = new Map<string, string[]>();
    for (const [name, value] of new URLSearchParams(text)) {
      const values = members.get(name);
      if (values === undefined) members.set(name, [value]);
      else values.push(value);
    }
    return Object.fromEntries(
      Array.from(members, ([name, values]) => [name, values.length === 1 ? values[0] : values]),
    );
  },
};

function writeItem(value: RawValue, name: string): string {
  if (!isScalar(value)) {
    throw new UnwritableValue(
      `${name}: URL-encoded pairs carry text, numbers, booleans and lists of them; got ${kindOf(value)}`,
    );
  }
  return requireWellFormed(writeScalar(value, name), name);
}

function kindOf(value: Exclude<RawValue, Scalar>): string {
  if (value === null) return 'null in a list';
  return Array.isArray(value) ? 'a list in a list' : 'a record';
}

/** URLSearchParams would put U+FFFD in the place of half a surrogate pair. */
function requireWellFormed(text: string, name: string): string {
  if (text.isWellFormed()) return text;
  throw new UnwritableValue(`${name}: expected whole Unicode characters; got half a surrogate pair`);
}

/** Characters that no URL holds unescaped (RFC 3986, appendix A): an HTML page or JSON is no list of pairs. */
const NEVER_IN_URL = /[\s"<>\\^`{|}]/;

/**
 * Stricter than URLSearchParams, which reads anything: it takes "%4" and "%zz" for text and broken UTF-8 for U+FFFD, so
 * that a body cut in an escape would pass for whole.
 */
function findFault(text: string): string | undefined {
  if (NEVER_IN_URL.test(text)) return 'characters that no URL holds';
  if (!text.split('&').every((pair) => pair === '' || pair.indexOf('=') > 0)) return 'a part that is no pair';
  try {
    decodeURIComponent(text);
    return undefined;
  } catch {
    return 'a broken percent-escape';
  }
}
