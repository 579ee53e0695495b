import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLError, type GraphQLScalarType, parseValue as parseDocumentValue } from 'graphql';
import { DateScalar, DateTimeScalar, DecimalScalar, LocalDateTimeScalar } from '../../src/model/scalars.ts';

const literal = (scalar: GraphQLScalarType, text: string) => scalar.parseLiteral(parseDocumentValue(text), {});

const SCALARS = [
  [
    DateScalar,
    ['2024-02-29', '0001-01-01', '0099-12-31', '2000-02-29', '9999-12-31'],
    [
      '2023-02-29',
      '1900-02-29',
      '2024-13-01',
      '2024-00-10',
      '2024-01-00',
      '2024-04-31',
      '2024-1-1',
      '24-01-01',
      '2024-01-01T00:00:00',
      ' 2024-01-01',
      '',
    ],
  ],
  [
    DateTimeScalar,
    ['2016-03-11T16:34:53.8018224+02:00', '2016-03-11T16:34:53Z', '2016-12-31T23:59:60Z', '2016-03-11t16:34:53z'],
    [
      '2016-03-11T16:34:53',
      '2016-03-11',
      '2016-03-11T24:00:00Z',
      '2016-02-30T00:00:00Z',
      '2016-03-11T16:34:53+2:00',
      '2016-03-11T16:34:53.Z',
      '',
    ],
  ],
  [
    LocalDateTimeScalar,
    ['2016-03-11T16:34:53', '2016-03-11T00:00:00'],
    ['2016-03-11T16:34:53Z', '2016-03-11 16:34:53', '2016-03-11T16:34', '2016-02-30T16:34:53', ''],
  ],
] as const;

describe.each(SCALARS)('%s', (scalar, accepted, refused) => {
  it.each(accepted)('takes %s as it is, in a variable and in a document', (text) => {
    expect(scalar.parseValue(text)).toBe(text);
    expect(literal(scalar, JSON.stringify(text))).toBe(text);
    expect(scalar.serialize(text)).toBe(text);
  });

  it.each(refused)('refuses %p, and says what was expected and what came', (text) => {
    const message = new RegExp(`^${scalar.name} must be .*; got text of ${text.length} characters$`);
    expect(() => scalar.parseValue(text)).toThrow(message);
    expect(() => literal(scalar, JSON.stringify(text))).toThrow(message);
  });

  it.each([
    [20_240_101, 'a number'],
    [true, 'a boolean'],
    [null, 'null'],
    [['2024-01-01'], 'a object'],
  ])('refuses %p as %s', (value, came) => {
    expect(() => scalar.parseValue(value)).toThrow(new RegExp(`; got ${came}$`));
  });
});

describe('Decimal', () => {
  it.each([
    ['1728.0667', '1728.0667'],
    ['500.5000', '500.5'],
    ['+1', '1'],
    ['-0', '0'],
    ['-0.00', '0'],
    ['007', '7'],
    ['0.10', '0.1'],
    ['100', '100'],
    [12, '12'],
    [-3, '-3'],
  ])('reads %p as %s', (value, decimal) => {
    expect(DecimalScalar.parseValue(value)).toBe(decimal);
    expect(literal(DecimalScalar, JSON.stringify(value))).toBe(decimal);
  });

  it('reads a number of a document by its text, which a variable has lost', () => {
    expect(literal(DecimalScalar, '0.1000000000000000055511151231257827')).toBe('0.1000000000000000055511151231257827');
    expect(() => DecimalScalar.parseValue(0.1)).toThrow(GraphQLError);
  });

  it.each(['', '.5', '5.', '1e3', '0x1', 'NaN', 'Infinity', '1 000', '1,5', '--1', '9'.repeat(101), '٣'])(
    'refuses %p',
    (text) => {
      expect(() => DecimalScalar.parseValue(text)).toThrow(/^Decimal must be a decimal number as a string/);
    },
  );

  it.each([2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, 1.5, true, null, {}])(
    'refuses %p, which may have been rounded or is none',
    (value) => {
      expect(() => DecimalScalar.parseValue(value)).toThrow(/^Decimal must be/);
    },
  );

  it('has one text for one value', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.nat({ max: 999_999 }), fc.nat({ max: 5 }), (units, fraction, zeros) => {
        const digits = String(fraction).padStart(6, '0');
        const once = DecimalScalar.parseValue(`${units}.${digits}`);
        expect(DecimalScalar.parseValue(`${units}.${digits}${'0'.repeat(zeros)}`)).toBe(once);
        expect(DecimalScalar.parseValue(once)).toBe(once);
      }),
    );
  });

  it('is told to be the client’s mistake', () => {
    expect(() => DecimalScalar.parseValue('x')).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }) as unknown as Error,
    );
  });
});
