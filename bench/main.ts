import { isDeepStrictEqual, parseArgs } from 'node:util';
import { type Load, putLoad } from './load.ts';
import {
  type Arm,
  BUILT,
  peakMemoryKb,
  startBillgraph,
  startServer,
  startUpstream,
  stop,
  stopAll,
  type Upstream,
} from './processes.ts';
import { arePinned, takePlace } from './processors.ts';
import { ratios, showRatios, showTable } from './ratios.ts';
import { type Variables, type Workload, workloads } from './workloads.ts';

const USAGE = `npm run bench -- [options]
  --rounds <count>       rounds, each with every arm, half of them on servers started in the other order (24)
  --seconds <s>          how long an arm is under load, each time, about (0.25)
  --connections <count>  clients that ask at once (16)
  --latency-ms <ms>      how long a vendor's answer takes (0)
  --queries <names>      Q1,Q2,Q3,Q3 UniPay,Q4,Q5 or some of them (all)
  --baseline <folder>    another build of Billgraph (its dist) as one more arm
  --help`;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '24' },
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
async function measure(query: string, all: readonly Asked[], amounts: readonly number[]): Promise<Load[][]> {
  const loads = all.map((): Load[] => []);
  for (let round = 0; round < ROUNDS / 2; round++) {
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

async function warmUp(query: string, all: readonly Asked[], seconds = WARM_UP_SECONDS): Promise<number[]> {
  const amounts: number[] = [];
  for (const asked of all) amounts.push(await amountFor(query, asked, seconds));
  return amounts;
}

/** How many requests an arm answers in about the time that a load is to last, found while it warms up. */
async function amountFor(query: string, { arm, variables }: Asked, seconds: number): Promise<number> {
  const warmMs = performance.now() + seconds * 1000;
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

type ArmName = 'billgraph' | 'plain' | 'limit' | 'cached' | 'baseline';

/** Whichever server is started first is slower for as long as it lives, on some machines by a sixth. */
async function startArms(upstream: Upstream, backwards: boolean): Promise<Partial<Record<ArmName, Arm>>> {
  const starts: [ArmName, () => Promise<Arm>][] = [
    ['billgraph', () => startBillgraph('Billgraph', BUILT, 0, upstream)],
    ['plain', () => startServer('plain Apollo Server', 'plain-server.ts', upstream)],
    ['limit', () => startServer('limit', 'limit-server.ts', upstream)],
    ['cached', () => startBillgraph('Billgraph with a warm cache', BUILT, 3600, upstream)],
  ];
  const { baseline } = options;
  if (baseline !== undefined) starts.push(['baseline', () => startBillgraph('baseline', baseline, 0, upstream)]);
  const arms: Partial<Record<ArmName, Arm>> = {};
  for (const [name, start] of backwards ? starts.reverse() : starts) arms[name] = await start();
  return arms;
}

/** All loads of one comparison, those of each arm in the order of the rounds. */
class Comparisons {
  readonly #loads = new Map<string, Load[][]>();

  add(name: string, loads: readonly Load[][]): void {
    const known = this.#loads.get(name);
    this.#loads.set(
      name,
      loads.map((own, arm) => [...(known?.[arm] ?? []), ...own]),
    );
  }

  of(name: string): Load[][] {
    return this.#loads.get(name) ?? [];
  }
}

/** Half of the rounds, on servers of their own. */
async function runHalf(upstream: Upstream, backwards: boolean, comparisons: Comparisons, calls: Map<string, number[]>) {
  const { billgraph, plain, limit, cached, baseline } = await startArms(upstream, backwards);
  if (!billgraph || !plain || !limit || !cached) throw new Error('all arms must have been started');
  const arms = [billgraph, plain, limit, ...(baseline ? [baseline] : [])];
  const chosen = options.queries.split(',');
  const prepared: { workload: Workload; all: Asked[] }[] = [];
  for (const workload of workloads.filter(({ name }) => chosen.includes(name))) {
    const { name, query, prepare } = workload;
    const all: Asked[] = [];
    for (const arm of arms) {
      all.push({ arm, variables: await prepare((walk, variables) => ask(arm, walk, variables)) });
    }
    calls.set(name, await check(workload, all, upstream));
    tell(`${name}: same answers; vendor calls ${calls.get(name)?.join(', ')}`);
    // All of them before any is measured: what is asked first would be asked of code that V8 has not compiled yet.
    await warmUp(query, all);
    prepared.push({ workload, all });
  }

  for (const { workload, all } of prepared) {
    const { name, query } = workload;
    comparisons.add(name, await measure(query, all, await warmUp(query, all, 1)));
    tell(`${name}: to plain ${throughput(comparisons.of(name)[0], comparisons.of(name)[1])}`);
    if (!name.startsWith('Q3')) continue;
    const pages = all[0]?.variables.slice(0, CACHED_PAGES) ?? [];
    for (const variables of pages) await ask(cached, query, variables);
    const hot: Asked[] = [
      { arm: cached, variables: pages },
      { arm: billgraph, variables: all[0]?.variables ?? [] },
    ];
    comparisons.add(`${name} from a warm cache`, await measure(query, hot, await warmUp(query, hot, 1)));
    const alike = all.slice(0, 2).map(({ arm, variables }) => ({ arm, variables: variables.slice(0, 1) }));
    comparisons.add(`${name} all alike`, await measure(query, alike, await warmUp(query, alike, 1)));
  }

  const memory = (peakMemoryKb(billgraph) ?? Number.NaN) / (peakMemoryKb(plain) ?? Number.NaN);
  await stop([...arms, cached]);
  return memory;
}

async function run(): Promise<string> {
  takePlace('OTHERS');
  if (!arePinned) {
    tell('Processes share all processors: taskset (of util-linux) and two processors would keep them apart.');
  }
  const upstream = await startUpstream(Number(options['latency-ms']));
  const comparisons = new Comparisons();
  const calls = new Map<string, number[]>();
  const memory: number[] = [];
  for (const backwards of [false, true]) memory.push(await runHalf(upstream, backwards, comparisons, calls));

  const rows: string[][] = [];
  const notes: string[] = [];
  for (const { name, what } of workloads.filter((workload) => calls.has(workload.name))) {
    const [own, theirs, highest, earlier] = comparisons.of(name);
    rows.push([
      `${name}: ${what}`,
      (calls.get(name) ?? []).slice(0, 2).join(' / '),
      throughput(own, theirs),
      processorTime(own, theirs),
      throughput(own, highest),
      ...(options.baseline ? [throughput(own, earlier), processorTime(own, earlier)] : []),
    ]);
    if (!name.startsWith('Q3')) continue;
    const [warm, cold] = comparisons.of(`${name} from a warm cache`);
    notes.push(`- ${name} from a warm cache, to Billgraph without one: ${throughput(warm, cold)}`);
    const [shared, unshared] = comparisons.of(`${name} all alike`);
    notes.push(`- ${name} when all ask for the same page at once, to plain: ${throughput(shared, unshared)}`);
  }
  notes.push(`- peak memory, to plain: ${memory.map((ratio) => ratio.toFixed(2)).join(' and ')}`);
  const header = ['', 'vendor calls, Billgraph / plain', 'to plain', 'to plain, processor time', 'to the limit'];
  if (options.baseline) header.push('to baseline', 'to baseline, processor time');
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
