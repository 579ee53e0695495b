import { getEventListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import {
  account,
  connect,
  createCustomer,
  failureOf,
  findCustomers,
  patiently,
  serve,
  until,
  within,
} from './loopback.ts';

describe('A deadline', () => {
  it("cuts a call short although the account's timeout is longer, and its connection with it", async () => {
    const vendor = await serve(() => {});
    const error = await failureOf(connect(vendor).send(findCustomers, within(100)));
    expect(error).toMatchObject({ name: 'VendorTimeout', mayHaveArrived: true });
    await until(() => vendor.connections.every((socket) => socket.destroyed));
  });

  it("leaves the account's timeout in force when it is later", async () => {
    const vendor = await serve(() => {});
    const transport = connect(account(vendor.url, { timeoutMs: 50 }), { retry: { attempts: 1 } });
    const error = await failureOf(transport.send(findCustomers, patiently()));
    expect(error).toMatchObject({ name: 'VendorTimeout', message: 'acme: no answer within 50 ms' });
  });

  it('covers the whole answer, however steadily it trickles', async () => {
    const vendor = await serve((_request, response) => {
      response.writeHead(200);
      const trickle = setInterval(() => response.write('.'), 5);
      response.on('close', () => clearInterval(trickle));
    });
    const transport = connect(account(vendor.url, { timeoutMs: 150 }), { retry: { attempts: 1 } });
    expect(await failureOf(transport.send(findCustomers, patiently()))).toMatchObject({ name: 'VendorTimeout' });
    await until(() => vendor.connections.every((socket) => socket.destroyed));
  });

  it('that is over keeps a read from being sent', async () => {
    const vendor = await serve((_request, response) => response.end());
    const attempts: unknown[] = [];
    const transport = connect(vendor, { onAttempt: (attempt) => attempts.push(attempt) });
    const error = await failureOf(transport.send(findCustomers, within(-1)));
    expect(error).toMatchObject({ name: 'VendorTimeout', mayHaveArrived: false });
    expect(attempts).toEqual([]);
  });

  it('may be infinite', async () => {
    const vendor = await serve((_request, response) => response.end('done'));
    const answer = await connect(vendor).send(findCustomers, within(Number.POSITIVE_INFINITY));
    expect(answer.body).toBe('done');
  });
});

describe('A caller who leaves', () => {
  it('is rejected with their own reason, and the connection ends', async () => {
    const vendor = await serve(() => {});
    const caller = new AbortController();
    const failure = failureOf(connect(vendor).send(findCustomers, patiently(caller.signal)));
    await until(() => vendor.requests.length === 1);
    const reason = new Error('gone');
    caller.abort(reason);
    expect(await failure).toBe(reason);
    await until(() => vendor.connections.every((socket) => socket.destroyed));
    expect(vendor.requests).toHaveLength(1);
  });

  it('is told of a timeout when the deadline is over as well', async () => {
    const vendor = await serve(() => {});
    const caller = new AbortController();
    caller.abort();
    const error = await failureOf(connect(vendor).send(findCustomers, within(-1, caller.signal)));
    expect(error).toMatchObject({ name: 'VendorTimeout', mayHaveArrived: false });
  });

  it('before sending keeps a read from being sent', async () => {
    const vendor = await serve((_request, response) => response.end());
    const reason = new Error('gone');
    expect(await failureOf(connect(vendor).send(findCustomers, patiently(AbortSignal.abort(reason))))).toBe(reason);
    expect(vendor.connections).toHaveLength(0);
  });

  it('amid the answer ends it', async () => {
    let flushed = false;
    const vendor = await serve((_request, response) => {
      response.writeHead(200).write('half', () => {
        flushed = true;
      });
    });
    const caller = new AbortController();
    const attempts: unknown[] = [];
    const transport = connect(vendor, { onAttempt: (attempt) => attempts.push(attempt) });
    const failure = failureOf(transport.send(findCustomers, patiently(caller.signal)));
    await until(() => flushed);
    caller.abort();
    expect((await failure).name).toBe('AbortError');
    expect(attempts).toMatchObject([{ abandoned: true, error: undefined }]);
  });

  it('leaves nothing behind on a signal that many calls share', async () => {
    const held: ServerResponse[] = [];
    const vendor = await serve((_request, response) => held.push(response));
    const transport = connect(account(vendor.url, { concurrency: 5 }));
    const { signal } = new AbortController();
    const calls = Array.from({ length: 20 }, () => transport.send(findCustomers, patiently(signal)));
    for (let answered = 0; answered < 20; answered++) {
      await until(() => held.length > 0);
      held.shift()?.end();
    }
    await Promise.all(calls);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

describe('Thousands of calls of one request', () => {
  it('share one listener on its signal', async () => {
    const held: ServerResponse[] = [];
    const vendor = await serve((_request, response) => held.push(response));
    const transport = connect(account(vendor.url, { concurrency: 2 }));
    const caller = new AbortController();
    const calls = Array.from({ length: 3_000 }, () =>
      failureOf(transport.send(findCustomers, patiently(caller.signal))),
    );
    await until(() => held.length === 2);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(1);
    const reason = new Error('gone');
    caller.abort(reason);
    expect(new Set(await Promise.all(calls))).toEqual(new Set([reason]));
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  });

  it('end in one error at its deadline, but for those under way, and in none with a stack', async () => {
    const vendor = await serve(() => {});
    const transport = connect(account(vendor.url, { concurrency: 2 }));
    const context = within(300);
    const errors = await Promise.all(
      Array.from({ length: 3_000 }, () => failureOf(transport.send(findCustomers, context))),
    );
    expect(new Set(errors.map(({ name }) => name))).toEqual(new Set(['VendorTimeout']));
    // A few more may get a place in its last moment.
    expect(new Set(errors).size).toBeLessThanOrEqual(30);
    for (const error of new Set(errors)) expect(error.stack).not.toContain('\n');
  });
});

describe.each(['CREATE', 'STATE_CHANGE', 'EDIT'] as const)('A %s operation', (operationClass) => {
  const write = { ...createCustomer, operationClass };

  it('runs to its end though its caller leaves', async () => {
    const held: ServerResponse[] = [];
    const vendor = await serve((_request, response) => held.push(response));
    const caller = new AbortController();
    const answer = connect(vendor).send(write, patiently(caller.signal));
    await until(() => held.length === 1);
    caller.abort();
    held[0]?.end('created');
    expect((await answer).body).toBe('created');
  });

  it('runs to its end though the deadline passes', async () => {
    const held: ServerResponse[] = [];
    const vendor = await serve((_request, response) => held.push(response));
    const context = within(50);
    const answer = connect(vendor).send(write, context);
    await until(() => held.length === 1 && performance.now() > context.deadlineMs + 50);
    held[0]?.end('created');
    expect((await answer).body).toBe('created');
  });

  it("keeps to the account's timeout", async () => {
    const vendor = await serve(() => {});
    const error = await failureOf(connect(account(vendor.url, { timeoutMs: 50 })).send(write, patiently()));
    expect(error).toMatchObject({ name: 'VendorTimeout', mayHaveArrived: true });
    expect(vendor.requests).toHaveLength(1);
  });
});
