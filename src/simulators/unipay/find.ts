import { malformed } from './failure.ts';
import type { Values } from './fields.ts';
import type { Settings } from './options.ts';

/** Seeds 000, 001, 003: "Maximum number of records to load", default 100. */
const DEFAULT_LIMIT = 100;

/** The `limit` rows from `offset` on; fewer, or none, past the end. There is no total and no next marker. */
export function readPage(values: Values, settings: Settings): { readonly offset: number; readonly limit: number } {
  const offset = Number(values.get('offset') ?? 0);
  const limit = Number(values.get('limit') ?? Math.min(DEFAULT_LIMIT, settings.maximumLimit ?? DEFAULT_LIMIT));
  if (limit < 1) throw malformed('limit must be at least 1.');
  if (settings.maximumLimit === undefined || limit <= settings.maximumLimit) return { offset, limit };
  if (settings.aboveMaximumLimit === 'refuse') throw malformed(`limit must be at most ${settings.maximumLimit}.`);
  return { offset, limit: settings.maximumLimit };
}

/** Whether a row's field answers a filter; a row without the field never does. */
export function matches(
  value: string | number | undefined,
  filter: string | number,
  match: Settings['match'],
): boolean {
  if (value === undefined) return false;
  if (typeof filter === 'number') return value === filter;
  const [text, sought] = [String(value).toLowerCase(), filter.toLowerCase()];
  if (match === 'prefix') return text.startsWith(sought);
  return match === 'contains' ? text.includes(sought) : text === sought;
}
