import { VendorError, VendorRecordNotFound, VendorRefusal } from '../errors.ts';
import type { Arrivals } from './arrivals.ts';
import type { Answer, Found } from './read-through.ts';

export interface StaleBridgeParts<T> {
  /** Where the keys stand that have an expired answer. */
  readonly places: readonly number[];
  readonly arrivals: Arrivals<Answer<T>>;
  /** What lies in the cache now: a write may have dropped it since it was seen. */
  lookUp(places: readonly number[]): Promise<readonly (Found<T> | undefined)[]>;
}

/** Serves expired answers of one batch in place of a vendor that fails, or that takes too long. */
export class StaleBridge<T> {
  readonly #parts: StaleBridgeParts<T>;
  /** Places without an answer. */
  readonly #open: Set<number>;
  readonly #failures = new Map<number, VendorError>();
  #timer: NodeJS.Timeout | undefined;
  #release: (place: number) => void = () => undefined;

  constructor(parts: StaleBridgeParts<T>) {
    this.#parts = parts;
    this.#open = new Set(parts.places);
  }

  /** `release` is told of each key that gets its expired answer before the vendor's. */
  start(patienceMs: number, release: (place: number) => void): void {
    this.#release = release;
    if (this.#open.size > 0) this.#timer = setTimeout(() => void this.#serve([...this.#open]), patienceMs);
  }

  /** What came of a key's read. */
  take(place: number, answer: Answer<T>): void {
    if (!this.#open.has(place) || !isVendorsFault(answer)) {
      this.#settle(place, answer);
      return;
    }
    // What fails at once is looked up at once.
    if (this.#failures.size === 0) queueMicrotask(() => void this.#serveFailed());
    this.#failures.set(place, answer);
  }

  #serveFailed(): Promise<void> {
    const failures = new Map(this.#failures);
    this.#failures.clear();
    return this.#serve([...failures.keys()], failures);
  }

  async #serve(places: readonly number[], failures?: ReadonlyMap<number, VendorError>): Promise<void> {
    const answers = await this.#parts.lookUp(places);
    for (const [index, place] of places.entries()) {
      const answer = answers[index] ?? failures?.get(place);
      if (answer === undefined || !this.#open.has(place)) continue;
      if (failures === undefined) this.#release(place);
      this.#settle(place, answer);
    }
  }

  #settle(place: number, answer: Answer<T>): void {
    if (this.#open.delete(place) && this.#open.size === 0) clearTimeout(this.#timer);
    this.#parts.arrivals.take(place, answer);
  }
}

/** It says nothing about the record, and is no refusal of what was asked for. */
function isVendorsFault(answer: Found<unknown> | Error): answer is VendorError {
  return (
    answer instanceof VendorError && !(answer instanceof VendorRefusal) && !(answer instanceof VendorRecordNotFound)
  );
}
