import type { RawRecord, RawValue } from '../../src/codecs/codec.ts';

/** What no message and, but for the field it came in, no record may hold. */
export const SECRETS = [
  'f8f3b996-6fa6-4140-af73-df688af6365a',
  'Pa$$123',
  '4242424242424242',
  '42424242424242',
  4242424242424242,
] as const;

/** The record with the value in the place of each of its fields in turn, however deep. */
export function* withEach(
  record: RawRecord,
  value: RawValue,
): Generator<{ readonly path: string; readonly record: RawRecord }> {
  for (const [name, old] of Object.entries(record)) {
    yield { path: name, record: { ...record, [name]: value } };
    if (Array.isArray(old)) {
      for (const [index, item] of old.entries()) {
        if (typeof item !== 'object' || item === null) continue;
        for (const inner of withEach(item as RawRecord, value)) {
          yield { path: `${name}.${inner.path}`, record: { ...record, [name]: old.with(index, inner.record) } };
        }
      }
    } else if (typeof old === 'object' && old !== null) {
      for (const inner of withEach(old as RawRecord, value)) {
        yield { path: `${name}.${inner.path}`, record: { ...record, [name]: inner.record } };
      }
    }
  }
}
