/** What UniPay can be asked, and how: its operations, formats and shapes of answers. */
import { type RawRecord, type RawValue, UnreadableBody } from '../../codecs/codec.ts';
import { json } from '../../codecs/json.ts';
import { xml } from '../../codecs/xml.ts';
import { MalformedAnswer } from '../../errors.ts';
import type { UnipaySettings } from '../../model/account.ts';
import { describe, isRecord } from '../fields.ts';
import type { Ask, OperationTable } from '../operation.ts';

export const operations = {
  findCustomers: { operationClass: 'SAFE', method: 'GET', path: '/customers', source: 'seeds 000 and 001' },
  loadCustomer: {
    operationClass: 'SAFE',
    method: 'GET',
    path: '/customers/{customer-id}',
    source: "the vendor's public page on customers",
  },
  findSubscriptions: {
    operationClass: 'SAFE',
    method: 'GET',
    path: '/customers/{customer-id}/subscriptions',
    source: 'seed 003',
  },
  loadSubscription: {
    operationClass: 'SAFE',
    method: 'GET',
    path: '/customers/{customer-id}/subscriptions/{subscription-id}',
    source: "the vendor's public page on subscriptions",
  },
  // PUT creates here: each one makes another customer.
  createCustomer: { operationClass: 'CREATE', method: 'PUT', path: '/customers', source: 'seeds 000 and 001' },
  modifyCustomer: {
    operationClass: 'EDIT',
    method: 'POST',
    path: '/customers/{customer-id}',
    source: "the vendor's public page on customers",
  },
  createSubscription: {
    operationClass: 'CREATE',
    method: 'PUT',
    path: '/customers/{customer-id}/subscriptions',
    source: 'seed 003',
  },
  modifySubscription: {
    operationClass: 'EDIT',
    method: 'POST',
    path: '/customers/{customer-id}/subscriptions/{subscription-id}',
    source: "the vendor's public page on subscriptions",
  },
  // GETs that change state.
  cancelSubscription: {
    operationClass: 'STATE_CHANGE',
    method: 'GET',
    path: '/customers/{customer-id}/subscriptions/{subscription-id}',
    action: 'cancel',
    source: "the vendor's public page on subscriptions",
  },
  freezeSubscription: {
    operationClass: 'STATE_CHANGE',
    method: 'GET',
    path: '/customers/{customer-id}/subscriptions/{subscription-id}',
    action: 'freeze',
    source: "the vendor's public page on subscriptions",
  },
} satisfies OperationTable;

export type OperationName = keyof typeof operations;

/** Is a record named in its path, so that "no such record" is an answer and not a fault? */
export function namesRecord(operation: string): boolean {
  return (operations as OperationTable)[operation]?.path.includes('{') ?? false;
}

/** Does it only read the record that its path names? Then what doesn't fit the vendor's data is that name. */
export function readsRecord(operation: string): boolean {
  return namesRecord(operation) && (operations as OperationTable)[operation]?.operationClass === 'SAFE';
}

/** An Integer or Long (the vendor's public page on the customer object). Without leading zeros, so that one record has one id. */
export const VENDOR_ID = /^[1-9]\d{0,18}$/;

/** A proxy's or a login form's, never the API's. The codec drops the root's name, so `<html/>` would read as an empty list. */
export function isHtml(body: string): boolean {
  return /^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+)?html\b/i.test(body);
}

/** By what the body is, not by its Content-Type: which one comes with which answer isn't documented. */
export function decodeAnswer(body: string): RawValue {
  if (isHtml(body)) throw new UnreadableBody('expected JSON or XML; got an HTML page');
  return (/^\s*</.test(body) ? xml : json).decode(body);
}

/** How this deployment is asked for its answers' format: by a suffix (documented for merchants), by Accept, or by both. */
export function createReads({ format, formatSelection }: UnipaySettings) {
  const headers = formatSelection === 'suffix' ? {} : { accept: (format === 'xml' ? xml : json).contentType };
  const suffix = formatSelection === 'accept' ? '' : `.${format}`;

  /** `action` stands between the resource and the suffix, for what the method alone doesn't select. */
  return (ids: Readonly<Record<string, string>>, parameters: [string, string][] = [], action = ''): Ask => ({
    ids,
    query: `${action}${suffix}${parameters.length === 0 ? '' : `?${new URLSearchParams(parameters)}`}`,
    headers,
  });
}

/*
 * How a record and a list look is documented nowhere: bare or in a wrapper, a list of one as a list or as its only row.
 * A record is known by its id, and whatever lies around it is a wrapper.
 */

/** Null where the answer is empty. */
export function readRecord(account: string, name: OperationName, answer: RawValue): RawRecord | null {
  const rows = readRows(account, name, answer);
  const [row] = rows;
  if (rows.length === 0) return null;
  if (rows.length === 1 && isRecord(row)) return row;
  throw new MalformedAnswer(account, `${name}: expected one record; got ${describe(answer)}`);
}

export function readRows(account: string, name: OperationName, answer: RawValue): readonly RawValue[] {
  const rows = unwrapRows(answer, 0);
  if (rows !== undefined) return rows;
  throw new MalformedAnswer(account, `${name}: expected a list of records; got ${describe(answer)}`);
}

/** Deeper wrappers than this are something else. */
const MAX_WRAPPERS = 3;

function unwrapRows(value: RawValue | undefined, depth: number): readonly RawValue[] | undefined {
  if (value === null || value === undefined || value === '') return [];
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) return undefined;
  if (value.id !== undefined) return [value];
  const members = Object.values(value);
  const parts = members.filter((member) => typeof member === 'object' && member !== null);
  if (parts.length === 0) return members.every((member) => member === '' || member === null) ? [] : undefined;
  if (depth === MAX_WRAPPERS) return undefined;
  // Beside its rows a wrapper may say how many there are; it has one list of them.
  return parts.length === 1 ? unwrapRows(parts[0], depth + 1) : undefined;
}
