import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Codec, type RawRecord, type RawValue, UnreadableBody, UnwritableValue } from '../../src/codecs/codec.ts';

export interface CodecContract {
  readonly contentType: string;
  /** A record, and the very text it must be written as under the root name `customer`. */
  readonly sample: { readonly record: RawRecord; readonly text: string };
  readonly records: fc.Arbitrary<RawRecord>;
  /** What is left of a record once written and read: what the format can carry. */
  readonly carried: (record: RawRecord) => RawValue;
  /** What is wrong → a body that holds the name Brielle, which no message may repeat. */
  readonly unreadable: Readonly<Record<string, string>>;
  /** What the format can't carry, as the value of `balance`. */
  readonly unwritable: Readonly<Record<string, RawValue>>;
  /** Does a document that lost its end show it? */
  readonly noticesCut: boolean;
  /** Pieces of documents, to be put together at random. */
  readonly pieces: readonly string[];
  /** A member of this name, holding "x". */
  readonly member: (name: string) => string;
  /** Undefined where the format can't nest. */
  readonly nested: ((levels: number) => string) | undefined;
}

/** What every codec must satisfy. */
export function itIsACodec(codec: Codec, contract: CodecContract): void {
  const { sample } = contract;

  const decodeOrRefuse = (text: string): RawValue | UnreadableBody => {
    try {
      return codec.decode(text);
    } catch (error) {
      if (!(error instanceof UnreadableBody)) throw error;
      expect(error.message).not.toContain('Brielle');
      expect(error.cause).toBeUndefined();
      return error;
    }
  };

  describe('is a codec that', () => {
    it('names its content type', () => expect(codec.contentType).toBe(contract.contentType));

    it('writes a record as it is documented', () => {
      expect(codec.encode(sample.record, 'customer')).toBe(sample.text);
    });

    it('leaves an undefined member out', () => {
      expect(codec.encode({ ...sample.record, absent: undefined }, 'customer')).toBe(sample.text);
    });

    it('reads back all that the format carries', () => {
      fc.assert(
        fc.property(contract.records, (record) => {
          expect(codec.decode(codec.encode(record, 'customer'))).toEqual(contract.carried(record));
        }),
      );
    });

    it('keeps a text that looks like a number', () => {
      expect(codec.decode(codec.encode({ vatNumber: '0012.50' }, 'customer'))).toEqual({ vatNumber: '0012.50' });
    });

    it.each(Object.entries({ ...contract.unwritable, NaN: Number.NaN, 'an infinity': Number.POSITIVE_INFINITY }))(
      'refuses to write %s, naming the field',
      (_what, value) => {
        const write = (): string => codec.encode({ balance: value }, 'customer');
        expect(write).toThrow(UnwritableValue);
        expect(write).toThrow(/^balance\b/);
        expect(write).not.toThrow('Brielle');
      },
    );

    it.each(Object.entries(contract.unreadable))('refuses %s without repeating it', (_what, text) => {
      expect(text).toContain('Brielle');
      expect(decodeOrRefuse(text)).toBeInstanceOf(UnreadableBody);
    });

    it(contract.noticesCut ? 'notices a cut at any character' : 'cannot notice a cut, and survives it', () => {
      const whole = codec.decode(sample.text);
      for (let end = 0; end < sample.text.length; end += 1) {
        const read = decodeOrRefuse(sample.text.slice(0, end));
        if (contract.noticesCut && !(read instanceof UnreadableBody)) expect(read).toEqual(whole);
      }
    });

    it('reads or refuses whatever comes', () => {
      const text = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(fc.constantFrom(...contract.pieces, 'Brielle'), { maxLength: 30 }).map((pieces) => pieces.join('')),
        fc.tuple(fc.nat(), fc.string()).map(([position, noise]) => {
          const at = position % sample.text.length;
          return sample.text.slice(0, at) + noise + sample.text.slice(at + 1);
        }),
      );
      fc.assert(
        fc.property(text, (body) => {
          decodeOrRefuse(body);
        }),
        { numRuns: 1_000 },
      );
    });

    it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
      'is not harmed by a member called %s',
      (name) => {
        const read = decodeOrRefuse(contract.member(name));
        if (!(read instanceof UnreadableBody)) {
          expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
          expect(Object.entries(read as RawRecord)).toEqual([[name, 'x']]);
        }
        expect(Object.getPrototypeOf({})).toBe(Object.prototype);
        expect(({} as Record<string, unknown>).x).toBeUndefined();
      },
    );

    const { nested } = contract;
    if (nested !== undefined) {
      it('reads 64 levels, and more without overflowing, or refuses them', () => {
        expect(() => codec.decode(nested(64))).not.toThrow();
        for (const levels of [65, 100_000, 1_000_000]) decodeOrRefuse(nested(levels));
      });
    }
  });
}
