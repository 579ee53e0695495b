import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RawRecord, RawValue } from '../../src/codecs/codec.ts';
import { json } from '../../src/codecs/json.ts';
import * as fields from '../../src/vendors/fields.ts';

/** What a word reads from a record that holds this under `f`; for what it can't read, its message. */
function reading<T>(field: fields.Field<T>) {
  return (value: RawValue | undefined): T | string => {
    try {
      return field.read(value === undefined ? {} : { f: value });
    } catch (error) {
      if (error instanceof fields.UnreadableField) return error.message;
      throw error;
    }
  };
}

/** Words for which a vendor's silence is null. */
const OPTIONAL = {
  text: fields.text('f'),
  firstText: fields.firstText('f', 'g'),
  reference: fields.reference('f'),
  whole: fields.whole('f'),
  flag: fields.flag('f'),
  decimal: fields.decimal('f'),
  money: fields.money('f', 'currency'),
  cents: fields.cents('f'),
  instant: fields.instant('f'),
  date: fields.date('f'),
  localDateTime: fields.localDateTime('f'),
  oneOf: fields.oneOf('f', { A: 'ACTIVE' }, 'UNKNOWN'),
  lastFourDigits: fields.lastFourDigits('f'),
  nested: fields.nested('f', { g: fields.text('g') }),
};

describe('every word', () => {
  it.each(Object.entries(OPTIONAL))('%s reads "", null and a missing field as null', (_name, field) => {
    const read = reading<unknown>(field);
    expect([read(''), read(null), read(undefined)]).toEqual([null, null, null]);
  });

  it.each(Object.entries({ ...OPTIONAL, vendorId: fields.vendorId('f'), list: fields.list('f', {}) }))(
    '%s reads or refuses whatever comes, without repeating it',
    (_name, field) => {
      const secret = 'f8f3b996-6fa6-4140-af73-df688af6365a';
      const values: RawValue[] = [
        secret,
        { toString: secret },
        [secret],
        { [secret]: secret },
        [[[secret]]],
        4242424242424242,
        '4242424242424242',
        Number.MAX_VALUE,
        true,
      ];
      for (const value of values) {
        const came = reading<unknown>(field)(value);
        if (typeof came !== 'string' || !came.startsWith('f must be ')) continue;
        expect(came).not.toContain(secret);
        expect(came).not.toContain('4242');
      }
    },
  );

  it('is not led astray by names that every object has', () => {
    const words = fields.oneOf('f', { A: 'ACTIVE' }, 'UNKNOWN');
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']) {
      expect(reading(words)(name)).toBe('UNKNOWN');
      expect(reading(fields.flag('f'))(name)).toBe(`f must be true or false; got text of ${name.length} characters`);
      expect(reading(fields.text('f'))(name)).toBe(name);
    }
    const raw = json.decode('{"__proto__":{"f":"x"},"constructor":{"f":"x"}}') as RawRecord;
    expect(fields.text('f').read(raw)).toBeNull();
  });

  it('says what it reads and how, for the printed field map', () => {
    for (const field of Object.values<fields.Field<unknown>>(OPTIONAL)) {
      expect(field.names).toContain('f');
      expect(field.conversion).not.toBe('');
    }
  });
});

describe('text', () => {
  it('is kept as it came, numbers and booleans as their text', () => {
    expect([' Biscuits ', '007', 123123, 0, true, '50000-100000'].map(reading(fields.text('f')))).toEqual([
      ' Biscuits ',
      '007',
      '123123',
      '0',
      'true',
      '50000-100000',
    ]);
  });

  it('keeps every digit of a number that JSON would round', () => {
    const raw = json.decode('{"f":42424242424242424242}') as RawRecord;
    expect(fields.text('f').read(raw)).toBe('42424242424242424242');
  });

  it('is no record and no list', () => {
    expect(reading(fields.text('f'))({ a: 'x' })).toBe('f must be text; got a record');
    expect(reading(fields.text('f'))(['x', 'y'])).toBe('f must be text; got a list of 2');
  });

  it('may be the first of several that is filled', () => {
    const street = fields.firstText('street', 'street1');
    expect(street.read({ street: '', street1: '12 Main St' })).toBe('12 Main St');
    expect(street.read({ street: '1 A', street1: '2 B' })).toBe('1 A');
    expect(street.read({})).toBeNull();
  });
});

describe('numbers of records', () => {
  it('are text without leading zeros', () => {
    expect([302, '302', '0302', '9007199254740993'].map(reading(fields.vendorId('f')))).toEqual([
      '302',
      '302',
      '302',
      '9007199254740993',
    ]);
    expect(reading(fields.reference('f'))('71')).toBe('71');
  });

  it.each(['with_customfields', '1.5', -1, '1e3', ' 1', true, '9'.repeat(20)])('are not %p', (value) => {
    expect(reading(fields.vendorId('f'))(value)).toMatch(/^f must be a whole number; got /);
  });

  it('must be there for the record itself', () => {
    expect(reading(fields.vendorId('f'))(null)).toBe('f must be given; got nothing');
  });
});

