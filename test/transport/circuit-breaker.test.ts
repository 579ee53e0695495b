import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, type CircuitBreakerOptions, type Verdict } from '../../src/transport/circuit-breaker.ts';
import type { TransportRequest } from '../../src/transport/transport.ts';
import { account, connect, failureOf, findCustomers, patiently, serve, until, within } from './loopback.ts';

function breakerAfter(verdicts: Verdict[], options: Partial<CircuitBreakerOptions> = {}): CircuitBreaker {
  const breaker = new CircuitBreaker({ minimumCalls: 4, openMs: 600_000, ...options });
  for (const verdict of verdicts) breaker.record(breaker.admit() ?? 'CALL', verdict);
  return breaker;
}

describe('The circuit breaker', () => {
  it('opens when most of enough calls fail', () => {
    const breaker = breakerAfter(['FAILURE', 'FAILURE', 'SUCCESS', 'FAILURE']);
    expect(breaker.health).toBe('DOWN');
    expect(breaker.admit()).toBeUndefined();
  });

  it.each<[string, Verdict[]]>([
    ['few calls fail', ['FAILURE', 'FAILURE', 'FAILURE']],
    ['no more than half of them fail', ['SUCCESS', 'SUCCESS', 'FAILURE', 'FAILURE']],
    ['calls say nothing', ['UNKNOWN', 'UNKNOWN', 'UNKNOWN', 'UNKNOWN', 'UNKNOWN']],
  ])('stays closed when %s', (_case, verdicts) => {
    const breaker = breakerAfter(verdicts);
    expect(breaker.health).toBe('UP');
    expect(breaker.admit()).toBe('CALL');
  });

  it('by default stays closed through 19 failures, and opens at the 20th', () => {
    const breaker = new CircuitBreaker();
    for (let call = 1; call < 20; call++) breaker.record('CALL', 'FAILURE');
    expect(breaker.health).toBe('UP');
    breaker.record('CALL', 'FAILURE');
    expect(breaker.health).toBe('DOWN');
  });

  it('forgets failures that are older than its window', async () => {
    const breaker = breakerAfter(['FAILURE', 'FAILURE', 'FAILURE'], { windowMs: 50 });
    const startedMs = performance.now();
    await until(() => performance.now() - startedMs > 60);
    breaker.record('CALL', 'FAILURE');
    expect(breaker.health).toBe('UP');
  });

  describe('after a while', () => {
    const failures: Verdict[] = ['FAILURE', 'FAILURE', 'FAILURE', 'FAILURE'];

    it('lets one call through as a trial, and no other beside it', () => {
      const breaker = breakerAfter(failures, { openMs: 0 });
      expect(breaker.health).toBe('DEGRADED');
      expect(breaker.admit()).toBe('TRIAL');
      expect(breaker.admit()).toBeUndefined();
    });

    it('closes when the trial succeeds, and starts counting anew', () => {
      const breaker = breakerAfter([...failures, 'SUCCESS', 'FAILURE', 'FAILURE', 'FAILURE'], { openMs: 0 });
      expect(breaker.health).toBe('UP');
    });

    it('stays open when the trial fails', () => {
      const breaker = breakerAfter([...failures, 'FAILURE'], { openMs: 0 });
      expect(breaker.health).toBe('DEGRADED');
    });

    it('tries again when the trial says nothing', () => {
      const breaker = breakerAfter([...failures, 'UNKNOWN'], { openMs: 0 });
      expect(breaker.health).toBe('DEGRADED');
      expect(breaker.admit()).toBe('TRIAL');
    });

    it('is not closed by a call from before it opened', () => {
      const breaker = breakerAfter(failures, { openMs: 0 });
      breaker.record('CALL', 'SUCCESS');
      expect(breaker.health).toBe('DEGRADED');
    });
  });
});

