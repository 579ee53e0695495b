import autocannon, { type Request } from 'autocannon';
import { type Arm, processorNs } from './processes.ts';
import type { Variables } from './workloads.ts';

export interface Load {
  readonly requestsPerSecond: number;
  /** The server's own processor time for one request, in nanoseconds; undefined where it can't be told. */
  readonly processorPerRequest: number | undefined;
}

/**
 * Asks as fast as it is answered, over so many connections, each of which begins elsewhere in the list of variables, until
 * `amount` requests are answered: what was cut off would go on in the server and burden the arm that comes next.
 */
export async function putLoad(
  arm: Arm,
  query: string,
  variables: readonly Variables[],
  { connections, amount }: { readonly connections: number; readonly amount: number },
): Promise<Load> {
  const requests = variables.map((each): Request => {
    const body = JSON.stringify({ query, variables: each });
    return { method: 'POST', path: '/graphql', headers: { 'content-type': 'application/json' }, body };
  });
  let connection = 0;
  let firstMs: number | undefined;
  let answeredMs = Number.NaN;
  const spentBeforeNs = processorNs(arm) ?? Number.NaN;
  const { errors, timeouts, mismatches, non2xx } = await autocannon({
    url: arm.url,
    connections,
    amount,
    sampleInt: 50,
    setupClient(client) {
      const from = Math.floor((connection++ * requests.length) / connections);
      // Copies: autocannon keeps its built request in them.
      client.setRequests([...requests.slice(from), ...requests.slice(0, from)].map((request) => ({ ...request })));
      client.on('response', () => {
        answeredMs = performance.now();
        firstMs ??= answeredMs;
      });
    },
    // GraphQL's errors come before its data.
    verifyBody: (body) => body.startsWith('{"data":'),
  });
  if (errors + timeouts + mismatches + non2xx > 0) {
    throw new Error(
      `${arm.name} must answer each request without an error; got ${errors} broken connections, ${timeouts} timeouts, ${non2xx} other statuses and ${mismatches} answers with errors`,
    );
  }
  const spentNs = (processorNs(arm) ?? Number.NaN) - spentBeforeNs;
  return {
    // From the first answer on: a short load would be one of opening connections otherwise.
    requestsPerSecond: ((amount - 1) / (answeredMs - (firstMs ?? Number.NaN))) * 1000,
    processorPerRequest: Number.isNaN(spentNs) ? undefined : spentNs / amount,
  };
}
