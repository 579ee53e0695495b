import { hash } from 'node:crypto';
import type { Account } from './account.ts';

/**
 * Names the vendor account that an account of ours leads to, for whatever outlives a request or is shared by replicas: cache
 * keys, locks, idempotency keys. Two gateways may give one name to different vendor accounts.
 *
 * A text of 16 characters, made of the vendor, the base URL, the user and UniPay's profile. No secret can be found from it.
 */
export function accountIdentity({ vendor, url, credentials, unipay }: Account): string {
  const { origin, pathname } = new URL(url);
  const parts = [vendor, origin + pathname.replace(/\/+$/, ''), credentials.username, unipay?.profile ?? ''];
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 16);
}
