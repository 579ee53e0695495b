import { isDeepStrictEqual, parseArgs } from 'node:util';
import { type Load, putLoad } from './load.ts';
import {
  type Arm,
  BUILT,
  peakMemoryKb,
  startBillgraph,
  startServer,
  startUpstream,
  stopAll,
  type Upstream,
} from './processes.ts';
import { arePinned, takePlace } from './processors.ts';
import { ratios, showRatios, showTable } from './ratios.ts';
import { type Variables, type Workload, workloads } from './workloads.ts';

const USAGE = `npm run bench -- [options]
  --rounds <count>       rounds, each with every arm (25)
  --seconds <s>          how long an arm is under load, each time, about (0.25)
  --connections <count>  clients that ask at once (16)
  --latency-ms <ms>      how long a vendor's answer takes (0)
  --queries <names>      Q1,Q2,Q3,Q3 UniPay,Q4,Q5 or some of them (all)
  --baseline <folder>    another build of Billgraph (its dist) as one more arm
  --help`;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '25' },
    seconds: { type: 'string', default: '0.25' },
    connections: { type: 'string', default: '16' },
    'latency-ms': { type: 'string', default: '0' },
    queries: { type: 'string', default: workloads.map(({ name }) => name).join(',') },
    baseline: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** One workload as one arm is asked it. */
interface Asked {
  readonly arm: Arm;
  readonly variables: readonly Variables[];
}

const ROUNDS = Number(options.rounds);
const SECONDS = Number(options.seconds);
const CONNECTIONS = Number(options.connections);
/** Until V8 has compiled what is called often: an arm with more code would pay for that in its first rounds. */
const WARM_UP_SECONDS = 3;
/** Pages that fit into the cache together with all that belongs to them. */
const CACHED_PAGES = 8;

async function ask({ url, name }: Arm, query: string, variables: Variables): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown };
  if (!data || errors) throw new Error(`${name} must answer without errors; got ${JSON.stringify(errors)}`);
  return data;
}

/** All arms must answer the same, and Billgraph with no more calls than it may. The calls of each are returned. */
async function check(
  { name, query, vendorCallLimit }: Workload,
  all: readonly Asked[],
  { takeCallCount }: Upstream,
): Promise<number[]> {
  const callCounts: number[] = [];
  let expected: unknown;
  for (const { arm, variables } of all) {
    await takeCallCount();
    const answers: unknown[] = [await ask(arm, query, variables[0] ?? {})];
    callCounts.push(await takeCallCount());
    for (const index of [1, 2]) answers.push(await ask(arm, query, variables[index] ?? {}));
    expected ??= answers;
    if (!isDeepStrictEqual(answers, expected)) {
      throw new Error(`${arm.name} must answer ${name} as ${all[0]?.arm.name} does; its data differs`);
    }
  }
  const [calls = 0] = callCounts;
  if (calls > vendorCallLimit) throw new Error(`${name} may take ${vendorCallLimit} vendor calls; took ${calls}`);
  return callCounts;
}

/** Every arm in turn, round after round; every other round backwards. Each arm's loads, in the order of the arms. */
async function measure(query: string, all: readonly Asked[]): Promise<Load[][]> {
  const loads = all.map((): Load[] => []);
  const amounts: number[] = [];
  for (const asked of all) amounts.push(await amountFor(query, asked));
  for (let round = 0; round < ROUNDS; round++) {
    const order = [...all.keys()];
    if (round % 2 === 1) order.reverse();
    for (const index of order) {
      const { arm, variables } = all[index] as Asked;
      const amount = amounts[index] as number;
      loads[index]?.push(await putLoad(arm, query, variables, { connections: CONNECTIONS, amount }));
    }
  }
  return loads;
}

/** How many requests an arm answers in about the time that a load is to last, found while it warms up. */
async function amountFor(query: string, { arm, variables }: Asked): Promise<number> {
  const warmMs = performance.now() + WARM_UP_SECONDS * 1000;
  let amount = 2 * CONNECTIONS;
  do {
    const { requestsPerSecond } = await putLoad(arm, query, variables, { connections: CONNECTIONS, amount });
    amount = Math.max(2, Math.ceil((requestsPerSecond * SECONDS) / CONNECTIONS)) * CONNECTIONS;
  } while (performance.now() < warmMs);
  return amount;
}