describe("An account's circuit", () => {
  const sensitive = { retry: { attempts: 1 }, breaker: { minimumCalls: 4, openMs: 600_000 } };

  it('opens when the vendor keeps failing, and then refuses without asking it', async () => {
    const vendor = await serve((_request, response) => response.writeHead(503).end());
    const transport = connect(vendor, sensitive);
    for (let call = 0; call < 4; call++) await failureOf(transport.send(findCustomers, patiently()));
    expect(transport.health()).toBe('DOWN');
    const error = await failureOf(transport.send(findCustomers, patiently()));
    expect(error).toMatchObject({ name: 'VendorUnavailable', retryable: true, mayHaveArrived: false });
    expect(vendor.requests).toHaveLength(4);
  });

  it.each([401, 410, 429])('stays closed when the vendor answers %i', async (status) => {
    const vendor = await serve((_request, response) => response.writeHead(status).end());
    const transport = connect(vendor, sensitive);
    for (let call = 0; call < 8; call++) await transport.send(findCustomers, patiently()).catch(() => {});
    expect(transport.health()).toBe('UP');
    expect(vendor.requests).toHaveLength(8);
  });

  it('stays closed when answers break off', async () => {
    const vendor = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
    });
    const transport = connect(vendor, sensitive);
    for (let call = 0; call < 8; call++) await failureOf(transport.send(findCustomers, patiently()));
    expect(transport.health()).toBe('UP');
  });

  it('stays closed when it was this process that kept the answers waiting', async () => {
    const vendor = await serve((_request, response) => void setTimeout(() => response.end('late'), 20));
    const transport = connect(account(vendor.url, { timeoutMs: 150 }), sensitive);
    for (let call = 1; call <= 6; call++) {
      const answer = transport.send(findCustomers, patiently()).catch(() => {});
      await until(() => vendor.requests.length === call);
      blockFor(400);
      await answer;
    }
    expect(transport.health()).toBe('UP');
    expect(vendor.requests).toHaveLength(6);
  });

  it("stays closed when it was the callers' deadlines that were short", async () => {
    const vendor = await serve(() => {});
    const transport = connect(vendor, sensitive);
    for (let call = 0; call < 8; call++) await failureOf(transport.send(findCustomers, within(5)));
    expect(transport.health()).toBe('UP');
  });

  it('stays closed when callers leave', async () => {
    const vendor = await serve(() => {});
    const transport = connect(vendor, sensitive);
    for (let call = 1; call <= 8; call++) {
      const caller = new AbortController();
      const failure = failureOf(transport.send(findCustomers, patiently(caller.signal)));
      await until(() => vendor.requests.length === call);
      caller.abort();
      await failure;
    }
    expect(transport.health()).toBe('UP');
  });

  it('closes again once the vendor answers a trial', async () => {
    let up = false;
    const trial: ServerResponse[] = [];
    const vendor = await serve((_request, response) => {
      if (up) trial.push(response);
      else response.writeHead(503).end();
    });
    const transport = connect(vendor, { ...sensitive, breaker: { minimumCalls: 4, openMs: 0 } });
    for (let call = 0; call < 4; call++) await failureOf(transport.send(findCustomers, patiently()));
    expect(transport.health()).toBe('DEGRADED');
    up = true;
    const answer = transport.send(findCustomers, patiently());
    await until(() => trial.length === 1);
    expect(await failureOf(transport.send(findCustomers, patiently()))).toMatchObject({ name: 'VendorUnavailable' });
    trial[0]?.end('well');
    expect((await answer).body).toBe('well');
    expect(transport.health()).toBe('UP');
    expect(vendor.requests).toHaveLength(5);
  });
});

