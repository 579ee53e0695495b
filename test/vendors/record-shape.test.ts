import { describe, expect, it } from '@jest/globals';
import { billagain } from '../../src/vendors/billagain/index.ts';
import { type Field, list, nested, text, whole } from '../../src/vendors/fields.ts';
import { recordShape } from '../../src/vendors/record-shape.ts';
import { unipay } from '../../src/vendors/unipay/index.ts';

const table: Readonly<Record<string, Field<unknown>>> = {
  name: text('Name'),
  address: nested('Address', { city: text('City') }),
};
const shape = recordShape(table);

describe("a vendor's record shape", () => {
  it('is the same for the same tables', () => {
    expect(recordShape({ ...table })).toBe(shape);
    expect(shape).toMatch(/^[\w-]{12}$/);
  });

  it.each<[string, Readonly<Record<string, Field<unknown>>>[]]>([
    ['one more field', [{ ...table, email: text('Email') }]],
    ['a field less', [{ name: text('Name') }]],
    ['a field of another name of ours', [{ title: text('Name'), address: table.address as Field<unknown> }]],
    ['a field of another name of theirs', [{ ...table, name: text('FullName') }]],
    ['another conversion', [{ ...table, name: whole('Name') }]],
    [
      'one more field of an inner record',
      [{ ...table, address: nested('Address', { city: text('City'), line1: text('Line') }) }],
    ],
    ['a list in the place of a record', [{ ...table, address: list('Address', { city: text('City') }) }]],
    ['one more table', [table, table]],
  ])('is another for %s', (_, tables) => {
    expect(recordShape(...tables)).not.toBe(shape);
  });

  it('follows from the tables of customers and of subscriptions alike', () => {
    for (const { customer, subscription } of [billagain.tables, unipay.tables]) {
      const whole = recordShape(customer, subscription);
      expect(recordShape({ ...customer, email: text('another') }, subscription)).not.toBe(whole);
      expect(recordShape(customer, { ...subscription, note: text('another') })).not.toBe(whole);
    }
  });
});
