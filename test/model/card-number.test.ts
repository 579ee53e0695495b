import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hasLuhnCheckDigit, holdsCardNumber, maskCardNumbers } from '../../src/model/card-number.ts';
import { readCustomerId, readNodeId, readSubscriptionId } from '../../src/model/ids.ts';
import { quote } from '../../src/model/quote.ts';
import { DateScalar, DecimalScalar } from '../../src/model/scalars.ts';

/** The schemes' own test numbers: Visa of 13, 16 and 19 digits, Mastercard, American Express, Discover, JCB, Diners, Maestro; and seed 002's. */
const CARDS = [
  ...['4222222222222', '4242424242424242', '4000000000000000006', '5555555555554444', '2223003122003222'],
  ...[
    '42424242424242',
    '378282246310005',
    '6011111111111117',
    '3530111333300000',
    '30569309025904',
    '6759649826438453',
  ],
];

const grouped = (digits: string, separator: string) => digits.replace(/(\d{4})(?=\d)/g, `$1${separator}`);

describe('a card number', () => {
  it.each(CARDS)('%s is found and cut to its last four digits, alone and within text', (card) => {
    for (const separator of ['', ' ', '-', ' - ', '.', '\u00a0', '\u2013', '\n']) {
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
    const around = fc.string({ unit: 'grapheme' }).filter((text) => !/[\d+]/.test(text));
    fc.assert(
      fc.property(around, card, around, (before, digits, after) => {
        expect(maskCardNumbers(before + digits + after)).toBe(`${before}************${digits.slice(-4)}${after}`);
      }),
    );
  });

  it('is looked for in a long text in no more than the time the text takes to be read', () => {
    const text = '4 '.repeat(50_000) + '4'.repeat(50_000);
    expect(maskCardNumbers(text).length).toBeGreaterThan(0);
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
