import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { CallContext } from '../../src/transport/transport.ts';
import {
  account,
  asRequester,
  connect,
  createCustomer,
  failureOf,
  findCustomers,
  type Loopback,
  patiently,
  serve,
  until,
  within,
} from './loopback.ts';

/** A vendor that answers when told to, oldest first. */
async function serveHeld(): Promise<{ vendor: Loopback; held: ServerResponse[]; answerOne: () => void }> {
  const held: ServerResponse[] = [];
  const vendor = await serve((_request, response) => held.push(response));
  return { vendor, held, answerOne: () => held.shift()?.end('done') };
}

describe("An account's concurrency", () => {
  it('is never exceeded, and every call has its turn', async () => {
    const { vendor, held, answerOne } = await serveHeld();
    const transport = connect(account(vendor.url, { concurrency: 3 }));
    const calls = Array.from({ length: 12 }, () => transport.send(findCustomers, patiently()));
    for (let answered = 0; answered < 12; answered++) {
      await until(() => held.length === Math.min(3, 12 - answered));
      // What would come beside them has come by now.
      await new Promise((resolve) => setImmediate(resolve));
      expect(held.length).toBeLessThanOrEqual(3);
      expect(vendor.requests.length - answered).toBeLessThanOrEqual(3);
      answerOne();
    }
    expect((await Promise.all(calls)).map(({ body }) => body)).toEqual(Array.from({ length: 12 }, () => 'done'));
  });

  it('is shared by reads and writes', async () => {
    const { vendor, held, answerOne } = await serveHeld();
    const transport = connect(account(vendor.url, { concurrency: 1 }));
    const read = transport.send(findCustomers, patiently());
    const write = transport.send(createCustomer, patiently());
    await until(() => held.length === 1);
    expect(vendor.requests).toEqual(['GET /customers']);
    answerOne();
    await read;
    await until(() => held.length === 1);
    answerOne();
    await write;
    expect(vendor.requests).toEqual(['GET /customers', 'PUT /customers']);
  });

  it('takes the waiting calls in the order they came', async () => {
    const { vendor, held, answerOne } = await serveHeld();
    const transport = connect(account(vendor.url, { concurrency: 1 }));
    const calls = ['/1', '/2', '/3', '/4'].map((path) => transport.send({ ...findCustomers, path }, patiently()));
    for (let answered = 0; answered < 4; answered++) {
      await until(() => held.length === 1);
      answerOne();
    }
    await Promise.all(calls);
    expect(vendor.requests).toEqual(['GET /1', 'GET /2', 'GET /3', 'GET /4']);
  });

  it('refuses a call when too many wait already', async () => {
    const { vendor, held } = await serveHeld();
    const transport = connect(account(vendor.url, { concurrency: 1 }), { queueLimit: 1 });
    const caller = new AbortController();
    const waiting = [1, 2].map(() => failureOf(transport.send(findCustomers, patiently(caller.signal))));
    const error = await failureOf(transport.send(findCustomers, patiently()));
    expect(error).toMatchObject({ name: 'VendorUnavailable', mayHaveArrived: false });
    await until(() => held.length === 1);
    caller.abort();
    await Promise.all(waiting);
    expect(vendor.requests).toHaveLength(1);
  });

  it('goes to each requester in turn, however many calls one of them has', async () => {
    const { vendor, held, answerOne } = await serveHeld();
    const transport = connect(account(vendor.url, { concurrency: 1 }));
    const [greedy, modest, writer] = [{}, {}, {}];
    const send = (path: string, requester: object) =>
      transport.send({ ...findCustomers, path }, asRequester(requester));
    const calls = Array.from({ length: 6 }, (_, index) => send(`/greedy/${index}`, greedy));
    calls.push(send('/modest/0', modest), send('/modest/1', modest));
    calls.push(transport.send({ ...createCustomer, path: '/writer' }, asRequester(writer)));
    for (let answered = 0; answered < calls.length; answered++) {
      await until(() => held.length === 1);
      answerOne();
    }
    await Promise.all(calls);
    const order = [
      'greedy/0',
      'greedy/1',
      'modest/0',
      'writer',
      'greedy/2',
      'modest/1',
      'greedy/3',
      'greedy/4',
      'greedy/5',
    ];
    expect(vendor.requests.map((line) => line.replace(/^\w+ \//, ''))).toEqual(order);
  });

  it('is not refused to others by one who has filled the line', async () => {
    const { vendor, held, answerOne } = await serveHeld();
    const transport = connect(account(vendor.url, { concurrency: 1 }), { queueLimit: 4 });
    const greedy = new AbortController();
    const context = asRequester(greedy, greedy.signal);
    const greedyCalls = Array.from({ length: 9 }, () => transport.send(findCustomers, context).catch((error) => error));
    const refusals = await Promise.all(greedyCalls.slice(5));
    expect(refusals).toEqual(Array.from({ length: 4 }, () => expect.objectContaining({ name: 'VendorUnavailable' })));
    const modest = [1, 2].map(() => transport.send(findCustomers, asRequester({})));
    for (let answered = 0; answered < 7; answered++) {
      await until(() => held.length === 1);
      answerOne();
    }
    expect((await Promise.all(modest)).map(({ body }) => body)).toEqual(['done', 'done']);
    expect(vendor.requests).toHaveLength(7);
  });

  it('keeps one who has filled the line to it when others come', async () => {
    const { vendor, held } = await serveHeld();
    const transport = connect(account(vendor.url, { concurrency: 1 }), { queueLimit: 2 });
    const leaving = new AbortController();
    const [greedy, modest] = [{}, {}].map((requester) => asRequester(requester, leaving.signal));
    const waiting = [1, 2, 3].map(() => failureOf(transport.send(findCustomers, greedy as CallContext)));
    waiting.push(failureOf(transport.send(findCustomers, modest as CallContext)));
    // Their share by now is one place each.
    for (const context of [greedy, modest] as CallContext[]) {
      expect(await failureOf(transport.send(findCustomers, context))).toMatchObject({ mayHaveArrived: false });
    }
    await until(() => held.length === 1);
    leaving.abort();
    await Promise.all(waiting);
    expect(vendor.requests).toHaveLength(1);
  });

  it('lets a waiting call go when its caller leaves', async () => {
    const { vendor, held, answerOne } = await serveHeld();
    const transport = connect(account(vendor.url, { concurrency: 1 }));
    const first = transport.send(findCustomers, patiently());
    const caller = new AbortController();
    const second = failureOf(transport.send({ ...findCustomers, path: '/left' }, patiently(caller.signal)));
    const third = transport.send({ ...findCustomers, path: '/stayed' }, patiently());
    const reason = new Error('gone');
    caller.abort(reason);
    expect(await second).toBe(reason);
    await until(() => held.length === 1);
    answerOne();
    await first;
    await until(() => held.length === 1);
    answerOne();
    await third;
    expect(vendor.requests).toEqual(['GET /customers', 'GET /stayed']);
  });

  it('lets a waiting call go when its deadline passes', async () => {
    const { vendor, held, answerOne } = await serveHeld();
    const transport = connect(account(vendor.url, { concurrency: 1 }));
    const first = transport.send(findCustomers, patiently());
    const error = await failureOf(transport.send(findCustomers, within(20)));
    expect(error).toMatchObject({ name: 'VendorTimeout', mayHaveArrived: false });
    await until(() => held.length === 1);
    answerOne();
    await first;
    expect(vendor.requests).toHaveLength(1);
  });

  it("lets a waiting write go after the account's timeout", async () => {
    const { vendor, held } = await serveHeld();
    const transport = connect(account(vendor.url, { concurrency: 1, timeoutMs: 200 }), { retry: { attempts: 1 } });
    const [first, second] = [0, 1].map(() => failureOf(transport.send(createCustomer, patiently())));
    await until(() => held.length === 1);
    expect(await first).toMatchObject({ name: 'VendorTimeout', mayHaveArrived: true });
    // Its turn came as the first one's time was up, or its own was up before: never both.
    const error = await second;
    expect(error).toMatchObject({ name: 'VendorTimeout', mayHaveArrived: vendor.requests.length === 2 });
  });

  it('gives a call that pauses before another attempt no place', async () => {
    const vendor = await serve((request, response) => {
      if (request.url === '/failing') response.writeHead(503).end();
      else response.end('done');
    });
    const failures: unknown[] = [];
    const transport = connect(account(vendor.url, { concurrency: 1 }), {
      // Any part of twelve days, which is far beyond the test's end.
      retry: { initialDelayMs: 1e9, maxDelayMs: 1e9 },
      onAttempt: ({ error }) => failures.push(error),
    });
    const caller = new AbortController();
    const pausing = failureOf(
      transport.send({ ...findCustomers, path: '/failing' }, within(Number.POSITIVE_INFINITY, caller.signal)),
    );
    await until(() => failures.length === 1);
    expect((await transport.send(findCustomers, patiently())).body).toBe('done');
    const reason = new Error('gone');
    caller.abort(reason);
    expect(await pausing).toBe(reason);
    expect(vendor.requests).toEqual(['GET /failing', 'GET /customers']);
  });
});
