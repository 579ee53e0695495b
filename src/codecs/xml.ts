import { type EntityDecoderOptions, type XMLMetaData, XMLParser, XMLValidator } from 'fast-xml-parser';
import { countCharacters, describeBody } from './body-description.ts';
import { type Codec, type RawRecord, type RawValue, UnreadableBody, UnwritableValue } from './codec.ts';
import { isScalar, type Scalar, writeScalar } from './scalar.ts';
import { findMarkupFault } from './xml-markup.ts';

/**
 * XML 1.0 without document types.
 *
 * Encoded: scalars are attributes, as in UniPay's sample (component FeeCycle, the vendor's public page), records are child
 * elements, lists are repeated ones. XML has no null: it is left out, as undefined is.
 *
 * Decoded: the root's name is dropped. An element without attributes and element children is its text, else a record of
 * both by name; a name that comes more than once, be it as attribute and as child, is a list in document order. Text
 * beside them is `#text`. An empty list is "", and a list of one can't be told from its item. What XML Schema says of an
 * element (`xsi:type`) is no member of it, and one that is `xsi:nil` and has no other member is null.
 */
export const xml: Codec = {
  name: 'xml',
  contentType: 'application/xml',

  encode(record, rootName) {
    return writeRecord(requireName(rootName, rootName), record, '');
  },

  decode: (body) => readXml(body).value,
};

export interface XmlDocument {
  /** Without its prefix. */
  readonly rootName: string;
  readonly value: RawValue;
}

/** Decodes, and keeps the root's name for whoever has to know what the document says it is. */
export function readXml(body: string): XmlDocument {
  if (body.length > MAX_CHARACTERS) {
    throw refusal(`expected an XML document of at most ${countCharacters(MAX_CHARACTERS)}`, body);
  }
  const text = body.startsWith('\uFEFF') ? body.slice(1) : body;
  if (BLANK.test(text)) throw refusal('expected an XML document', text);
  if (FORBIDDEN.test(text)) throw refusal('expected characters that XML 1.0 allows', text);
  const root = parseRoot(text);
  return { rootName: withoutPrefix(nameOf(root)), value: readElement(root, instancePrefixes(text)) };
}

/**
 * Reading is synchronous, at some ten million characters a second, into a tree of many times the text's size: a longer
 * document would hold up every other request. A page of 200 customers has about 50,000 characters.
 */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** XML's own white space, narrower than that of String.trim. */
const BLANK = /^[ \t\n\r]*$/;

/** What is outside XML 1.0's production Char [2]. */
const FORBIDDEN = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

function refusal(expected: string, text: string): UnreadableBody {
  return new UnreadableBody(`${expected}; got ${describeBody(text)}`);
}

// ---------------------------------------------------------------------------------------------------------- decoding

