/**
 * What UniPay's answers hold. How a record and a list look is documented nowhere: bare or in a wrapper, a list of one as a
 * list or as its only row, other things beside them. So every plausible form is read; but an answer that shows no record
 * is an empty list only where it says so as one, and never "no such record": an unknown one has a failureCode.
 */
import { type RawRecord, type RawValue, UnreadableBody } from '../../codecs/codec.ts';
import { json } from '../../codecs/json.ts';
import { readXml } from '../../codecs/xml.ts';
import { xurl } from '../../codecs/xurl.ts';
import { MalformedAnswer } from '../../errors.ts';
import { isAside, isFailureName, isYes, saysNo, saysNoItself, tellsFailure } from '../denial.ts';
import { describe, isRecord } from '../fields.ts';
import { isHtml } from '../foreign-answer.ts';
import type { WriteAnswer } from '../operation.ts';
import { type OperationName, VENDOR_ID } from './operations.ts';

/** A decoded answer. */
export interface Document {
  readonly value: RawValue;
  /** XML's; undefined in what has none. */
  readonly rootName: string | undefined;
  /** URL-encoded pairs: documented for what is answered to an action, never for a record or a list. */
  readonly isPairs?: true;
}

/** As in UniPay's own sample, "?monthlyFeeDay=1&", and stricter than the codec: Base64 may end in "=" as well. */
const PAIRS = /^\s*\??(?:[A-Za-z_][\w.-]*=[^=&]*(?:&|$))+$/;

/** Text without quotes, which JSON is not: of such, only a word for success is an API's answer. */
const WORD = /^\s*[A-Za-z]+[.!]?\s*$/;

/** By what the body is, not by its Content-Type: which one comes with which answer isn't documented. */
export function decodeAnswer(body: string): Document {
  if (isHtml(body)) throw new UnreadableBody('expected JSON or XML; got an HTML page');
  if (/^\s*</.test(body)) return readXml(body);
  if (PAIRS.test(body)) return { value: xurl.decode(body), rootName: undefined, isPairs: true };
  if (WORD.test(body) && isYes(body)) return { value: body.trim(), rootName: undefined };
  return { value: json.decode(body), rootName: undefined };
}

/** What the records of an answer are, as names around them say it and as they show it themselves. */
interface Kind {
  readonly noun: string;
  /** Of a record, or of a list of them: customer, Customers, customerList, ArrayOfCustomer, findCustomersResponse. */
  readonly name: RegExp;
  readonly otherName: RegExp;
  /** Fields that the other kind doesn't have. */
  readonly fields: readonly string[];
}

const customerName = namesOf('customer');
const subscriptionName = namesOf('subscription');

const customers: Kind = {
  noun: 'customer',
  name: customerName,
  otherName: subscriptionName,
  fields: ['firstName', 'lastName', 'organizationName', 'email', 'phone', 'zipCode', 'countryCode'],
};
const subscriptions: Kind = {
  noun: 'subscription',
  name: subscriptionName,
  otherName: customerName,
  fields: ['planId', 'billingCycleType', 'nextBillingDate', 'firstBillingDate', 'paymentOptionId'],
};

function namesOf(noun: string): RegExp {
  return new RegExp(
    `^(?:get|find|load|list|array)?(?:of)?[-_.]?${noun}s?[-_.]?(?:lists?|array|set|collection|results?|response|page)?$`,
    'i',
  );
}

const KINDS: Readonly<Record<OperationName, Kind>> = {
  findCustomers: customers,
  loadCustomer: customers,
  createCustomer: customers,
  modifyCustomer: customers,
  findSubscriptions: subscriptions,
  loadSubscription: subscriptions,
  createSubscription: subscriptions,
  modifySubscription: subscriptions,
  cancelSubscription: subscriptions,
  freezeSubscription: subscriptions,
};

/** Names of a list of anything. An empty XML element of such a name is an empty list. */
const LIST_NAME =
  /^(?:(?:java\.util\.)?(?:array|linked)?-?_?list|items|rows|records|results|data|entries|elements|objects|collection|array|row_?set|result_?set)$/i;
/** Names of what may be one record as well, or a wrapper around the list. */
const WRAPPER_NAME = /^(?:item|row|record|result|entry|element|object|content|values?|page|payload|body|response)$/i;
const COUNT_NAME =
  /^(?:count|total|found|hits|(?:total|num|number)_?(?:of)?_?(?:count|records?|rows|items|results|elements|found|hits|customers|subscriptions)|(?:row|record|item|result|customer|subscription)s?_?(?:count|total)|total_?(?:count|size))$/i;
const PAGING_NAME = /^(?:offset|limit|start|page|page_?(?:no|num|number|size|index)|size|first|max(?:_?results)?)$/i;

/** Deeper wrappers than this are something else. */
const MAX_WRAPPERS = 3;

/** The rows of a list: records, and beside them what can't be read as one. */
export function readRows(account: string, name: OperationName, document: Document): readonly RawValue[] {
  const rows = findRows(name, document);
  if (rows !== undefined && (rows.length > 0 || saysNothingElse(document.value))) return rows;
  throw new MalformedAnswer(account, `${name}: expected a list of records; got ${describeDocument(document)}`);
}

