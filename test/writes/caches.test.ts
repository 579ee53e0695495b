import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { Account } from '../../src/model/account.ts';
import { accountIdentity } from '../../src/model/account-identity.ts';
import { type OwnRedis, startOwnRedis } from '../redis-server.ts';
import { newCustomer, newUnipayCustomer } from './cases.ts';
import {
  ARCHIVE_CUSTOMER,
  attempt,
  CANCEL_SUBSCRIPTION,
  CREATE_CUSTOMER,
  CREATE_SUBSCRIPTION,
  DELETE_CUSTOMER,
  PERSON,
  REOPEN_CUSTOMER,
  UNIPAY_PERSON,
  UNIPAY_SUBSCRIPTION,
  UPDATE_CUSTOMER,
  UPDATE_SUBSCRIPTION,
  write,
} from './documents.ts';
import {
  connectTo,
  isReady,
  type Line,
  type LocalGateway,
  openLine,
  startLocalGateway,
  startVendors,
  type TestGateway,
  until,
  type Vendors,
} from './start-gateways.ts';

let vendors: Vendors;
let redis: OwnRedis;
/** Two replicas: each has what it reads under way to itself, and shares the cache. */
let here: LocalGateway;
let there: LocalGateway;

beforeAll(async () => {
  [vendors, redis] = await Promise.all([startVendors(), startOwnRedis()]);
});
afterAll(() => Promise.all([vendors.close(), redis.stop()]));

async function startReplica(settings = {}): Promise<LocalGateway> {
  const replica = await startLocalGateway(vendors, { REDIS_URL: redis.url, VENDOR_TIMEOUT_MS: '2000', ...settings });
  await until(() => isReady(replica.url));
  return replica;
}

beforeEach(async () => {
  [here, there] = await Promise.all([startReplica(), startReplica()]);
});
afterEach(async () => {
  redis.resume();
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
  await Promise.all([here.stop(), there.stop()]);
});

const LOOK = `query ($id: ID!) {
  customer(id: $id) { email status customFields { key } subscriptions(first: 20) { nodes { id note rawStatus } } }
  customers(first: 200) { nodes { id email } }
}`;
interface Look {
  readonly customer: {
    readonly email: string | null;
    readonly status: string;
    readonly subscriptions: { readonly nodes: readonly { readonly id: string; readonly note: string | null }[] };
  } | null;
  readonly customers: { readonly nodes: readonly { readonly id: string; readonly email: string | null }[] };
}

