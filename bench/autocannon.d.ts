/** The part of autocannon's API that is used here; the package brings no types. */
declare module 'autocannon' {
  export interface Request {
    readonly method: 'POST';
    readonly path: string;
    readonly headers: Record<string, string>;
    readonly body: string;
  }

  export interface Client {
    setRequests(requests: readonly Request[]): void;
    on(event: 'response', listener: () => void): void;
  }

  export interface Options {
    readonly url: string;
    readonly connections: number;
    /** Requests over all connections; it ends when all are answered. */
    readonly amount: number;
    /** How often it counts, and sees that all are answered, in milliseconds. */
    readonly sampleInt: number;
    readonly setupClient: (client: Client) => void;
    readonly verifyBody: (body: string) => boolean;
  }

  export interface Result {
    readonly errors: number;
    readonly timeouts: number;
    readonly mismatches: number;
    readonly non2xx: number;
  }

  export default function autocannon(options: Options): Promise<Result>;
}
