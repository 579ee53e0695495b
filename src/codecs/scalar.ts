import { type RawValue, UnwritableValue } from './codec.ts';
import { isRawNumber, type RawNumber } from './raw-number.ts';

export type Scalar = string | number | boolean | RawNumber;

export function isScalar(value: RawValue): value is Scalar {
  return value !== null && (typeof value !== 'object' || isRawNumber(value));
}

/** A scalar as the formats without types write it. */
export function writeScalar(value: Scalar, field: string): string {
  if (typeof value === 'object') return value.rawJSON;
  return String(typeof value === 'number' ? requireFinite(value, field) : value);
}

/** No format carries NaN or an infinity; JSON.stringify would write null in its place. */
export function requireFinite(value: number, field: string): number {
  if (Number.isFinite(value)) return value;
  throw new UnwritableValue(`${field}: expected a finite number; got ${value}`);
}