async function look(gateway: TestGateway, id: string): Promise<Look> {
  const { data, errors } = await gateway.ask<Look>(LOOK, { id });
  if (!data || errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Until it is remembered, as what is read is stored while its answer is on its way. */
async function warm(gateway: TestGateway, id: string): Promise<void> {
  await until(async () => {
    vendors.billagain.calls.clear();
    vendors.unipay.calls.clear();
    await look(gateway, id);
    return vendors.billagain.calls.count() + vendors.unipay.calls.count() === 0;
  });
}

const inList = ({ customers }: Look, id: string) => customers.nodes.find((node) => node.id === id);

describe.each(['the replica that wrote', 'another replica'])('after a write, %s', (which) => {
  let reader: LocalGateway;
  beforeEach(() => {
    reader = which === 'another replica' ? there : here;
  });

  it('has the changed customer, alone and in lists', async () => {
    const id = await newCustomer(vendors.billagain, { Email: 'old@example.com' });
    await warm(reader, id);
    await write(here, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } });
    const after = await look(reader, id);
    expect([after.customer?.email, inList(after, id)?.email]).toEqual(['new@example.com', 'new@example.com']);
    await write(here, ARCHIVE_CUSTOMER, { id });
    expect((await look(reader, id)).customer?.status).toBe('ARCHIVED');
    await write(here, REOPEN_CUSTOMER, { id });
    expect((await look(reader, id)).customer?.status).toBe('ACTIVE');
  });

  it('has the changed customer of UniPay', async () => {
    const id = await newUnipayCustomer(vendors.unipay);
    await warm(reader, id);
    await write(here, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } });
    const after = await look(reader, id);
    expect([after.customer?.email, inList(after, id)?.email]).toEqual(['new@example.com', 'new@example.com']);
  });

  it.each([
    ['billagain', PERSON],
    ['unipay', UNIPAY_PERSON],
  ])(
    'has the customer created at %s in its lists, and by an id that was remembered as absent',
    async (_name, input) => {
      const first = await write(here, CREATE_CUSTOMER, { input });
      const [kind, account, number] = first.customer?.id.split(':') ?? [];
      const next = `${kind}:${account}:${Number(number) + 1}`;
      await warm(reader, next);
      expect((await look(reader, next)).customer).toBeNull();
      const second = await write(here, CREATE_CUSTOMER, { input });
      expect(second.customer?.id).toBe(next);
      const after = await look(reader, next);
      expect(after.customer).not.toBeNull();
      expect(inList(after, next)?.id).toBe(next);
    },
  );

  it('has no deleted customer', async () => {
    const id = await newCustomer(vendors.billagain);
    await warm(reader, id);
    await write(here, DELETE_CUSTOMER, { id });
    const after = await look(reader, id);
    expect([after.customer, inList(after, id)]).toEqual([null, undefined]);
  });

  it("has the subscriptions as they are, alone and in their customer's list", async () => {
    const owner = await newUnipayCustomer(vendors.unipay);
    await warm(reader, owner);
    const input = { ...UNIPAY_SUBSCRIPTION, customerId: owner };
    const { subscription } = await write(here, CREATE_SUBSCRIPTION, { input });
    const id = subscription?.id ?? '';
    const one = async () => {
      const alone = `query ($id: ID!) { subscription(id: $id) { note rawStatus } }`;
      const { data } = await reader.ask<{ subscription: { note: string | null; rawStatus: string } }>(alone, { id });
      const list = (await look(reader, owner)).customer?.subscriptions.nodes.find((node) => node.id === id);
      expect(list).toEqual({ id, ...data?.subscription });
      return data?.subscription;
    };
    expect(await one()).toMatchObject({ note: null });
    await write(here, UPDATE_SUBSCRIPTION, { input: { id, note: 'call first' } });
    expect(await one()).toMatchObject({ note: 'call first' });
    await write(here, CANCEL_SUBSCRIPTION, { input: { id, effectiveDate: '2026-01-01' } });
    expect(await one()).toMatchObject({ rawStatus: 'N' });
  });

  it.each([
    ['is archived', async (id: string) => void (await write(here, ARCHIVE_CUSTOMER, { id }))],
    ['is opened again', async (id: string) => void (await write(here, REOPEN_CUSTOMER, { id }))],
    ['is changed', async (id: string) => void (await write(here, UPDATE_CUSTOMER, { input: { id, phone: '1' } }))],
    ['is deleted', async (id: string) => void (await write(here, DELETE_CUSTOMER, { id }))],
  ])(
    'reads each subscription of a customer anew that %s, and each that was remembered as absent',
    async (_, change) => {
      const owner = await newCustomer(vendors.billagain);
      const input = { account: 'billagain', customerId: owner, planId: '9', startDate: '2026-02-01' };
      const { subscription } = await write(here, CREATE_SUBSCRIPTION, { input });
      const id = subscription?.id ?? '';
      const read = (more = '') =>
        reader.ask(`{
          there: subscription(id: "${id}") { id status source { cached } ${more} }
          absent: subscription(id: "${id}9") { id }
        }`);
      await until(async () => {
        vendors.billagain.calls.clear();
        await read();
        return vendors.billagain.calls.count() === 0;
      });
      await change(owner);
      vendors.billagain.calls.clear();
      const { data, errors } = await read('customer { id }');
      expect(errors).toBeUndefined();
      // Both were asked for again, and what is gone is gone.
      expect(vendors.billagain.calls.count('GET', /subscriptions/)).toBe(2);
      const isDeleted = vendors.billagain.customer(Number(owner.split(':')[2])) === undefined;
      const now = { id, status: expect.any(String), customer: { id: owner }, source: { cached: false } };
      expect(data).toEqual({ there: isDeleted ? null : now, absent: null });
    },
  );

  it('does not serve a subscription of a deleted customer while the vendor is down', async () => {
    const owner = await newCustomer(vendors.billagain);
    const input = { account: 'billagain', customerId: owner, planId: '9', startDate: '2026-02-01' };
    const { subscription } = await write(here, CREATE_SUBSCRIPTION, { input });
    const read = () =>
      reader.ask<{ subscription: object | null }>(`{ subscription(id: "${subscription?.id}") { id } }`);
    await until(async () => {
      vendors.billagain.calls.clear();
      await read();
      return vendors.billagain.calls.count() === 0;
    });
    await write(here, DELETE_CUSTOMER, { id: owner });
    vendors.billagain.dials.set({ status: 503 });
    const { data, errors } = await read();
    expect(data).toEqual({ subscription: null });
    expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_UNAVAILABLE' } }]);
  });

  it('has the customer of a write whose outcome nobody learned', async () => {
    const id = await newCustomer(vendors.billagain, { Email: 'old@example.com' });
    await warm(reader, id);
    vendors.billagain.dials.set({ method: 'PUT', drop: 'after' });
    await write(here, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } });
    vendors.billagain.dials.clear();
    expect((await look(reader, id)).customer?.email).toBe('new@example.com');
  });

  it('does not join a read of the customer that began before the write', async () => {
    const id = await newCustomer(vendors.billagain, { Email: 'old@example.com' });
    const email = () =>
      reader
        .ask<{ customer: { email: string } }>(`{ customer(id: "${id}") { email } }`)
        .then(({ data }) => data?.customer.email);
    // Takes what it reads before it is held up, as an answer on its way does.
    vendors.billagain.calls.clear();
    vendors.billagain.dials.set({
      path: /by_customer_ids/,
      times: 1,
      latencyMs: 700,
      body: JSON.stringify([vendors.billagain.customer(Number(id.split(':')[2]))]),
    });
    const slow = email();
    await until(() => vendors.billagain.calls.count('POST', /by_customer_ids/) === 1);
    await write(here, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } });
    expect(await email()).toBe('new@example.com');
    expect(await slow).toBe('old@example.com');
    // Nor has the slow one brought the old record back.
    expect(await email()).toBe('new@example.com');
  });

  it('does not join a read of a customer that is gone meanwhile', async () => {
    const id = await newCustomer(vendors.billagain);
    const read = () =>
      reader.ask<{ customer: object | null }>(`{ customer(id: "${id}") { id } }`).then(({ data }) => data);
    vendors.billagain.calls.clear();
    vendors.billagain.dials.set({
      path: /by_customer_ids/,
      times: 1,
      latencyMs: 700,
      body: JSON.stringify([vendors.billagain.customer(Number(id.split(':')[2]))]),
    });
    const slow = read();
    await until(() => vendors.billagain.calls.count('POST', /by_customer_ids/) === 1);
    await write(here, DELETE_CUSTOMER, { id });
    expect(await read()).toEqual({ customer: null });
    expect(await slow).toEqual({ customer: { id } });
    expect(await read()).toEqual({ customer: null });
  });

  it('does not join a list that began before the write', async () => {
    const listed = () =>
      reader
        .ask<Look>('{ customers(first: 200, accounts: ["billagain"]) { nodes { id } } }')
        .then(({ data }) => data?.customers.nodes.map((node) => node.id));
    const rows = [302, 300].map((number) => vendors.billagain.customer(number));
    vendors.billagain.calls.clear();
    vendors.billagain.dials.set({
      method: 'GET',
      path: /^\/customers$/,
      times: 1,
      latencyMs: 700,
      body: JSON.stringify(rows),
    });
    const slow = listed();
    await until(() => vendors.billagain.calls.count('GET', /^\/customers$/) === 1);
    const { customer } = await write(here, CREATE_CUSTOMER, { input: PERSON });
    expect(await listed()).toContain(customer?.id);
    expect(await slow).not.toContain(customer?.id);
    expect(await listed()).toContain(customer?.id);
  });
});

