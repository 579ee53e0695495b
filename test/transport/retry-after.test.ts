import { describe, expect, it } from '@jest/globals';
import { readRetryAfterMs } from '../../src/transport/retry-after.ts';

const nowMs = Date.parse('Fri, 20 Nov 2026 10:00:00 GMT');

describe('Retry-After', () => {
  it('is read as seconds', () => {
    expect(readRetryAfterMs('120')).toBe(120_000);
    expect(readRetryAfterMs('0')).toBe(0);
  });

  it('is read as a date', () => {
    expect(readRetryAfterMs('Fri, 20 Nov 2026 10:00:30 GMT', nowMs)).toBe(30_000);
  });

  it('is no wait when its date has gone by', () => {
    expect(readRetryAfterMs('Fri, 20 Nov 2026 09:00:00 GMT', nowMs)).toBe(0);
  });

  it.each([undefined, '', 'soon', '-1', '1.5', 'in 5', 'Fri, 99 Nov 2026 10:00:30 GMT'])(
    'is undefined for %j',
    (value) => {
      expect(readRetryAfterMs(value, nowMs)).toBeUndefined();
    },
  );
});
