import { VendorTimeout } from '../errors.ts';
import type { CallContext } from '../transport/transport.ts';

/**
 * One call for some keys. It tells each key's answer as it arrives, and has told all when it resolves. A key's own failure
 * is a value; a rejection is the failure of all that have not been told.
 */
export type ReadKeys<T> = (keys: readonly string[], shared: CallContext, onAnswer: OnAnswer<T>) => Promise<void>;

export type OnAnswer<T> = (key: string, answer: T | Error) => void;

export interface SharedRequest<T> {
  /** A key belongs to a family, and stands there for one kind of value: whoever asks for it means the same T. */
  readonly family: string;
  /** A read of the same key in another version is not joined. */
  readonly version: string;
  readonly keys: readonly string[];
  readonly context: CallContext;
  /** How many keys one call of `read` takes at the most. */
  readonly keysPerCall: number;
  readonly read: ReadKeys<T>;
  /** Told of each key's answer once, as soon as it is there; `place` is where the key stands in `keys`. */
  onAnswer(place: number, answer: T | Error): void;
  /** What the keys without an answer get when the context's time is over. */
  onDeadline(): Error;
}

/** Somebody who waits for answers. */
export interface Waiting {
  /** Waits no longer for the key at this place, whose read goes on to its end though nobody may be waiting. */
  release(place: number): void;
}

/** One call under way. */
interface SharedRead {
  readonly version: string;
  readonly family: Map<string, Share>;
  readonly starter: CallContext;
  readonly controller: AbortController;
  /** Its keys without an answer. */
  readonly open: Map<string, Share>;
  /** How often somebody waits for one of them. */
  waits: number;
  /** It goes on when nobody waits. */
  isReleased: boolean;
}

/**
 * One key's place in a read; empty once it has been answered. V8 keeps what a Map has outgrown until the next full
 * collection, and with it all that was held there: reads and their waiters must not be.
 */
interface Share {
  read: SharedRead | undefined;
  waits: Wait[];
}

/** Without its waiter once that has left: whole requests must not be held for as long as others wait. */
interface Wait {
  waiter: Waiter | undefined;
  readonly place: number;
  readonly share: Share;
}

/** setTimeout takes no more (Node.js documentation, timers); a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Reads of the same key that are under way at once, by whomever, are one read.
 *
 * Each key is answered by itself, as its answer arrives: to all who wait for it, whatever else they wait for. A read goes on
 * as long as anybody waits for one of its keys, with the deadline of the one who started it.
 */
export class SharedReads {
  readonly #families = new Map<string, Map<string, Share>>();
  /** One for each read under way. */
  readonly #controllers = new Set<AbortController>();

