import { describe, expect, it } from '@jest/globals';
import { AccountKeys, subscriptionKey, windowKey } from '../../src/loaders/keys.ts';

describe('cache keys', () => {
  const keysOf = (tenant: string, name: string, identity = 'identity', recordShape = 'shape') => {
    const keys = new AccountKeys(tenant, { name, identity, recordShape });
    const window = { offset: 0, count: 10 };
    return [
      keys.customers(false).of('1'),
      keys.customers(true).of('1'),
      keys.customers(false).of('11'),
      keys.subscriptions().of(subscriptionKey('1', '1')),
      keys.subscriptions().of(subscriptionKey('1', '11')),
      keys.subscriptions().of(subscriptionKey('11', '1')),
      keys.customerLists(false).of(windowKey(window, {})),
      keys.customerLists(true).of(windowKey(window, {})),
      keys.customerLists(false).of(windowKey({ offset: 10, count: 10 }, {})),
      keys.customerLists(false).of(windowKey({ offset: 0, count: 101 }, {})),
      keys.customerLists(false).of(windowKey(window, { email: 'poqo@hotmail.com' })),
      keys.customerLists(false).of(windowKey(window, { email: 'poqo@hotmail.co' })),
      keys.subscriptionLists().of(`1:${windowKey(window, {})}`),
      keys.subscriptionLists().of(`11:${windowKey(window, {})}`),
      keys.subscriptionLists().of(`1:${windowKey(window, { status: 'ACTIVE' })}`),
    ];
  };

  it('start with tenant and vendor account, in the braces that keep them in one slot, and differ from each other', () => {
    const all = [keysOf('default', 'billagain'), keysOf('default', 'unipay'), keysOf('other', 'billagain')];
    for (const key of all[0] ?? []) expect(key).toMatch(/^\{default:identity\}:billagain:\d+-shape:/);
    expect(new Set(all.flat()).size).toBe(all.flat().length);
  });

  it('differ for another vendor account of the same name, and for records of another shape', () => {
    const all = [
      keysOf('default', 'billagain'),
      keysOf('default', 'billagain', 'another identity'),
      keysOf('default', 'billagain', 'identity', 'another shape'),
    ];
    expect(new Set(all.flat()).size).toBe(all.flat().length);
  });

  it('share the word of the last write over all names of one vendor account and all shapes of its records', () => {
    const generationOf = (tenant: string, name: string, identity: string, recordShape: string) =>
      new AccountKeys(tenant, { name, identity, recordShape }).generation;
    expect(generationOf('default', 'south', 'identity', 'new')).toBe(
      generationOf('default', 'billagain', 'identity', 'old'),
    );
    expect(generationOf('default', 'south', 'other', 'new')).not.toBe(
      generationOf('default', 'south', 'identity', 'new'),
    );
    expect(generationOf('other', 'south', 'identity', 'new')).not.toBe(
      generationOf('default', 'south', 'identity', 'new'),
    );
  });

  it('are the same for the same, and hold nothing of a filter', () => {
    expect(keysOf('default', 'billagain')).toEqual(keysOf('default', 'billagain'));
    expect(keysOf('default', 'billagain').join()).not.toMatch(/poqo|hotmail/);
  });
});
