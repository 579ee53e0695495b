import type { Account } from '../../src/model/account.ts';
import type { Simulator } from '../../src/simulators/simulator.ts';
import { createTransport } from '../../src/transport/create-transport.ts';
import type { CallContext } from '../../src/transport/transport.ts';
import { billagain } from '../../src/vendors/billagain/index.ts';
import { unipay } from '../../src/vendors/unipay/index.ts';
import type { VendorAccount } from '../../src/vendors/vendor.ts';

const DIALECTS = { BILLAGAIN: billagain, UNIPAY: unipay };

type Connection = Pick<Account, 'vendor' | 'credentials' | 'unipay'> & Partial<Account>;

/** An account of a simulator's, over real HTTP. One attempt a call, so that what a test counts is what was asked. */
export function connect({ url }: Simulator, connection: Connection): VendorAccount {
  const account: Account = {
    name: connection.vendor.toLowerCase(),
    url,
    timeoutMs: 10_000,
    concurrency: 20,
    maxResponseBytes: 16 * 1024 * 1024,
    ...connection,
  };
  const dialect = DIALECTS[account.vendor];
  const transport = createTransport(account, {
    readFailure: (response, request) => dialect.readFailure(account.name, request, response),
    retry: { attempts: 1 },
  });
  return dialect.connect(account, transport);
}

/** Somebody who waits long enough. */
export function patience(): CallContext {
  return { signal: new AbortController().signal, deadlineMs: performance.now() + 25_000 };
}
