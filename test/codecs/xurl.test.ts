import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RawRecord, RawValue } from '../../src/codecs/codec.ts';
import { rawNumber } from '../../src/codecs/raw-number.ts';
import { xurl } from '../../src/codecs/xurl.ts';
import { itIsACodec } from '../contracts/codec.contract.ts';

const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());
const scalar: fc.Arbitrary<RawValue> = fc.oneof(text, fc.integer(), fc.boolean());
const name = fc.string({ minLength: 1 });

/** Absent and null are alike, scalars are text, a list of one is its item. */
function carried(record: RawRecord): RawValue {
  const members = Object.entries(record).flatMap(([member, value]) => {
    const texts = (Array.isArray(value) ? value : [value]).filter((item) => item !== null).map(String);
    return texts.length === 0 ? [] : [[member, texts.length === 1 ? texts[0] : texts]];
  });
  return Object.fromEntries(members);
}

describe('xurl', () => {
  itIsACodec(xurl, {
    contentType: 'application/x-www-form-urlencoded',
    sample: {
      record: { firstName: 'Ann & Bo', phone: '+27 11', amount: 1050, active: true, tag: ['a', 'ö='], note: null },
      text: 'firstName=Ann+%26+Bo&phone=%2B27+11&amount=1050&active=true&tag=a&tag=%C3%B6%3D',
    },
    records: fc.dictionary(name, fc.oneof(scalar, fc.constant(null), fc.array(scalar)), { noNullPrototype: true }),
    carried,
    unreadable: {
      markup: '<html lang="en"><body class="Brielle"></body></html>',
      JSON: '{"firstName":"Brielle=1"}',
      'plain text': 'Brielle',
      'a value without a name': 'id=1&=Brielle',
      'a cut percent-escape': 'firstName=Brielle%2',
      'a percent-escape of no digits': 'firstName=Brielle%zz',
      'bytes that are no UTF-8': 'firstName=Brielle%ff',
      'a second line': 'firstName=Brielle\nlastName=Brielle',
    },
    unwritable: {
      'a record': { amount: 'Brielle' },
      'a record in a list': [{ amount: 'Brielle' }],
      'a list in a list': [['Brielle']],
      'null in a list': ['Brielle', null],
      'half a surrogate pair': 'Brielle \uD83D',
    },
    noticesCut: false,
    pieces: ['?', '&', '=', 'a', '%', '%4', '41', '%C3', '%B6', '+', ' ', '<', '__proto__'],
    member: (member) => `${member}=x`,
    nested: undefined,
  });

  it("reads the vendor's own sample", () => expect(xurl.decode('?monthlyFeeDay=1&')).toEqual({ monthlyFeeDay: '1' }));

  it('reads repeated names as a list, in order', () => {
    expect(xurl.decode('a=2&b=x&a=1&a=')).toEqual({ a: ['2', '1', ''], b: 'x' });
  });

  it('reads plus and percent-escapes', () => expect(xurl.decode('a=b+c%2Bd%20e')).toEqual({ a: 'b c+d e' }));

  it('takes no pairs for an empty record', () => expect(xurl.decode('')).toEqual({}));

  it('writes an exact decimal digit for digit', () => {
    expect(xurl.encode({ amount: rawNumber('12345678901234567.8900') }, 'object')).toBe(
      'amount=12345678901234567.8900',
    );
  });

  it('tells what came in its place', () => {
    expect(() => xurl.decode('a=1&b=%4')).toThrow(
      'expected URL-encoded name=value pairs; got 8 characters of another kind with a broken percent-escape',
    );
  });
});
