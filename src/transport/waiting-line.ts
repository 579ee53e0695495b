/** One that waits. Its place in the line is its own, so that it leaves as quickly as it came. */
export interface Waiting<T> {
  /** Undefined once it has left. */
  value: T | undefined;
  before: Waiting<T> | undefined;
  behind: Waiting<T> | undefined;
}

/**
 * First come, first out, and whoever has had enough leaves from the middle: each in constant time, whatever the length.
 *
 * Who has left is cut loose, with all that it held: an old one that the garbage collector has yet to find must not keep alive
 * those that came after it.
 */
export class WaitingLine<T> {
  #first: Waiting<T> | undefined;
  #last: Waiting<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Waiting<T> | undefined {
    return this.#first;
  }

  join(value: T): Waiting<T> {
    const waiting: Waiting<T> = { value, before: this.#last, behind: undefined };
    if (this.#last === undefined) this.#first = waiting;
    else this.#last.behind = waiting;
    this.#last = waiting;
    this.#size += 1;
    return waiting;
  }

  /** Gives what waited there; undefined where it had left already. */
  leave(waiting: Waiting<T>): T | undefined {
    const { value, before, behind } = waiting;
    if (value === undefined) return undefined;
    if (before === undefined) this.#first = behind;
    else before.behind = behind;
    if (behind === undefined) this.#last = before;
    else behind.before = before;
    this.#size -= 1;
    waiting.value = undefined;
    waiting.before = undefined;
    waiting.behind = undefined;
    return value;
  }
}
