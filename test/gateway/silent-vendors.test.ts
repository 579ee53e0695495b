import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Overrides, startTestGateway, startVendors, type TestGateway, type Vendors } from './start-gateway.ts';

const NO_CACHE = { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 };
const REQUEST_TIMEOUT_MS = 3_000;
/** Longer than any test. */
const SILENCE_MS = 60_000;

interface Rows {
  readonly nodes: { id: string; subscriptions?: { nodes: { id: string }[] } }[];
  readonly completeness: { account: string; state: string }[];
  readonly pageInfo: { hasNextPage: boolean; endCursor: string };
}

let vendors: Vendors;
let gateway: TestGateway;

beforeAll(async () => {
  vendors = await startVendors({ billagain: { customers: 30 }, unipay: { customers: 60 } });
});

afterEach(async () => {
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
  await gateway.stop();
});

async function start(overrides: Overrides = {}): Promise<void> {
  gateway = await startTestGateway({
    vendors,
    cache: NO_CACHE,
    server: { requestTimeoutMs: REQUEST_TIMEOUT_MS },
    limits: { timeoutMs: 10_000 },
    ...overrides,
  });
}

/** What a query answered, and how long it took. */
async function timed<Data>(document: string, variables = {}) {
  const startedMs = performance.now();
  const answer = await gateway.query<Data>(document, variables);
  return { ...answer, tookMs: performance.now() - startedMs };
}

const PAGE = 'nodes { id } completeness { account state } pageInfo { hasNextPage endCursor }';

describe('a page over two accounts of which the first is silent', () => {
  beforeEachSilent('billagain');

  it('has the rows of the other, in time, and takes the silent one up again where it was', async () => {
    const { data, errors, tookMs } = await timed<{ customers: Rows }>(`{ customers(first: 5) { ${PAGE} } }`);
    expect(tookMs).toBeLessThan(REQUEST_TIMEOUT_MS);
    const theirs = await gateway.read<{ customers: Rows }>(
      `{ customers(first: 60, accounts: ["unipay"]) { ${PAGE} } }`,
    );
    const theirIds = theirs.customers.nodes.map(({ id }) => id);
    expect(data?.customers.nodes.map(({ id }) => id)).toEqual(theirIds.slice(0, 5));
    expect(data?.customers.completeness).toEqual([
      { account: 'billagain', state: 'FAILED' },
      { account: 'unipay', state: 'MORE' },
    ]);
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['customers'],
        extensions: { code: 'VENDOR_TIMEOUT', account: 'billagain', retryable: true },
      }),
    ]);

    vendors.billagain.dials.clear();
    const next = await gateway.read<{ customers: Rows }>(
      `query ($after: String) { customers(first: 200, after: $after) { ${PAGE} } }`,
      { after: data?.customers.pageInfo.endCursor },
    );
    const ids = next.customers.nodes.map(({ id }) => id);
    expect(ids.filter((id) => id.includes('billagain'))).toHaveLength(33);
    expect(ids.filter((id) => id.includes('unipay'))).toEqual(theirIds.slice(5));
  });

  it('still has the time to read the lists that belong to the rows of the other', async () => {
    const { data, errors, tookMs } = await timed<{ customers: Rows }>(
      '{ customers(first: 5) { nodes { id subscriptions { nodes { id } } } } }',
    );
    expect(tookMs).toBeLessThan(REQUEST_TIMEOUT_MS);
    expect(errors).toHaveLength(1);
    expect(data?.customers.nodes).toHaveLength(5);
    expect(data?.customers.nodes.flatMap(({ subscriptions }) => subscriptions?.nodes).length).toBeGreaterThan(0);
  });

  it('holds up nothing that is read of the other, nor what belongs to it', async () => {
    const { data, errors, tookMs } = await timed<{
      nodes: ({ id: string; subscriptions: { nodes: unknown[] } } | null)[];
      theirs: unknown;
      ours: { subscriptions: { nodes: unknown[] } };
    }>(`{
      nodes(ids: ["Customer:billagain:302", "Customer:unipay:1", "Customer:billagain:300", "Customer:unipay:2"]) {
        id ... on Customer { subscriptions { nodes { id customer { id } } } }
      }
      theirs: customer(id: "Customer:billagain:10622") { id }
      ours: customer(id: "Customer:unipay:3") { subscriptions { nodes { id } } }
    }`);
    expect(tookMs).toBeLessThan(REQUEST_TIMEOUT_MS);
    expect(data?.nodes.map((node) => node?.id)).toEqual([
      undefined,
      'Customer:unipay:1',
      undefined,
      'Customer:unipay:2',
    ]);
    expect(data?.nodes[1]?.subscriptions.nodes.length).toBeGreaterThan(0);
    expect(data?.theirs).toBeNull();
    expect(data?.ours.subscriptions.nodes.length).toBeGreaterThan(0);
    expect(errors?.map(({ path }) => path?.join('.')).sort()).toEqual(['nodes.0', 'nodes.2', 'theirs']);
  });
});

