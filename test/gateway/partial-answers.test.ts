import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestGateway, startVendors, type TestGateway, type Vendors } from './start-gateway.ts';

const DOCUMENT = `{
  customers(first: 200) { nodes { id } completeness { account state reason } pageInfo { hasNextPage } }
  seed: customer(id: "Customer:billagain:302") { id }
  other: customer(id: "Customer:unipay:1") { id subscriptions { nodes { id } } }
  nodes(ids: ["Customer:unipay:2", "Customer:billagain:300"]) { id }
}`;
const NO_CACHE = { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 };

interface Data {
  readonly customers: {
    nodes: { id: string }[];
    completeness: { account: string; state: string; reason: string | null }[];
  };
  readonly seed: { id: string } | null;
  readonly other: { id: string; subscriptions: { nodes: unknown[] } } | null;
  readonly nodes: ({ id: string } | null)[];
}

let vendors: Vendors;
let gateway: TestGateway;

beforeEach(async () => {
  vendors = await startVendors({ billagain: { customers: 20 }, unipay: { customers: 20 } });
  gateway = await startTestGateway({ vendors, cache: NO_CACHE });
});

afterEach(async () => {
  await gateway.stop();
  await Promise.all([vendors.billagain.close(), vendors.unipay.close()]);
});

describe.each(['billagain', 'unipay'] as const)('a vendor that is down (%s)', (name) => {
  it.each([
    ['answers 503', 'VENDOR_UNAVAILABLE', true, () => vendors[name].dials.set({ status: 503 })],
    [
      'answers 500',
      'VENDOR_UNAVAILABLE',
      true,
      () => vendors[name].dials.set({ status: 500, body: 'oops: secret-body' }),
    ],
    ['drops connections', 'VENDOR_UNAVAILABLE', true, () => vendors[name].dials.set({ drop: 'before' })],
    ['is gone', 'VENDOR_UNAVAILABLE', true, () => vendors[name].close()],
    ['is too slow', 'VENDOR_TIMEOUT', true, () => vendors[name].dials.set({ latencyMs: 2_000 })],
    ['asks for less', 'VENDOR_RATE_LIMITED', true, () => vendors[name].dials.set({ retryAfterSeconds: 60 })],
    ['refuses the credentials', 'VENDOR_REFUSED_CREDENTIALS', false, () => vendors[name].dials.set({ status: 401 })],
    ['redirects', 'VENDOR_MALFORMED_ANSWER', false, () => vendors[name].dials.set({ status: 302, body: '' })],
  ])(
    "leaves the other's rows whole when it %s, and is named with code, account and retryable",
    async (_, code, retryable, fail) => {
      const other = name === 'billagain' ? 'unipay' : 'billagain';
      const whole = await gateway.read<Data>(DOCUMENT);
      await fail();
      if (code === 'VENDOR_TIMEOUT') {
        await gateway.stop();
        gateway = await startTestGateway({ vendors, cache: NO_CACHE, limits: { timeoutMs: 500 } });
      }
      const answer = await gateway.query<Data>(DOCUMENT);

      expect(answer.data?.customers.nodes).toEqual(whole.customers.nodes.filter(({ id }) => id.includes(other)));
      const states = Object.fromEntries(
        answer.data?.customers.completeness.map(({ account, state }) => [account, state]) ?? [],
      );
      expect(states).toEqual({ [name]: 'FAILED', [other]: 'COMPLETE' });
      expect(answer.data?.customers.completeness.find(({ account }) => account === name)?.reason).toMatch(`${name}: `);
      expect(answer.data?.nodes.map((node) => node?.id)).toEqual(
        whole.nodes.map((node) => (node?.id.includes(name) ? undefined : node?.id)),
      );
      expect(answer.data?.seed).toEqual(name === 'billagain' ? null : whole.seed);
      expect(answer.data?.other).toEqual(name === 'unipay' ? null : whole.other);

      const told = answer.errors?.map(({ path, extensions }) => [path?.join('.'), extensions]);
      const extensions = expect.objectContaining({ code, account: name, retryable });
      expect(told).toHaveLength(3);
      expect(told).toEqual(
        expect.arrayContaining([
          ['customers', extensions],
          [name === 'billagain' ? 'seed' : 'other', extensions],
          [name === 'billagain' ? 'nodes.1' : 'nodes.0', extensions],
        ]),
      );
      expectNothingPrivate(JSON.stringify(answer));
      expectNothingPrivate(gateway.logged.join(''));
    },
  );
});

