import { describe, expect, it } from '@jest/globals';
import { createMemoryCache } from '../../src/cache/memory.ts';
import { SharedReads } from '../../src/cache/shared-reads.ts';
import { AccountKeys } from '../../src/loaders/keys.ts';
import { Invalidation } from '../../src/writes/invalidation.ts';

const SETTINGS = { ttlSeconds: 60, absentTtlSeconds: 60, staleSeconds: 60 };
const KEYS = new AccountKeys('default', { name: 'billagain', identity: 'identity', recordShape: 'shape' });
const PLACE = { family: KEYS.customers(false), key: '302' };
const CUSTOMER = PLACE.family.of(PLACE.key);

function setUp(settings = SETTINGS) {
  const cache = createMemoryCache({ maxEntries: 100 });
  const invalidation = new Invalidation(cache, new SharedReads(), settings);
  const remembered = async () => (await cache.getMany([CUSTOMER]))[0]?.value;
  return { invalidation, remembered };
}

describe('a record that was read back after a write', () => {
  it('is remembered, though its key was dropped just now', async () => {
    const { invalidation, remembered } = setUp();
    const mark = await invalidation.forget(KEYS, [CUSTOMER]);
    await invalidation.remember(mark, PLACE, { balance: '1' }, Date.now());
    expect(await remembered()).toEqual({ balance: '1' });
  });

  it('is not remembered when another write to the account has ended meanwhile, as it may be from before that one', async () => {
    const { invalidation, remembered } = setUp();
    const mark = await invalidation.forget(KEYS, [CUSTOMER]);
    // Such as a subscription's, which changes its customer's counts and waits for no writer of the customer.
    await invalidation.forget(KEYS, [CUSTOMER, KEYS.subscriptions().of('302:7')]);
    await invalidation.remember(mark, PLACE, { balance: '1' }, Date.now());
    expect(await remembered()).toBeUndefined();
  });

  it('is not remembered where nothing is cached', async () => {
    const { invalidation, remembered } = setUp({ ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 });
    await invalidation.remember(await invalidation.forget(KEYS, [CUSTOMER]), PLACE, { balance: '1' }, Date.now());
    expect(await remembered()).toBeUndefined();
  });
});