describe('a page over two accounts that both answer', () => {
  it('asks the second only when the first has too few rows', async () => {
    await start();
    const calls = await gateway.callsOf(() => gateway.read('{ customers(first: 5) { nodes { id } } }'));
    expect(calls).toEqual(['GET /customers?page=1&page_size=5']);
  });
});

describe('a batch of which a part is silent', () => {
  it('brings at the deadline what is there, of calls that wait for a place too', async () => {
    await start({ limits: { timeoutMs: 10_000, concurrency: 2 }, server: { requestTimeoutMs: 1_500 } });
    vendors.unipay.dials.set({ latencyMs: 200 });
    const ids = Array.from({ length: 60 }, (_, index) => `Customer:unipay:${index + 1}`);
    const { data, errors, tookMs } = await timed<{ nodes: ({ id: string } | null)[] }>(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids },
    );
    const there = data?.nodes.filter((node) => node !== null) ?? [];
    expect(there.length).toBeGreaterThanOrEqual(4);
    expect(there.length).toBeLessThan(60);
    expect(errors).toHaveLength(60 - there.length);
    expect(new Set(errors?.map(({ extensions }) => extensions?.code))).toEqual(new Set(['VENDOR_TIMEOUT']));
    expect(tookMs).toBeLessThan(2_500);
  });

  it.each([1, 2, 3])('fails for the one list that never comes and for no other (time %i)', async () => {
    await start({ server: { requestTimeoutMs: 1_000 } });
    vendors.unipay.dials.set({ path: /^\/customers\/17\/subscriptions/, latencyMs: SILENCE_MS });
    const { data, errors } = await timed<{ customers: { nodes: { id: string; subscriptions: Rows }[] } }>(
      '{ customers(first: 50, accounts: ["unipay"]) { nodes { id subscriptions { nodes { id } completeness { account state } } } } }',
    );
    expect(data?.customers.nodes).toHaveLength(50);
    const failed = data?.customers.nodes.filter(
      ({ subscriptions }) => subscriptions.completeness[0]?.state === 'FAILED',
    );
    expect(failed?.map(({ id }) => id)).toEqual(['Customer:unipay:17']);
    expect(errors).toHaveLength(1);
  });

  it('brings the customers that were found before the rest of them, whose custom fields are read one by one', async () => {
    await start({ server: { requestTimeoutMs: 1_000 } });
    vendors.billagain.dials.set({ path: /with_customfields\/999/, latencyMs: SILENCE_MS });
    const { data, errors } = await timed<{ a: unknown; b: unknown; c: unknown }>(`{
      a: customer(id: "Customer:billagain:302") { id customFields { key } }
      b: customer(id: "Customer:billagain:999") { id customFields { key } }
    }`);
    expect(data?.a).toMatchObject({ id: 'Customer:billagain:302' });
    expect(data?.b).toBeNull();
    expect(errors).toHaveLength(1);
  });

  it('does not hold up what belongs to the other part', async () => {
    await start();
    vendors.unipay.dials.set({ path: /^\/customers\/2\.json/, latencyMs: SILENCE_MS });
    const slow = timed<{ one: unknown; two: unknown }>(`{
      one: customer(id: "Customer:unipay:1") { id subscriptions { nodes { id } } }
      two: customer(id: "Customer:unipay:2") { id }
    }`);
    // Another request that wants a part of the same batch has it as soon as it is there.
    const other = await timed('{ customer(id: "Customer:unipay:1") { id } }');
    expect(other.data).toEqual({ customer: { id: 'Customer:unipay:1' } });
    expect(other.tookMs).toBeLessThan(1_500);
    const subscriptionsAsked = () =>
      vendors.unipay.calls.calls.some(({ path }) => path.startsWith('/customers/1/subscriptions'));
    for (let tries = 0; tries < 75 && !subscriptionsAsked(); tries++) await sleep(20);
    expect(subscriptionsAsked()).toBe(true);
    const { data, errors } = await slow;
    expect(data?.one).toMatchObject({ id: 'Customer:unipay:1' });
    expect(data?.two).toBeNull();
    expect(errors).toHaveLength(1);
  });
});

