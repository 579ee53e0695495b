import { getEventListeners } from 'node:events';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { type ReadKeys, SharedReads, type Waiting } from '../../src/cache/shared-reads.ts';
import { VendorTimeout, VendorUnavailable } from '../../src/errors.ts';
import type { CallContext } from '../../src/transport/transport.ts';

function contextOf({ signal = new AbortController().signal, timeLeftMs = 60_000 } = {}): CallContext {
  return { signal, deadlineMs: performance.now() + timeLeftMs };
}

const gaveUp = new VendorTimeout('billagain', 'gave up waiting');
const onDeadline = () => gaveUp;

type Answers = ReadonlyMap<string, string | Error>;

/** Reads that end when the test says so. */
function controlledReads() {
  const calls: {
    readonly keys: readonly string[];
    readonly context: CallContext;
    /** Some of its answers, while it goes on. */
    tell(answers: Answers): void;
    /** Its last answers. */
    answer(answers?: Answers): void;
    fail(error: unknown): void;
  }[] = [];
  const read: ReadKeys<string> = (keys, context, onAnswer) =>
    new Promise((resolve, reject) => {
      const tell = (answers: Answers) => {
        for (const [key, answer] of answers) onAnswer(key, answer);
      };
      calls.push({
        keys: [...keys],
        context,
        tell,
        answer: (answers = new Map(keys.map((key) => [key, `${key} of read ${calls.length}`]))) => {
          tell(answers);
          resolve();
        },
        fail: reject,
      });
    });
  const call = (number: number) => {
    const made = calls[number - 1];
    if (made === undefined) throw new Error(`expected ${number} reads; got ${calls.length}`);
    return made;
  };
  return { calls, call, read };
}

const FAMILY = 'tenant:account:';

interface AskOptions {
  readonly version?: string;
  readonly family?: string;
  readonly keysPerCall?: number;
  /** Filled as answers arrive. */
  readonly arrived?: Map<string, string | Error>;
  readonly onWaiting?: (waiting: Waiting) => void;
}

/** Resolves with all answers. */
function readOf(reads: SharedReads, read: ReadKeys<string>) {
  return (keys: readonly string[], context = contextOf(), options: AskOptions = {}) =>
    new Promise<Map<string, string | Error>>((resolve) => {
      const { version = '', family = FAMILY, keysPerCall = 100, arrived = new Map(), onWaiting } = options;
      let left = keys.length;
      const onAnswer = (place: number, answer: string | Error) => {
        arrived.set(keys[place] as string, answer);
        left -= 1;
        if (left === 0) resolve(arrived);
      };
      const waiting = reads.readMany({ family, version, keys, context, keysPerCall, read, onAnswer, onDeadline });
      onWaiting?.(waiting);
      if (keys.length === 0) resolve(arrived);
    });
}

function setUp() {
  const reads = new SharedReads();
  const controlled = controlledReads();
  return { reads, ...controlled, ask: readOf(reads, controlled.read) };
}

