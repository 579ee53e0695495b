import { malformed } from './failure.ts';
import type { Settings } from './options.ts';
import type { RawFields, Row } from './row.ts';

/**
 * What seed 000 calls "query" and seeds 001 and 003 "xurl": URL-encoded name=value pairs. The one sample,
 * `?monthlyFeeDay=1&`, has marks at both ends.
 */

const encode = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+');

export function writeXurl(row: Row, marks: Settings['xurlMarks']): string {
  const pairs = Object.entries(row).map(([name, value]) => `${encode(name)}=${encode(String(value))}`);
  return marks === 'bare' ? pairs.join('&') : `?${pairs.map((pair) => `${pair}&`).join('')}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformed('The body is not URL-encoded.');
  }
}

export function readXurl(body: string): RawFields {
  const fields = new Map<string, string>();
  for (const pair of body.trim().replace(/^\?/, '').split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    if (equals < 1) throw malformed('The body must be name=value pairs.');
    const name = decode(pair.slice(0, equals));
    if (fields.has(name)) throw malformed(`${name} must be given once.`);
    fields.set(name, decode(pair.slice(equals + 1)));
  }
  return fields;
}
