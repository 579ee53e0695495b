import { isAscii, isUtf8 } from 'node:buffer';
import { gunzip } from 'node:zlib';
import { MalformedAnswer } from '../errors.ts';

/** Sent with each request: what {@link unpack} can read. */
export const ACCEPT_ENCODING = 'gzip, identity';

/** Names of content encodings that are no secret (IANA's registry); another name is not repeated. */
const KNOWN_ENCODINGS: ReadonlySet<string> = new Set(['br', 'compress', 'dcb', 'dcz', 'deflate', 'zstd', 'x-compress']);

export type Packing = 'NONE' | 'GZIP';

/** How an answer is packed, by its Content-Encoding. An error where that isn't one that was asked for. */
export function readPacking(account: string, contentEncoding: string): Packing | MalformedAnswer {
  const encodings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const [encoding = '', ...others] = encodings.filter((name) => name !== '' && name !== 'identity');
  if (encoding === '') return 'NONE';
  // The same, as senders of long ago name it (RFC 9110, 8.4.1.3).
  if (others.length === 0 && (encoding === 'gzip' || encoding === 'x-gzip')) return 'GZIP';
  let got = 'in an unknown one';
  if (others.length > 0) got = 'in several';
  else if (KNOWN_ENCODINGS.has(encoding)) got = `in ${encoding}`;
  return new MalformedAnswer(account, `expected an answer without content encoding or in gzip; got one ${got}`);
}

/** Never rejects. Of a bomb no more than the limit is ever unpacked. */
export function unpack(account: string, packed: Buffer, maxBytes: number): Promise<Buffer | MalformedAnswer> {
  return new Promise((resolve) => {
    gunzip(packed, { maxOutputLength: maxBytes }, (error, bytes) => {
      if (error === null) resolve(bytes);
      else if (readCode(error) === 'ERR_BUFFER_TOO_LARGE') resolve(tooLarge(account, maxBytes));
      else resolve(new MalformedAnswer(account, 'expected a whole answer in gzip; got one that breaks off or is none'));
    });
  });
}

export function tooLarge(account: string, maxBytes: number): MalformedAnswer {
  return new MalformedAnswer(account, `expected an answer of at most ${maxBytes} bytes; got a larger one`);
}

function readCode(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}

/** The labels that the WHATWG's encoding standard has for one table, whichever of them is meant. */
const LATIN_1 = new Set(
  'cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 windows-1252 x-cp1252'.split(
    ' ',
  ),
);
const UTF_8 = new Set(['utf-8', 'utf8', 'unicode-1-1-utf-8', 'x-unicode20utf8']);
const ASCII = new Set(['us-ascii', 'ascii', 'iso646-us', 'ansi_x3.4-1968']);

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The text of an answer: in UTF-8 unless it declares another charset, by Content-Type or, failing that, by its XML declaration
 * (RFC 7303, 3.2: a byte order mark comes before both). A Content-Type's Latin-1 is not believed of what is UTF-8.
 */
export function readText(account: string, bytes: Buffer, contentType: string | undefined): string | MalformedAnswer {
  if (bytes.length === 0) return '';
  const declared = startsWithUtf8Mark(bytes) ? undefined : (readCharset(contentType) ?? readXmlEncoding(bytes));
  if (declared === undefined || UTF_8.has(declared)) {
    if (!isUtf8(bytes)) return new MalformedAnswer(account, 'expected an answer in UTF-8; got other bytes');
    const text = bytes.toString();
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  }
  if (LATIN_1.has(declared)) return isUtf8InTruth(bytes) ? bytes.toString() : decodeLatin1(bytes);
  if (!ASCII.has(declared)) {
    return new MalformedAnswer(account, 'expected an answer in UTF-8, US-ASCII or ISO-8859-1; got another charset');
  }
  if (isAscii(bytes)) return bytes.toString('latin1');
  return new MalformedAnswer(account, 'expected an answer in US-ASCII, as it declares; got other bytes');
}

/**
 * Many a server says ISO-8859-1 by default, whatever it sends; and no words in Latin-1 happen to be UTF-8. A document that says so
 * itself is believed.
 */
function isUtf8InTruth(bytes: Buffer): boolean {
  const encoding = readXmlEncoding(bytes);
  return isUtf8(bytes) && (encoding === undefined || !LATIN_1.has(encoding));
}

/** ISO-8859-1 proper has but control characters where windows-1252 has signs such as the euro's. */
function decodeLatin1(bytes: Buffer): string {
  return new TextDecoder('windows-1252').decode(bytes);
}

function startsWithUtf8Mark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

const CHARSET = /;\s*charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;]*))/i;

function readCharset(contentType: string | undefined): string | undefined {
  const match = contentType === undefined ? null : CHARSET.exec(contentType);
  return normalise(match?.[1] ?? match?.[2] ?? match?.[3]);
}

/** Only at the very start, and of no more than it may hold (XML 1.0, 2.8). */
const XML_DECLARATION = /^<\?xml\s[^>]*?\sencoding\s*=\s*(?:"([^"]*)"|'([^']*)')/;
const XML_DECLARATION_MAX_BYTES = 256;

function readXmlEncoding(bytes: Buffer): string | undefined {
  if (bytes[0] !== 0x3c || bytes[1] !== 0x3f) return undefined; // "<?"
  const match = XML_DECLARATION.exec(bytes.toString('latin1', 0, XML_DECLARATION_MAX_BYTES));
  return normalise(match?.[1] ?? match?.[2]);
}

function normalise(label: string | undefined): string | undefined {
  const name = label?.trim().toLowerCase();
  return name === '' ? undefined : name;
}
