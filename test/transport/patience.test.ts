import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Patience, type SharedPatience } from '../../src/transport/patience.ts';
import type { TransportRequest } from '../../src/transport/transport.ts';
import {
  account,
  connect,
  createCustomer,
  failureOf,
  findCustomers,
  type Loopback,
  patiently,
  serve,
  within,
} from './loopback.ts';

const asking = { ...findCustomers, path: '/asking' };

/** A vendor that asks for patience at one path and answers at all others. */
function serveAsking(
  status: number,
  retryAfter: string | undefined,
  times = Number.POSITIVE_INFINITY,
): Promise<Loopback> {
  let left = times;
  return serve((request, response) => {
    if (request.url !== asking.path || left <= 0) {
      response.end('done');
      return;
    }
    left -= 1;
    response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end();
  });
}

/** Has the vendor asked, by a call of its own. */
async function provoke(transport: ReturnType<typeof connect>): Promise<void> {
  await failureOf(transport.send(asking, within(500)));
}

describe('A vendor that asks for patience', () => {
  it.each<[number, TransportRequest]>([
    [429, findCustomers],
    [503, findCustomers],
    [429, { ...findCustomers, operationClass: 'IDEMPOTENT' }],
    [429, createCustomer],
    [503, { ...createCustomer, operationClass: 'STATE_CHANGE' }],
  ])('by a %i gets it from every other call that has not so much time: %j', async (status, request) => {
    const vendor = await serveAsking(status, '3600');
    const transport = connect(account(vendor.url, { timeoutMs: 5_000 }));
    await provoke(transport);
    const error = await failureOf(transport.send(request, within(5_000)));
    expect(error).toMatchObject({ name: 'VendorRateLimited', retryable: true, mayHaveArrived: false });
    // An hour is more than anybody is left alone for on its word alone.
    expect(error.retryAfterMs).toBeGreaterThan(30_000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect(vendor.requests).toEqual(['GET /asking']);
    expect(transport.health()).toBe('UP');
  });

  it.each([findCustomers, createCustomer])(
    'gets it from a call that has the time, which is sent afterwards: $operation',
    async (request) => {
      const vendor = await serveAsking(503, '1');
      const transport = connect(vendor);
      await provoke(transport);
      const askedMs = performance.now();
      expect((await transport.send(request, patiently())).body).toBe('done');
      expect(performance.now() - askedMs).toBeGreaterThan(300);
      expect(vendor.requests).toHaveLength(2);
    },
  );

  it('gets it from calls that wait for a place already', async () => {
    const vendor = await serveAsking(429, '60');
    const transport = connect(account(vendor.url, { concurrency: 1 }), { retry: { attempts: 1 } });
    const calls = [asking, findCustomers, findCustomers, findCustomers].map((request) =>
      failureOf(transport.send(request, within(20_000))),
    );
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ name: 'VendorRateLimited' });
    expect(vendor.requests).toEqual(['GET /asking']);
  });

  it('and does not say for how long is not asked again at once', async () => {
    const vendor = await serveAsking(429, undefined);
    const transport = connect(vendor, { patience: {} });
    const calls = Array.from({ length: 10 }, () => failureOf(transport.send(asking, within(600))));
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ name: 'VendorRateLimited' });
    expect(vendor.requests).toHaveLength(10);
    expect(await failureOf(transport.send(findCustomers, within(100)))).toMatchObject({ name: 'VendorRateLimited' });
    expect(vendor.requests).toHaveLength(10);
  });

  it('and then answers is asked again as before', async () => {
    const vendor = await serveAsking(429, undefined, 1);
    const transport = connect(vendor, { patience: { firstGuessMs: 50 } });
    expect((await transport.send(asking, patiently())).body).toBe('done');
    expect((await transport.send(asking, patiently())).body).toBe('done');
    expect(vendor.requests).toHaveLength(3);
  });

  it('and does not say for how long is asked by one call first, and by the others once that is answered', async () => {
    const total = 30;
    const atOnce = 10;
    let requestsAtFirstAnswer = 0;
    const vendor = await serve((_request, response) => {
      const { length } = vendor.requests;
      if (length <= atOnce) response.writeHead(429).end();
      else if (length > atOnce + 1) response.end('done');
      else {
        setTimeout(() => {
          requestsAtFirstAnswer = vendor.requests.length;
          response.end('done');
        }, 50);
      }
    });
    const transport = connect(account(vendor.url, { concurrency: atOnce }), { patience: { firstGuessMs: 1_000 } });
    const calls = Array.from({ length: total }, () => transport.send(findCustomers, patiently()));
    for (const answer of await Promise.all(calls)) expect(answer.body).toBe('done');
    expect(requestsAtFirstAnswer).toBe(atOnce + 1);
    expect(vendor.requests).toHaveLength(atOnce + total);
  });

  it('and never says for how long is asked by one call at a time', async () => {
    const vendor = await serveAsking(429, undefined);
    const transport = connect(vendor, { patience: { firstGuessMs: 200, lastGuessMs: 400 } });
    const calls = Array.from({ length: 10 }, () => failureOf(transport.send(asking, within(3_000))));
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ name: 'VendorRateLimited' });
    // Ten at once, and one after each guess.
    expect(vendor.requests.length).toBeGreaterThan(10);
    expect(vendor.requests.length).toBeLessThanOrEqual(10 + 3_000 / 200);
  });

  it('does not keep a caller who leaves', async () => {
    const vendor = await serveAsking(429, '60');
    const transport = connect(vendor);
    await provoke(transport);
    const caller = new AbortController();
    const failure = failureOf(transport.send(findCustomers, patiently(caller.signal)));
    const reason = new Error('gone');
    setImmediate(() => caller.abort(reason));
    expect(await failure).toBe(reason);
    expect(vendor.requests).toHaveLength(1);
  });

  it('is told of by one transport and heeded by another of the same account', async () => {
    const vendor = await serveAsking(429, '60');
    const board = createBoard();
    const [first, second] = [connect(vendor, { sharedPatience: board }), connect(vendor, { sharedPatience: board })];
    await provoke(first);
    expect(await failureOf(second.send(findCustomers, within(5_000)))).toMatchObject({ name: 'VendorRateLimited' });
    expect(vendor.requests).toEqual(['GET /asking']);
  });
});

