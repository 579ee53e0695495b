import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { centsToMajor, compareDecimals, majorToCents } from '../../src/model/money.ts';

describe('cents', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['000', '0'],
    ['5', '0.05'],
    ['50', '0.5'],
    ['1999', '19.99'],
    ['1900', '19'],
    ['-1', '-0.01'],
    ['-100', '-1'],
    ['-00150', '-1.5'],
    ['123456789012345678901', '1234567890123456789.01'],
  ])('of %s are %s in major units', (cents, major) => {
    expect(centsToMajor(cents)).toBe(major);
  });

  it('are what they were after a turn through major units, whatever their size', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (cents) => {
        const major = centsToMajor(String(cents));
        expect(majorToCents(major, 'up')).toBe(String(cents));
        expect(majorToCents(major, 'down')).toBe(String(cents));
      }),
    );
  });

  it.each([
    ['0.005', 'up', '1'],
    ['0.005', 'down', '0'],
    ['19.999', 'up', '2000'],
    ['19.999', 'down', '1999'],
    ['-0.005', 'up', '0'],
    ['-0.005', 'down', '-1'],
    ['-19.999', 'up', '-1999'],
    ['-19.999', 'down', '-2000'],
    ['12', 'up', '1200'],
  ] as const)('that a border of %s means, rounded %s, are %s', (major, direction, cents) => {
    expect(majorToCents(major, direction)).toBe(cents);
  });

  it('of a border let through exactly the whole cents within it', () => {
    const border = fc
      .tuple(fc.integer({ min: -100_000, max: 100_000 }), fc.integer({ min: 0, max: 9_999 }))
      .map(([units, fraction]) => `${units}.${String(fraction).padStart(4, '0')}`);
    fc.assert(
      fc.property(border, fc.integer({ min: -10_000_000, max: 10_000_000 }), (major, cents) => {
        const amount = centsToMajor(String(cents));
        expect(cents >= Number(majorToCents(major, 'up'))).toBe(compareDecimals(amount, major) >= 0);
        expect(cents <= Number(majorToCents(major, 'down'))).toBe(compareDecimals(amount, major) <= 0);
      }),
    );
  });
});

describe('decimals', () => {
  it('compare beyond what a float can tell apart', () => {
    expect(compareDecimals('0.30000000000000004', '0.3')).toBe(1);
    expect(compareDecimals('9007199254740993', '9007199254740992')).toBe(1);
    expect(compareDecimals('1.50', '1.5')).toBe(0);
    expect(compareDecimals('-2', '1')).toBe(-1);
  });
});
