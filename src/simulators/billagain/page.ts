import { Refusal } from './refusal.ts';

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

// docs.billagain.com/developer/pagination: `?page=2&page_size=150`, pages count from 1, 100 unless asked, 200 at most.
const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 200;

export function readPage(query: URLSearchParams, overLimit: 'clamp' | 'refuse'): Page {
  const page = readCount(query, 'page', 1);
  const asked = readCount(query, 'page_size', DEFAULT_PAGE_SIZE);
  if (asked > MAX_PAGE_SIZE && overLimit === 'refuse') {
    throw new Refusal(400, `page_size must be up to ${MAX_PAGE_SIZE}`);
  }
  const limit = Math.min(asked, MAX_PAGE_SIZE);
  return { offset: (page - 1) * limit, limit };
}

/** What happens to a page of 0 or "x" is not documented; it is refused so that no client comes to send one. */
function readCount(query: URLSearchParams, name: string, missing: number): number {
  const text = query.get(name);
  if (text === null) return missing;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Refusal(400, `${name} must be a whole number from 1`);
  return Number(text);
}