it('without a cache no read is joined that began before a write either', async () => {
  const gateway = await startLocalGateway(vendors, { CACHE_TTL_SECONDS: '0' });
  const id = await newCustomer(vendors.billagain, { Email: 'old@example.com' });
  const row = vendors.billagain.customer(Number(id.split(':')[2]));
  const document = `{ customer(id: "${id}") { email } customers(first: 3, accounts: ["billagain"]) { nodes { id email } } }`;
  const emails = () =>
    gateway.ask<Look>(document).then(({ data }) => [data?.customer?.email, data && inList(data, id)?.email]);
  const body = JSON.stringify([row]);
  vendors.billagain.calls.clear();
  vendors.billagain.dials.set(
    { path: /by_customer_ids/, times: 1, latencyMs: 600, body },
    { method: 'GET', path: /^\/customers$/, times: 1, latencyMs: 600, body },
  );
  const slow = emails();
  await until(() => vendors.billagain.calls.count() === 2);
  await write(gateway, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } });
  expect(await emails()).toEqual(['new@example.com', 'new@example.com']);
  expect(await slow).toEqual(['old@example.com', 'old@example.com']);
  await gateway.stop();
});

it('a write is seen by every replica though Redis is full', async () => {
  const owner = await newUnipayCustomer(vendors.unipay);
  await warm(here, owner);
  await warm(there, owner);
  const client = connectTo(redis.url);
  await client.config('SET', 'maxmemory', '1');
  try {
    // A create without a key needs nothing of Redis.
    const input = { ...UNIPAY_SUBSCRIPTION, customerId: owner };
    const { subscription } = await write(here, CREATE_SUBSCRIPTION, { input });
    for (const replica of [here, there]) {
      const { customer } = await look(replica, owner);
      expect(customer?.subscriptions.nodes.map(({ id }) => id)).toEqual([subscription?.id]);
    }
    expect(await client.keys(`{default:*}:unipay:*:customer*:${owner.split(':')[2]}`)).toEqual([]);
    expect(await client.keys(`fence:{default:*}:unipay:*:${owner.split(':')[2]}`)).toHaveLength(3);
  } finally {
    await client.config('SET', 'maxmemory', '0');
    client.disconnect();
  }
});

