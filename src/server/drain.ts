import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** How long a request that has not wholly arrived is waited for once the server stops. */
const INCOMPLETE_REQUEST_MS = 1_000;
const LOOK_MS = 100;

/** What a server has under way. */
export interface Drain {
  /** How many requests have not been answered. */
  readonly underWay: number;
  /**
   * Resolves when no request is under way, or when `deadlineMs` has come, on performance.now()'s clock. A request that has
   * wholly arrived is waited for until then. One that has not is cut after a second: nothing has begun for it, and its
   * client may never send the rest.
   */
  ended(deadlineMs: number): Promise<void>;
}

/** Counts a server's requests from now on. */
export function watchRequests(server: Server): Drain {
  const open = new Map<ServerResponse, IncomingMessage>();
  let onIdle: (() => void) | undefined;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    open.set(response, request);
    response.once('close', () => {
      open.delete(response);
      if (open.size === 0) onIdle?.();
    });
  });

  function cutIncomplete(): void {
    for (const request of open.values()) if (!request.complete) request.destroy();
  }

  return {
    get underWay() {
      return open.size;
    },
    async ended(deadlineMs) {
      if (open.size === 0) return;
      const cutAtMs = performance.now() + INCOMPLETE_REQUEST_MS;
      await new Promise<void>((resolve) => {
        const look = setInterval(() => {
          const nowMs = performance.now();
          if (nowMs >= cutAtMs) cutIncomplete();
          if (nowMs >= deadlineMs) stop();
        }, LOOK_MS);
        const stop = () => {
          clearInterval(look);
          resolve();
        };
        onIdle = stop;
      });
    },
  };
}
