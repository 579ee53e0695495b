import { describe, expect, it } from '@jest/globals';
import type { RawValue } from '../../src/codecs/codec.ts';
import { MalformedAnswer } from '../../src/errors.ts';
import { required, text, vendorId, whole } from '../../src/vendors/fields.ts';
import { createRecordReader } from '../../src/vendors/record-reader.ts';

const table = { vendorId: vendorId('customerID'), name: text('Name'), count: required(whole('ActiveSubs')) };
const read = createRecordReader('billagain', 'customer', 'customerID', table);

function message(raw: RawValue | undefined): string {
  const answer = read(raw);
  if (!(answer instanceof MalformedAnswer)) throw new Error('expected a MalformedAnswer');
  return answer.message;
}

describe('a record reader', () => {
  it('reads a row', () => {
    expect(read({ customerID: 302, Name: 'Brielle', ActiveSubs: '5' })).toEqual({
      vendorId: '302',
      name: 'Brielle',
      count: 5,
    });
  });

  it('says whose row, what was expected and what kind of thing came', () => {
    expect(message({ customerID: 302, ActiveSubs: 'five' })).toBe(
      'billagain: customer 302: ActiveSubs must be a whole number; got text of 4 characters',
    );
  });

  it.each([null, undefined, 'Brielle', 42, true, [], [{ customerID: 302 }]])('takes %p for no record', (raw) => {
    expect(message(raw)).toMatch(/^billagain: a customer must be a record; got /);
    expect(message(raw)).not.toContain('Brielle');
  });

  it.each([
    undefined,
    null,
    'Brielle',
    '302 Brielle',
    { toString: 'Brielle' },
    ['302'],
    '4242424242424242',
    42424242424242,
  ])('does not repeat %p as the number of an unreadable row', (customerID) => {
    expect(message({ customerID: customerID as RawValue, ActiveSubs: 'five' })).toMatch(
      /^billagain: customer without a readable customerID: /,
    );
  });

  it('lets a mistake of ours be one', () => {
    const broken = createRecordReader('billagain', 'customer', 'customerID', {
      vendorId: {
        names: [],
        conversion: '',
        read: () => {
          throw new TypeError('ours');
        },
      },
    });
    expect(() => broken({})).toThrow(TypeError);
  });
});
