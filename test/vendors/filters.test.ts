import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  absent,
  pushedCents,
  pushedDay,
  pushedNumber,
  pushedText,
  pushedWord,
  scanned,
  writeFilter,
} from '../../src/vendors/filters.ts';

describe('a filter line', () => {
  it('pushes text that fits the field, and knows that longer or blank text is in none', () => {
    const firstName = pushedText('firstName', 5);
    expect(['Ann', 'Maria', "O'Bri", 'Müllé', '👩👩👩👩👩'].map(firstName.supportFor)).toEqual(Array(5).fill('PUSHED'));
    expect(['Thandi', '👩👩👩👩👩👩', '', '  '].map(firstName.supportFor)).toEqual(Array(4).fill('ABSENT'));
    expect(firstName.write("O'Bri")).toBe("O'Bri");
  });

  it('pushes whole numbers, and knows that nothing else is one', () => {
    const accountId = pushedNumber('accountId');
    expect(['0', '2001', '123456789012345678'].map(accountId.supportFor)).toEqual(Array(3).fill('PUSHED'));
    expect(['', 'A1', '-1', '1.5', '1e3', ' 1', '1234567890123456789'].map(accountId.supportFor)).toEqual(
      Array(7).fill('ABSENT'),
    );
  });

  it('pushes days as they are', () => {
    const line = pushedDay('createDateFrom');
    expect([line.supportFor('2026-02-28'), line.write('2026-02-28')]).toEqual(['PUSHED', '2026-02-28']);
  });

  it('pushes words the vendor has, scans for the unknown ones, and knows which it can never have', () => {
    const cycle = pushedWord<'WEEKLY' | 'CUSTOM' | 'UNKNOWN'>('billingCycleType', { WEEKLY: 'W' });
    expect((['WEEKLY', 'CUSTOM', 'UNKNOWN'] as const).map(cycle.supportFor)).toEqual(['PUSHED', 'ABSENT', 'SCANNED']);
    expect(cycle.write('WEEKLY')).toBe('W');
    expect(cycle.supportFor('constructor' as 'CUSTOM')).toBe('ABSENT');
  });

  it('rounds borders to the cents within them', () => {
    const [from, to] = [pushedCents('amountFrom', 'up'), pushedCents('amountTo', 'down')];
    const amounts = ['19.99', '19.991', '0.005', '0', '0.0000001', '20'];
    expect(amounts.map(from.write)).toEqual(['1999', '2000', '1', '0', '1', '2000']);
    expect(amounts.map(to.write)).toEqual(['1999', '1999', '0', '0', '0', '2000']);
  });

  it('lets the same amounts through as the border in major units does', () => {
    const border = fc
      .tuple(fc.nat(2_000_000), fc.nat(999_999))
      .map(([whole, millionths]) => ({ text: `${whole}.${String(millionths).padStart(6, '0')}`, whole, millionths }));
    fc.assert(
      fc.property(border, fc.nat(200_000_099), ({ text, whole, millionths }, cents) => {
        const exactly = BigInt(whole) * 1_000_000n + BigInt(millionths);
        const amount = BigInt(cents) * 10_000n;
        expect(cents >= Number(pushedCents('amountFrom', 'up').write(text))).toBe(amount >= exactly);
        expect(cents <= Number(pushedCents('amountTo', 'down').write(text))).toBe(amount <= exactly);
      }),
    );
  });

  it('scans for amounts that the parameter cannot say', () => {
    for (const line of [pushedCents('amountFrom', 'up'), pushedCents('amountTo', 'down')]) {
      expect(['-0.01', '-5', '21474836.48', '1'.padEnd(90, '0')].map(line.supportFor)).toEqual(
        Array(4).fill('SCANNED'),
      );
      expect(['0', '21474836.47'].map(line.supportFor)).toEqual(['PUSHED', 'PUSHED']);
    }
    expect(pushedCents('amountFrom', 'up').supportFor('-0.001')).toBe('PUSHED');
    expect(pushedCents('amountFrom', 'up').write('-0.001')).toBe('0');
  });

  it('is written only where it is pushed', () => {
    for (const line of [absent, scanned]) expect(() => line.write('x')).toThrow('is never written');
    const table = { name: pushedText('firstName', 3), account: pushedNumber('accountId'), email: scanned, fax: absent };
    const filter = { name: 'Ann', account: '17', email: 'a@b.c', fax: '1' };
    expect(writeFilter(filter, table)).toEqual([
      ['firstName', 'Ann'],
      ['accountId', '17'],
    ]);
    expect(writeFilter({ name: 'Robert', account: null, email: 'a@b.c' }, table as never)).toEqual([]);
  });
});
