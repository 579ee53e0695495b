import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type BillagainOptions,
  type BillagainSimulator,
  startBillagain,
} from '../../src/simulators/billagain/server.ts';
import { CallLog } from '../../src/simulators/call-log.ts';
import { Dials } from '../../src/simulators/dials.ts';
import { ask } from './billagain-client.ts';

const started: BillagainSimulator[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((simulator) => simulator.close()));
});

async function start(options: BillagainOptions = {}): Promise<BillagainSimulator> {
  const simulator = await startBillagain({ customers: 5, ...options });
  started.push(simulator);
  return simulator;
}

const CREATE = { CurrencyCode: 'ZAR', isWaiveTaxes: false, Name: 'Ann' };

describe('a dial', () => {
  it('delays the calls that it matches, and no others', async () => {
    const simulator = await start();
    simulator.dials.set({ method: 'GET', path: /^\/customers\/302$/, latencyMs: 150 });
    const startMs = performance.now();
    const finishedMs = async (path: string) => {
      await ask(simulator, 'GET', path);
      return performance.now() - startMs;
    };
    const [slow, fast] = await Promise.all([finishedMs('/customers/302'), finishedMs('/customers/300')]);
    expect(slow).toBeGreaterThanOrEqual(149);
    expect(fast).toBeLessThan(slow);
  });

  it('answers a status in the vendor’s shape, and the request takes no effect', async () => {
    const simulator = await start();
    simulator.dials.set({ method: 'POST', status: 503 });
    const answer = await ask(simulator, 'POST', '/customers', CREATE);
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.text)).toEqual({ Errors: [{ Message: expect.any(String) }] });
    expect(simulator.customerCount).toBe(8);
  });

  it('answers a body of its own, as a proxy would', async () => {
    const simulator = await start();
    simulator.dials.set({ status: 502, body: '<html>Bad gateway</html>', contentType: 'text/html' });
    const answer = await ask(simulator, 'GET', '/customers');
    expect([answer.status, answer.text]).toEqual([502, '<html>Bad gateway</html>']);
    expect(answer.headers.get('content-type')).toBe('text/html');
    simulator.dials.set({ body: 'not json' });
    expect(await ask(simulator, 'GET', '/customers')).toMatchObject({ status: 200, text: 'not json' });
  });

  it('sends Retry-After with 429, or with the status it names', async () => {
    const simulator = await start();
    simulator.dials.set({ retryAfterSeconds: 3, times: 1 }, { retryAfterSeconds: 4, status: 503 });
    const [first, second] = [await ask(simulator, 'GET', '/customers'), await ask(simulator, 'GET', '/customers')];
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '3']);
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '4']);
  });

  it('drops the connection before the request takes effect', async () => {
    const simulator = await start();
    simulator.dials.set({ method: 'POST', drop: 'before', times: 1 });
    await expect(ask(simulator, 'POST', '/customers', CREATE)).rejects.toThrow();
    expect(simulator.customerCount).toBe(8);
    expect(simulator.calls.calls.at(-1)).toMatchObject({ method: 'POST', status: undefined });
  });

  it('drops the connection after the row was stored', async () => {
    const simulator = await start();
    simulator.dials.set({ method: 'POST', drop: 'after', times: 1 });
    await expect(ask(simulator, 'POST', '/customers', CREATE)).rejects.toThrow();
    expect(simulator.customer(10659)).toMatchObject({ Name: 'Ann' });
    expect(simulator.calls.count('POST')).toBe(1);
  });

  it.each([0, 10])('cuts the answer after %d bytes of its body, with its headers sent', async (truncateBytes) => {
    const simulator = await start();
    simulator.dials.set({ truncateBytes });
    const authorization = `Basic ${Buffer.from(`${simulator.accountId}:${simulator.apiKey}`).toString('base64')}`;
    const response = await fetch(`${simulator.url}/customers/302`, { headers: { authorization } });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(500);
    await expect(response.text()).rejects.toThrow();
  });

  it('rewrites the vendor’s answer', async () => {
    const simulator = await start();
    simulator.dials.set({ rewrite: (body) => body.replace('"ActiveSubs":5', '"ActiveSubs":"five"') });
    expect((await ask(simulator, 'GET', '/customers/302')).text).toContain('"ActiveSubs":"five"');
  });

  it('wears out after so many calls, and leaves the rest to the next one', async () => {
    const simulator = await start();
    simulator.dials.set({ path: /302/, status: 500, times: 2 });
    simulator.dials.add({ path: /302/, status: 418, times: 1 });
    const statuses: number[] = [];
    for (const _ of [1, 2, 3, 4]) statuses.push((await ask(simulator, 'GET', '/customers/302')).status);
    expect(statuses).toEqual([500, 500, 418, 200]);
    expect(simulator.dials.list()).toEqual([]);
  });

  it('is not worn by a call with wrong credentials', async () => {
    const simulator = await start();
    simulator.dials.set({ status: 500, times: 1 });
    expect((await ask(simulator, 'GET', '/customers', undefined, 'a:b')).status).toBe(401);
    expect((await ask(simulator, 'GET', '/customers')).status).toBe(500);
  });

  it('matches the same way each time, whatever flags its expression has', () => {
    const dials = new Dials();
    dials.set({ path: /customers/g });
    expect([1, 2, 3].map(() => dials.take('GET', '/customers') !== undefined)).toEqual([true, true, true]);
    dials.clear();
    expect(dials.take('GET', '/customers')).toBeUndefined();
  });
});

