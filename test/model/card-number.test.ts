import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hasLuhnCheckDigit, holdsCardNumber, maskCardNumbers } from '../../src/model/card-number.ts';
import { readCustomerId, readNodeId, readSubscriptionId } from '../../src/model/ids.ts';
import { quote } from '../../src/model/quote.ts';
import { DateScalar, DecimalScalar } from '../../src/model/scalars.ts';

/** The schemes' own test numbers: Visa of 13, 16 and 19 digits, Mastercard, American Express, Discover, JCB, Diners, Maestro. */
const CARDS = [
  ...['4222222222222', '4242424242424242', '4000000000000000006', '5555555555554444', '2223003122003222'],
  ...['378282246310005', '6011111111111117', '3530111333300000', '30569309025904', '6759649826438453'],
];

const SEPARATORS = [
  ...['', ' ', '-', ' - ', '.', '\u00a0', '\u2013', '\n', '_', '/', ',', ', ', '    ', '\t', '|', ' · ', '\u200b'],
  ...['\\', ':', '~', '*', '\u2003', '--', ' / ', '\r\n', '        '],
];

/** An issuer's first digits, and the lengths of its numbers. */
const ISSUERS: readonly (readonly [string, readonly string[], readonly number[]])[] = [
  ['Visa', ['4'], [13, 16, 19]],
  ['Mastercard', ['51', '52', '53', '54', '55', '2221', '2345', '2500', '2720'], [16]],
  ['American Express', ['34', '37'], [15]],
  ['Diners Club', ['300', '305', '309', '36', '38', '39'], [14, 16]],
  ['Discover', ['6011', '644', '649', '65'], [16, 19]],
  ['JCB', ['3528', '3556', '3589'], [16, 19]],
  ['UnionPay', ['62', '622126', '8171'], [16, 17, 18, 19]],
  ['Maestro', ['5018', '5020', '5038', '5893', '6304', '6759', '6761', '6763'], [12, 13, 14, 15, 16, 17, 18, 19]],
  ['Mir', ['2200', '2204'], [16, 19]],
  ['RuPay', ['60', '6521', '81', '82', '508'], [16]],
  ['Troy', ['9792', '65'], [16]],
  ['Verve', ['506099', '650002'], [16, 19]],
];

/** A number with this head, this length and its check digit. */
function complete(head: string, length: number, filling: string): string {
  const body = (head + filling).slice(0, length - 1);
  return [...'0123456789'].map((check) => body + check).find(hasLuhnCheckDigit) as string;
}

const issued = fc
  .constantFrom(...ISSUERS)
  .chain(([, heads, lengths]) =>
    fc
      .tuple(fc.constantFrom(...heads), fc.constantFrom(...lengths), fc.stringMatching(/^\d{19}$/))
      .map(([head, length, filling]) => complete(head, length, filling)),
  );

/** The digits of other scripts, and of other widths. */
const ZEROS = ['０', '٠', '۰', '०', '０', '𝟎', '𝟬'];
const inScript = (digits: string, zero: string) =>
  digits.replace(/\d/g, (digit) => String.fromCodePoint((zero.codePointAt(0) as number) + Number(digit)));

const grouped = (digits: string, separator: string) => digits.replace(/(\d{4})(?=\d)/g, `$1${separator}`);

