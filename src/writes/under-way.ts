/** The writes that have begun: a stop waits for them, as a client that has left no longer does. */
export class WritesUnderWay {
  readonly #writes = new Set<Promise<unknown>>();

  async run<R>(work: () => Promise<R>): Promise<R> {
    const write = work();
    this.#writes.add(write);
    try {
      return await write;
    } finally {
      this.#writes.delete(write);
    }
  }

  async ended(): Promise<void> {
    while (this.#writes.size > 0) await Promise.allSettled(this.#writes);
  }
}
