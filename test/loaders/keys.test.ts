import { describe, expect, it } from '@jest/globals';
import { AccountKeys } from '../../src/loaders/keys.ts';

describe('cache keys', () => {
  const keysOf = (tenant: string, account: string) => {
    const keys = new AccountKeys(tenant, account);
    return [
      keys.generation,
      keys.customer('1', false),
      keys.customer('1', true),
      keys.customer('11', false),
      keys.subscription('1', '1'),
      keys.subscription('1', '11'),
      keys.subscription('11', '1'),
      keys.customers({ offset: 0, count: 10 }, {}, false),
      keys.customers({ offset: 0, count: 10 }, {}, true),
      keys.customers({ offset: 10, count: 10 }, {}, false),
      keys.customers({ offset: 0, count: 101 }, {}, false),
      keys.customers({ offset: 0, count: 10 }, { email: 'poqo@hotmail.com' }, false),
      keys.customers({ offset: 0, count: 10 }, { email: 'poqo@hotmail.co' }, false),
      keys.subscriptions('1', { offset: 0, count: 10 }, {}),
      keys.subscriptions('11', { offset: 0, count: 10 }, {}),
      keys.subscriptions('1', { offset: 0, count: 10 }, { status: 'ACTIVE' }),
    ];
  };

  it('start with tenant and account, in the braces that keep them in one slot, and differ from each other', () => {
    const all = [keysOf('default', 'billagain'), keysOf('default', 'unipay'), keysOf('other', 'billagain')];
    for (const key of all[0] ?? []) expect(key).toMatch(/^\{default:billagain\}:\d+:/);
    expect(new Set(all.flat()).size).toBe(all.flat().length);
  });

  it('are the same for the same, and hold nothing of a filter', () => {
    expect(keysOf('default', 'billagain')).toEqual(keysOf('default', 'billagain'));
    expect(keysOf('default', 'billagain').join()).not.toMatch(/poqo|hotmail/);
  });
});