describe('a card number', () => {
  it.each(CARDS)('%s is found and cut to its last four digits, alone and within text', (card) => {
    for (const separator of SEPARATORS) {
      const written = grouped(card, separator);
      for (const [before, after] of [
        ['', ''],
        ['card: ', ', thanks'],
        ['<', '>'],
        ['ref 12 ', ''],
        ['', ' 12/27 123'],
        ['+27 82 123 ', ''],
        ['x', 'x'],
        ['"', '",'],
      ]) {
        const text = `${before}${written}${after}`;
        expect(holdsCardNumber(text)).toBe(true);
        const masked = maskCardNumbers(text);
        expect(masked).toContain(`************${card.slice(-4)}`);
        expect(masked.replace(/\D/g, '')).not.toContain(card.slice(0, 10));
        expect(holdsCardNumber(masked)).toBe(false);
      }
    }
  });

  it.each([
    ...['', '4242', '4242424242424241', '1234567890123', '0000000000000000', '9999999999999995', '+4242424242424242'],
    // What seed 002 shows, and what looks much like it.
    ...['+616-72-9711058', '+227-94-8405032', '12343453454', '2016-03-11T16:34:53.8018224+02:00', '1728.0667', '87925'],
    ...['f8f3b996-6fa6-4140-af73-df688af6365a', '2016-12-15', '0-50000', '4242 4242 4242 43', '42424242424242424242'],
    // References, amounts, telephone numbers and times that pass the check of the check digit.
    ...['20261124181441', '42424242424242', '255000000.1216', '4242424242424.242', 'R 450.00, 320.00, 1200.50, 88.10'],
    ...['+49 170 1234567 6', '30.01.2026 18:14:41', '2026-11-24 18:14:41.123456', '5261124181441', '1732471234567'],
  ])('is not in %j', (text) => {
    expect([holdsCardNumber(text), maskCardNumbers(text)]).toEqual([false, text]);
  });

  it('is found each time it stands in a text', () => {
    expect(maskCardNumbers('4242424242424242, 5555 5555 5555 4444 and 378282246310005')).toBe(
      '************4242, ************4444 and ************0005',
    );
  });

  it('is found in whatever text stands around it, and what is no part of it is left', () => {
    const card = fc.constantFrom(...CARDS);
    const around = fc.string({ unit: 'grapheme' }).filter((text) => !/[\p{N}+]/u.test(text));
    fc.assert(
      fc.property(around, card, around, (before, digits, after) => {
        expect(maskCardNumbers(before + digits + after)).toBe(`${before}************${digits.slice(-4)}${after}`);
      }),
    );
  });

  it('of any issuer is found, whatever stands between its groups', () => {
    const sizes = fc.constantFrom([4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [6, 13], [1, 1, 1, 1], [3, 3, 3, 3, 3], [8, 8]);
    fc.assert(
      fc.property(
        issued,
        sizes,
        fc.constantFrom(...SEPARATORS),
        fc.constantFrom('', '0', '000'),
        (digits, size, separator, zeros) => {
          const groups: string[] = [];
          for (let at = 0, index = 0; at < digits.length; index++) {
            const width = size[index % size.length] as number;
            groups.push(digits.slice(at, at + width));
            at += width;
          }
          // Two groups with a point between are a decimal.
          fc.pre(groups.length !== 2 || !/^[.,]$/.test(separator));
          const text = zeros + groups.join(separator);
          expect([text, maskCardNumbers(text)]).toEqual([text, `************${digits.slice(-4)}`]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is found in the digits of any script', () => {
    fc.assert(
      fc.property(issued, fc.constantFrom(...ZEROS), fc.constantFrom('', ' ', '-'), (digits, zero, separator) => {
        const text = `x ${inScript(grouped(digits, separator), zero)} y`;
        expect([text, maskCardNumbers(text)]).toEqual([text, `x ************${digits.slice(-4)} y`]);
      }),
    );
  });

  it('is not in a reference that begins with a day or an instant of our time', () => {
    const instant = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, fc.stringMatching(/^\d{0,5}$/), (date, tail) => {
        const digits = date.toISOString().replace(/\D/g, '');
        for (const text of [
          digits.slice(0, 14) + tail,
          digits.slice(0, 12) + tail,
          digits,
          digits.slice(0, 8) + tail,
        ]) {
          expect(maskCardNumbers(text)).toBe(text);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is not in a day and a time, however they are written', () => {
    const instant = fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(instant, (date) => {
        const [day = '', time = ''] = date.toISOString().split('T');
        const european = day.split('-').reverse().join('.');
        for (const text of [
          `${day} ${time}`,
          `${day} ${time.slice(0, 8)}`,
          `${european} ${time.slice(0, 8)}`,
          `${day}/${time.slice(0, 5)}`,
        ]) {
          expect(maskCardNumbers(text)).toBe(text);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is not in an amount or in a UUID', () => {
    const decimal = fc.tuple(fc.stringMatching(/^[1-9]\d{0,14}$/), fc.stringMatching(/^\d{1,7}$/));
    fc.assert(
      fc.property(decimal, fc.uuid(), ([whole, fraction], uuid) => {
        // A whole part of 13 digits and more could be a card number by itself.
        const amount = `${whole.slice(0, 11)}.${fraction}`;
        expect(maskCardNumbers(`${amount} ZAR`)).toBe(`${amount} ZAR`);
        expect(maskCardNumbers(`<${uuid}>`)).toBe(`<${uuid}>`);
      }),
      { numRuns: 2000 },
    );
  });

  it('is looked for in a long text in no more than the time the text takes to be read', () => {
    for (const part of ['4 ', '4', '4.', '中', '４', '4:4', '0', '4          ', '2026-11-']) {
      expect(maskCardNumbers(part.repeat(100_000)).length).toBeGreaterThan(0);
    }
  });

  it('has a check digit that tells a mistyped one', () => {
    for (const card of CARDS) {
      expect(hasLuhnCheckDigit(card)).toBe(true);
      expect(hasLuhnCheckDigit(`${card.slice(0, -1)}${(Number(card.at(-1)) + 1) % 10}`)).toBe(false);
    }
  });
});

describe('a message that quotes what a client sent', () => {
  const card = '4242424242424242';
  const message = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('it was accepted');
  };

  it.each([
    ['a node id', () => readNodeId(card)],
    ['a node id of three parts', () => readNodeId(`Customer:unipay:${card}:1:2`)],
    ["a customer's id", () => readCustomerId(`customer:${card}`)],
    ["a subscription's id", () => readSubscriptionId(`Customer:unipay:${card}`)],
    ['a date', () => DateScalar.parseValue(card)],
    ['a decimal', () => DecimalScalar.parseValue(`${card} ZAR`)],
    [
      'a text cut within the number',
      () => {
        throw new Error(quote(`${'x'.repeat(70)} ${card}`));
      },
    ],
  ])('has no card number in it: %s', (_name, act) => {
    expect(message(act)).not.toContain(card.slice(0, 6));
  });
});
