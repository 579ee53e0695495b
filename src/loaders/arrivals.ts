/**
 * How long an answer waits for others of its batch: what is asked for next because of them goes out together then, as it
 * does when a batch is answered at once.
 */
const TOGETHER_MS = 20;

/** What is there already, or a promise of it. */
export type Arriving<T> = T | Promise<T>;

/**
 * Answers to a batch of keys, which arrive one by one. Nobody waits for a whole batch: the first to arrive are given out
 * with promises of the others. A batch that is answered at once, as most are, has no promise for each key.
 */
export class Arrivals<T extends object> {
  readonly #answers: (T | undefined)[];
  #left: number;
  /** Arrived, and not yet given out. */
  #places: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #giveOutFirst: ((answers: Arriving<T>[]) => void) | undefined;
  #resolvers: ((answer: T) => void)[] | undefined;

  /** Undefined for each that is still to come; there is one at least. */
  constructor(answers: (T | undefined)[]) {
    this.#answers = answers;
    this.#left = answers.reduce((count, answer) => (answer === undefined ? count + 1 : count), 0);
    if (this.#left < answers.length) this.#giveOutSoon();
  }

  /** Resolves as soon as there is any. To be called once, before any answer arrives. */
  first(): Promise<Arriving<T>[]> {
    return new Promise((resolve) => {
      this.#giveOutFirst = resolve;
    });
  }

  /** What comes after the first answer is too late. */
  take(place: number, answer: T): void {
    if (this.#answers[place] !== undefined) return;
    this.#answers[place] = answer;
    this.#places.push(place);
    this.#left -= 1;
    if (this.#left === 0) this.#giveOut();
    else this.#giveOutSoon();
  }

  #giveOutSoon(): void {
    this.#timer ??= setTimeout(() => this.#giveOut(), TOGETHER_MS);
  }

  #giveOut(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const places = this.#places;
    this.#places = [];
    const resolvers = this.#resolvers;
    if (resolvers === undefined) {
      this.#giveOutFirst?.(this.#answers.map((answer, place) => answer ?? this.#promise(place)));
    } else {
      for (const place of places) resolvers[place]?.(this.#answers[place] as T);
    }
  }

  #promise(place: number): Promise<T> {
    return new Promise((resolve) => {
      this.#resolvers ??= [];
      this.#resolvers[place] = resolve;
    });
  }
}
