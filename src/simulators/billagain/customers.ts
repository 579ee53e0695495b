import type { CustomerRow, CustomField } from './customer.ts';
import { FIRST_GENERATED_ID, type GeneratedCustomers } from './generated-customers.ts';
import { SEED_CUSTOMERS } from './seed-customers.ts';

/** The create example of seed 002 answers this id; a fresh simulator's first create does too, the next ones count up. */
const FIRST_CREATED_ID = 10_659;

/**
 * The account's customers: seeds, generated and created ones, with the changes made since the start. In memory are only
 * the created, the changed, and the ids of the deleted.
 */
export class Customers {
  readonly #generated: GeneratedCustomers;
  /** Created customers, and seeds and generated ones that were changed. */
  readonly #stored = new Map<number, CustomerRow>();
  /** Oldest first, without the deleted. */
  readonly #seedIds: number[] = SEED_CUSTOMERS.map(({ row }) => row.customerID);
  readonly #createdIds: number[] = [];
  readonly #deletedGeneratedIds: number[] = [];
  readonly #seedRows = new Map(SEED_CUSTOMERS.map((customer) => [customer.row.customerID, customer]));
  /** References of stored rows; those of generated rows can be computed. */
  readonly #idsByReference = new Map<string, number>();
  #nextId = FIRST_CREATED_ID;

  constructor(generated: GeneratedCustomers) {
    this.#generated = generated;
    for (const { row } of SEED_CUSTOMERS) this.#indexReference(row);
  }

  get count(): number {
    return this.#seedIds.length + this.#createdIds.length + this.#generatedCount;
  }

  get #generatedCount(): number {
    return this.#generated.count - this.#deletedGeneratedIds.length;
  }

  find(id: number): CustomerRow | undefined {
    const stored = this.#stored.get(id);
    if (stored !== undefined) return stored;
    if (this.#generated.has(id)) return this.#isDeletedGenerated(id) ? undefined : this.#generated.row(id);
    return this.#seedIds.includes(id) ? this.#seedRows.get(id)?.row : undefined;
  }

  has(id: number): boolean {
    if (this.#stored.has(id)) return true;
    return this.#generated.has(id) ? !this.#isDeletedGenerated(id) : this.#seedIds.includes(id);
  }

  /** The row as JSON; the customer must exist. */
  text(id: number): string {
    return this.#generated.has(id) && !this.#stored.has(id) ? this.#generated.text(id) : JSON.stringify(this.find(id));
  }

  /** Nothing documents how custom fields are written, so created customers have none and changes leave them alone. */
  customFields(id: number): readonly CustomField[] {
    return this.#generated.has(id) ? this.#generated.customFields(id) : (this.#seedRows.get(id)?.customFields ?? []);
  }

  /** The customer that has this reference, archived ones included. */
  idOfReference(reference: string): number | undefined {
    const stored = this.#idsByReference.get(reference);
    if (stored !== undefined) return stored;
    const id = this.#generated.idOfReference(reference);
    // A stored row's reference is in the index; the generated form of it holds no longer.
    return id === undefined || this.#stored.has(id) || this.#isDeletedGenerated(id) ? undefined : id;
  }

  /** So many ids from this position on, where 0 is the oldest, by CreatedDate. */
  idsFromOldest(position: number, limit: number): number[] {
    const ids: number[] = [];
    for (let at = position; at < Math.min(position + limit, this.count); at += 1) ids.push(this.#idAt(at));
    return ids;
  }

  takeNextId(): number {
    const id = this.#nextId;
    const generatedEnd = FIRST_GENERATED_ID + this.#generated.count;
    this.#nextId = this.#generated.count > 0 && id + 1 === FIRST_GENERATED_ID ? generatedEnd : id + 1;
    return id;
  }

  add(row: CustomerRow): void {
    this.#createdIds.push(row.customerID);
    this.replace(row);
  }

  replace(row: CustomerRow): void {
    this.#dropReference(row.customerID);
    this.#stored.set(row.customerID, row);
    this.#indexReference(row);
  }

  delete(id: number): void {
    this.#dropReference(id);
    this.#stored.delete(id);
    if (this.#generated.has(id)) {
      this.#deletedGeneratedIds.splice(countBelow(this.#deletedGeneratedIds, id), 0, id);
      return;
    }
    for (const ids of [this.#seedIds, this.#createdIds]) {
      const index = ids.indexOf(id);
      if (index !== -1) ids.splice(index, 1);
    }
  }

  /** Created customers are younger than generated ones, and those than the seeds. */
  #idAt(position: number): number {
    const generatedAt = position - this.#seedIds.length;
    if (generatedAt < 0) return this.#seedIds[position] ?? 0;
    if (generatedAt < this.#generatedCount) return this.#generatedIdAt(generatedAt);
    return this.#createdIds[generatedAt - this.#generatedCount] ?? 0;
  }

  /** Steps over the deleted: the answer is the position plus however many deleted ids lie before it. */
  #generatedIdAt(position: number): number {
    const deleted = this.#deletedGeneratedIds;
    let low = 0;
    let high = deleted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const remainingBefore = (deleted[middle] ?? 0) - FIRST_GENERATED_ID - middle;
      if (remainingBefore <= position) low = middle + 1;
      else high = middle;
    }
    return FIRST_GENERATED_ID + position + low;
  }

  #isDeletedGenerated(id: number): boolean {
    return this.#deletedGeneratedIds[countBelow(this.#deletedGeneratedIds, id)] === id;
  }

  #indexReference(row: CustomerRow): void {
    if (row.Reference !== null && row.Reference !== '') this.#idsByReference.set(row.Reference, row.customerID);
  }

  #dropReference(id: number): void {
    const reference = (this.#stored.get(id) ?? this.#seedRows.get(id)?.row)?.Reference;
    if (reference && this.#idsByReference.get(reference) === id) this.#idsByReference.delete(reference);
  }
}

/** How many of the sorted ids are below this one. */
function countBelow(sorted: readonly number[], id: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
