import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type OwnRedis, startOwnRedis } from '../redis-server.ts';
import { newCustomer } from './cases.ts';
import { attempt, CREATE_CUSTOMER, codesOf, PERSON, write } from './documents.ts';
import {
  connectTo,
  isReady,
  type LocalGateway,
  startLocalGateway,
  startVendors,
  takeCalls,
  until,
  type Vendors,
} from './start-gateways.ts';

const TIMEOUT_MS = 300;
const POST_CUSTOMERS = { method: 'POST', path: /^\/customers$/ };
const CARD = { number: '4111111111111111', expiryMonth: 12, expiryYear: 2090 };

let vendors: Vendors;
let redis: OwnRedis;
beforeAll(async () => {
  [vendors, redis] = await Promise.all([startVendors(), startOwnRedis()]);
});
afterAll(async () => {
  await Promise.all([vendors.close(), redis.stop()]);
});
afterEach(() => {
  vendors.billagain.dials.clear();
});

async function start(store: string): Promise<LocalGateway> {
  const gateway = await startLocalGateway(vendors, {
    VENDOR_TIMEOUT_MS: String(TIMEOUT_MS),
    ALLOW_RAW_CARD_DATA: 'true',
    ...(store === 'Redis' ? { REDIS_URL: redis.url } : {}),
  });
  await until(() => isReady(gateway.url));
  return gateway;
}

