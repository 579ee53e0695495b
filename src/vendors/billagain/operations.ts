/** What BillAgain can be asked, and how: its operations, its pages, its batch. */
import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import { json } from '../../codecs/json.ts';
import { MalformedAnswer } from '../../errors.ts';
import { describe } from '../fields.ts';
import type { Ask, OperationTable } from '../operation.ts';
import type { RowWindow } from '../vendor.ts';

/** Seed 002's ten, and the list of a customer's subscriptions from the vendor's public page. */
export const operations = {
  listCustomers: { operationClass: 'SAFE', method: 'GET', path: '/customers', source: 'seed 002' },
  // A read, though it is a POST. Not below /customers.
  loadCustomersByIds: { operationClass: 'SAFE', method: 'POST', path: '/by_customer_ids', source: 'seed 002' },
  listCustomersWithCustomFields: {
    operationClass: 'SAFE',
    method: 'GET',
    path: '/customers/with_customfields',
    source: 'seed 002',
  },
  loadCustomer: { operationClass: 'SAFE', method: 'GET', path: '/customers/{customerID}', source: 'seed 002' },
  loadCustomerWithCustomFields: {
    operationClass: 'SAFE',
    method: 'GET',
    path: '/customers/with_customfields/{customerID}',
    source: 'seed 002',
  },
  listCustomerSubscriptions: {
    operationClass: 'SAFE',
    method: 'GET',
    path: '/customers/{customerID}/subscriptions',
    source: "the vendor's public page on subscriptions",
  },
  createCustomer: { operationClass: 'CREATE', method: 'POST', path: '/customers', source: 'seed 002' },
  editCustomer: { operationClass: 'EDIT', method: 'PUT', path: '/customers/{customerID}', source: 'seed 002' },
  deleteCustomer: {
    operationClass: 'STATE_CHANGE',
    method: 'DELETE',
    path: '/customers/{customerID}',
    source: 'seed 002',
  },
  archiveCustomer: {
    operationClass: 'STATE_CHANGE',
    method: 'PUT',
    path: '/customers/{customerID}/archive',
    source: 'seed 002',
  },
  reopenCustomer: {
    operationClass: 'STATE_CHANGE',
    method: 'PUT',
    path: '/customers/{customerID}/reopen',
    source: 'seed 002',
  },
  createSubscription: {
    operationClass: 'CREATE',
    method: 'POST',
    path: '/subscriptions',
    source: "the vendor's own PHP client, which calls it untested",
  },
  cancelSubscription: {
    operationClass: 'STATE_CHANGE',
    method: 'PUT',
    path: '/subscriptions/{subscriptionID}/cancel/{mode}',
    source: "the vendor's own PHP client, which calls it untested",
  },
} satisfies OperationTable;

export type OperationName = keyof typeof operations;

/** Does it ask for records by their ids, so that "no such record" is an answer and not a fault? */
export function asksForRecords(operation: string): boolean {
  return (
    operation === 'loadCustomersByIds' ||
    operation === 'createSubscription' ||
    ((operations as OperationTable)[operation]?.path.includes('{') ?? false)
  );
}

/** "no more than 200 records can be returned at a time" (the vendor's public page on pagination). */
export const MAX_PAGE_SIZE = 200;

/** Digits without leading zeros: 302 and 0302 must not be two cache entries, and `with_customfields` must not be an id. */
export const VENDOR_ID = /^[1-9]\d{0,14}$/;

// Errors are JSON unless Accept asks for XML (the vendor's public page on errors).
const READ_HEADERS = { accept: json.contentType };
const WRITE_HEADERS = { accept: json.contentType, 'content-type': json.contentType };

export function read(ids: Readonly<Record<string, string>>, query = ''): Ask {
  return { ids, query, headers: READ_HEADERS };
}

export function send(body: RawRecord, ids: Readonly<Record<string, string>> = {}, query = ''): Ask {
  return { ids, query, headers: WRITE_HEADERS, body: json.encode(body, '') };
}

export function requireRows(account: string, name: OperationName, answer: RawValue): readonly RawValue[] {
  if (Array.isArray(answer)) return answer;
  throw new MalformedAnswer(account, `${name}: expected a list of records; got ${describe(answer)}`);
}

interface Pages {
  readonly size: number;
  /** Counted from 1, as the vendor does. */
  readonly numbers: readonly number[];
}

/**
 * The fewest and then the smallest pages of one size that cover a window: BillAgain counts in pages, our cursors in rows.
 * A window no wider than a page is always covered by two.
 */
export function coveringPages({ offset, count }: RowWindow): Pages {
  const last = offset + count - 1;
  for (const spanned of [1, 2]) {
    for (let size = Math.ceil(count / spanned); size <= MAX_PAGE_SIZE; size++) {
      const first = Math.floor(offset / size);
      if (Math.floor(last / size) - first < spanned) {
        return { size, numbers: Array.from({ length: spanned }, (_, index) => first + index + 1) };
      }
    }
  }
  throw new RangeError(`a window must span 1 to ${MAX_PAGE_SIZE} rows; got ${count}`);
}

/** The rows of a window, in the vendor's order, read page by page, and whether the list ends with them. */
export async function readWindow(
  window: RowWindow,
  readPage: (query: string) => Promise<readonly RawValue[]>,
): Promise<{ readonly rows: readonly RawValue[]; readonly isLast: boolean }> {
  const { size, numbers } = coveringPages(window);
  const pages = await Promise.all(numbers.map((page) => readPage(`?page=${page}&page_size=${size}`)));
  // A page that isn't full is the last: the vendor gives no total and no marker.
  const short = pages.findIndex((page) => page.length < size);
  const skipped = window.offset - ((numbers[0] as number) - 1) * size;
  const known = (short === -1 ? pages : pages.slice(0, short + 1)).flat();
  return {
    rows: known.slice(skipped, skipped + window.count),
    isLast: short !== -1 && known.length <= skipped + window.count,
  };
}