/** XML's own five; whatever else a document may define is refused unread. */
const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const REFERENCE = /&(?:#x([\da-fA-F]+);|#(\d+);|([a-z]{2,4});)?/g;

const references: EntityDecoderOptions = {
  decode: (text) => text.replace(REFERENCE, readReference),
  // Called for every document type, whether or not it defines an entity.
  addInputEntities: () => {
    throw new UnreadableBody('expected XML without a document type; got one');
  },
  setExternalEntities: () => {},
  setXmlVersion: () => {},
  reset: () => {},
};

function readReference(_match: string, hexadecimal?: string, decimal?: string, name?: string): string {
  const codePoint = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  const character = name === undefined ? codePoint <= 0x10ffff && String.fromCodePoint(codePoint) : ENTITIES.get(name);
  if (!character || FORBIDDEN.test(character)) {
    throw new UnreadableBody("expected no references but to characters and XML's own five entities; got another");
  }
  return character;
}

/** One element or one run of text, as fast-xml-parser gives them in document order. */
interface XmlNode {
  readonly [TEXT]?: string;
  readonly [ATTRIBUTES]?: Readonly<Record<string, string>>;
  readonly [elementName: string]: unknown;
}
const TEXT = '#text';
const ATTRIBUTES = ':@';
/** Keeps an attribute named `__proto__` out of the way of the parser's own objects. */
const ATTRIBUTE_PREFIX = '@_';
const METADATA = XMLParser.getMetaDataSymbol() as symbol;

/** The vendors' own answers nest four deep (seed 002, customer with payment method and card), and the parser recurses. */
const MAX_NESTING = 64;

const parser = new XMLParser({
  // The library's other form merges an attribute and a child of the same name.
  preserveOrder: true,
  textNodeName: TEXT,
  attributeNamePrefix: ATTRIBUTE_PREFIX,
  ignoreAttributes: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // "007" stays "007", " x " stays " x ".
  parseTagValue: false,
  trimValues: false,
  entityDecoder: references,
  // One above what it allows is where it stops.
  maxNestedTags: MAX_NESTING - 1,
  // Elements are only ever members of what Object.fromEntries makes.
  onDangerousProperty: (name) => name,
  // Where the root ends, to see what follows it.
  captureMetaData: true,
  jPath: false,
});

function parseRoot(text: string): XmlNode {
  const broken = findMarkupFault(text);
  if (broken !== undefined) {
    throw new UnreadableBody(
      `expected well-formed XML; got ${broken.what} after ${countCharacters(broken.at)}, in ${countCharacters(text.length)}`,
    );
  }
  const fault = XMLValidator.validate(text);
  if (fault !== true) {
    const { line, col } = fault.err;
    throw new UnreadableBody(
      `expected a whole XML document; an element is broken or unclosed at line ${line}, column ${col ?? 1}, in ${countCharacters(text.length)}`,
    );
  }
  const root = parse(text).find((node) => node[TEXT] === undefined);
  if (root === undefined) throw refusal('expected an XML document', text);
  // The validator overlooks a second root and text around one such as <a/>, and document types anywhere.
  const { startIndex = 0, endIndex = 0 } = placeOf(root);
  if (afterMiscellaneous(text, 0) < startIndex) {
    throw new UnreadableBody('expected an XML document; got more than comments before its root element');
  }
  if (afterMiscellaneous(text, endIndex) < text.length) {
    throw new UnreadableBody('expected an XML document; got more than comments after its root element');
  }
  return root;
}

function parse(text: string): readonly XmlNode[] {
  try {
    return parser.parse(text);
  } catch (error) {
    if (error instanceof UnreadableBody) throw error;
    // Not even as a cause: the library's messages quote the text.
    throw refusal(`expected a whole XML document of at most ${MAX_NESTING} levels`, text);
  }
}

function placeOf(node: XmlNode): XMLMetaData {
  return (node as Record<symbol, XMLMetaData>)[METADATA] ?? {};
}

/** Where the comments, processing instructions and white space end that begin there (XML 1.0, production Misc [27]). */
function afterMiscellaneous(text: string, start: number): number {
  const miscellaneous = /[ \t\n\r]+|<!--[\s\S]*?-->|<\?[\s\S]*?\?>/y;
  let end = start;
  miscellaneous.lastIndex = start;
  while (miscellaneous.test(text)) end = miscellaneous.lastIndex;
  return end;
}

/** The namespace of `xsi:nil` and `xsi:type` (XML Schema 1.0, section 2.6). */
const INSTANCE = /\sxmlns:([\w.-]+)\s*=\s*["']http:\/\/www\.w3\.org\/2001\/XMLSchema-instance["']/g;

/** What that namespace is called here: `xsi`, declared or not, unless the document has another name for it as well. */
function instancePrefixes(text: string): ReadonlySet<string> {
  if (!text.includes('XMLSchema-instance')) return USUAL_PREFIXES;
  return new Set([...USUAL_PREFIXES, ...Array.from(text.matchAll(INSTANCE), ([, prefix]) => prefix as string)]);
}

const USUAL_PREFIXES: ReadonlySet<string> = new Set(['xsi']);

function readElement(node: XmlNode, instance: ReadonlySet<string>): RawValue {
  const members = new Map<string, RawValue[]>();
  const add = (name: string, value: RawValue): void => {
    const values = members.get(name);
    if (values === undefined) members.set(name, [value]);
    else values.push(value);
  };
  let isNil = false;
  for (const [key, value] of Object.entries(node[ATTRIBUTES] ?? {})) {
    const name = key.slice(ATTRIBUTE_PREFIX.length);
    const colon = name.indexOf(':');
    const prefix = colon === -1 ? '' : name.slice(0, colon);
    // Namespaces, and XML's own `xml:lang` and `xml:space`, say nothing of the record.
    if (name === 'xmlns' || prefix === 'xmlns' || prefix === 'xml') continue;
    if (!instance.has(prefix)) add(name.slice(colon + 1), value);
    else if (name.slice(colon + 1) === 'nil') isNil = /^\s*(?:true|1)\s*$/.test(value);
  }
  let text = '';
  for (const child of childrenOf(node)) {
    if (child[TEXT] === undefined) add(withoutPrefix(nameOf(child)), readElement(child, instance));
    else text += child[TEXT];
  }
  if (BLANK.test(text)) text = '';
  if (members.size === 0) return isNil && text === '' ? null : text;
  if (text !== '') members.set(TEXT, [text]);
  return Object.fromEntries(Array.from(members, ([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

function nameOf(node: XmlNode): string {
  const name = Object.keys(node).find((key) => key !== ATTRIBUTES) ?? '';
  // What neither validator nor parser knows, such as <!ELEMENT>, they take for an element.
  if (name.startsWith('!')) throw new UnreadableBody('expected XML elements and text; got a declaration among them');
  return name;
}

/** Namespaces tell nothing here: no vendor document names one. */
function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function childrenOf(node: XmlNode): readonly XmlNode[] {
  return node[nameOf(node)] as readonly XmlNode[];
}

// ---------------------------------------------------------------------------------------------------------- encoding

/** Narrower than XML's own: no prefixes, and no names beginning with "xml", which are reserved (XML 1.0, section 2.3). */
const WRITABLE_NAME = /^(?!xml)[a-z_][\w.-]*$/i;

/** `path` leads to the record, for messages: "" or "contact.". */
function writeRecord(name: string, record: RawRecord, path: string): string {
  let attributes = '';
  let children = '';
  for (const [member, value] of Object.entries(record)) {
    const field = path + member;
    if (value === undefined || value === null) continue;
    if (isScalar(value)) attributes += ` ${requireName(member, field)}="${writeText(value, field)}"`;
    else if (isList(value)) children += value.map((item) => writeItem(member, item, field)).join('');
    else children += writeRecord(requireName(member, field), value, `${field}.`);
  }
  return children === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${children}</${name}>`;
}

function writeItem(name: string, item: RawValue, field: string): string {
  requireName(name, field);
  if (item === null || isList(item)) {
    throw new UnwritableValue(
      `${field}: an XML list carries records and scalars; got ${item === null ? 'null' : 'a list'}`,
    );
  }
  return isScalar(item) ? `<${name}>${writeText(item, field)}</${name}>` : writeRecord(name, item, `${field}.`);
}

/** Array.isArray leaves a readonly array in the type it denies. */
function isList(value: RawValue): value is readonly RawValue[] {
  return Array.isArray(value);
}

function requireName(name: string, field: string): string {
  if (WRITABLE_NAME.test(name)) return name;
  throw new UnwritableValue(`${field}: expected a name that XML can carry`);
}

function writeText(value: Scalar, field: string): string {
  const text = writeScalar(value, field);
  if (FORBIDDEN.test(text)) {
    throw new UnwritableValue(
      `${field}: expected characters that XML 1.0 can carry; got a control character or half a pair`,
    );
  }
  return text.replace(/[&<>"\t\n\r]/g, (character) => ESCAPES.get(character) ?? character);
}

/** References for white space too: a reader puts a plain space in the place of a line's end or a tab in an attribute. */
const ESCAPES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ['\t', '&#9;'],
  ['\n', '&#10;'],
  ['\r', '&#13;'],
]);