describe('shared reads', () => {
  it('read what nobody is reading in one call', async () => {
    const { calls, call, ask } = setUp();
    const answers = ask(['a', 'b']);
    call(1).answer();
    expect(await answers).toEqual(
      new Map([
        ['a', 'a of read 1'],
        ['b', 'b of read 1'],
      ]),
    );
    expect(calls.map(({ keys }) => keys)).toEqual([['a', 'b']]);
  });

  it('read nothing for no keys', async () => {
    const { calls, ask } = setUp();
    expect(await ask([])).toEqual(new Map());
    expect(calls).toHaveLength(0);
  });

  it('wait for what others are reading, and read only the rest', async () => {
    const { calls, call, ask } = setUp();
    const first = ask(['a', 'b']);
    const second = ask(['b', 'c']);
    expect(calls.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c']]);
    call(2).answer(new Map([['c', 'C']]));
    call(1).answer(
      new Map([
        ['a', 'A'],
        ['b', 'B'],
      ]),
    );
    expect(await first).toEqual(
      new Map([
        ['a', 'A'],
        ['b', 'B'],
      ]),
    );
    expect(await second).toEqual(
      new Map([
        ['b', 'B'],
        ['c', 'C'],
      ]),
    );
  });

  it('ask for a key once though it is named twice', async () => {
    const { calls, call, ask } = setUp();
    const answers = ask(['a', 'a']);
    expect(calls.map(({ keys }) => keys)).toEqual([['a']]);
    call(1).answer();
    expect(await answers).toEqual(new Map([['a', 'a of read 1']]));
  });

  it('read again once a read has ended', async () => {
    const { calls, call, ask, reads } = setUp();
    const first = ask(['a']);
    call(1).answer();
    await first;
    expect(reads.keyCount).toBe(0);
    const second = ask(['a']);
    call(2).answer();
    expect(await second).toEqual(new Map([['a', 'a of read 2']]));
    expect(calls).toHaveLength(2);
  });

  it('give a key its own failure as a value', async () => {
    const { call, ask } = setUp();
    const unreadable = new VendorUnavailable('unipay', 'unreadable');
    const answers = ask(['a', 'b']);
    call(1).answer(
      new Map<string, string | Error>([
        ['a', 'A'],
        ['b', unreadable],
      ]),
    );
    expect(await answers).toEqual(
      new Map<string, string | Error>([
        ['a', 'A'],
        ['b', unreadable],
      ]),
    );
  });

  it('give every key of a rejected read its error, for each waiter, and no other key', async () => {
    const { call, ask, reads } = setUp();
    const down = new VendorUnavailable('unipay', 'connection refused');
    const first = ask(['a', 'b']);
    const second = ask(['b', 'c']);
    call(1).fail(down);
    call(2).answer(new Map([['c', 'C']]));
    expect([...(await first).values()]).toEqual([down, down]);
    expect((await second).get('b')).toBe(down);
    expect((await second).get('c')).toBe('C');
    expect(reads.keyCount).toBe(0);
  });

  it('turn what is thrown at once, or is no error, into an error', async () => {
    const reads = new SharedReads();
    const thrown = new Error('thrown before any promise');
    const throwing = () => {
      throw thrown;
    };
    expect((await readOf(reads, throwing)(['a'])).get('a')).toBe(thrown);
    expect((await readOf(reads, () => Promise.reject('text'))(['a'])).get('a')).toMatchObject({ cause: 'text' });
  });

  it('fail, saying why, for the keys whose answers a read leaves out', async () => {
    const { call, ask, reads } = setUp();
    const first = ask(['a', 'b']);
    const second = ask(['b']);
    call(1).answer(new Map([['a', 'A']]));
    const fault = new Error('A shared read must answer each of its 2 keys; got 1 answers');
    expect(await first).toEqual(
      new Map<string, string | Error>([
        ['a', 'A'],
        ['b', fault],
      ]),
    );
    expect((await second).get('b')).toEqual(fault);
    expect(reads.keyCount).toBe(0);
  });

  it('take undefined and null for answers', async () => {
    const answers: unknown[] = [];
    new SharedReads().readMany<string | null | undefined>({
      family: FAMILY,
      version: '',
      keys: ['a', 'b'],
      context: contextOf(),
      keysPerCall: 2,
      read: async (_, __, onAnswer) => {
        onAnswer('a', undefined);
        onAnswer('b', null);
      },
      onAnswer: (place, answer) => {
        answers[place] = answer;
      },
      onDeadline,
    });
    await turn();
    expect(answers).toEqual([undefined, null]);
  });

  it('take only so many keys a call', () => {
    const { calls, ask } = setUp();
    void ask(['a', 'b']);
    void ask(['a', 'c', 'd', 'e'], contextOf(), { keysPerCall: 2 });
    expect(calls.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    for (const { answer } of calls) answer();
  });

  it('answer each key as it arrives, to whoever waits for it', async () => {
    const { calls, call, ask, reads } = setUp();
    const [own, others] = [new Map<string, string | Error>(), new Map<string, string | Error>()];
    const first = ask(['a', 'b', 'c'], contextOf(), { arrived: own });
    void ask(['b', 'c'], contextOf(), { arrived: others });
    call(1).tell(new Map([['b', 'B']]));
    expect([own, others]).toEqual([new Map([['b', 'B']]), new Map([['b', 'B']])]);
    void ask(['b']);
    expect(calls.map(({ keys }) => keys)).toEqual([['a', 'b', 'c'], ['b']]); // an answer that was given is not joined
    call(1).tell(new Map([['b', 'another']]));
    const down = new VendorUnavailable('unipay', 'connection reset');
    call(1).fail(down);
    expect(await first).toEqual(
      new Map<string, string | Error>([
        ['b', 'B'],
        ['a', down],
        ['c', down],
      ]),
    );
    expect(others.get('c')).toBe(down);
    expect(reads.keyCount).toBe(1);
    call(2).answer();
  });

  it('are not joined by who asks for another version', async () => {
    const { calls, call, ask, reads } = setUp();
    const before = ask(['a', 'b'], contextOf(), { version: 'before' });
    const after = ask(['a'], contextOf(), { version: 'after' });
    const later = ask(['a'], contextOf(), { version: 'after' });
    expect(calls.map(({ keys }) => keys)).toEqual([['a', 'b'], ['a']]);
    call(1).answer();
    expect((await before).get('a')).toBe('a of read 2');
    call(2).answer(new Map([['a', 'new']]));
    expect([(await after).get('a'), (await later).get('a')]).toEqual(['new', 'new']);
    expect(reads.keyCount).toBe(0);
  });

  it('are not joined by who asks for the same key of another family', async () => {
    const { calls, call, ask } = setUp();
    const [one, other] = [ask(['a']), ask(['a'], contextOf(), { family: 'tenant:other:' })];
    expect(calls).toHaveLength(2);
    call(2).answer(new Map([['a', 'theirs']]));
    call(1).answer(new Map([['a', 'ours']]));
    expect([(await one).get('a'), (await other).get('a')]).toEqual(['ours', 'theirs']);
  });

  it('begin anew after a write, while those before it get what they waited for', async () => {
    const { calls, call, ask, reads } = setUp();
    const family = 'tenant:other:';
    const before = ask(['a', 'b']);
    const unwritten = ask(['c'], contextOf(), { family });
    reads.forget('tenant:account');
    reads.forget('never read');
    const after = ask(['a']);
    const joined = ask(['c'], contextOf(), { family });
    expect(calls.map(({ keys }) => keys)).toEqual([['a', 'b'], ['c'], ['a']]);
    call(1).answer(
      new Map([
        ['a', 'old'],
        ['b', 'B'],
      ]),
    );
    await before;
    const later = ask(['a']);
    expect(calls).toHaveLength(3); // the old read's end has not taken the new one away
    call(3).answer(new Map([['a', 'new']]));
    call(2).answer(new Map([['c', 'C']]));
    expect((await before).get('a')).toBe('old');
    expect((await after).get('a')).toBe('new');
    expect((await later).get('a')).toBe('new');
    expect([(await unwritten).get('c'), (await joined).get('c')]).toEqual(['C', 'C']);
    expect(reads.keyCount).toBe(0);
  });
});

describe('a shared read', () => {
  it('has the deadline of the one who started it, and a signal of its own', async () => {
    const { call, ask } = setUp();
    const context = contextOf({ timeLeftMs: 5_000 });
    const answers = ask(['a'], context);
    expect(call(1).context.deadlineMs).toBe(context.deadlineMs);
    expect(call(1).context.signal).not.toBe(context.signal);
    call(1).answer();
    await answers;
    expect(call(1).context.signal.aborted).toBe(false);
  });

  it('goes on for the others when the one who started it leaves', async () => {
    const { call, ask } = setUp();
    const starter = new AbortController();
    const first = ask(['a'], contextOf({ signal: starter.signal }));
    const second = ask(['a']);
    starter.abort();
    expect((await first).get('a')).toBe(gaveUp);
    expect(call(1).context.signal.aborted).toBe(false);
    call(1).answer();
    expect((await second).get('a')).toBe('a of read 1');
  });

  it('is aborted when the last waiter has left, and is not joined then', async () => {
    const { calls, call, ask, reads } = setUp();
    const leavers = [new AbortController(), new AbortController()];
    const waiting = leavers.map(({ signal }) => ask(['a', 'b'], contextOf({ signal })));
    leavers[1]?.abort();
    expect(call(1).context.signal.aborted).toBe(false);
    leavers[0]?.abort();
    expect(call(1).context.signal.aborted).toBe(true);
    expect(reads.keyCount).toBe(0);
    const later = ask(['a']);
    expect(calls).toHaveLength(2);
    call(1).fail(new DOMException('aborted', 'AbortError')); // unheard, and harmless
    await turn();
    call(2).answer();
    expect((await later).get('a')).toBe('a of read 2');
    for (const answers of await Promise.all(waiting)) expect([...answers.values()]).toEqual([gaveUp, gaveUp]);
  });
});

describe('a shared read of several keys', () => {
  it('is aborted once nobody waits for what it has not answered', async () => {
    const { call, ask, reads } = setUp();
    const starter = new AbortController();
    void ask(['a', 'b'], contextOf({ signal: starter.signal }));
    const second = ask(['a']);
    starter.abort();
    expect(call(1).context.signal.aborted).toBe(false);
    call(1).tell(new Map([['a', 'A']]));
    expect((await second).get('a')).toBe('A');
    expect(call(1).context.signal.aborted).toBe(true);
    expect(reads.keyCount).toBe(0);
  });

  it('goes on when nobody waits for it, where somebody has released it', async () => {
    const { calls, call, ask, reads } = setUp();
    const client = new AbortController();
    let waiting: Waiting | undefined;
    void ask(['a', 'b'], contextOf({ signal: client.signal }), {
      onWaiting: (one) => {
        waiting = one;
      },
    });
    waiting?.release(0);
    waiting?.release(0);
    client.abort();
    expect(getEventListeners(client.signal, 'abort')).toHaveLength(0);
    expect(call(1).context.signal.aborted).toBe(false);
    const later = ask(['a']);
    expect(calls).toHaveLength(1);
    call(1).answer();
    expect((await later).get('a')).toBe('a of read 1');
    expect(reads.keyCount).toBe(0);
  });

  it('gives at the deadline what is there, and one error for all the rest', async () => {
    const { call, ask } = setUp();
    const keys = Array.from({ length: 500 }, (_, index) => `${index}`);
    const answers = ask(keys, contextOf({ timeLeftMs: 50 }), { keysPerCall: 1 });
    for (let number = 1; number <= 300; number++) call(number).answer(new Map([[`${number - 1}`, 'in time']]));
    const all = [...(await answers).values()];
    expect(all.filter((answer) => answer === 'in time')).toHaveLength(300);
    expect(new Set(all.slice(300))).toEqual(new Set([gaveUp]));
    for (let number = 301; number <= 500; number++) expect(call(number).context.signal.aborted).toBe(true);
  });
});

describe('a waiter', () => {
  it('stops waiting at its own deadline, keeps what it has, and leaves the others waiting', async () => {
    const { call, ask } = setUp();
    const patient = ask(['slow']);
    const hasty = ask(['slow', 'quick'], contextOf({ timeLeftMs: 30 }));
    call(2).answer(new Map([['quick', 'in time']]));
    expect(await hasty).toEqual(
      new Map<string, string | Error>([
        ['quick', 'in time'],
        ['slow', gaveUp],
      ]),
    );
    call(1).answer(new Map([['slow', 'at last']]));
    expect((await patient).get('slow')).toBe('at last');
  });

  it('stops waiting for a read of its own too', async () => {
    const { call, ask } = setUp();
    expect((await ask(['a'], contextOf({ timeLeftMs: 10 }))).get('a')).toBe(gaveUp);
    expect(call(1).context.signal.aborted).toBe(true);
  });

  it('starts nothing when its time was over before', async () => {
    const { calls, ask } = setUp();
    expect((await ask(['a'], contextOf({ timeLeftMs: -1 }))).get('a')).toBe(gaveUp);
    expect((await ask(['a'], contextOf({ signal: AbortSignal.abort() }))).get('a')).toBe(gaveUp);
    expect(calls).toHaveLength(0);
  });

  it('does not wait when its signal aborts while its read is being started', async () => {
    const leaver = new AbortController();
    const read: ReadKeys<string> = () => {
      leaver.abort();
      return new Promise(() => undefined);
    };
    const answers = await readOf(new SharedReads(), read)(['a'], contextOf({ signal: leaver.signal }));
    expect(answers.get('a')).toBe(gaveUp);
  });

  it('may wait for ever', async () => {
    const { call, ask } = setUp();
    const answers = ask(['a'], contextOf({ timeLeftMs: Number.POSITIVE_INFINITY }));
    await sleep(20); // a timer that can't be so long fires after a millisecond
    call(1).answer();
    expect((await answers).get('a')).toBe('a of read 1');
  });

  it.each([
    ['a timeout', () => new VendorTimeout('unipay', 'no answer in time')],
    ['an abort', () => Object.assign(new Error('aborted'), { name: 'AbortError' })],
  ])('reads for itself when the read it joined ended in %s and it has time left', async (_, errorOf) => {
    const { calls, call, ask } = setUp();
    const error = errorOf();
    const first = ask(['a', 'b']);
    const second = ask(['a']);
    call(1).fail(error);
    expect((await first).get('a')).toBe(error);
    await turn();
    expect(calls.map(({ keys }) => keys)).toEqual([['a', 'b'], ['a']]);
    call(2).answer(new Map([['a', 'A']]));
    expect((await second).get('a')).toBe('A');
  });

  it('reads for itself the keys alone that ran out of time', async () => {
    const { calls, call, ask } = setUp();
    void ask(['a', 'b', 'c']);
    const joined = ask(['a', 'b', 'c']);
    const down = new VendorUnavailable('unipay', 'connection refused');
    call(1).answer(
      new Map<string, string | Error>([
        ['a', 'A'],
        ['b', new VendorTimeout('unipay', 'no answer in time')],
        ['c', down],
      ]),
    );
    await turn();
    expect(calls.map(({ keys }) => keys)).toEqual([['a', 'b', 'c'], ['b']]);
    call(2).answer(new Map([['b', 'B']]));
    expect(await joined).toEqual(
      new Map<string, string | Error>([
        ['a', 'A'],
        ['c', down],
        ['b', 'B'],
      ]),
    );
  });

  it('takes its own timeout as it is: it reads for itself once', async () => {
    const { calls, call, ask } = setUp();
    void ask(['a']);
    const joined = ask(['a']);
    call(1).fail(new VendorTimeout('unipay', 'first'));
    await turn();
    const second = new VendorTimeout('unipay', 'second');
    call(2).fail(second);
    expect((await joined).get('a')).toBe(second);
    expect(calls).toHaveLength(2);
  });

  it('shares the second read with all who were left without an answer', async () => {
    const { calls, call, ask } = setUp();
    void ask(['a']);
    const joined = Array.from({ length: 50 }, () => ask(['a']));
    call(1).fail(new VendorTimeout('unipay', 'no answer in time'));
    await turn();
    expect(calls).toHaveLength(2);
    call(2).answer(new Map([['a', 'A']]));
    expect((await Promise.all(joined)).map((answers) => answers.get('a'))).toEqual(joined.map(() => 'A'));
  });

  it('leaves no listener on its signal and no timer behind', async () => {
    const { call, ask } = setUp();
    const { signal } = new AbortController();
    const setTimer = jest.spyOn(globalThis, 'setTimeout');
    const clearTimer = jest.spyOn(globalThis, 'clearTimeout');
    const answers = [ask(['a', 'b'], contextOf({ signal })), ask(['b', 'c'], contextOf({ signal }))];
    expect(getEventListeners(signal, 'abort')).toHaveLength(2);
    call(1).answer();
    call(2).fail(new Error('failed'));
    await Promise.all(answers);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    const clearedTimers = clearTimer.mock.calls.map(([timer]) => timer);
    expect(clearedTimers).toEqual(setTimer.mock.results.map(({ value }) => value));
    expect(clearedTimers).toHaveLength(2);
    setTimer.mockRestore();
    clearTimer.mockRestore();
  });
});
