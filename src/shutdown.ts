/** Stops parts one after another, each whatever became of those before it. */
export class Shutdown {
  readonly #failures: Error[] = [];

  /**
   * Stops these side by side, named for messages. Never rejects, and takes no longer than `timeoutMs`: with none left, what
   * is not idle is cut.
   */
  async stop(timeoutMs: number, parts: Readonly<Record<string, () => unknown>>): Promise<void> {
    await Promise.all(
      Object.entries(parts).map(async ([name, stop]) => {
        const failure = await failureOf(name, stop, timeoutMs);
        if (failure) this.#failures.push(failure);
      }),
    );
  }

  /** Throws what went wrong, if anything did. */
  end(): void {
    if (this.#failures.length === 0) return;
    throw new AggregateError(this.#failures, this.#failures.map(({ message }) => message).join('; '));
  }
}

async function failureOf(name: string, stop: () => unknown, timeoutMs: number): Promise<Error | undefined> {
  const lateness = timeoutMs > 0 ? `did not stop within ${timeoutMs} ms` : 'was cut';
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(new Error(`${name} ${lateness}`)), timeoutMs);
  });
  const stopped = (async () => {
    try {
      await stop();
      return undefined;
    } catch (error) {
      return new Error(`${name} could not be stopped`, { cause: error });
    }
  })();
  try {
    return await Promise.race([stopped, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
