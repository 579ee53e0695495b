import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BadUserInput } from '../../src/errors.ts';
import { CursorCodec } from '../../src/loaders/cursors.ts';

const positions = fc
  .uniqueArray(fc.tuple(fc.string(), fc.option(fc.maxSafeNat())), { selector: ([account]) => account })
  .map((entries) => new Map(entries));

const codecOf = (list: readonly unknown[]) => new CursorCodec(() => list);

describe('a cursor', () => {
  it('is read back by its own list', () => {
    fc.assert(
      fc.property(positions, (wanted) => {
        const cursor = codecOf(['customers', ['a'], []]).write(wanted);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(codecOf(['customers', ['a'], []]).read(cursor)).toEqual(wanted);
      }),
    );
  });

  it('is refused by another list', () => {
    const cursor = codecOf(['customers', ['a'], []]).write(new Map([['a', 1]]));
    for (const other of [
      ['customers', ['b'], []],
      ['customers', ['a'], [['city', 'x']]],
      ['subscriptions', 'a', '1', []],
    ]) {
      expect(() => codecOf(other).read(cursor)).toThrow(/cursor of this very list/);
    }
  });

  it('is refused, and nothing worse, whatever text it is', () => {
    const codec = codecOf(['customers']);
    const anyText = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        expect(() => codec.read(text)).toThrow(BadUserInput);
      }),
    );
  });
});
