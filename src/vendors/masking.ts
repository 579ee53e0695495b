import type { RawRecord, RawValue } from '../codecs/codec.ts';
import { isRawNumber, type RawNumber } from '../codecs/raw-number.ts';
import { digitsOf, holdsCardNumber, maskCardNumbers } from '../model/card-number.ts';

const MASK = '********';

/** Names of fields that hold nothing else. */
export interface Sensitive {
  /** Not shown at all. */
  readonly secrets: ReadonlySet<string>;
  /** Cut to their last four digits, whatever number it is. */
  readonly cardNumbers: ReadonlySet<string>;
}

const NONE: Sensitive = { secrets: new Set(), cardNumbers: new Set() };

/**
 * A record as it may be shown: nothing of the fields that are `secrets`, and no more of a card number than its last four
 * digits, in whatever field it stands. A read that is written back may hold one that nobody here has put there.
 */
export function maskRecord(record: RawRecord, sensitive: Sensitive = NONE): RawRecord {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => {
      if (value === undefined || value === null) return [name, value];
      if (sensitive.secrets.has(name)) return [name, MASK];
      if (sensitive.cardNumbers.has(name)) return [name, maskDigits(value)];
      return [name, mask(value, sensitive)];
    }),
  );
}

function mask(value: RawValue, sensitive: Sensitive): RawValue {
  if (typeof value === 'string') return maskCardNumbers(value);
  if (typeof value === 'number' || isRawNumber(value)) {
    const digits = textOf(value);
    return holdsCardNumber(digits) ? maskCardNumbers(digits) : value;
  }
  if (isList(value)) return value.map((item) => mask(item, sensitive));
  return typeof value === 'object' && value !== null ? maskRecord(value, sensitive) : value;
}

function maskDigits(value: RawValue): string {
  const isText = typeof value === 'string' || typeof value === 'number' || isRawNumber(value);
  return isText ? `************${digitsOf(textOf(value)).slice(-4)}` : MASK;
}

function textOf(value: string | number | RawNumber): string {
  return isRawNumber(value) ? value.rawJSON : String(value);
}

/** Array.isArray leaves a readonly array in the type it denies. */
function isList(value: RawValue): value is readonly RawValue[] {
  return Array.isArray(value);
}
