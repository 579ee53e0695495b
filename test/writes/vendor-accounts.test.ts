import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { type OwnRedis, startOwnRedis } from '../redis-server.ts';
import { newCustomer } from './cases.ts';
import { CREATE_CUSTOMER, codesOf, DELETE_CUSTOMER, PERSON, UPDATE_CUSTOMER, write } from './documents.ts';
import {
  isReady,
  type LocalGateway,
  startLocalGateway,
  startVendors,
  type TestGateway,
  until,
  type Vendors,
} from './start-gateways.ts';

let redis: OwnRedis;
let vendors: Vendors;
let others: Vendors;
const started: LocalGateway[] = [];
beforeAll(async () => {
  [redis, vendors, others] = await Promise.all([startOwnRedis(), startVendors(), startVendors()]);
});
afterAll(() => Promise.all([redis.stop(), vendors.close(), others.close()]));
afterEach(async () => {
  vendors.billagain.dials.clear();
  await Promise.all(started.splice(0).map((gateway) => gateway.stop()));
});

async function start(at: Vendors, settings = {}): Promise<LocalGateway> {
  const gateway = await startLocalGateway(at, { REDIS_URL: redis.url, ...settings });
  started.push(gateway);
  await until(() => isReady(gateway.url));
  return gateway;
}

/** A gateway that calls the same BillAgain account otherwise. */
async function startRenamed(name: string): Promise<LocalGateway> {
  const { url, accountId, apiKey } = vendors.billagain;
  const path = join(await mkdtemp(join(tmpdir(), 'billgraph-accounts-')), 'accounts.json');
  const credentials = { accountId: { env: 'ITS_ID' }, apiKey: { env: 'ITS_KEY' } };
  await writeFile(path, JSON.stringify({ accounts: [{ name, dialect: 'billagain', url, credentials }] }));
  const unset = ['BILLAGAIN_URL', 'BILLAGAIN_ACCOUNT_ID', 'BILLAGAIN_API_KEY', 'UNIPAY_URL', 'UNIPAY_USERNAME'];
  const variables = Object.fromEntries([...unset, 'UNIPAY_PASSWORD'].map((variable) => [variable, '']));
  return start(vendors, { ...variables, ACCOUNTS_FILE: path, ITS_ID: accountId, ITS_KEY: apiKey });
}

const nameOf = async (gateway: TestGateway, id: string) => {
  const { data } = await gateway.ask<{ customer: { displayName: string } | null }>(
    `{ customer(id: "${id}") { displayName } }`,
  );
  return data?.customer?.displayName;
};

it('gateways with one Redis and one account name do not serve each other the customers of different vendor accounts', async () => {
  const [here, there] = await Promise.all([start(vendors), start(others)]);
  const id = await newCustomer(vendors.billagain);
  await until(async () => {
    vendors.billagain.calls.clear();
    expect(await nameOf(here, id)).toBe('Grace Hopper');
    return vendors.billagain.calls.count() === 0;
  });
  // The same number belongs to nobody there.
  expect(await nameOf(there, id)).toBeUndefined();
  const key = randomUUID();
  const [mine, theirs] = [
    await write(here, CREATE_CUSTOMER, { input: PERSON, key }),
    await write(there, CREATE_CUSTOMER, { input: PERSON, key }),
  ];
  expect([mine.replayed, theirs.replayed]).toEqual([false, false]);
});

it('gateways that call one vendor account differently make one customer for one idempotency key', async () => {
  const [here, renamed] = await Promise.all([start(vendors), startRenamed('other-name')]);
  const key = randomUUID();
  vendors.billagain.calls.clear();
  const first = await write(here, CREATE_CUSTOMER, { input: PERSON, key });
  const second = await write(renamed, CREATE_CUSTOMER, { input: { ...PERSON, account: 'other-name' }, key });
  expect(vendors.billagain.calls.count('POST', /^\/customers$/)).toBe(1);
  expect([codesOf(second), second.replayed]).toEqual([[], true]);
  expect(second.customer?.id).toBe(first.customer?.id.replace('billagain', 'other-name'));
});

it('gateways that call one vendor account differently do not bring back a customer that one of them has deleted', async () => {
  const [here, there] = await Promise.all([start(vendors), startRenamed('south')]);
  const key = randomUUID();
  const made = await write(here, CREATE_CUSTOMER, { input: PERSON, key });
  const number = made.customer?.id.split(':')[2];
  expect(codesOf(await write(there, DELETE_CUSTOMER, { id: `Customer:south:${number}` }))).toEqual([]);
  const again = await write(here, CREATE_CUSTOMER, { input: PERSON, key });
  expect(again).toMatchObject({ customer: null, replayed: true, userErrors: [{ code: 'NOT_FOUND' }] });
});

it('gateways that call one vendor account differently change a customer one after the other', async () => {
  const [here, renamed] = await Promise.all([start(vendors), startRenamed('other-name')]);
  const id = await newCustomer(vendors.billagain, { Email: 'old@example.com' });
  vendors.billagain.dials.set({ method: 'PUT', latencyMs: 200 });
  const results = await Promise.all([
    write(here, UPDATE_CUSTOMER, { input: { id, email: 'new@example.com' } }),
    write(renamed, UPDATE_CUSTOMER, { input: { id: id.replace('billagain', 'other-name'), phone: '0123' } }),
  ]);
  expect(results.map(codesOf)).toEqual([[], []]);
  // Neither was worked out from what the other was about to change.
  const changed = JSON.stringify(vendors.billagain.customer(Number(id.split(':')[2])));
  expect(changed).toContain('new@example.com');
  expect(changed).toContain('0123');
});