function findRows(name: OperationName, { value, rootName, isPairs }: Document): readonly RawValue[] | undefined {
  return isPairs ? undefined : new RowFinder(KINDS[name], rootName !== undefined).find(value, rootName);
}

/** Is an empty list all that is told? Beside a denial it is none: only that there was nothing to show with it. */
function saysNothingElse(value: RawValue | undefined, name = '', depth = 0): boolean {
  if (value === undefined || value === null || depth > MAX_WRAPPERS + 1) return true;
  if (!isRecord(value)) {
    return typeof value === 'object'
      ? value.every((item) => saysNothingElse(item, name, depth + 1))
      : isAside(name, value);
  }
  // A record with an id, such as a merchant, speaks of itself; around everything it may be how the answer is numbered.
  if (hasId(value)) return depth > 0 || !saysNoItself(value);
  return (
    !saysNoItself(value) &&
    Object.entries<RawValue | undefined>(value).every(([name, part]) => saysNothingElse(part, name, depth + 1))
  );
}

/** The one record of an answer. */
export function readRecord(account: string, name: OperationName, document: Document): RawRecord {
  const row = onlyRow(name, document);
  if (row !== undefined) return row;
  throw new MalformedAnswer(account, `${name}: expected one record; got ${describeDocument(document)}`);
}

/** Undefined where there is none, or more than one. */
function onlyRow(name: OperationName, document: Document): RawRecord | undefined {
  const rows = findRows(name, document);
  const row = rows?.length === 1 ? rows[0] : undefined;
  return isRecord(row) ? row : undefined;
}

/**
 * The record that a create made, or that a modification changed: both are documented to answer with it. An answer that
 * doesn't show it doesn't say that it was done.
 */
export function readWritten(
  account: string,
  name: OperationName,
  answer: WriteAnswer<Document>,
  wanted?: string,
): RawRecord {
  const row = readRecord(account, name, requireBody(account, name, answer));
  const id = idOf(row);
  if (wanted === undefined ? VENDOR_ID.test(id ?? '') : id === wanted) return row;
  const expected = wanted === undefined ? 'a record with a number' : `record ${wanted}`;
  throw new MalformedAnswer(account, `${name}: expected ${expected}; got another`);
}

/**
 * The record that an action such as a cancellation shows. What is answered is not documented: it is done with any success
 * that is not somebody else's page. Undefined where the answer doesn't show the record that was asked for; pairs are
 * taken for no record.
 */
export function readActedOn(
  account: string,
  name: OperationName,
  answer: WriteAnswer<Document>,
  wanted: string,
): RawRecord | undefined {
  if (answer.body === undefined) return undefined;
  const document = requireBody(account, name, answer);
  const row = onlyRow(name, document);
  if (row !== undefined && idOf(row) === wanted) return row;
  if (isFailureName(document.rootName ?? '') || (row === undefined && saysNo(document.value))) {
    throw new MalformedAnswer(
      account,
      `${name}: expected a success; got ${describeDocument(document)} that tells a failure`,
    );
  }
  return undefined;
}

function requireBody(account: string, name: OperationName, { status, body }: WriteAnswer<Document>): Document {
  if (body instanceof MalformedAnswer) throw body;
  if (body !== undefined) return body;
  throw new MalformedAnswer(account, `${name}: expected a record; got an empty body (HTTP ${status})`);
}

function idOf({ id }: RawRecord): string | undefined {
  return typeof id === 'string' || typeof id === 'number' ? String(id).trim() : undefined;
}

function hasId(value: RawValue | undefined): value is RawRecord {
  return isRecord(value) && value.id !== undefined && value.id !== null && value.id !== '';
}

/** A part of an answer, under its name. */
type Part = readonly [name: string, value: RawValue | undefined];

/** Tells the rows of one kind from what lies around and beside them: by names, then by what it holds. */
class RowFinder {
  readonly #kind: Kind;
  readonly #isXml: boolean;

  constructor(kind: Kind, isXml: boolean) {
    this.#kind = kind;
    this.#isXml = isXml;
  }