describe('A guess at how long a vendor is to be left alone', () => {
  const options = { firstGuessMs: 1_000, lastGuessMs: 4_000 };

  it('grows with each refusal of a call that was sent after the last, up to a limit', () => {
    const patience = new Patience(options);
    const guesses = Array.from({ length: 5 }, () => {
      patience.asked(undefined, performance.now());
      return Math.round(patience.remainingMs / 1_000);
    });
    expect(guesses).toEqual([1, 2, 4, 4, 4]);
  });

  it('is one for all calls that were under way at once', () => {
    const patience = new Patience(options);
    const sentAtMs = performance.now() - 1;
    for (let call = 0; call < 20; call++) patience.asked(undefined, sentAtMs);
    expect(Math.round(patience.remainingMs / 1_000)).toBe(1);
  });

  it('lets one call go when it is over, and the next when that one has no answer for as long as the first guess', async () => {
    const patience = new Patience({ firstGuessMs: 50 });
    expect([patience.takeTurn(), patience.takeTurn()]).toEqual([true, true]);
    patience.asked(undefined, performance.now());
    for (let turn = 0; turn < 3; turn++) {
      expect(patience.takeTurn()).toBe(false);
      await wait(Math.ceil(patience.remainingMs) + 1);
      expect(patience.takeTurn()).toBe(true);
    }
  });

  it('lets all go once the vendor has answered the one', async () => {
    const patience = new Patience({ firstGuessMs: 1_000 });
    expect(patience.answered(performance.now())).toBe(false);
    const beforeMs = performance.now() - 1;
    patience.asked(undefined, performance.now());
    await wait(Math.ceil(patience.remainingMs) + 1);
    expect(patience.takeTurn()).toBe(true);
    expect(patience.answered(beforeMs)).toBe(false);
    expect(patience.takeTurn()).toBe(false);
    expect(patience.answered(performance.now())).toBe(true);
    expect([patience.takeTurn(), patience.takeTurn()]).toEqual([true, true]);
  });

  it('starts anew once the vendor has answered', () => {
    const patience = new Patience(options);
    patience.asked(undefined, performance.now());
    patience.answered(performance.now());
    patience.asked(undefined, performance.now());
    expect(Math.round(patience.remainingMs / 1_000)).toBe(1);
  });
});

/** What Redis does for replicas. */
function createBoard(): SharedPatience {
  const listeners = new Set<(holdMs: number) => void>();
  return {
    tell: (holdMs) => {
      for (const learn of listeners) learn(holdMs);
    },
    listen: (learn) => {
      listeners.add(learn);
      return () => listeners.delete(learn);
    },
  };
}