function expectNothingPrivate(text: string): void {
  const { billagain, unipay } = vendors;
  const basic = (user: string, password: string) => Buffer.from(`${user}:${password}`).toString('base64');
  for (const secret of [
    billagain.apiKey,
    unipay.settings.username,
    unipay.settings.password,
    basic(billagain.accountId, billagain.apiKey),
    basic(unipay.settings.username, unipay.settings.password),
    'secret-body',
    '127.0.0.1',
    'http://',
    new URL(billagain.url).port,
    '/customers',
    'Dialled',
    '\\n    at ',
  ]) {
    // The gateway's own address is logged by nobody here, so that any address is a vendor's.
    expect([secret, text.includes(secret)]).toEqual([secret, false]);
  }
}

describe('a part that fails', () => {
  it('takes only its own place, at its own path, through aliases and lists', async () => {
    vendors.unipay.dials.set({ path: /^\/customers\/7\/subscriptions/, status: 503 });
    const { data, errors } = await gateway.query<{
      all: { nodes: { id: string; subs: { nodes: unknown[]; pageInfo: unknown; completeness: unknown } }[] };
    }>(
      `{ all: customers(first: 200, accounts: ["unipay"]) {
           nodes { id subs: subscriptions(first: 5) { nodes { id } pageInfo { hasNextPage } completeness { account state } } } } }`,
    );
    const index = data?.all.nodes.findIndex(({ id }) => id === 'Customer:unipay:7') ?? -1;
    expect(data?.all.nodes).toHaveLength(20);
    expect(data?.all.nodes[index]?.subs).toEqual({
      nodes: [],
      pageInfo: { hasNextPage: false },
      completeness: [{ account: 'unipay', state: 'FAILED' }],
    });
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['all', 'nodes', index, 'subs'],
        extensions: expect.objectContaining({ code: 'VENDOR_UNAVAILABLE', account: 'unipay', retryable: true }),
      }),
    ]);
  });

  it('is the whole customer where custom fields cannot be read, as a list of them is never null', async () => {
    vendors.billagain.dials.set({ path: /with_customfields/, status: 503 });
    const { data, errors } = await gateway.query<unknown>(
      '{ a: customer(id: "Customer:billagain:302") { id customFields { key } } b: customer(id: "Customer:billagain:302") { id } }',
    );
    expect(data).toEqual({ a: null, b: { id: 'Customer:billagain:302' } });
    expect(errors?.map(({ path }) => path)).toEqual([['a']]);
  });

  it('is seen in the health of its account once too many calls have failed', async () => {
    vendors.unipay.dials.set({ status: 503 });
    const aliases = Array.from(
      { length: 30 },
      (_, index) => `c${index}: customer(id: "Customer:unipay:${index + 1}") { id }`,
    );
    await gateway.query(`{ ${aliases.join(' ')} }`);
    expect(await gateway.read('{ billingAccounts { name health } }')).toEqual({
      billingAccounts: [
        { name: 'billagain', health: 'UP' },
        { name: 'unipay', health: 'DOWN' },
      ],
    });
    const calls = await gateway.callsOf(() => gateway.query('{ customer(id: "Customer:unipay:1") { id } }'));
    expect(calls).toEqual([]);
  });
});

describe("a request's deadline", () => {
  it('brings what is there by then, and names what is not', async () => {
    await gateway.stop();
    gateway = await startTestGateway({ vendors, cache: NO_CACHE, server: { requestTimeoutMs: 1_000 } });
    vendors.unipay.dials.set({ latencyMs: 5_000 });
    const { data, errors } = await gateway.query<Data>(DOCUMENT);
    expect(data?.seed).toEqual({ id: 'Customer:billagain:302' });
    expect(data?.other).toBeNull();
    expect(data?.customers.nodes).toHaveLength(23);
    expect(data?.customers.completeness).toContainEqual(
      expect.objectContaining({ account: 'unipay', state: 'FAILED' }),
    );
    expect(new Set(errors?.map(({ extensions }) => extensions?.code))).toEqual(new Set(['VENDOR_TIMEOUT']));
  });
});
