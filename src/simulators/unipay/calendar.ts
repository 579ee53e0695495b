/** A day as yyyy-MM-dd, which is UniPay's Date; days compare as text. */
export type Day = string;

/** How often a plan bills (seed 003): weekly, monthly, quarterly, semi-annually, annually. */
export type CycleLetter = 'W' | 'M' | 'Q' | 'S' | 'A';

const MONTHS_PER_CYCLE: Readonly<Record<Exclude<CycleLetter, 'W'>, number>> = { M: 1, Q: 3, S: 6, A: 12 };
const MS_PER_DAY = 86_400_000;

const toDay = (timeMs: number): Day => new Date(timeMs).toISOString().slice(0, 10);
const toTimeMs = (day: Day): number => Date.parse(`${day}T00:00:00Z`);

/** True for a day that exists: 2026-02-30 is none. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const timeMs = toTimeMs(text);
  return !Number.isNaN(timeMs) && toDay(timeMs) === text;
}

export function addDays(day: Day, days: number): Day {
  return toDay(toTimeMs(day) + days * MS_PER_DAY);
}

function addMonths(day: Day, months: number): Day {
  const start = new Date(toTimeMs(day));
  const monthIndex = start.getUTCFullYear() * 12 + start.getUTCMonth() + months;
  const year = Math.floor(monthIndex / 12);
  const month = monthIndex - year * 12;
  const lastOfMonth = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return toDay(Date.UTC(year, month, Math.min(start.getUTCDate(), lastOfMonth)));
}

/**
 * The billing date with this number, the first being 0. Always counted from the first, so that the 31st comes back
 * after a February.
 */
export function billingDate(firstBillingDate: Day, cycle: CycleLetter, number: number): Day {
  return cycle === 'W'
    ? addDays(firstBillingDate, number * 7)
    : addMonths(firstBillingDate, number * MONTHS_PER_CYCLE[cycle]);
}

/** The number of the first billing date later than `day`; 0 while billing has not begun. */
export function billingsThrough(firstBillingDate: Day, cycle: CycleLetter, day: Day): number {
  const cycleDays = cycle === 'W' ? 7 : 28 * MONTHS_PER_CYCLE[cycle];
  const elapsedDays = (toTimeMs(day) - toTimeMs(firstBillingDate)) / MS_PER_DAY;
  // 28 days a month counts too many, never too few.
  let count = Math.max(0, Math.floor(elapsedDays / cycleDays) + 1);
  while (count > 0 && billingDate(firstBillingDate, cycle, count - 1) > day) count -= 1;
  return count;
}

export function isBillingDate(firstBillingDate: Day, cycle: CycleLetter, day: Day): boolean {
  const count = billingsThrough(firstBillingDate, cycle, day);
  return count > 0 && billingDate(firstBillingDate, cycle, count - 1) === day;
}