describe('an invalidation that could not reach Redis', () => {
  let line: Line;
  let cutOff: LocalGateway;
  let client: Redis;
  // Looked at in Redis: where a busy machine answers too late for the cache, a replica reads anew by itself.
  const generation = async () => {
    const { url, accountId, apiKey } = vendors.billagain;
    const account = { vendor: 'BILLAGAIN', url, credentials: { username: accountId, password: apiKey } } as Account;
    return client.get(`{default:${accountIdentity(account)}}:generation`);
  };
  beforeEach(async () => {
    client = connectTo(redis.url);
    line = await openLine(redis.url);
    cutOff = await startReplica({ REDIS_URL: line.url });
  });
  afterEach(async () => {
    client.disconnect();
    await cutOff.stop();
    await line.close();
  });

  it('is made up for: lists', async () => {
    const id = await newCustomer(vendors.billagain);
    await warm(there, id);
    // A create without a key needs nothing of Redis, and drops the account's lists.
    line.cut();
    const before = await generation();
    const { customer } = await write(cutOff, CREATE_CUSTOMER, { input: PERSON });
    expect(customer).not.toBeNull();
    expect(await generation()).toBe(before);
    line.mend();
    await until(async () => (await generation()) !== before);
    expect(inList(await look(there, id), customer?.id ?? '')).toBeDefined();
  });

  it('is made up for: a record', async () => {
    const id = await newCustomer(vendors.billagain, { Email: 'old@example.com' });
    await warm(there, id);
    vendors.billagain.dials.set({ method: 'PUT', latencyMs: 300 });
    vendors.billagain.calls.clear();
    const update = write(cutOff, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } });
    await until(() => vendors.billagain.calls.count('PUT') === 1);
    line.cut();
    const before = await generation();
    const fences = () => client.keys(`fence:{default:*}:billagain:*:customer:${id.split(':')[2]}`);
    expect(await update).toMatchObject({ userErrors: [], customer: { email: 'new@example.com' } });
    expect([await generation(), await fences()]).toEqual([before, []]);
    line.mend();
    await until(async () => (await generation()) !== before && (await fences()).length === 1);
    const after = await look(there, id);
    expect([after.customer?.email, inList(after, id)?.email]).toEqual(['new@example.com', 'new@example.com']);
  });

  it('is made up for when Redis stopped answering', async () => {
    const id = await newCustomer(vendors.billagain, { Email: 'old@example.com' });
    await warm(there, id);
    vendors.billagain.dials.set({ method: 'PUT', latencyMs: 300 });
    vendors.billagain.calls.clear();
    const update = attempt(here, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } });
    await until(() => vendors.billagain.calls.count('PUT') === 1);
    redis.pause();
    const { data, errors } = await update;
    expect([data?.payload.userErrors, errors]).toEqual([[], undefined]);
    redis.resume();
    await until(async () => (await look(there, id)).customer?.email === 'new@example.com');
  });
});