describe("An operation's circuit", () => {
  const sensitive = { retry: { attempts: 1 }, breaker: { minimumCalls: 4, openMs: 600_000 } };
  const operation = (name: string): TransportRequest => ({ ...findCustomers, operation: name, path: `/${name}` });
  const subscriptions = operation('findSubscriptions');

  /** A vendor that fails at these operations. */
  async function serveFailing(fail: (request: IncomingMessage, response: ServerResponse) => void, ...names: string[]) {
    return serve((request, response) => {
      if (names.some((name) => request.url === `/${name}`)) fail(request, response);
      else response.end('done');
    });
  }

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['answers 503', (_request, response) => response.writeHead(503).end()],
    ['drops the connection', (request) => request.socket.destroy()],
    ['is silent', () => {}],
  ])('leaves the others alone when the vendor %s', async (_case, fail) => {
    const vendor = await serveFailing(fail, 'findSubscriptions');
    const transport = connect(account(vendor.url, { timeoutMs: 100 }), sensitive);
    for (let call = 0; call < 8; call++) await failureOf(transport.send(subscriptions, patiently()));
    expect(vendor.requests).toHaveLength(4);
    for (let call = 0; call < 8; call++) expect((await transport.send(findCustomers, patiently())).body).toBe('done');
    expect(transport.health()).toBe('DEGRADED');
  });

  it('counts calls, not their attempts', async () => {
    const vendor = await serve((_request, response) => response.writeHead(503).end());
    const transport = connect(vendor, { breaker: { minimumCalls: 4, openMs: 600_000 } });
    for (let call = 0; call < 3; call++) await failureOf(transport.send(findCustomers, patiently()));
    expect(vendor.requests).toHaveLength(9);
    expect(transport.health()).toBe('UP');
    await failureOf(transport.send(findCustomers, patiently()));
    expect(transport.health()).toBe('DOWN');
  });

  it('counts a call that was answered at last as answered', async () => {
    let requests = 0;
    const vendor = await serve((_request, response) => {
      requests += 1;
      response.writeHead(requests % 2 === 1 ? 503 : 200).end('done');
    });
    const transport = connect(vendor, { breaker: { minimumCalls: 4, openMs: 600_000 } });
    for (let call = 0; call < 8; call++) await transport.send(findCustomers, patiently());
    expect(transport.health()).toBe('UP');
  });

  it('opens with all others when several operations fail and none works', async () => {
    const vendor = await serve((_request, response) => response.writeHead(503).end());
    const transport = connect(vendor, sensitive);
    for (const name of ['one', 'two', 'three', 'four']) await failureOf(transport.send(operation(name), patiently()));
    expect(transport.health()).toBe('DOWN');
    for (const name of ['one', 'never asked for']) await failureOf(transport.send(operation(name), patiently()));
    expect(vendor.requests).toHaveLength(4);
  });

  it('opens with all others when there is no connection, whatever was asked for', async () => {
    const transport = connect(account(await listenNowhere()), sensitive);
    for (let call = 0; call < 4; call++) await failureOf(transport.send(findCustomers, patiently()));
    const error = await failureOf(transport.send(operation('another'), patiently()));
    expect(error.message).toBe('acme: not asked, as too many calls to it failed lately');
    expect(transport.health()).toBe('DOWN');
  });

  it('closes with all others at the first trial that succeeds, and each has a trial', async () => {
    let broken: readonly string[] = ['/one', '/two', '/three', '/four'];
    const vendor = await serve((request, response) => {
      response.writeHead(broken.includes(request.url as string) ? 503 : 200).end('done');
    });
    const transport = connect(vendor, { ...sensitive, breaker: { minimumCalls: 4, openMs: 0 } });
    for (const name of ['one', 'two', 'three', 'four']) await failureOf(transport.send(operation(name), patiently()));
    expect(transport.health()).toBe('DEGRADED');
    broken = ['/one'];
    await failureOf(transport.send(operation('one'), patiently()));
    expect((await transport.send(operation('two'), patiently())).body).toBe('done');
    const answers = await Promise.all([1, 2, 3].map(() => transport.send(operation('three'), patiently())));
    expect(answers.map(({ body }) => body)).toEqual(['done', 'done', 'done']);
    expect(transport.health()).toBe('DEGRADED');
    broken = [];
    await transport.send(operation('one'), patiently());
    expect(transport.health()).toBe('UP');
  });
});

/** The address of a port that nobody listens on. */
async function listenNowhere(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

function blockFor(durationMs: number): void {
  const untilMs = performance.now() + durationMs;
  while (performance.now() < untilMs);
}
