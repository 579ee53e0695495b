import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RawRecord, type RawValue, UnreadableBody } from '../../src/codecs/codec.ts';
import { rawNumber } from '../../src/codecs/raw-number.ts';
import { readXml, xml } from '../../src/codecs/xml.ts';
import { itIsACodec } from '../contracts/codec.contract.ts';

const text = fc
  .string({ unit: 'binary' })
  .filter((value) => value.isWellFormed())
  .map((value) => Array.from(value).filter(isXmlCharacter).join(''));
const scalar: fc.Arbitrary<RawValue> = fc.oneof(
  text,
  fc.constantFrom(' a ', '\t\n\r', '&lt;', '"\''),
  fc.integer(),
  fc.boolean(),
);
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,9}$/).filter((member) => !/^xml/i.test(member));
const { record } = fc.letrec<{ value: RawValue; record: RawRecord }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(scalar, fc.constant(null)),
    fc.array(fc.oneof(scalar, tie('record')), { maxLength: 4 }),
    tie('record'),
  ),
  record: fc.dictionary(name, tie('value'), { noNullPrototype: true, maxKeys: 6 }),
}));

/** XML 1.0, production Char [2]. */
function isXmlCharacter(character: string): boolean {
  const codePoint = character.codePointAt(0) ?? 0;
  return [0x9, 0xa, 0xd].includes(codePoint) || (codePoint >= 0x20 && codePoint !== 0xfffe && codePoint !== 0xffff);
}

/** Absent and null are alike, scalars are text, a list of one is its item, an empty record and blank items are "". */
function carried(record: RawRecord): RawValue {
  const members = Object.entries(record).flatMap(([member, value]): [string, RawValue | undefined][] => {
    if (value === null || value === undefined) return [];
    if (!Array.isArray(value)) return [[member, isRecord(value) ? carried(value) : String(value)]];
    const items = value.map((item) => {
      if (isRecord(item)) return carried(item);
      return /^[ \t\n\r]*$/.test(String(item)) ? '' : String(item);
    });
    return items.length === 0 ? [] : [[member, items.length === 1 ? items[0] : items]];
  });
  return members.length === 0 ? '' : Object.fromEntries(members);
}

function isRecord(value: RawValue): value is RawRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

