import { VendorTimeout } from '../errors.ts';
import type { CallContext } from '../transport/transport.ts';

/** A key's own failure is a value; a rejection is the failure of all. */
export type Answers<T> = ReadonlyMap<string, T | Error>;
export type ReadMissing<T> = (missing: readonly string[], shared: CallContext) => Promise<Answers<T>>;

/** One call under way, and everyone who waits for it. */
interface SharedRead {
  readonly keys: string[];
  readonly controller: AbortController;
  /** Called when it has ended. */
  readonly waiters: Set<() => void>;
  /** Undefined while it is under way. */
  outcome: Answers<unknown> | Error | undefined;
}

/** setTimeout takes no more (Node.js documentation, timers); a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Its read is still under way. Not undefined, which may be an answer. */
const UNANSWERED = Symbol('unanswered');

/**
 * Reads of the same key that are under way at once, by whomever, are one read.
 *
 * A key stands for one kind of value: whoever asks for it means the same T.
 */
export class SharedReads {
  readonly #reads = new Map<string, SharedRead>();

  /** How many keys are being read. */
  get keyCount(): number {
    return this.#reads.size;
  }

  /**
   * An answer for each key. Keys that are being read already are waited for, the rest are read by one call of `read`,
   * which goes on as long as anybody waits for it, with the deadline of the one who started it.
   *
   * Once the context's deadline has passed or its signal has aborted, the keys without an answer get `onDeadline()`.
   * Rejects only when `read` left out one of its keys.
   */
  async readMany<T>(
    keys: readonly string[],
    context: CallContext,
    read: ReadMissing<T>,
    onDeadline: () => Error,
  ): Promise<Map<string, T | Error>> {
    const answers = new Map<string, T | Error>();
    let open = keys;
    while (open.length > 0) {
      if (isOver(context)) return giveUp(open, answers, onDeadline);
      const { started, byRead } = this.#joinOrStart(open, context, read);
      const isComplete = await this.#wait([...byRead.keys()], context);
      const unanswered: string[] = [];
      for (const [shared, itsKeys] of byRead) {
        for (const key of itsKeys) {
          const answer = answerOf<T>(shared, key);
          // What ran out may have been its starter's time, not ours: one of those left so reads, the others join again.
          if (answer === UNANSWERED || (shared !== started && ranOutOfTime(answer))) unanswered.push(key);
          else answers.set(key, answer);
        }
      }
      if (!isComplete) return giveUp(unanswered, answers, onDeadline);
      open = unanswered;
    }
    return answers;
  }

  /**
   * After a write: whoever asks from now on for a key that starts so gets what is read from now on. Reads under way go on
   * for those who wait.
   */
  forget(prefix: string): void {
    for (const key of this.#reads.keys()) if (key.startsWith(prefix)) this.#reads.delete(key);
  }

  #joinOrStart<T>(
    keys: readonly string[],
    context: CallContext,
    read: ReadMissing<T>,
  ): { started: SharedRead | undefined; byRead: Map<SharedRead, string[]> } {
    const byRead = new Map<SharedRead, string[]>();
    let started: SharedRead | undefined;
    for (const key of keys) {
      let shared = this.#reads.get(key);
      if (shared === undefined) {
        started ??= newRead();
        shared = started;
        shared.keys.push(key);
        this.#reads.set(key, shared);
      }
      const itsKeys = byRead.get(shared);
      if (itsKeys !== undefined) {
        itsKeys.push(key);
      } else {
        byRead.set(shared, [key]);
      }
    }
    if (started !== undefined) {
      void this.#run(started, read, { signal: started.controller.signal, deadlineMs: context.deadlineMs });
    }
    return { started, byRead };
  }

  async #run<T>(shared: SharedRead, read: ReadMissing<T>, context: CallContext): Promise<void> {
    try {
      shared.outcome = await read(shared.keys, context);
    } catch (error) {
      shared.outcome = error instanceof Error ? error : new Error('A shared read failed', { cause: error });
    }
    this.#remove(shared);
    for (const end of shared.waiters) end();
  }

  /** True when all have ended; false when the context's own time is over, and it has left those that have not. */
  #wait(reads: readonly SharedRead[], { signal, deadlineMs }: CallContext): Promise<boolean> {
    return new Promise((resolve) => {
      let left = reads.length;
      const stop = (isComplete: boolean) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        resolve(isComplete);
      };
      const end = () => {
        left -= 1;
        if (left === 0) stop(true);
      };
      const leave = () => {
        for (const shared of reads) this.#leave(shared, end);
        stop(false);
      };
      const timeLeftMs = Math.ceil(deadlineMs - performance.now());
      const timer = timeLeftMs <= MAX_TIMER_MS ? setTimeout(leave, timeLeftMs) : undefined;
      signal.addEventListener('abort', leave);
      for (const shared of reads) {
        if (shared.outcome === undefined) shared.waiters.add(end);
        else end(); // its read threw before it gave a promise
      }
      if (signal.aborted) leave(); // while the read was being started: that event is over
    });
  }

  #leave(shared: SharedRead, waiter: () => void): void {
    shared.waiters.delete(waiter);
    if (shared.waiters.size > 0 || shared.outcome !== undefined) return;
    this.#remove(shared);
    shared.controller.abort();
  }

  #remove(shared: SharedRead): void {
    for (const key of shared.keys) {
      if (this.#reads.get(key) === shared) this.#reads.delete(key);
    }
  }
}

function newRead(): SharedRead {
  return { keys: [], controller: new AbortController(), waiters: new Set(), outcome: undefined };
}

function isOver({ signal, deadlineMs }: CallContext): boolean {
  return signal.aborted || performance.now() >= deadlineMs;
}

function giveUp<T>(
  keys: readonly string[],
  answers: Map<string, T | Error>,
  onDeadline: () => Error,
): Map<string, T | Error> {
  const error = onDeadline();
  for (const key of keys) answers.set(key, error);
  return answers;
}

function answerOf<T>({ outcome, keys }: SharedRead, key: string): T | Error | typeof UNANSWERED {
  if (outcome === undefined) return UNANSWERED;
  if (outcome instanceof Error) return outcome;
  if (!outcome.has(key)) {
    const missingCount = keys.filter((one) => !outcome.has(one)).length;
    throw new Error(
      `A shared read must answer each of its keys, if with undefined; ${missingCount} of ${keys.length} are missing`,
    );
  }
  return outcome.get(key) as T | Error; // by the rule that a key stands for one kind of value
}

function ranOutOfTime(answer: unknown): boolean {
  return answer instanceof VendorTimeout || (answer instanceof Error && /^(?:Abort|Timeout)Error$/.test(answer.name));
}
