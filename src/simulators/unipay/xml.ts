import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { malformed } from './failure.ts';
import type { Settings } from './options.ts';
import type { RawFields, Row } from './row.ts';

/**
 * Written by hand. Every documented field is an attribute ("XML Representation: attribute"), and UniPay's one machine
 * sample is `<profile monthlyFeeDay="1" />`; the names of roots and of the element around a list are not shown anywhere.
 */

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A parser turns these into spaces or line feeds unless they come as references.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escapeText(text: string): string {
  return (
    text
      .toWellFormed()
      // XML 1.0 has no way to write these.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character] ?? character)
  );
}

function writeElement(name: string, row: Row, scalars: Settings['xmlScalars']): string {
  const entries = Object.entries(row);
  if (scalars === 'attributes') {
    return `<${name}${entries.map(([field, value]) => ` ${field}="${escapeText(String(value))}"`).join('')} />`;
  }
  return `<${name}>${entries.map(([field, value]) => `<${field}>${escapeText(String(value))}</${field}>`).join('')}</${name}>`;
}

export function writeXmlRecord(name: string, row: Row, scalars: Settings['xmlScalars']): string {
  return DECLARATION + writeElement(name, row, scalars);
}

export function writeXmlList(
  listName: string,
  recordName: string,
  rows: readonly Row[],
  scalars: Settings['xmlScalars'],
): string {
  if (rows.length === 0) return `${DECLARATION}<${listName} />`;
  return `${DECLARATION}<${listName}>${rows.map((row) => writeElement(recordName, row, scalars)).join('')}</${listName}>`;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
  trimValues: false,
  processEntities: true,
  htmlEntities: true,
});

/** fast-xml-parser's ordered form: one key names the element and holds its children, `:@` holds its attributes. */
type Node = Readonly<Record<string, unknown>>;

const nameOf = (node: Node): string => Object.keys(node).find((key) => key !== ':@') ?? '';
const childrenOf = (node: Node): readonly Node[] => node[nameOf(node)] as readonly Node[];
const attributesOf = (node: Node): Readonly<Record<string, string>> =>
  (node[':@'] ?? {}) as Readonly<Record<string, string>>;
const isText = (node: Node): boolean => nameOf(node) === '#text';

/** The fields of a request; a field in the form that this deployment does not use is a failure, not a guess. */
export function readXml(body: string, rootNames: readonly string[], scalars: Settings['xmlScalars']): RawFields {
  if (/<!DOCTYPE/i.test(body)) throw malformed('A document type is not allowed.');
  if (XMLValidator.validate(body) !== true) throw malformed('The body is not well-formed XML.');
  const roots = (parser.parse(body) as Node[]).filter((node) => !isText(node) && !nameOf(node).startsWith('?'));
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw malformed('The body must have one root element.');
  if (!rootNames.includes(nameOf(root))) throw malformed(`The root element must be ${rootNames.join(' or ')}.`);
  const elements = childrenOf(root).filter((node) => !isText(node));
  const stray = childrenOf(root).some((node) => isText(node) && String(node['#text']).trim() !== '');
  if (stray) throw malformed('The root element must not hold text.');

  if (scalars === 'attributes') {
    if (elements.length > 0) throw malformed('Fields must be attributes.');
    return new Map(Object.entries(attributesOf(root)));
  }
  if (Object.keys(attributesOf(root)).length > 0) throw malformed('Fields must be elements.');
  const fields = new Map<string, string>();
  for (const element of elements) {
    const name = nameOf(element);
    if (fields.has(name)) throw malformed(`${name} must be given once.`);
    if (!childrenOf(element).every(isText)) throw malformed(`${name} must hold text only.`);
    fields.set(
      name,
      childrenOf(element)
        .map((text) => String(text['#text']))
        .join(''),
    );
  }
  return fields;
}
