import { VendorTimeout } from '../errors.ts';
import type { CallContext } from '../transport/transport.ts';

/** One answer for each key, in their order. A key's own failure is a value; a rejection is the failure of all. */
export type ReadKeys<T> = (keys: readonly string[], shared: CallContext) => Promise<readonly (T | Error)[]>;

/** One call under way, and everyone who waits for it. */
interface SharedRead {
  readonly keys: string[];
  readonly version: string;
  readonly family: Map<string, Share>;
  /** Of its keys, in their order. */
  readonly shares: Share[];
  readonly controller: AbortController;
  /** Called when it has ended. */
  readonly waiters: Set<() => void>;
  /** Undefined while it is under way. */
  outcome: readonly unknown[] | Error | undefined;
}

/**
 * One key's place in a read; none once that has ended. V8 keeps what a Map has outgrown until the next full collection,
 * and with it all that was held there: the answers must not be.
 */
interface Share {
  read: SharedRead | undefined;
  readonly index: number;
}

/** A key's place in the read that one of its waiters waits for. */
interface Joined {
  readonly read: SharedRead;
  readonly index: number;
}

/** setTimeout takes no more (Node.js documentation, timers); a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Its read is still under way. Not undefined, which may be an answer. */
const UNANSWERED = Symbol('unanswered');
type Unanswered = typeof UNANSWERED;

/**
 * Reads of the same key that are under way at once, by whomever, are one read.
 *
 * A key belongs to a family, and stands there for one kind of value: whoever asks for it means the same T.
 */
export class SharedReads {
  readonly #families = new Map<string, Map<string, Share>>();

  /** How many keys are being read. */
  get keyCount(): number {
    return [...this.#families.values()].reduce((count, shares) => count + shares.size, 0);
  }

  /**
   * An answer for each key, in their order. What is being read already, in the same version, is waited for; the rest is
   * read by one call of `read`, which goes on as long as anybody waits for it, with the deadline of the one who started it.
   *
   * Once the context's deadline has passed or its signal has aborted, the keys without an answer get `onDeadline()`.
   */
  async readMany<T>(
    family: string,
    version: string,
    keys: readonly string[],
    context: CallContext,
    read: ReadKeys<T>,
    onDeadline: () => Error,
  ): Promise<(T | Error)[]> {
    const answers: (T | Error | Unanswered)[] = [];
    let openKeys = keys;
    /** Where the open keys' answers belong; undefined while all are open. */
    let places: number[] | undefined;
    while (openKeys.length > 0) {
      if (isOver(context)) return giveUp(answers, keys, onDeadline());
      const { started, joined } = this.#joinOrStart(family, version, openKeys, context, read);
      const isComplete = await this.#wait(readsOf(joined), context);
      const left: number[] = [];
      for (let index = 0; index < joined.length; index++) {
        const one = joined[index] as Joined;
        const place = places?.[index] ?? index;
        const answer = answerOf<T>(one);
        // What ran out may have been its starter's time, not ours: one of those left so reads, the others join again.
        const isOpen = answer === UNANSWERED || (one.read !== started && ranOutOfTime(answer));
        answers[place] = isOpen ? UNANSWERED : answer;
        if (isOpen) left.push(place);
      }
      if (!isComplete) return giveUp(answers, keys, onDeadline());
      places = left;
      openKeys = left.map((place) => keys[place] as string);
    }
    return answers as (T | Error)[];
  }

  /**
   * After a write: whoever asks from now on for a key of a family that starts so gets what is read from now on. Reads
   * under way go on for those who wait.
   */
  forget(prefix: string): void {
    for (const family of this.#families.keys()) if (family.startsWith(prefix)) this.#families.delete(family);
  }

  #joinOrStart<T>(
    family: string,
    version: string,
    keys: readonly string[],
    context: CallContext,
    read: ReadKeys<T>,
  ): { readonly started: SharedRead | undefined; readonly joined: readonly Joined[] } {
    const known = this.#families.get(family) ?? new Map<string, Share>();
    this.#families.set(family, known);
    let started: SharedRead | undefined;
    const joined = keys.map((key): Joined => {
      const share = known.get(key);
      if (share?.read?.version === version) return { read: share.read, index: share.index };
      started ??= newRead(version, known);
      return { read: started, index: addKey(started, key) };
    });
    if (started !== undefined) {
      const { deadlineMs, requester } = context;
      void this.#run(started, read, { signal: started.controller.signal, deadlineMs, requester });
    }
    return { started, joined };
  }

  async #run<T>(shared: SharedRead, read: ReadKeys<T>, context: CallContext): Promise<void> {
    const { keys } = shared;
    try {
      const answers = await read(keys, context);
      shared.outcome =
        answers.length === keys.length
          ? answers
          : new Error(`A shared read must answer each of its ${keys.length} keys; got ${answers.length} answers`);
    } catch (error) {
      shared.outcome = error instanceof Error ? error : new Error('A shared read failed', { cause: error });
    }
    remove(shared);
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
    remove(shared);
    shared.controller.abort();
  }
}

function newRead(version: string, family: Map<string, Share>): SharedRead {
  const controller = new AbortController();
  return { keys: [], version, family, shares: [], controller, waiters: new Set(), outcome: undefined };
}

function addKey(read: SharedRead, key: string): number {
  const share = { read, index: read.keys.length };
  read.keys.push(key);
  read.shares.push(share);
  read.family.set(key, share);
  return share.index;
}

/** Nobody joins it any more. */
function remove({ keys, shares, family }: SharedRead): void {
  for (const share of shares) {
    const key = keys[share.index] as string;
    if (family.get(key) === share) family.delete(key);
    share.read = undefined;
  }
}

/** Each once; mostly there is one. */
function readsOf(joined: readonly Joined[]): readonly SharedRead[] {
  const [{ read: first } = {}] = joined;
  if (first && joined.every(({ read }) => read === first)) return [first];
  return [...new Set(joined.map(({ read }) => read))];
}

function isOver({ signal, deadlineMs }: CallContext): boolean {
  return signal.aborted || performance.now() >= deadlineMs;
}

function giveUp<T>(answers: readonly (T | Error | Unanswered)[], keys: readonly string[], error: Error): (T | Error)[] {
  if (answers.length === 0) return keys.map(() => error);
  return answers.map((answer) => (answer === UNANSWERED ? error : answer));
}

function answerOf<T>({ read: { outcome }, index }: Joined): T | Error | Unanswered {
  if (outcome === undefined) return UNANSWERED;
  return outcome instanceof Error ? outcome : (outcome[index] as T | Error); // a key stands for one kind of value
}

function ranOutOfTime(answer: unknown): boolean {
  return answer instanceof VendorTimeout || (answer instanceof Error && /^(?:Abort|Timeout)Error$/.test(answer.name));
}