describe('an expired answer', () => {
  const DOCUMENT = `{
    customer(id: "Customer:billagain:302") { email source { stale } }
    customers(first: 3, accounts: ["billagain"]) { nodes { id source { stale } subscriptions { nodes { id source { stale } } } } completeness { state } }
    nodes(ids: ["Customer:unipay:1", "Customer:unipay:2"]) { id ... on Customer { source { stale } } }
  }`;
  const staleIn = (data: unknown) =>
    [...JSON.stringify(data).matchAll(/"stale":(true|false)/g)].map(([, is]) => is === 'true');

  async function startExpired(staleAfterMs: number): Promise<unknown> {
    await start({
      server: { requestTimeoutMs: 10_000 },
      cache: { ttlSeconds: 0.05, absentTtlSeconds: 0.05, staleAfterMs },
    });
    const fresh = await gateway.read(DOCUMENT);
    expect(staleIn(fresh).some((isStale) => isStale)).toBe(false);
    await sleep(60); // past the TTL
    return fresh;
  }

  it('is served long before the deadline when its vendors are silent, everywhere', async () => {
    const fresh = await startExpired(200);
    vendors.billagain.dials.set({ latencyMs: SILENCE_MS });
    vendors.unipay.dials.set({ latencyMs: SILENCE_MS });
    const { data, errors, tookMs } = await timed(DOCUMENT);
    expect(errors).toBeUndefined();
    expect(tookMs).toBeLessThan(5_000);
    expect(staleIn(data)).toEqual(staleIn(fresh).map(() => true));
    expect(JSON.stringify(data).replaceAll('true', 'false')).toBe(JSON.stringify(fresh));
  });

  it('is replaced by the answer that came too late for the one who waited', async () => {
    await startExpired(100);
    vendors.billagain.dials.set({
      latencyMs: 500,
      rewrite: (body) => body.replaceAll('poqo@hotmail.com', 'new@example.com'),
    });
    const document = '{ customer(id: "Customer:billagain:302") { email source { stale } } }';
    expect((await gateway.query(document)).data).toEqual({
      customer: { email: 'poqo@hotmail.com', source: { stale: true } },
    });
    vendors.billagain.calls.clear();
    for (let tries = 0; tries < 100; tries++) {
      const { data } = await gateway.query<{ customer: { email: string } }>(document);
      if (data?.customer.email === 'new@example.com') return;
      await sleep(20);
    }
    throw new Error('expected the new answer to come into the cache');
  });

  it.each([
    ['answers 401', { status: 401 }],
    ['answers 503', { status: 503 }],
    ['asks for less', { retryAfterSeconds: 60 }],
    ['sends a page for browsers', { rewrite: () => '<html><body>maintenance</body></html>' }],
    ['sends half an answer', { rewrite: (body: string) => body.slice(0, body.length / 2) }],
    ['breaks off', { drop: 'before' as const }],
  ])('is served when its vendor %s', async (_, failure) => {
    const fresh = await startExpired(2_000);
    vendors.billagain.dials.set(failure);
    vendors.unipay.dials.set(failure);
    const { data, errors } = await timed(DOCUMENT);
    expect(errors).toBeUndefined();
    expect(staleIn(data)).toEqual(staleIn(fresh).map(() => true));
  });

  it('is not served for a record that its vendor no longer has', async () => {
    await startExpired(2_000);
    vendors.billagain.dials.set({ status: 410 });
    expect(await gateway.query('{ customer(id: "Customer:billagain:302") { id } }')).toEqual({
      data: { customer: null },
    });
  });

  it('is not served once a write has changed its record', async () => {
    await startExpired(300);
    vendors.billagain.dials.set({ path: /by_customer_ids/, latencyMs: SILENCE_MS });
    const reading = gateway.query('{ customer(id: "Customer:billagain:302") { status } }');
    await sleep(50);
    await gateway.query('mutation { archiveCustomer(id: "Customer:billagain:302") { userErrors { code } } }');
    expect(JSON.stringify(await reading)).not.toContain('ACTIVE');
    vendors.billagain.dials.clear();
    await gateway.query('mutation { reopenCustomer(id: "Customer:billagain:302") { userErrors { code } } }');
  });
});

describe('a client that leaves', () => {
  it('ends the calls that nobody else waits for', async () => {
    await start({ server: { requestTimeoutMs: 20_000 } });
    vendors.unipay.dials.set({ latencyMs: 400 });
    vendors.unipay.calls.clear();
    const ids = Array.from({ length: 60 }, (_, index) => `"Customer:unipay:${index + 1}"`).join();
    const controller = new AbortController();
    const asking = fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ nodes(ids: [${ids}]) { id } }` }),
      signal: controller.signal,
    }).catch((error: unknown) => error);
    while (vendors.unipay.calls.calls.length < 20) await sleep(10);
    controller.abort();
    await asking;
    await sleep(1_000);
    expect(vendors.unipay.calls.calls.length).toBeLessThan(41);
  });
});

function beforeEachSilent(name: 'billagain' | 'unipay'): void {
  beforeEach(async () => {
    await start();
    vendors[name].dials.set({ latencyMs: SILENCE_MS });
  });
}