describe('xml', () => {
  itIsACodec(xml, {
    contentType: 'application/xml',
    sample: {
      record: {
        id: 17,
        name: 'Ann & "Bo" <b>\n\tx',
        active: true,
        note: null,
        address: { city: "Qo'nce" },
        tag: ['a>b', 'c'],
        plan: [{ id: '1' }, {}],
        none: [],
      },
      text:
        '<customer id="17" name="Ann &amp; &quot;Bo&quot; &lt;b&gt;&#10;&#9;x" active="true"><address city="Qo\'nce"/>' +
        '<tag>a&gt;b</tag><tag>c</tag><plan id="1"/><plan/></customer>',
    },
    records: record,
    carried,
    unreadable: {
      JSON: '{"name":"Brielle"}',
      'plain text': 'Brielle',
      'a page of HTML': '<!DOCTYPE html><html><body>Brielle</body></html>',
      'an entity of its own': '<!DOCTYPE c [<!ENTITY e "Brielle">]><c a="&e;"/>',
      'an entity from a file': '<!DOCTYPE c [<!ENTITY e SYSTEM "file:///etc/Brielle">]><c>&e;</c>',
      'a document type within the root': '<c><!DOCTYPE Brielle><a/></c>',
      'a declaration within the root': '<c><!ELEMENT Brielle/></c>',
      "an entity of HTML's": '<c>&nbsp;Brielle</c>',
      "an entity of HTML's in an attribute": '<c a="Brielle&nbsp;"/>',
      'an ampersand alone': '<c a="Brielle & Co"/>',
      'a reference to no character': '<c>Brielle&#0;</c>',
      'a reference to half a pair': '<c>Brielle&#xD83D;</c>',
      'a reference beyond Unicode': '<c>Brielle&#x110000;</c>',
      'a control character': '<c>Brielle\u0001</c>',
      'mismatched tags': '<c><a>Brielle</b></c>',
      'overlapping tags': '<c><a><b>Brielle</a></b></c>',
      'an unclosed tag': '<c><a>Brielle</c>',
      'an unclosed empty tag': '<c a="Brielle"/',
      'a closing tag alone': '</Brielle>',
      'two roots': '<c a="Brielle"/><c a="Brielle"/>',
      'two open roots': '<c>Brielle</c><c>Brielle</c>',
      'text after an empty root': '<c/>Brielle',
      'text after the root': '<c></c>Brielle',
      'text before the root': 'Brielle<c/>',
      'an unclosed comment after the root': '<c/><!-- Brielle --',
      'an unclosed instruction after the root': '<c/><?Brielle',
      'an unclosed CDATA section': '<c><![CDATA[Brielle]]</c>',
      'an attribute without quotes': '<c a=Brielle/>',
      'an attribute twice': '<c a="Brielle" a="Brielle"/>',
      'a comment alone': '<!-- Brielle -->',
      'a closing tag before the root': '</x/>Brielle<c/>',
      'a CDATA section after the root': '<c/><![CDATA[Brielle]]>',
      'a prefixed declaration for a root': '<!<x:a>Brielle</x:a>',
      'the end of a CDATA section in text': '<c>Brielle ]]> x</c>',
      'the end of a CDATA section after one': '<c><![CDATA[Brielle]]>]]></c>',
      'a tag in an attribute': '<c a="<Brielle/>"/>',
      'a less-than sign in an attribute in single quotes': "<c a='Brielle < x'/>",
      'two hyphens in a comment': '<c><!-- Brielle -- x --></c>',
      'three hyphens at the end of a comment': '<c><!-- Brielle ---></c>',
      'two hyphens in a comment before the root': '<!-- Brielle -- --><c/>',
      'a comment of one arrow': '<c>Brielle<!--></c>',
      'a declaration without a version': '<?xml encoding="UTF-8"?><c>Brielle</c>',
      'a declaration of another version': '<?xml version="2.0"?><c>Brielle</c>',
      'a declaration of no version': '<?xml version=""?><c>Brielle</c>',
      'a declaration without quotes': '<?xml version=1.0?><c>Brielle</c>',
      'a declaration with its parts in another order': '<?xml encoding="UTF-8" version="1.0"?><c>Brielle</c>',
      'standalone before encoding': '<?xml version="1.0" standalone="yes" encoding="UTF-8"?><c>Brielle</c>',
      'another word for standalone': '<?xml version="1.0" standalone="YES"?><c>Brielle</c>',
      'a declaration with a part that is none': '<?xml version="1.0" valid="no"?><c>Brielle</c>',
      'a declaration with an encoding that is no name': '<?xml version="1.0" encoding="-8"?><c>Brielle</c>',
      'a declaration with parts that touch': '<?xml version="1.0"encoding="UTF-8"?><c>Brielle</c>',
      'a declaration in capitals': '<?XML version="1.0"?><c>Brielle</c>',
      'a declaration after white space': ' <?xml version="1.0"?><c>Brielle</c>',
      'a declaration after a comment': '<!-- x --><?xml version="1.0"?><c>Brielle</c>',
      'a declaration twice': '<?xml version="1.0"?><?xml version="1.0"?><c>Brielle</c>',
      'an XML declaration within the root': '<c><?xml version="1.0"?>Brielle</c>',
      'a declaration after the root': '<c>Brielle</c><?xml version="1.0"?>',
      'an empty declaration': '<?xml?><c>Brielle</c>',
      'an instruction without a name': '<c><? Brielle?></c>',
      'an instruction called xml': '<c><?xMl Brielle?></c>',
      'attributes that touch': '<c a="Brielle"b="x"/>',
      'an attribute without a value': '<c a>Brielle</c>',
      'an attribute in a closing tag': '<c>Brielle</c a="x">',
      'a space before a name': '<c>Brielle< a/></c>',
      'a space before the name of a closing tag': '<c>Brielle</ c>',
      'a space within an empty tag': '<c>Brielle<a/ ></c>',
      'a name that begins with a digit': '<c>Brielle<1a/></c>',
      'a name that begins with a hyphen': '<c>Brielle<-a/></c>',
      'an attribute whose name begins with a digit': '<c 1a="Brielle"/>',
      'an attribute whose name has a sign': '<c a$b="Brielle"/>',
      'quotes that differ': '<c a="Brielle\'/>',
      'an attribute twice in other quotes': "<c a='Brielle' b='x' a='y'/>",
      'a reference without its end': '<c>Brielle &amp x</c>',
      'a hexadecimal reference in capitals': '<c>Brielle &#X41;</c>',
      'a CDATA section in small letters': '<c><![cdata[Brielle]]></c>',
      'tags of other case': '<c>Brielle</C>',
    },
    unwritable: {
      'a control character': 'Brielle\u0001',
      'half a surrogate pair': 'Brielle \uD83D',
      'a control character in a record': { name: 'Brielle\u0000' },
      'a control character in a list': ['Brielle\u0008'],
      'a name with a space': { 'first name': 'Brielle' },
      'a name with a prefix': { 'a:name': 'Brielle' },
      'a reserved name': { xmlns: 'Brielle' },
      'a list in a list': [['Brielle']],
      'null in a list': ['Brielle', null],
    },
    noticesCut: true,
    pieces: [
      '<',
      '>',
      '</',
      '/>',
      '<a',
      '<a>',
      '</a>',
      '<a/>',
      ' b="',
      '"',
      "'",
      '=',
      '&',
      '&lt;',
      '&#',
      '1;',
      '<!--',
      '-->',
    ].concat([
      '<![CDATA[',
      ']]>',
      '<?xml',
      '<?',
      '?>',
      '<!DOCTYPE',
      '<!',
      '[',
      ']',
      ':',
      ' ',
      '\r\n',
      '__proto__',
      'xmlns',
    ]),
    member: (member) => `<customer><${member}>x</${member}></customer>`,
    nested: (levels) => '<a>'.repeat(levels) + '</a>'.repeat(levels),
  });

  it('refuses a document of more than 64 levels', () => {
    expect(() => xml.decode('<a>'.repeat(65) + '</a>'.repeat(65))).toThrow('at most 64 levels');
  });

  it('notices a cut at any character of a document with all that XML has', () => {
    const document =
      '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<!-- page -->\n<?style none?>\n<n:customers xmlns:n="urn:x" total=\'2\'>\r\n' +
      '  <customer id="1" name="a &gt; b > c"><!-- > --><note><![CDATA[<b> & ]]>&#x41;</note></customer>\n' +
      '  <customer id="2"/>\n</n:customers>\n<!-- end -->\n<?done?>\n';
    const whole = {
      total: '2',
      customer: [{ id: '1', name: 'a > b > c', note: '<b> & A' }, { id: '2' }],
    };
    expect(xml.decode(document)).toEqual(whole);
    let still = 0;
    for (let end = 0; end < document.length; end += 1) {
      try {
        expect(xml.decode(document.slice(0, end))).toEqual(whole);
        still += 1;
      } catch (error) {
        expect(error).toMatchObject({ name: 'UnreadableBody' });
      }
    }
    // The root's end, and the line, the comment and the instruction after it.
    expect(still).toBe(5);
  });

  it.each([
    ['a list', '<customers><customer id="1"/><customer id="2"/></customers>', { customer: [{ id: '1' }, { id: '2' }] }],
    ['a list of one', '<customers><customer id="1"/></customers>', { customer: { id: '1' } }],
    ['an empty list', '<customers/>', ''],
    ['an empty list with room', '<customers>\n  </customers>', ''],
    ['scalars as elements', '<o><id>1</id><code></code></o>', { id: '1', code: '' }],
    ['another root name', '<object id="1"/>', { id: '1' }],
    ['names in mixed order', '<o><a>1</a><b/><a>2</a></o>', { a: ['1', '2'], b: '' }],
    ['an attribute and a child of one name', '<o a="1"><a>2</a></o>', { a: ['1', '2'] }],
    ['text beside an attribute', '<o><a id="1">note</a></o>', { a: { id: '1', '#text': 'note' } }],
    ['text beside elements', '<o>x<b/>y</o>', { b: '', '#text': 'xy' }],
    [
      'a number',
      '<o code="007">\n<amount>1728.0667000000000001</amount></o>',
      { code: '007', amount: '1728.0667000000000001' },
    ],
    [
      'numbers in elements',
      '<o><code>007</code><plan>1e3</plan><on>true</on></o>',
      { code: '007', plan: '1e3', on: 'true' },
    ],
    ['spaces in an attribute', '<o a=" Biscuits  Biscuits " b=" "/>', { a: ' Biscuits  Biscuits ', b: ' ' }],
    ['prefixes', '<n:o xmlns:n="u" xmlns="v" n:a="1"><n:b/><n:c n:d="2"/></n:o>', { a: '1', b: '', c: { d: '2' } }],
    ["XML's five entities", '<o a="&amp;&lt;&gt;&quot;&apos;"/>', { a: '&<>"\'' }],
    ['an entity once only', '<o>&amp;lt;</o>', '&lt;'],
    ['references to characters', '<o>&#65;&#x42;&#x1F600;</o>', 'AB\u{1F600}'],
    ['a CDATA section', '<o><![CDATA[&nbsp;<!DOCTYPE x>]]></o>', '&nbsp;<!DOCTYPE x>'],
    ['comments and instructions', '<?xml version="1.0"?><!-- & --><o><?x y?>a<!-- <b> -->b</o><!-- - -->', 'ab'],
    [
      'all that a declaration may say',
      "<?xml version = '1.1'  encoding='ISO-8859-1' standalone = \"no\" ?><o><?xml-stylesheet a?>1</o>",
      '1',
    ],
    ['comments with single hyphens', '<o><!-- - a-b - -->1<!----></o>', '1'],
    ['names of other scripts', '<Größe Ñame="1"><顧客 é.ñ-1="2"/></Größe>', { Ñame: '1', 顧客: { 'é.ñ-1': '2' } }],
    [
      'brackets and arrows in text',
      '<o a=">" b="]]>">a ]] > b ]> c</o>',
      { a: '>', b: ']]>', '#text': 'a ]] > b ]> c' },
    ],
    ['tags with room', '<o\n a = "1"\t><b\r\n/></o >', { a: '1', b: '' }],
    [
      'types of XML Schema',
      '<o xmlns:xsi="u"><a xsi:type="xs:string">1</a><b xsi:type="x" c="2"/></o>',
      { a: '1', b: { c: '2' } },
    ],
    ['what XML Schema says of the root', '<o xsi:schemaLocation="a b" xsi:noNamespaceSchemaLocation="c"/>', ''],
    [
      'an element that is nil',
      '<o><a xsi:nil="true"/><b xsi:nil="1"></b><c xsi:nil="false"/></o>',
      { a: null, b: null, c: '' },
    ],
    ['a root that is nil', '<o xsi:nil="true"/>', null],
    ['an element that is nil and has an attribute', '<o><a xsi:nil="true" b="1"/></o>', { a: { b: '1' } }],
    [
      'what XML Schema says, by another prefix',
      '<o xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><a i:nil="true"/><b i:type="x">1</b></o>',
      { a: null, b: '1' },
    ],
    ['a member of its own called type or nil', '<o type="1" n:nil="true"/>', { type: '1', nil: 'true' }],
    ["XML's own attributes", '<o xml:lang="en" xml:space="preserve" a="1"/>', { a: '1' }],
    [
      'names of an object of JavaScript',
      '<o toString="1" __proto__="2"/>',
      Object.fromEntries([
        ['toString', '1'],
        ['__proto__', '2'],
      ]),
    ],
  ])('reads %s', (_what, document, value) => expect(xml.decode(document)).toEqual(value));

  it("keeps the root's name for whoever asks", () => {
    expect(readXml('<?xml version="1.0"?><n:customers xmlns:n="u" total="0"/>')).toEqual({
      rootName: 'customers',
      value: { total: '0' },
    });
  });

  it('tells what is not XML without a word of it', () => {
    expect(() => xml.decode('<c><a>x</a><!-- Brielle -- --></c>')).toThrow(
      'expected well-formed XML; got a comment that is unclosed or has two hyphens within after 11 characters, in 34 characters',
    );
  });

  it('refuses a document longer than it can read in good time', () => {
    expect(() => xml.decode(`<o>${' '.repeat(4 * 1024 * 1024)}</o>`)).toThrow(
      'expected an XML document of at most 4,194,304 characters; got 4,194,311 characters of markup',
    );
  });

  it('reads a hundred thousand references, each counted as text', () => {
    expect(xml.decode(`<o>${'&amp;'.repeat(100_000)}</o>`)).toHaveLength(100_000);
  });

  it.each([
    ['comments begun', '<!--'],
    ['instructions begun', '<?'],
    ['sections begun', '<![CDATA['],
    ['references begun', '&#'],
    ['elements begun', '<a b="'],
    ['tags begun', '<a b="1" '],
    ['attributes begun', ' b="1"'],
    ['hyphens', '-'],
    ['ends of sections', ']]'],
    ['document types begun', '<!DOCTYPE ['],
  ])('refuses two hundred thousand %s, wherever they stand, without hanging', (_what, piece) => {
    const pieces = piece.repeat(200_000);
    for (const document of [
      pieces,
      `<c>${pieces}`,
      `<c/>${pieces}`,
      `<c/><![CDATA[${pieces}]]>`,
      `<c a='${pieces}'/>x`,
    ]) {
      expect(() => xml.decode(document)).toThrow(UnreadableBody);
    }
  });

  it('writes an exact decimal digit for digit', () => {
    const amount = rawNumber('12345678901234567.8900');
    expect(xml.encode({ amount, list: [amount] }, 'object')).toBe(
      '<object amount="12345678901234567.8900"><list>12345678901234567.8900</list></object>',
    );
  });

  it('writes the root under the name it is given, if XML can carry it', () => {
    expect(xml.encode({ monthlyFeeDay: '1' }, 'profile')).toBe('<profile monthlyFeeDay="1"/>');
    for (const root of ['', 'a b', '1a', 'a:b', 'xmlRoot', 'a><b'])
      expect(() => xml.encode({}, root)).toThrow('a name');
  });

  it('names the field it can not write by its path', () => {
    expect(() => xml.encode({ contact: { phones: [{ number: '\u0001' }] } }, 'customer')).toThrow(
      'contact.phones.number: expected characters that XML 1.0 can carry',
    );
  });

  it('tells where a document is broken', () => {
    expect(() => xml.decode('<a>\n  <b>\n</a>')).toThrow(
      'expected a whole XML document; an element is broken or unclosed at line 3, column 1, in 14 characters',
    );
  });
});
