/** The vendor's date and time: seven fraction digits and an offset, `2016-03-11T16:34:53.8018224+02:00` (seed 002). */
export function writeInstant(epochMs: number, offsetMinutes: number, lastFourDigits: string): string {
  const local = new Date(epochMs + offsetMinutes * 60_000).toISOString().slice(0, 23);
  return `${local}${lastFourDigits}${writeOffset(offsetMinutes)}`;
}

function writeOffset(offsetMinutes: number): string {
  // `Z` where the zone is UTC: the vendor's payment pages show 2016-04-03T15:26:05.7987439Z.
  if (offsetMinutes === 0) return 'Z';
  const size = Math.abs(offsetMinutes);
  const hours = String(Math.floor(size / 60)).padStart(2, '0');
  return `${offsetMinutes < 0 ? '-' : '+'}${hours}:${String(size % 60).padStart(2, '0')}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A day as it may be sent: `15 Dec 2016` (seed 002, create example), or anything that starts with `2016-12-15`.
 * Undefined when it is neither, or no day of the calendar. In epoch milliseconds at midnight UTC.
 */
export function readDay(text: string): number | undefined {
  const named = /^(\d{1,2}) ([A-Z][a-z]{2})[a-z]* (\d{4})$/.exec(text);
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:$|T)/.exec(text);
  const [year, month, day] = named
    ? [Number(named[3]), MONTHS.indexOf(named[2] ?? ''), Number(named[1])]
    : iso
      ? [Number(iso[1]), Number(iso[2]) - 1, Number(iso[3])]
      : [Number.NaN, -1, 0];
  const epochMs = Date.UTC(year, month, day);
  // A day that the month does not have lands in another month.
  return new Date(epochMs).getUTCMonth() === month ? epochMs : undefined;
}

/** A day as the simulator shows it on subscriptions: midnight in South Africa. The real form is not documented. */
export function writeDay(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 10)}T00:00:00+02:00`;
}
