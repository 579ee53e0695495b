import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RawRecord, type RawValue, UnreadableBody } from '../../src/codecs/codec.ts';
import { json } from '../../src/codecs/json.ts';
import { rawNumber } from '../../src/codecs/raw-number.ts';
import { itIsACodec } from '../contracts/codec.contract.ts';

const numbers = fc.tuple(fc.integer(), fc.nat({ max: 4 })).map(([digits, places]) => (digits || 0) / 10 ** places);
const { record } = fc.letrec<{ value: RawValue; record: RawRecord }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string({ unit: 'binary' }), numbers, fc.boolean(), fc.constant(null)),
    fc.array(tie('value')),
    tie('record'),
  ),
  record: fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
}));

describe('json', () => {
  itIsACodec(json, {
    contentType: 'application/json',
    sample: {
      record: {
        customerID: 302,
        Balance: 1728.0667,
        VatNo: '007',
        Tel: null,
        CustomFields: [{ Key: 'Ö"', Value: '' }],
      },
      text: '{"customerID":302,"Balance":1728.0667,"VatNo":"007","Tel":null,"CustomFields":[{"Key":"Ö\\"","Value":""}]}',
    },
    records: record,
    carried: (whole) => whole,
    unreadable: {
      'markup where JSON was asked for': '<html><body>Brielle</body></html>',
      'plain text': 'Brielle was not found',
      'a second document': '{"Name":"Brielle"}{"Name":"Brielle"}',
      'a name without quotes': '{Name:"Brielle"}',
      'a line break in a string': '{"Name":"Brielle\n"}',
    },
    unwritable: {},
    noticesCut: true,
    pieces: [
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '1',
      '-',
      '.',
      'e400',
      '1234567890123456',
      'null',
      '\\',
      '\\u0041',
      ' ',
    ],
    member: (name) => `{"${name}":"x"}`,
    nested: (levels) => '['.repeat(levels) + ']'.repeat(levels),
  });

  describe('refuses a large document of many levels before it is parsed', () => {
    const around = (content: string, open: string, close: string, levels: number) =>
      open.repeat(levels) + content + close.repeat(levels);

    it.each([
      ['arrays', around('', '[', ']', 200_000)],
      ['arrays that are never closed', '['.repeat(300_000)],
      ['objects', around('1', '{"a":', '}', 100_000)],
      ['both, spread out', around('1', '[ {\n"a]": [], "b}\\"": ', '} ]', 20_000)],
      ['arrays behind a long list', `[[${'1,'.repeat(200_000)}1],${around('', '[', ']', 1_001)}]`],
      ['arrays around a long number', around('12345678901234567', '[', ']', 200_000)],
    ])('%s', (_case, text) => {
      expect(() => json.decode(text)).toThrow(new UnreadableBody('expected a JSON document of at most 1000 levels'));
    });

    it.each([
      ['at the limit', `[${'1,'.repeat(200_000)}${around('', '[', ']', 999)}]`],
      ['whose brackets stand in strings', JSON.stringify([`${'['.repeat(300_000)}\\"{{`, '{"'.repeat(2_000)])],
      ['with many records side by side', JSON.stringify(new Array(50_000).fill({ a: [{}] }))],
    ])('but not one %s', (_case, text) => {
      expect(json.decode(text)).toEqual(JSON.parse(text));
    });

    it('while a small one may nest as it likes, unless a long number makes V8 recurse into it', () => {
      expect(() => json.decode(around('1', '[', ']', 50_000))).not.toThrow();
      expect(() => json.decode(around('12345678901234567', '[', ']', 50_000))).toThrow(UnreadableBody);
    });
  });

  describe('keeps every digit of a number', () => {
    it.each([
      ['1728.0667', 1728.0667],
      ['500.5000', 500.5],
      ['-0.10', -0.1],
      ['123456789012.345', 123456789012.345],
      ['1.5e3', 1500],
      ['100000000000000000000', 1e20],
      ['9007199254740993', '9007199254740993'],
      ['0.9007199254740993', '0.9007199254740993'],
      ['12345678901234567.89', '12345678901234567.89'],
      ['-12345678901234567', '-12345678901234567'],
      ['0.30000000000000004', '0.30000000000000004'],
      ['1e400', '1e400'],
      ['-1E-400', '-1E-400'],
      ['4.9e-324', '4.9e-324'],
    ])('%s is read as %p', (source, value) => {
      expect(json.decode(source)).toBe(value);
      expect(json.decode(`{"a": [1,${source}]}`)).toEqual({ a: [1, value] });
    });

    it('whatever the number', () => {
      const digits = (maxLength: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${maxLength}}$`));
      const source = fc
        .tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 0n, max: 10n ** 25n }), fc.option(digits(25)))
        .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`);
      fc.assert(
        fc.property(source, (text) => {
          const read = json.decode(`[${text}]`) as readonly RawValue[];
          expect(inLowestTerms(plain(read[0]))).toBe(inLowestTerms(text));
        }),
        { numRuns: 1_000 },
      );
    });

    it('and leaves a string of digits alone', () => {
      const body = '{"LastFourDigits":"42424242424242424242","Note":"due: 12345678901234567.89, 1e999"}';
      expect(json.decode(body)).toEqual({
        LastFourDigits: '42424242424242424242',
        Note: 'due: 12345678901234567.89, 1e999',
      });
    });

    it('when writing one given as text', () => {
      const balance = rawNumber('12345678901234567.8900');
      expect(json.encode({ balance }, 'customer')).toBe('{"balance":12345678901234567.8900}');
    });

    it('and writes no text that is no number', () => {
      for (const text of ['', '"1"', 'NaN', '1.', '01', '1,2', '1}']) expect(() => rawNumber(text)).toThrow('decimal');
    });
  });

  it('overlooks a byte order mark', () => expect(json.decode('\uFEFF[1]')).toEqual([1]));

  it('tells what came in its place', () => {
    const refusals = ['', ' \n', '<html/>', 'Not found', '{"a":12', '{"a":"', '{"a":1 "b":2}'].map((body) => {
      try {
        return json.decode(body);
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(refusals).toEqual([
      'expected a JSON document; got an empty body',
      'expected a JSON document; got an empty body',
      'expected a JSON document; got 7 characters of markup',
      'expected a JSON document; got 9 characters of another kind',
      'expected a JSON document; it ended after 7 characters',
      'expected a JSON document; it ended after 6 characters',
      'expected a JSON document; it stopped being one after 7 characters',
    ]);
  });
});

/** A decimal without exponent; the float's own shortest text may have one. */
function plain(value: RawValue | undefined): string {
  const text = String(value);
  const [, sign, whole = '', fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?e([-+]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return text;
  const places = fraction.length - Number(exponent);
  const digits = `${whole}${fraction}`.padStart(places + 1, '0');
  return places <= 0
    ? `${sign}${digits}${'0'.repeat(-places)}`
    : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function inLowestTerms(decimal: string): string {
  const trimmed = decimal.includes('.') ? decimal.replace(/\.?0*$/, '') : decimal;
  return trimmed === '-0' ? '0' : trimmed;
}