  /** Undefined where there are none to be told, nor a list that is empty. `name` is undefined where nothing names it. */
  find(value: RawValue | undefined, name: string | undefined, depth = 0): readonly RawValue[] | undefined {
    if (Array.isArray(value)) return this.#ofList(value, name);
    if (!isRecord(value)) return this.#isEmptyElement(value, name) ? [] : undefined;
    if (name !== undefined && isFailureName(name)) return undefined;
    const parts = Object.entries(value);
    const named = depth === MAX_WRAPPERS ? [] : parts.filter((part) => this.#isNamed(part));
    // A record may have a part that is called as its kind only if it is a wrapper.
    if (named.some(holdsParts)) {
      return this.#beside(value, this.#ofParts(named, depth));
    }
    if (name !== undefined && this.#kind.otherName.test(name)) return undefined;
    if (hasId(value)) return [value];
    if (depth === MAX_WRAPPERS || saysNoItself(value)) return undefined;
    return (
      this.#ofNamedParts(value, named, parts, depth) ??
      (name !== undefined && this.#isListName(name) && isEmptyPage(value, parts) ? [] : undefined)
    );
  }

  #ofNamedParts(value: RawRecord, named: readonly Part[], parts: readonly Part[], depth: number) {
    if (named.length > 0) return this.#isNone(value, named) ? [] : undefined;
    const listed = parts.filter(([name, part]) => !isFilledScalar(part) && isGenericName(name));
    const rows = this.#ofParts(listed, depth);
    if (rows !== undefined) return rows;
    if (listed.length > 0 && !listed.some(holdsParts) && this.#isNone(value, listed)) return [];
    // A page may be described under a name that another vendor gives the rows' wrapper.
    const others = parts.filter((part) => holdsParts(part) && !isFailureName(part[0]));
    // Among several, a record of any name that merely has an id may be anything's: a merchant's, a link's.
    return this.#ofParts(
      others.length > 1 ? others.filter(([, part]) => !hasId(part) || this.#isOfKind(part)) : others,
      depth,
    );
  }

  /** Rows beside which a failure is told may be a part of them only. */
  #beside(value: RawRecord, rows: readonly RawValue[] | undefined): readonly RawValue[] | undefined {
    // A customer around its subscriptions has a status of its own.
    return (hasId(value) ? tellsFailure(value) : saysNoItself(value)) ? undefined : rows;
  }

  /** Those of the one part that has some, else of one that is an empty list. */
  #ofParts(parts: readonly Part[], depth: number): readonly RawValue[] | undefined {
    const found = parts
      .map(([name, part]) => this.find(part, name, depth + 1))
      .filter((rows): rows is readonly RawValue[] => rows !== undefined);
    const filled = found.filter(({ length }) => length > 0);
    if (filled.length === 0) return found[0];
    if (filled.length === 1) return filled[0];
    const ofKind = filled.filter((rows) => rows.some((row) => this.#isOfKind(row)));
    return ofKind.length === 1 ? ofKind[0] : undefined;
  }

  #ofList(value: readonly RawValue[], name: string | undefined): readonly RawValue[] | undefined {
    if (name !== undefined && (isFailureName(name) || this.#kind.otherName.test(name))) return undefined;
    if (value.length > 0) return value.some(hasId) ? value : undefined;
    return name === undefined || this.#isListName(name) || isGenericName(name) ? [] : undefined;
  }

  /** Nothing, under the name of the rows: an empty element in XML; in JSON only where a count beside it says so. */
  #isNone(value: RawRecord, parts: readonly Part[]): boolean {
    const count = countOf(value);
    return count === 0 || (count === undefined && this.#isXml && parts.some(([name]) => this.#isNameOfMany(name)));
  }

  #isEmptyElement(value: RawValue | undefined, name: string | undefined): boolean {
    return this.#isXml && name !== undefined && this.#isNameOfMany(name) && (value === '' || value === null);
  }

  /** An empty element that is called as one record is a record without anything. */
  #isNameOfMany(name: string): boolean {
    return this.#isListName(name) && name.toLowerCase() !== this.#kind.noun;
  }

  #isNamed([name, part]: Part): boolean {
    return !isFilledScalar(part) && this.#kind.name.test(name);
  }

  #isListName(name: string): boolean {
    return this.#kind.name.test(name) || LIST_NAME.test(name);
  }

  #isOfKind(row: RawValue | undefined): boolean {
    return isRecord(row) && this.#kind.fields.some((field) => row[field] !== undefined);
  }
}

function holdsParts([, part]: Part): boolean {
  return typeof part === 'object' && part !== null;
}

function isGenericName(name: string): boolean {
  return LIST_NAME.test(name) || WRAPPER_NAME.test(name);
}

function isFilledScalar(value: RawValue | undefined): boolean {
  return value === undefined || (typeof value !== 'object' && value !== '');
}

/** Says that there are no rows, or says nothing but which rows it would have shown. */
function isEmptyPage(value: RawRecord, parts: readonly Part[]): boolean {
  const count = countOf(value);
  return count === undefined ? parts.length > 0 && parts.every(([name]) => PAGING_NAME.test(name)) : count === 0;
}

/** How many there are, as the record or one beside its rows says it; the most, where it says it twice. */
function countOf(value: RawRecord): number | undefined {
  const beside = Object.values(value).filter((part): part is RawRecord => isRecord(part) && !hasId(part));
  const counts = [value, ...beside].flatMap((record) =>
    Object.entries(record).flatMap(([name, count]) =>
      COUNT_NAME.test(name) && isFilledScalar(count) && count !== undefined ? [Number(count)] : [],
    ),
  );
  return counts.length === 0 ? undefined : Math.max(...counts);
}

function describeDocument({ value, rootName, isPairs }: Document): string {
  if (isPairs) return 'URL-encoded pairs';
  if (rootName !== undefined) return value === '' || value === null ? 'an empty XML element' : 'XML of another form';
  return value === null ? 'null' : isRecord(value) ? 'a JSON record of another form' : describe(value);
}