  /** How many keys are being read. */
  get keyCount(): number {
    return [...this.#families.values()].reduce((count, shares) => count + shares.size, 0);
  }

  /** What is being read already, in the same version, is waited for; the rest is read, by as few calls as may be. */
  readMany<T>(request: SharedRequest<T>): Waiting {
    const known = this.#families.get(request.family) ?? new Map<string, Share>();
    this.#families.set(request.family, known);
    // A key stands for one kind of value.
    const family = () => this.#families.get(request.family) ?? known;
    const waiter = new Waiter(request as SharedRequest<unknown>, family, this.#controllers);
    waiter.start();
    return waiter;
  }

  /**
   * After a write: whoever asks from now on for a key of a family that starts so gets what is read from now on. Reads
   * under way go on for those who wait.
   */
  forget(prefix: string): void {
    for (const family of this.#families.keys()) if (family.startsWith(prefix)) this.#families.delete(family);
  }

  /** Ends what is still being read, once no request is left: some reads go on for the cache alone. */
  stop(): void {
    for (const controller of this.#controllers) controller.abort();
  }
}

class Waiter implements Waiting {
  readonly #request: SharedRequest<unknown>;
  readonly #family: () => Map<string, Share>;
  readonly #controllers: Set<AbortController>;
  /** By place; none where there is an answer, or where the key is about to be read again. */
  readonly #waits: (Wait | undefined)[] = [];
  /** Places of keys that are about to be read again. */
  #again: number[] = [];
  #open: number;
  #timer: NodeJS.Timeout | undefined;
  readonly #leave = (): void => this.#giveUp();

  constructor(request: SharedRequest<unknown>, family: () => Map<string, Share>, controllers: Set<AbortController>) {
    this.#request = request;
    this.#family = family;
    this.#controllers = controllers;
    this.#open = request.keys.length;
  }

  start(): void {
    const { context, keys } = this.#request;
    if (this.#open === 0) return;
    const places = keys.map((_, place) => place);
    if (isOver(context)) {
      this.#again = places;
      this.#giveUp();
      return;
    }
    const timeLeftMs = Math.ceil(context.deadlineMs - performance.now());
    if (timeLeftMs <= MAX_TIMER_MS) this.#timer = setTimeout(this.#leave, timeLeftMs);
    context.signal.addEventListener('abort', this.#leave);
    this.#joinOrStart(places);
    if (context.signal.aborted) this.#giveUp(); // while a read was being started: that event is over
  }

  release(place: number): void {
    const wait = this.#waits[place];
    if (wait?.share.read) {
      wait.share.read.isReleased = true;
      this.#drop(wait);
    } else {
      const again = this.#again.indexOf(place);
      if (again === -1) return; // it has been answered
      this.#again.splice(again, 1);
    }
    this.#close(place);
  }

  /** What ran out may have been the starter's time, not ours: the key is read again then, together with others like it. */
  take(place: number, answer: unknown, starter: CallContext): void {
    this.#waits[place] = undefined;
    if (starter === this.#request.context || !ranOutOfTime(answer)) {
      this.#answer(place, answer);
      return;
    }
    if (this.#again.length === 0) queueMicrotask(() => this.#readAgain());
    this.#again.push(place);
  }

  #readAgain(): void {
    const places = this.#again;
    if (isOver(this.#request.context)) {
      this.#giveUp();
    } else {
      this.#again = [];
      this.#joinOrStart(places);
    }
  }

  #joinOrStart(places: readonly number[]): void {
    const { keys, version, keysPerCall, context, read } = this.#request;
    const family = this.#family();
    const started: SharedRead[] = [];
    for (const place of places) {
      const key = keys[place] as string;
      let share = family.get(key);
      if (share?.read?.version !== version) {
        let shared = started.at(-1);
        if (shared === undefined || shared.open.size >= keysPerCall) {
          shared = newRead(version, family, context);
          started.push(shared);
        }
        share = addKey(shared, key);
      }
      const wait: Wait = { waiter: this, place, share: share as Share };
      wait.share.waits.push(wait);
      (wait.share.read as SharedRead).waits += 1;
      this.#waits[place] = wait;
    }
    for (const shared of started) void run(shared, read, this.#controllers);
  }

  #giveUp(): void {
    const places = this.#again;
    this.#again = [];
    // Before anyone is told: who is told may ask again, and must not find a read that ends.
    for (const wait of this.#waits) {
      if (wait === undefined) continue;
      places.push(wait.place);
      this.#drop(wait);
    }
    if (places.length === 0) return;
    const error = this.#request.onDeadline();
    for (const place of places) this.#answer(place, error);
  }

  #drop(wait: Wait): void {
    this.#waits[wait.place] = undefined;
    wait.waiter = undefined;
    const { read } = wait.share;
    if (read === undefined) return;
    read.waits -= 1;
    abortUnlessWanted(read);
  }

  #answer(place: number, answer: unknown): void {
    this.#close(place);
    this.#request.onAnswer(place, answer);
  }

  #close(place: number): void {
    this.#waits[place] = undefined;
    this.#open -= 1;
    if (this.#open > 0) return;
    clearTimeout(this.#timer);
    this.#request.context.signal.removeEventListener('abort', this.#leave);
  }
}

function newRead(version: string, family: Map<string, Share>, starter: CallContext): SharedRead {
  const controller = new AbortController();
  return { version, family, starter, controller, open: new Map(), waits: 0, isReleased: false };
}

function addKey(read: SharedRead, key: string): Share {
  const share: Share = { read, waits: [] };
  read.open.set(key, share);
  read.family.set(key, share);
  return share;
}

async function run(shared: SharedRead, read: ReadKeys<unknown>, controllers: Set<AbortController>): Promise<void> {
  const { controller, starter, open } = shared;
  controllers.add(controller);
  const keys = [...open.keys()];
  const context = { signal: controller.signal, deadlineMs: starter.deadlineMs, requester: starter.requester };
  let rest: Error;
  try {
    await read(keys, context, (key, answer) => settle(shared, key, answer));
    rest = new Error(
      `A shared read must answer each of its ${keys.length} keys; got ${keys.length - open.size} answers`,
    );
  } catch (error) {
    rest = error instanceof Error ? error : new Error('A shared read failed', { cause: error });
  }
  controllers.delete(controller);
  for (const key of [...open.keys()]) settle(shared, key, rest);
}

/** An answer that has been given, or that nobody waits for any more, changes nothing. */
function settle(shared: SharedRead, key: string, answer: unknown): void {
  const share = shared.open.get(key);
  if (share === undefined) return;
  const { waits } = share;
  remove(shared, key, share);
  for (const { waiter, place } of waits) {
    if (waiter === undefined) continue;
    shared.waits -= 1;
    waiter.take(place, answer, shared.starter);
  }
  abortUnlessWanted(shared);
}

function abortUnlessWanted(shared: SharedRead): void {
  if (shared.waits > 0 || shared.isReleased || shared.open.size === 0) return;
  for (const [key, share] of shared.open) remove(shared, key, share);
  shared.controller.abort();
}

/** Nobody joins it any more. */
function remove(shared: SharedRead, key: string, share: Share): void {
  shared.open.delete(key);
  if (shared.family.get(key) === share) shared.family.delete(key);
  share.read = undefined;
  share.waits = [];
}

function isOver({ signal, deadlineMs }: CallContext): boolean {
  return signal.aborted || performance.now() >= deadlineMs;
}

function ranOutOfTime(answer: unknown): boolean {
  return answer instanceof VendorTimeout || (answer instanceof Error && /^(?:Abort|Timeout)Error$/.test(answer.name));
}