describe.each(['memory', 'Redis'])('a BillAgain create whose answer is lost, with keys in %s', (store) => {
  let gateway: LocalGateway;
  // One each, as creates that fail one after another open the circuit of creates.
  beforeEach(async () => {
    gateway = await start(store);
    vendors.billagain.calls.clear();
  });
  afterEach(() => gateway.stop());

  const create = (input: object, key?: string) => write(gateway, CREATE_CUSTOMER, { input, key });
  const lose = (drop: 'before' | 'after') => vendors.billagain.dials.set({ ...POST_CUSTOMERS, times: 1, drop });
  const { kind: _, displayName: __, ...NAMELESS } = PERSON;

  it('that is answered with 201 and no body is found, and its key goes on saying which it made', async () => {
    vendors.billagain.dials.set({ ...POST_CUSTOMERS, times: 1, rewrite: () => '' });
    const input = { ...PERSON, reference: randomUUID() };
    const key = randomUUID();
    const made = await create(input, key);
    expect(made).toMatchObject({ userErrors: [], customer: { reference: input.reference } });
    expect(await create(input, key)).toMatchObject({ replayed: true, customer: { id: made.customer?.id } });
  });

  it('that is answered with 201 and no body while the list is away is found by the next request with its key', async () => {
    vendors.billagain.dials.set({ ...POST_CUSTOMERS, times: 1, rewrite: () => '' }, { method: 'GET', status: 500 });
    const input = { ...PERSON, reference: randomUUID() };
    const key = randomUUID();
    await attempt(gateway, CREATE_CUSTOMER, { input, key });
    vendors.billagain.dials.clear();
    expect(await create(input, key)).toMatchObject({ replayed: true, customer: { reference: input.reference } });
    expect(vendors.billagain.calls.count('POST', /^\/customers$/)).toBe(1);
  });

  it.each([
    ['a person', { firstName: 'Ada', lastName: 'Lovelace' }],
    ['a person by a whole name', { displayName: 'Ada Lovelace' }],
    ['a company', { organizationName: 'Analytical Engines' }],
    ['a person of a company', { displayName: 'Ada', organizationName: 'Analytical Engines' }],
    ['nobody', { email: 'ada@example.com' }],
  ])('is found though its kind was left to be told: %s', async (_who, names) => {
    lose('after');
    const reference = randomUUID();
    expect(await create({ ...NAMELESS, ...names, reference })).toMatchObject({
      customer: { reference },
      userErrors: [],
    });
    expect(vendors.billagain.calls.count('POST', /^\/customers$/)).toBe(1);
  });

  it('is found with all that a create can say and a list can show', async () => {
    lose('after');
    const input = {
      ...PERSON,
      reference: randomUUID(),
      email: ' Ada@Example.com ',
      emailCc: 'cc@example.com',
      phone: '1',
      mobilePhone: '2',
      fax: '3',
      registrationNumber: '007',
      taxNumber: 'VAT 1',
      paymentMethod: 'EFT',
      address: { line1: '1 Long Street', line2: 'x', city: 'Cape Town', region: 'WC', postalCode: '0001' },
      billAgain: { taxCountryId: '71', taxRegionId: '1' },
    };
    expect(await create(input)).toMatchObject({ userErrors: [], customer: { reference: input.reference } });
  });

  const SUBSCRIPTIONS = [
    { planId: '71', startDate: '2026-12-01', cycleMonths: 1 },
    { planId: '72', startDate: '2026-12-01' },
  ];

  it('is found by its subscriptions, too', async () => {
    lose('after');
    const input = { ...PERSON, reference: randomUUID(), billAgain: { subscriptions: SUBSCRIPTIONS } };
    expect(await create(input)).toMatchObject({ userErrors: [], customer: { reference: input.reference } });
  });

  it.each([
    ['other subscriptions', { subscriptions: [{ planId: '73' }] }],
    ['one subscription more', { subscriptions: [...SUBSCRIPTIONS, { planId: '73' }] }],
    ['a contact', { contact: { firstName: 'Ada', lastName: 'L', email: 'ada@example.com' } }],
    ['a card', { paymentMethod: { creditCard: CARD } }],
    ['nothing else', {}],
  ])('is not taken for another create with the same reference and name and %s', async (_what, billAgain) => {
    const input = { ...PERSON, reference: randomUUID() };
    // By whatever way the first came to be.
    await newCustomer(vendors.billagain, { Reference: input.reference, Name: PERSON.displayName });
    const first = { ...PERSON, reference: randomUUID() };
    await create(first, randomUUID());
    for (const { reference } of Object.keys(billAgain).length > 0 ? [input, first] : [first]) {
      lose('before');
      const second = await create({ ...PERSON, reference, billAgain }, randomUUID());
      expect(second).toMatchObject({ customer: null, userErrors: [{ code: 'OUTCOME_UNKNOWN' }] });
    }
  });

  it('is not taken for the one with subscriptions when it asks for none', async () => {
    const input = { ...PERSON, reference: randomUUID() };
    const { customer } = await create(input);
    vendors.billagain.change(Number(customer?.id.split(':')[2]), { ActiveSubs: 1, Reference: 'moved' });
    const other = { ...PERSON, reference: randomUUID() };
    const old = await newCustomer(vendors.billagain, { Reference: other.reference, Name: PERSON.displayName });
    vendors.billagain.change(Number(old.split(':')[2]), { ActiveSubs: 1 });
    lose('before');
    expect(codesOf(await create(other))).toEqual(['OUTCOME_UNKNOWN']);
  });

  it('is not taken for one that was there minutes before it was sent', async () => {
    const input = { ...PERSON, reference: randomUUID() };
    const old = await newCustomer(vendors.billagain, { Reference: input.reference, Name: PERSON.displayName });
    const created = new Date(Date.now() - 3 * 60_000).toISOString();
    vendors.billagain.change(Number(old.split(':')[2]), { CreatedDate: created });
    lose('before');
    expect(codesOf(await create(input))).toEqual(['OUTCOME_UNKNOWN']);
  });

  it('is looked for again whenever its key is asked with, until it is found, and then answers with it', async () => {
    const input = { ...PERSON, reference: randomUUID() };
    const key = randomUUID();
    vendors.billagain.dials.set({ ...POST_CUSTOMERS, times: 1, latencyMs: 3 * TIMEOUT_MS });
    const first = await create(input, key);
    expect(codesOf(first)).toEqual(['OUTCOME_UNKNOWN']);
    // The client goes on hearing the same as long as nothing is known.
    expect(await create(input, key)).toEqual({ ...first, replayed: true });
    const before = vendors.billagain.customerCount;
    await until(() => vendors.billagain.customerCount === before + 1);
    const found = await Promise.all([create(input, key), create(input, key)]);
    for (const payload of found) {
      expect(payload).toMatchObject({ replayed: true, userErrors: [], customer: { reference: input.reference } });
    }
    takeCalls(vendors.billagain);
    const later = await create(input, key);
    expect(later).toMatchObject({ replayed: true, userErrors: [], customer: { id: found[0]?.customer?.id } });
    // It is known by its id.
    expect(takeCalls(vendors.billagain)).not.toContain('GET /customers');
    expect(vendors.billagain.customerCount).toBe(before + 1);
    const outcomes = gateway.audit().filter(({ idempotencyKey }) => idempotencyKey === key);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(expect.arrayContaining(['UNKNOWN', 'DONE', 'REPLAYED']));
  });

  it('stays unknown where the customer was made by the next create, with another key', async () => {
    const input = { ...PERSON, reference: randomUUID() };
    const keys = [randomUUID(), randomUUID()];
    lose('before');
    expect(codesOf(await create(input, keys[0]))).toEqual(['OUTCOME_UNKNOWN']);
    const second = await create(input, keys[1]);
    expect(second).toMatchObject({ userErrors: [], replayed: false });
    expect(codesOf(await create(input, keys[0]))).toEqual(['OUTCOME_UNKNOWN']);
    expect(await create(input, keys[1])).toMatchObject({ replayed: true, customer: { id: second.customer?.id } });
  });
});

it('what is kept to look for a lost create is when it was sent, and nothing of anybody', async () => {
  const gateway = await start('Redis');
  const input = { ...PERSON, displayName: 'Mary Somerville', reference: randomUUID(), email: 'mary@example.com' };
  vendors.billagain.dials.set({ ...POST_CUSTOMERS, drop: 'before' });
  await write(gateway, CREATE_CUSTOMER, { input, key: randomUUID() });
  await gateway.stop();
  const client = connectTo(redis.url);
  const stored: string[] = [];
  for (const key of await client.keys('*')) {
    const isHash = (await client.type(key)) === 'hash';
    stored.push(key, JSON.stringify(isHash ? await client.hgetall(key) : await client.get(key)));
  }
  client.disconnect();
  expect(stored.join('\n')).toContain('claimedAt');
  for (const text of ['Somerville', 'mary@', input.reference]) expect(stored.join('\n')).not.toContain(text);
});
