import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** How long a request that has not wholly arrived is waited for once the server stops. */
const INCOMPLETE_REQUEST_MS = 1_000;
const LOOK_MS = 100;

/** What a server has under way. */
export interface Drain {
  /**
   * Waits until the requests that are under way now have been answered, or until `deadlineMs` has come, on
   * performance.now()'s clock, and says how many have not been. One that has not wholly arrived is cut after a second:
   * nothing has begun for it, and its client may never send the rest. Later requests are refused, so they aren't waited for.
   */
  ended(deadlineMs: number): Promise<number>;
}

/** Knows a server's requests from now on. */
export function watchRequests(server: Server): Drain {
  const open = new Map<ServerResponse, IncomingMessage>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    open.set(response, request);
    response.once('close', () => open.delete(response));
  });

  return {
    ended(deadlineMs) {
      const waitedFor = [...open];
      const cutAtMs = performance.now() + INCOMPLETE_REQUEST_MS;
      const left = () => waitedFor.filter(([response]) => open.has(response));
      return new Promise((resolve) => {
        const look = () => {
          const nowMs = performance.now();
          if (nowMs >= cutAtMs) for (const [, request] of left()) if (!request.complete) request.destroy();
          if (left().length > 0 && nowMs < deadlineMs) return;
          clearInterval(timer);
          resolve(left().length);
        };
        const timer = setInterval(look, LOOK_MS);
        look();
      });
    },
  };
}