describe('the call log', () => {
  it('tells what was asked and answered, and never the credentials', async () => {
    const simulator = await start();
    await ask(simulator, 'POST', '/by_customer_ids?page_size=2', { ids: [302] });
    await ask(simulator, 'GET', '/customers/7');
    expect(simulator.calls.calls).toEqual([
      {
        id: 1,
        method: 'POST',
        path: '/by_customer_ids',
        query: 'page_size=2',
        body: '{"ids":[302]}',
        contentType: 'application/json',
        accept: '*/*',
        status: 200,
        startedAtMs: expect.any(Number),
      },
      expect.objectContaining({ id: 2, path: '/customers/7', query: '', body: '', status: 410 }),
    ]);
    const secret = Buffer.from(`${simulator.accountId}:${simulator.apiKey}`).toString('base64');
    expect(JSON.stringify(simulator.calls.calls)).not.toContain(secret);
  });

  it('counts by method and path', async () => {
    const simulator = await start();
    for (const path of ['/customers', '/customers/302', '/customers/300']) await ask(simulator, 'GET', path);
    await ask(simulator, 'DELETE', '/customers/300');
    const { calls } = simulator;
    expect([calls.count(), calls.count('GET'), calls.count('GET', /\/\d+$/), calls.count(undefined, /300/)]).toEqual([
      4, 3, 2, 2,
    ]);
    calls.clear();
    expect([calls.count(), calls.calls.length, calls.maxConcurrent]).toEqual([0, 0, 0]);
  });

  it('knows the highest number of calls in progress at once', async () => {
    const simulator = await start();
    await ask(simulator, 'GET', '/customers');
    expect(simulator.calls.maxConcurrent).toBe(1);
    simulator.dials.set({ latencyMs: 100 });
    await Promise.all([1, 2, 3, 4, 5].map(() => ask(simulator, 'GET', '/customers')));
    expect(simulator.calls.maxConcurrent).toBe(5);
  });

  it('counts a call as in progress until it ends', () => {
    const log = new CallLog();
    const begin = () =>
      log.begin({ method: 'GET', path: '/', query: '', body: '', contentType: undefined, accept: '' });
    const end = begin();
    begin();
    begin();
    end(200);
    begin();
    begin();
    expect(log.maxConcurrent).toBe(4);
    log.clear();
    expect(log.maxConcurrent).toBe(4);
  });

  it('keeps the last 10,000 calls and goes on counting', () => {
    const log = new CallLog();
    const arrival = { method: 'GET', query: '', body: '', contentType: undefined, accept: undefined };
    for (let id = 1; id <= 10_002; id += 1) log.begin({ ...arrival, path: `/customers/${id}` })(200);
    expect(log.calls).toHaveLength(10_000);
    expect([log.calls[0]?.path, log.calls.at(-1)?.path]).toEqual(['/customers/3', '/customers/10002']);
    expect([log.count(), log.count('GET'), log.count('GET', /\/[12]$/), log.count('PUT')]).toEqual([
      10_002, 10_002, 2, 0,
    ]);
    expect(log.maxConcurrent).toBe(1);
  });
});