describe('whole numbers', () => {
  it('may come as text', () => {
    expect([5, '5', '08', 0, -3, 2147483647].map(reading(fields.whole('f')))).toEqual([5, 5, 8, 0, -3, 2147483647]);
  });

  it.each(['five', 1.5, '2147483648', -2147483648, 1e21, true])('are not %p', (value) => {
    expect(reading(fields.whole('f'))(value)).toMatch(/^f must be a whole number; got /);
  });
});

describe('flags', () => {
  it('come as booleans, numbers and text', () => {
    const read = reading(fields.flag('f'));
    expect([true, 1, '1', 'true', 'True', 'TRUE'].map(read)).toEqual(Array(6).fill(true));
    expect([false, 0, '0', 'false', 'False'].map(read)).toEqual(Array(5).fill(false));
    expect([2, 'yes', -1].map(read).every((message) => String(message).startsWith('f must be true or false'))).toBe(
      true,
    );
  });
});

describe('amounts', () => {
  it.each([
    ['500.5000', '500.5'],
    ['1728.0667', '1728.0667'],
    ['0', '0'],
    ['-0.0000', '0'],
    ['-12.3400', '-12.34'],
    ['12345678901234567.8901', '12345678901234567.8901'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['1e3', '1000'],
    ['1.5E+3', '1500'],
    ['15e-4', '0.0015'],
    ['1e-7', '0.0000001'],
    ['1e21', '1000000000000000000000'],
  ])('in major units are exact: %s', (source, amount) => {
    const { Balance } = json.decode(`{"Balance":${source}}`) as RawRecord;
    const money = fields.money('Balance', 'CurrencyCode');
    for (const raw of [{ Balance }, { Balance: source }]) {
      expect(money.read({ ...raw, CurrencyCode: 'ZAR' })).toEqual({ amount, currencyCode: 'ZAR' });
    }
    expect(money.read({ Balance: source })).toEqual({ amount, currencyCode: null });
  });

  it.each(['1,728.07', 'R 5', '1.2.3', '0x10', 'NaN', 'Infinity', '.', '1e400', true])('are not %p', (value) => {
    expect(reading(fields.decimal('f'))(value)).toMatch(/^f must be a decimal number; got /);
  });

  it('in cents are exact', () => {
    const cents = reading(fields.cents('f'));
    const amounts = [1999, '1999', 5, '7', 0, -5, -1250, '1999.00', 1e21, '123456789012345678901'].map(cents);
    expect(amounts.map((money) => (money as { amount: string }).amount)).toEqual([
      '19.99',
      '19.99',
      '0.05',
      '0.07',
      '0',
      '-0.05',
      '-12.5',
      '19.99',
      '10000000000000000000',
      '1234567890123456789.01',
    ]);
    expect(cents(1)).toEqual({ amount: '0.01', currencyCode: null });
    expect(cents('19.99')).toBe('f must be a whole number of cents; got text of 5 characters');
  });

  it('in cents are exact, whatever they are', () => {
    const cents = fields.cents('f');
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (value) => {
        const money = cents.read({ f: String(value) });
        const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(money?.amount ?? '') ?? [];
        expect(BigInt(`${sign}${whole}${fraction.padEnd(2, '0')}`)).toBe(value);
      }),
    );
  });
});

describe('days and times', () => {
  it.each([
    ['2026-02-28', '2026-02-28'],
    ['2016-03-11T16:34:53.8018224+02:00', '2016-03-11'],
    ['2016-04-03T15:26:05.7987439Z', '2016-04-03'],
    ['2016-03-11 16:34:53', '2016-03-11'],
    ['15 Dec 2016', '2016-12-15'],
    ['1 January 2017', '2017-01-01'],
    ['9 Sept 2017', '2017-09-09'],
    ['29 Feb 2024', '2024-02-29'],
  ])('a day is read from %s', (text, day) => expect(reading(fields.date('f'))(text)).toBe(day));

  it.each([
    '2026-02-30',
    '30 Feb 2016',
    '15 Dez 2016',
    '15 Maybe 2016',
    '12/15/2016',
    '20161215',
    '2016-12-15x',
    1481760000,
  ])('a day is not read from %s', (text) => expect(reading(fields.date('f'))(text)).toMatch(/^f must be a day; got /));

  it('an instant keeps its offset and each of its digits', () => {
    const instants = ['2016-03-11T16:34:53.8018224+02:00', '2016-04-03T15:26:05.7987439Z', '2016-03-11T16:34:53-03:30'];
    expect(instants.map(reading(fields.instant('f')))).toEqual(instants);
  });

  it.each([
    '2016-03-11T16:34:53',
    '2016-03-11',
    '2016-13-11T16:34:53Z',
    '2016-03-11 16:34:53',
    '15 Dec 2016',
    1457706893,
  ])('an instant is not read from %s: a zone would be invented', (text) =>
    expect(reading(fields.instant('f'))(text)).toMatch(/^f must be an instant with an offset; got /),
  );

  it('a time without a zone stays one', () => {
    const read = reading(fields.localDateTime('f'));
    expect(read('2024-02-29 23:59:59')).toBe('2024-02-29T23:59:59');
    expect(read('2024-02-29T23:59:59')).toBe('2024-02-29T23:59:59');
    for (const text of ['2023-02-29 23:59:59', '2024-02-29 24:00:00', '2024-02-29', '2024-02-29 23:59:59Z']) {
      expect(read(text)).toMatch(/^f must be yyyy-MM-dd HH:mm:ss; got /);
    }
  });
});

