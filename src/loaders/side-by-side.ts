import { VendorTimeout } from '../errors.ts';
import type { Slice } from './slices.ts';

/** One account's list, from where a page takes it up. */
export interface SliceRead<T> {
  readonly account: string;
  /** Where given, `silence` rejects when the account is waited for no longer: then the slice ends with what it has. */
  read(count: number, silence?: Promise<never>): Promise<Slice<T>>;
}

/** An account that takes longer than this part of the time left, or than an equal share of it, doesn't keep the next one waiting. */
const PATIENT_SHARE = 1 / 5;

/** How much of the time a silent account may take where another has answered: what is read for its rows needs some, too. */
const SILENT_SHARE = 1 / 2;

/** setTimeout takes no more (Node.js documentation, timers); a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * So many slices as bring `wanted` rows, in their order; undefined for the accounts that need not be asked.
 *
 * An account is asked when those before it have brought too few rows, and not for more rows than were missing then: where all
 * answer soon, these are the very calls of reading one after another. But one that is slow is overtaken. The next is asked for
 * all that is missing without it, and what turns out to be too much is left to the next page.
 */
export async function readSideBySide<T>(
  accounts: readonly SliceRead<T>[],
  wanted: number,
  deadlineMs: number,
): Promise<(Slice<T> | undefined)[]> {
  if (accounts.length === 0) return [];
  if (accounts.length === 1) return [await (accounts[0] as SliceRead<T>).read(wanted)]; // it has all the time there is
  const giveUpAtMs = performance.now() + timeLeft(deadlineMs) * SILENT_SHARE;
  const reading: Promise<Slice<T>>[] = [];
  /** Of the accounts that have not answered. */
  const giveUps = new Map<string, () => void>();
  let places = 0;
  let answers = 0;
  let tellFirst: () => void = () => undefined;
  const hasAnswer = new Promise<void>((resolve) => {
    tellFirst = resolve;
  });

  for (const [index, { account, read }] of accounts.entries()) {
    if (places >= wanted) break;
    const silence = new Promise<never>((_, reject) => {
      giveUps.set(account, () =>
        reject(new VendorTimeout(account, "no answer within its share of the request's time")),
      );
    });
    silence.catch(() => undefined); // it is waited for only where a window is
    const reads = read(wanted - places, silence).then((slice) => {
      giveUps.delete(account);
      places += slice.rows.length;
      if (slice.state === 'FAILED' && slice.rows.length === 0) return slice;
      answers += 1;
      tellFirst();
      return slice;
    });
    reading.push(reads);
    const following = accounts.length - index - 1;
    if (following > 0) await within(reads, timeLeft(deadlineMs) * Math.min(PATIENT_SHARE, 1 / (following + 1)));
  }

  const all = Promise.all(reading);
  // Where nobody has answered, there is nothing that waits for the silent.
  await Promise.race([all, hasAnswer]);
  if (answers > 0) await within(all, giveUpAtMs - performance.now());
  for (const giveUp of giveUps.values()) giveUp();
  const slices = await all;
  return accounts.map((_, index) => slices[index]);
}

function timeLeft(deadlineMs: number): number {
  return Math.max(0, deadlineMs - performance.now());
}

/** Resolves when the time is up, too. */
function within(work: Promise<unknown>, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, Math.min(Math.max(0, Math.ceil(limitMs)), MAX_TIMER_MS));
    work.then(() => resolve(), reject).finally(() => clearTimeout(timer));
  });
}