function throughput(above: readonly Load[] = [], below: readonly Load[] = []): string {
  const rates = (loads: readonly Load[]) => loads.map(({ requestsPerSecond }) => requestsPerSecond);
  return showRatios(ratios(rates(above), rates(below)));
}

/** How much more processor time the second takes for a request: unlike throughput, it hardly feels what else is running. */
function processorTime(saving: readonly Load[] = [], spending: readonly Load[] = []): string {
  const times = (loads: readonly Load[]) => loads.map(({ processorPerRequest = Number.NaN }) => processorPerRequest);
  return showRatios(ratios(times(spending), times(saving)));
}

function tell(message: string): void {
  process.stderr.write(`${message}\n`);
}

async function run(): Promise<string> {
  takePlace('OTHERS');
  if (!arePinned)
    tell('Processes share all processors: taskset (of util-linux) and two processors would keep them apart.');
  const upstream = await startUpstream(Number(options['latency-ms']));
  const billgraph = await startBillgraph('Billgraph', BUILT, 0, upstream);
  const plain = await startServer('plain Apollo Server', 'plain-server.ts', upstream);
  const limit = await startServer('limit', 'limit-server.ts', upstream);
  const cached = await startBillgraph('Billgraph with a warm cache', BUILT, 3600, upstream);
  const baseline = options.baseline && (await startBillgraph('baseline', options.baseline, 0, upstream));
  const arms = [billgraph, plain, limit, ...(baseline ? [baseline] : [])];
  const chosen = options.queries.split(',');
  const rows: string[][] = [];
  const notes: string[] = [];

  for (const workload of workloads.filter(({ name }) => chosen.includes(name))) {
    const { name, what, query, prepare } = workload;
    const all: Asked[] = [];
    for (const arm of arms) {
      all.push({ arm, variables: await prepare((walk, variables) => ask(arm, walk, variables)) });
    }
    const calls = await check(workload, all, upstream);
    tell(`${name}: same answers; vendor calls ${calls.join(', ')}`);
    const [own, theirs, highest, earlier] = await measure(query, all);
    rows.push([
      `${name}: ${what}`,
      `${calls[0]} / ${calls[1]}`,
      throughput(own, theirs),
      processorTime(own, theirs),
      throughput(own, highest),
      ...(baseline ? [throughput(own, earlier), processorTime(own, earlier)] : []),
    ]);
    tell(rows.at(-1)?.join(' · ') ?? '');

    if (name.startsWith('Q3')) {
      const pages = all[0]?.variables.slice(0, CACHED_PAGES) ?? [];
      for (const variables of pages) await ask(cached, query, variables);
      const [warm, cold] = await measure(query, [
        { arm: cached, variables: pages },
        { arm: billgraph, variables: all[0]?.variables ?? [] },
      ]);
      notes.push(`- ${name} from a warm cache, to Billgraph without one: ${throughput(warm, cold)}`);
      const [shared, unshared] = await measure(
        query,
        all.slice(0, 2).map(({ arm, variables }) => ({ arm, variables: variables.slice(0, 1) })),
      );
      notes.push(`- ${name} when all ask for the same page at once, to plain: ${throughput(shared, unshared)}`);
      tell(notes.slice(-2).join('\n'));
    }
  }

  const memory = ratios([peakMemoryKb(billgraph) ?? Number.NaN], [peakMemoryKb(plain) ?? Number.NaN]);
  notes.push(`- peak memory, to plain: ${memory[0]?.toFixed(2)}`);
  const header = ['', 'vendor calls, Billgraph / plain', 'to plain', 'to plain, processor time', 'to the limit'];
  if (baseline) header.push('to baseline', 'to baseline, processor time');
  return [showTable(header, rows), ...notes].join('\n');
}

if (options.help) {
  process.stdout.write(`${USAGE}\n`);
} else {
  try {
    process.stdout.write(`${await run()}\n`);
  } finally {
    stopAll();
  }
}
