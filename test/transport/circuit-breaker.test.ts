import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, type CircuitBreakerOptions, type Verdict } from '../../src/transport/circuit-breaker.ts';
import { connect, failureOf, findCustomers, patiently, serve, until, within } from './loopback.ts';

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
