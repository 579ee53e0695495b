import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Attempt } from '../transport/transport.ts';

/** What /metrics tells. Labels have few values each, and none is anybody's data. */
export interface Metrics {
  readonly contentType: string;
  print(): Promise<string>;
  countRequest(outcome: 'ok' | 'partial' | 'refused', durationMs: number): void;
  countAttempt(attempt: Attempt): void;
  /** `field` is the vendor's name of one that a field table reads. */
  countUnreadableField(account: string, field: string): void;
}

export interface MetricsSources {
  /** 1 for UP, 0.5 for DEGRADED, 0 for DOWN. */
  readonly accountHealth: () => Iterable<readonly [account: string, health: number]>;
  readonly isCacheReachable: () => boolean;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics({ accountHealth, isCacheReachable }: MetricsSources): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });

  const requests = new Histogram({
    name: 'billgraph_request_duration_seconds',
    help: 'GraphQL requests, by whether they were answered whole, in part, or refused.',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers,
  });
  const calls = new Histogram({
    name: 'billgraph_vendor_call_duration_seconds',
    help: 'Attempts on the wire to a vendor. `outcome` is "ok" or the code of the failure.',
    labelNames: ['account', 'operation', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  const retries = new Counter({
    name: 'billgraph_vendor_retries_total',
    help: 'Attempts on the wire to a vendor that were not the first of their call.',
    labelNames: ['account', 'operation'],
    registers,
  });
  const unreadableFields = new Counter({
    name: 'billgraph_unreadable_fields_total',
    help: "Fields of vendors' records that could not be read, by the vendor's name: its answers are not what they were.",
    labelNames: ['account', 'field'],
    registers,
  });
  new Gauge({
    name: 'billgraph_account_health',
    help: 'How an account is answering: 1 up, 0.5 in part or being tried again, 0 down.',
    labelNames: ['account'],
    registers,
    collect() {
      for (const [account, health] of accountHealth()) this.set({ account }, health);
    },
  });
  new Gauge({
    name: 'billgraph_cache_reachable',
    help: '1 while the cache answers; without it the gateway is slower, not wrong.',
    registers,
    collect() {
      this.set(isCacheReachable() ? 1 : 0);
    },
  });

  return {
    contentType: registry.contentType,
    print: () => registry.metrics(),
    countRequest: (outcome, durationMs) => requests.observe({ outcome }, durationMs / 1000),
    countAttempt({ account, operation, error, attempt, durationMs }) {
      calls.observe({ account, operation, outcome: error?.code ?? 'ok' }, durationMs / 1000);
      if (attempt > 1) retries.inc({ account, operation });
    },
    countUnreadableField: (account, field) => unreadableFields.inc({ account, field }),
  };
}