describe('words', () => {
  it('are read whatever their case and the spaces around them, another one as unknown', () => {
    const status = fields.oneOf('f', { Active: 'ACTIVE', Archived: 'ARCHIVED' }, 'UNKNOWN');
    expect(['Active', 'active', ' ARCHIVED ', 'Frozen', 7].map(reading(status))).toEqual([
      'ACTIVE',
      'ACTIVE',
      'ARCHIVED',
      'UNKNOWN',
      'UNKNOWN',
    ]);
    expect(status.conversion).toBe('Active → ACTIVE, Archived → ARCHIVED, another word → UNKNOWN');
  });

  it('may have another one for nothing', () => {
    const status = fields.otherwise(fields.oneOf('f', { A: 'ACTIVE' }, 'UNKNOWN'), 'UNKNOWN');
    expect([undefined, null, ''].map(reading(status))).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN']);
  });
});

describe('the last four digits', () => {
  it.each([
    ['42424242424242', '4242'],
    [42424242424242, '4242'],
    ['4242 4242 4242 1881', '1881'],
    ['************1881', '1881'],
    ['1881', '1881'],
    ['81', '81'],
    ['none', null],
  ])('of %s are %s', (value, digits) => expect(reading(fields.lastFourDigits('f'))(value)).toBe(digits));

  it('are all that is ever read of a number', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(fields.lastFourDigits('f').read({ f: text }) ?? '').toMatch(/^\d{0,4}$/);
      }),
    );
  });
});

describe('records within records', () => {
  const card = { brand: fields.text('CardType') };

  it('are read by their own table', () => {
    expect(fields.nested('f', card).read({ f: { CardType: 'VISA', Number: 4242 } })).toEqual({ brand: 'VISA' });
    expect(reading(fields.nested('f', card))(['x'])).toBe('f must be a record; got a list of 1');
    expect(reading(fields.nested('f', card))('x')).toBe('f must be a record; got text of 1 characters');
  });

  it('may lie flat', () => {
    const address = fields.part({ line1: fields.text('Address1'), city: fields.text('City') });
    expect(address.names).toEqual(['Address1', 'City']);
    expect(address.read({ Address1: '50 Pickering Street', City: '' })).toEqual({
      line1: '50 Pickering Street',
      city: null,
    });
  });

  it('come in lists, in their order and with repeats', () => {
    const pair = { key: fields.otherwise(fields.text('Key'), ''), value: fields.text('Value') };
    const raw = { f: [{ Key: 'b', Value: '1' }, { Key: 'a', Value: null }, { Key: 'b', Value: 2 }, {}] };
    expect(fields.list('f', pair).read(raw)).toEqual([
      { key: 'b', value: '1' },
      { key: 'a', value: null },
      { key: 'b', value: '2' },
      { key: '', value: null },
    ]);
    expect([undefined, null, ''].map((value) => fields.list('f', pair).read({ f: value }))).toEqual([[], [], []]);
    expect(fields.optionalList('f', pair).read({})).toBeUndefined();
    expect(fields.optionalList('f', pair).read({ f: null })).toEqual([]);
    expect(reading(fields.list('f', pair))({ Key: 'b' })).toBe('f must be a list; got a record');
    expect(reading(fields.list('f', pair))(['x'])).toBe('f must be a list of records; got text of 1 characters');
  });
});

describe('a table', () => {
  it('becomes a reader whose records are their own', () => {
    const read = fields.compile({
      name: fields.text('Name'),
      nothing: fields.none(null),
      tags: fields.list('Tags', {}),
    });
    const [first, second] = [read({ Name: 'a' }), read({ Name: 'b' })];
    expect(first).toEqual({ name: 'a', nothing: null, tags: [] });
    expect(second).toEqual({ name: 'b', nothing: null, tags: [] });
    expect(Object.keys(first)).toEqual(['name', 'nothing', 'tags']);
  });

  it('may tell a field from several, and from whom it was asked through', () => {
    const read = fields.compile({
      whole: fields.derived(['a', 'b'], 'both', (raw) => `${raw.a}${raw.b}`),
      owner: fields.derived([], 'the customer asked for', (_raw, owner = '') => owner),
    });
    expect(read({ a: 'x', b: 'y' }, '17')).toEqual({ whole: 'xy', owner: '17' });
  });
});
