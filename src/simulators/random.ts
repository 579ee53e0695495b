/**
 * A whole number from 0 to 2^32 - 1 that depends on nothing but its arguments, so that row N of a simulator is the same
 * at every start without being stored. Steps of murmur3's finaliser: every input bit reaches every output bit.
 */
export function hash32(seed: number, id: number, salt = 0): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ id ^ (hash >>> 15), 0xc2b2ae35);
  // Ids above 2^32 still differ in their upper half.
  hash = Math.imul(hash ^ Math.floor(id / 0x1_0000_0000) ^ (hash >>> 13), 0x27d4eb2f);
  hash = Math.imul(hash ^ salt ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A series of draws that depends on nothing but (seed, id, salt): one for each row, or for each part of a row. */
export class Random {
  #state: number;

  constructor(seed: number, id: number, salt = 0) {
    this.#state = hash32(seed, id, salt);
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** From 0 up to but not including 1. */
  fraction(): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** True in so many of a hundred draws. */
  percent(share: number): boolean {
    return this.fraction() * 100 < share;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    // Always in range; a default for what isn't there would also replace a null among the choices.
    return choices[this.below(choices.length)] as T;
  }

  /** So many decimal digits, leading zeros included. */
  digits(count: number): string {
    let text = '';
    while (text.length < count) text += this.below(10);
    return text;
  }
}
