import type { RawRecord, RawValue } from '../codecs/codec.ts';
import { isRawNumber } from '../codecs/raw-number.ts';
import { holdsCardNumber, maskCardNumbers } from '../model/card-number.ts';

const MASK = '********';

/**
 * A record as it may be shown: nothing of the fields that are `secrets`, and no more of a card number than its last four
 * digits, in whatever field it stands. A read that is written back may hold one that nobody here has put there.
 */
export function maskRecord(record: RawRecord, secrets: ReadonlySet<string> = new Set()): RawRecord {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => {
      if (value === undefined || value === null) return [name, value];
      return [name, secrets.has(name) ? MASK : mask(value, secrets)];
    }),
  );
}

function mask(value: RawValue, secrets: ReadonlySet<string>): RawValue {
  if (typeof value === 'string') return maskCardNumbers(value);
  if (typeof value === 'number' || isRawNumber(value)) {
    const digits = typeof value === 'number' ? String(value) : value.rawJSON;
    return holdsCardNumber(digits) ? maskCardNumbers(digits) : value;
  }
  if (isList(value)) return value.map((item) => mask(item, secrets));
  return typeof value === 'object' && value !== null ? maskRecord(value, secrets) : value;
}

/** Array.isArray leaves a readonly array in the type it denies. */
function isList(value: RawValue): value is readonly RawValue[] {
  return Array.isArray(value);
}
