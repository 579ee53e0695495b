import { describe, expect, it } from '@jest/globals';
import type { Dispatcher } from 'undici';
import { Cancellation } from '../../src/transport/cancellation.ts';
import { exchange, type Outcome } from '../../src/transport/exchange.ts';

/** Stands where undici stands, to do what no server can make it do. */
function begin(limitMs: number): { handler: Dispatcher.DispatchHandler; outcome: Promise<Outcome> } {
  let handler: Dispatcher.DispatchHandler | undefined;
  const dispatcher = {
    dispatch(_request: Dispatcher.DispatchOptions, given: Dispatcher.DispatchHandler) {
      handler = given;
      return true;
    },
  } as Dispatcher;
  const outcome = exchange(
    dispatcher,
    { method: 'PUT', path: '/' },
    { account: 'acme', maxResponseBytes: 10, limitMs },
    new Cancellation(undefined),
  );
  if (handler === undefined) throw new Error('expected a request; none was dispatched');
  return { handler, outcome };
}

class Controller implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
  }
  pause(): void {}
  resume(): void {}
}

describe('One attempt', () => {
  it('is not written again when undici takes the request up a second time', async () => {
    const { handler, outcome } = begin(20_000);
    const [first, second] = [new Controller(), new Controller()];
    handler.onRequestStart?.(first, {});
    handler.onRequestStart?.(second, {});
    expect(first.aborted).toBe(false);
    expect(second.aborted).toBe(true);
    expect(await outcome).toMatchObject({ kind: 'FAILED', error: { name: 'VendorUnavailable', mayHaveArrived: true } });
  });

  it('is not written when its time was up while it connected', async () => {
    const { handler, outcome } = begin(1);
    expect(await outcome).toMatchObject({ kind: 'FAILED', error: { name: 'VendorTimeout', mayHaveArrived: false } });
    const controller = new Controller();
    handler.onRequestStart?.(controller, {});
    expect(controller.aborted).toBe(true);
  });
});