describe('control over HTTP', () => {
  const control = (simulator: BillagainSimulator, method: string, path: string, body?: string) =>
    fetch(new URL(`/_simulator${path}`, simulator.url), { method, ...(body !== undefined && { body }) });

  it('sets, shows and removes dials', async () => {
    const simulator = await start();
    const dials = [{ method: 'GET', path: '30[02]$', status: 503, times: 2 }];
    expect((await control(simulator, 'PUT', '/dials', JSON.stringify(dials))).status).toBe(200);
    expect((await ask(simulator, 'GET', '/customers/302')).status).toBe(503);
    expect((await ask(simulator, 'GET', '/customers/10622')).status).toBe(200);
    expect(await (await control(simulator, 'GET', '/dials')).json()).toEqual([{ ...dials[0], times: 1 }]);
    expect((await control(simulator, 'DELETE', '/dials')).status).toBe(204);
    expect((await ask(simulator, 'GET', '/customers/302')).status).toBe(200);
  });

  it.each([
    ['{}', /array/],
    ['[1]', /dial 0 must be an object/],
    ['[{"statuss":500}]', /got "statuss"/],
    ['[{"status":"500"}]', /status must be a whole number/],
    ['[{"drop":"during"}]', /"before" or "after"/],
    ['[{"path":"("}]', /regular expression/],
    ['[', /JSON/],
  ])('refuses the dials %s and keeps those it had', async (body, message) => {
    const simulator = await start();
    simulator.dials.set({ status: 418 });
    const response = await control(simulator, 'PUT', '/dials', body);
    expect(response.status).toBe(400);
    expect((await response.json()) as { error: string }).toEqual({ error: expect.stringMatching(message) });
    expect(simulator.dials.list()).toEqual([{ status: 418 }]);
  });

  it('shows and forgets calls, without being one', async () => {
    const simulator = await start();
    await ask(simulator, 'GET', '/customers/302');
    const shown = (await (await control(simulator, 'GET', '/calls')).json()) as { calls: unknown[] };
    expect(shown).toMatchObject({ total: 1, maxConcurrent: 1, calls: [{ path: '/customers/302', status: 200 }] });
    expect((await control(simulator, 'DELETE', '/calls')).status).toBe(204);
    expect(simulator.calls.count()).toBe(0);
    expect((await control(simulator, 'GET', '/nothing')).status).toBe(404);
  });
});

describe('the server', () => {
  it('refuses a body above 16 MB', async () => {
    const simulator = await start();
    const answer = await ask(simulator, 'POST', '/customers', ' '.repeat(16 * 1024 * 1024 + 1)).catch(() => undefined);
    // A client that is still sending may see the connection end before it reads the 413.
    expect([413, undefined]).toContain(answer?.status);
    expect(simulator.calls.calls.at(-1)?.status).toBe(413);
    expect((await ask(simulator, 'GET', '/customers/302')).status).toBe(200);
  });

  it('serves nothing outside the vendor’s base path', async () => {
    const simulator = await start();
    const authorization = `Basic ${Buffer.from(`${simulator.accountId}:${simulator.apiKey}`).toString('base64')}`;
    for (const path of ['/v1x/customers', '/customers']) {
      expect((await fetch(new URL(path, simulator.url), { headers: { authorization } })).status).toBe(404);
    }
  });

  it('stops at once, with calls in progress, and twice', async () => {
    const simulator = await start({ latencyMs: 60_000 });
    const call = ask(simulator, 'GET', '/customers').then(
      () => 'answered',
      () => 'cut',
    );
    while (simulator.calls.count() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await simulator.close();
    await simulator.close();
    expect(await call).toBe('cut');
  });

  it('stops although a client is still sending', async () => {
    const simulator = await start();
    const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1');
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.write('POST /v1/customers HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await simulator.close();
    await closed;
  });
});
