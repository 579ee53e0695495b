import { createServer, request as forward, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  readonly headers: IncomingHttpHeaders;
  readonly query: string;
}

export interface Recorder {
  readonly url: string;
  /** What a router sent on this way since the last `clear`. */
  readonly requests: readonly Recorded[];
  clear(): void;
  close(): Promise<void>;
}

/** Stands before a subgraph, hands everything on, and remembers what it was asked and with which headers. */
export async function startRecorder(target: string): Promise<Recorder> {
  const requests: Recorded[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    requests.push({ headers: incoming.headers, query: (JSON.parse(body.toString()) as { query: string }).query });
    const onward = forward(target, { method: 'POST', headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    onward.end(body);
  });
  return {
    url: await listen(server),
    requests,
    clear: () => requests.splice(0),
    close: () => close(server),
  };
}

/** On a free port of this machine alone. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

export async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