it('the record that was read back is remembered for every replica', async () => {
  const id = await newCustomer(vendors.billagain, { Email: 'old@example.com' });
  await warm(there, id);
  await write(here, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } });
  for (const replica of [here, there]) {
    // More than once where the cache answers too late; but what is only fenced would be read each time.
    await until(async () => {
      vendors.billagain.calls.clear();
      const { data } = await replica.ask(`{ customer(id: "${id}") { email } }`);
      expect(data).toEqual({ customer: { email: 'new@example.com' } });
      return vendors.billagain.calls.count() === 0;
    });
  }
});

it('each mutation of one request sees the ones before it, and so do the fields behind each', async () => {
  const id = await newCustomer(vendors.billagain, { Email: '0@example.com' });
  const body =
    'customer { email status version customFields { key } source { cached } subscriptions { nodes { id } } }';
  const { data, errors } = await here.ask(
    `mutation ($id: ID!) {
      first: updateCustomer(input: { id: $id, email: "1@example.com" }) { ${body} }
      second: updateCustomer(input: { id: $id, phone: "2" }) { customer { email phone } }
      third: archiveCustomer(id: $id) { ${body} }
      subscribed: createSubscription(input: { account: "billagain", customerId: $id, planId: "9", startDate: "2026-02-01" }) {
        subscription { customer { email status subscriptions { nodes { planId } } } }
      }
      fourth: reopenCustomer(id: $id) { ${body} }
      gone: deleteCustomer(id: $id) { deletedId }
      late: updateCustomer(input: { id: $id, phone: "3" }) { customer { email } userErrors { code } }
    }`,
    { id },
  );
  expect(errors).toBeUndefined();
  const one = [{ id: expect.anything() }];
  const fresh = { version: expect.anything(), customFields: [], source: { cached: false } };
  expect(data).toEqual({
    first: { customer: { ...fresh, email: '1@example.com', status: 'ACTIVE', subscriptions: { nodes: [] } } },
    second: { customer: { email: '1@example.com', phone: '2' } },
    third: { customer: { ...fresh, email: '1@example.com', status: 'ARCHIVED', subscriptions: { nodes: [] } } },
    subscribed: {
      subscription: {
        customer: { email: '1@example.com', status: 'ARCHIVED', subscriptions: { nodes: [{ planId: '9' }] } },
      },
    },
    fourth: { customer: { ...fresh, email: '1@example.com', status: 'ACTIVE', subscriptions: { nodes: one } } },
    gone: { deletedId: id },
    late: { customer: null, userErrors: [{ code: 'NOT_FOUND' }] },
  });
});
