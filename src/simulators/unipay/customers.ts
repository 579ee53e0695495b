import { malformed, missing, notFound } from './failure.ts';
import { customerFields, customerParameters, readFields, readParameters } from './fields.ts';
import { matches, readPage } from './find.ts';
import { generatedCustomerFields } from './generated-customers.ts';
import type { Settings } from './options.ts';
import { mixedOrder } from './order.ts';
import { changed, isBlank, type RawFields, type Row } from './row.ts';

/** The customers: those of the start computed when asked for, those written since kept. */
export class Customers {
  readonly #settings: Settings;
  readonly #generated: ReturnType<typeof generatedCustomerFields>;
  readonly #order: (place: number) => number;
  readonly #written = new Map<number, Row>();
  #createdCount = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#generated = generatedCustomerFields(settings);
    this.#order = mixedOrder(settings.customers, settings.seed);
  }

  get count(): number {
    return this.#settings.customers + this.#createdCount;
  }

  has(id: number): boolean {
    return id >= 1 && id <= this.count;
  }

  get(id: number): Row | undefined {
    if (!this.has(id)) return undefined;
    return (
      this.#written.get(id) ??
      changed({}, Object.fromEntries(Object.entries(this.#generated).map(([name, field]) => [name, field(id)])))
    );
  }

  load(id: number): Row {
    const row = this.get(id);
    if (row === undefined) throw notFound(`Customer ${id} does not exist.`);
    return row;
  }

  find(query: URLSearchParams): readonly Row[] {
    const values = readParameters(customerParameters(this.#settings.profile), query, this.#settings);
    const { offset, limit } = readPage(values, this.#settings);
    const filters = [...values].filter(([name]) => name !== 'offset' && name !== 'limit');
    const ids: number[] = [];
    // Without filters every row counts, so the walk can begin at the page.
    let skip = filters.length === 0 ? 0 : offset;
    for (let place = filters.length === 0 ? offset : 0; place < this.count && ids.length < limit; place += 1) {
      const id = this.#idAt(place);
      if (!filters.every(([name, filter]) => matches(this.#field(id, name), filter, this.#settings.match))) continue;
      if (skip > 0) skip -= 1;
      else ids.push(id);
    }
    return ids.map((id) => this.load(id));
  }

  /** Each call makes another customer, equal fields or not: PUT is not idempotent here, and `code` need not be unique. */
  create(fields: RawFields): Row {
    const values = readFields(customerFields(this.#settings.profile), fields, 'create', this.#settings);
    const accountId = values.accountId ?? this.#settings.defaultAccountId;
    if (accountId === undefined) throw missing('accountId is required.');
    this.checkAccount(accountId);
    if (['firstName', 'lastName', 'organizationName'].every((name) => isBlank(values[name]))) {
      // Neither is marked Required, but a customer without any name is of no use. Inference.
      throw missing('A name is required.');
    }
    this.#createdCount += 1;
    const id = this.count;
    const row = changed({ id, code: String(id) }, { ...withoutBlanks(values), accountId });
    this.#written.set(id, row);
    return row;
  }

  modify(id: number, fields: RawFields): Row {
    const row = this.load(id);
    const values = readFields(customerFields(this.#settings.profile), fields, 'modify', this.#settings);
    const modified = changed(row, values);
    this.#written.set(id, modified);
    return modified;
  }

  /** "Well-formed, but the referenced merchant account does not exist" is the error page's own example of a V failure. */
  checkAccount(accountId: string | number): void {
    if (!this.#settings.accountIds.includes(Number(accountId))) {
      throw notFound(`Merchant account ${accountId} does not exist.`);
    }
  }

  #idAt(place: number): number {
    const { customers, createdRows } = this.#settings;
    if (createdRows === 'last') return place < customers ? this.#order(place) + 1 : place + 1;
    return place < this.#createdCount ? this.count - place : this.#order(place - this.#createdCount) + 1;
  }

  #field(id: number, name: string): string | number | undefined {
    const written = this.#written.get(id);
    return written === undefined ? this.#generated[name]?.(id) : written[name];
  }
}

function withoutBlanks(
  values: Readonly<Record<string, string | number | undefined>>,
): Record<string, string | number | undefined> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The id in a path. */
export function readId(segment: string): number {
  if (!/^\d{1,15}$/.test(segment)) throw malformed('An id must be a whole number.');
  return Number(segment);
}
