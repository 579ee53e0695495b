import { expect, test } from '@jest/globals';
import { type Account, unipayDefaults } from '../../src/model/account.ts';
import { accountIdentity } from '../../src/model/account-identity.ts';

const account: Account = {
  name: 'unipay',
  vendor: 'UNIPAY',
  url: 'https://vendor.example/api/v01',
  credentials: { username: 'api-1', password: 'secret' },
  timeoutMs: 1,
  concurrency: 1,
  maxResponseBytes: 1,
  unipay: unipayDefaults,
};
const identity = accountIdentity(account);

test('one vendor account has one identity, whatever it is called, and however its URL is written', () => {
  expect(accountIdentity({ ...account, name: 'other', timeoutMs: 2 })).toBe(identity);
  expect(accountIdentity({ ...account, url: 'https://VENDOR.example:443/api/v01/' })).toBe(identity);
});

test('a new password leaves the identity as it is', () => {
  expect(accountIdentity({ ...account, credentials: { username: 'api-1', password: 'new' } })).toBe(identity);
});

test.each<[string, Partial<Account>]>([
  ['another host', { url: 'https://other.example/api/v01' }],
  ['another path', { url: 'https://vendor.example/api/v02' }],
  ['another user', { credentials: { username: 'api-2', password: 'secret' } }],
  ['another profile', { unipay: { ...unipayDefaults, profile: 'billing' } }],
  ['another vendor', { vendor: 'BILLAGAIN' }],
])('%s is another vendor account', (_, change) => {
  expect(accountIdentity({ ...account, ...change })).not.toBe(identity);
});
