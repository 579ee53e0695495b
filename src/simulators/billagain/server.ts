import { CallLog } from '../call-log.ts';
import { Dials } from '../dials.ts';
import { type Simulator, startHttp, type VendorAnswer, type VendorRequest } from '../simulator.ts';
import { Account, readId } from './account.ts';
import type { CustomerRow, CustomField } from './customer.ts';
import { BILLAGAIN_DEFAULTS, type BillagainOptions } from './options.ts';
import { Refusal, writeErrors } from './refusal.ts';
import type { SubscriptionRow } from './subscription.ts';

export type { BillagainOptions } from './options.ts';

export interface BillagainSimulator extends Simulator {
  /** Basic username and password. */
  readonly accountId: string;
  readonly apiKey: string;
  /** Seeds, generated and created customers, without the deleted. */
  readonly customerCount: number;
  /** As the vendor has it now; undefined when there is none. */
  customer(id: number): CustomerRow | undefined;
  customFieldsOf(id: number): readonly CustomField[];
  subscriptionsOf(id: number): SubscriptionRow[];
  /** What the vendor's own screens can change and its API can't, such as a suspension. */
  change(id: number, changes: Partial<Omit<CustomerRow, 'customerID'>>): void;
}

/** BillAgain's customers API (seed 002) on loopback, with seed 002's customers and generated ones. */
export async function startBillagain(options: BillagainOptions = {}): Promise<BillagainSimulator> {
  const account = new Account(options);
  const accountId = options.accountId ?? BILLAGAIN_DEFAULTS.accountId;
  const apiKey = options.apiKey ?? BILLAGAIN_DEFAULTS.apiKey;
  const simulator = await startHttp({
    port: options.port ?? 0,
    basePath: '/v1',
    username: accountId,
    password: apiKey,
    latencyMs: options.latencyMs ?? 0,
    dials: new Dials(),
    calls: new CallLog(),
    respond(request) {
      try {
        return route(account, request);
      } catch (error) {
        if (error instanceof Refusal) return writeErrors(error.status, error.message);
        throw error;
      }
    },
    // Neither text nor shape of a 401 is documented.
    unauthorized: () => writeErrors(401, 'Authentication failed'),
    failure: writeErrors,
  });
  return {
    ...simulator,
    accountId,
    apiKey,
    get customerCount() {
      return account.customerCount;
    },
    customer: (id) => account.customer(id),
    customFieldsOf: (id) => account.customFieldsOf(id),
    subscriptionsOf: (id) => account.subscriptionsOf(id),
    change: (id, changes) => account.change(id, changes),
  };
}

/** The modes of the vendor's PHP client. */
const CANCEL_MODES: ReadonlyMap<string, 'renewal' | 'now'> = new Map([
  ['renewal', 'renewal'],
  ['norefund', 'now'],
  ['prorata', 'now'],
  ['fullcredit', 'now'],
]);

function route(account: Account, request: VendorRequest): VendorAnswer {
  const [, collection, first, second, third, ...rest] = request.path.split('/');
  if (rest.length === 0) {
    const parts = [first, second, third].filter((part) => part !== undefined);
    const answer =
      collection === 'customers'
        ? routeCustomers(account, request, parts)
        : collection === 'subscriptions'
          ? routeSubscriptions(account, request, parts)
          : request.method === 'POST' && collection === 'by_customer_ids' && parts.length === 0
            ? account.listByIds(request)
            : undefined;
    if (answer !== undefined) return answer;
  }
  // Not documented; proxies and frameworks answer 404.
  return writeErrors(404, `No such operation: ${request.method} ${request.path}`);
}

function routeCustomers(account: Account, request: VendorRequest, parts: readonly string[]): VendorAnswer | undefined {
  const [first, second] = parts;
  if (first === undefined) {
    if (request.method === 'GET') return account.list(request, false);
    return request.method === 'POST' ? account.create(request) : undefined;
  }
  if (first === 'with_customfields') {
    if (request.method !== 'GET' || parts.length > 2) return undefined;
    return second === undefined ? account.list(request, true) : account.load(readId(second), true);
  }
  switch (`${request.method} ${parts.slice(1).join('/')}`) {
    case 'GET ':
      return account.load(readId(first), false);
    case 'PUT ':
      return account.edit(readId(first), request);
    case 'DELETE ':
      return account.delete(readId(first));
    case 'PUT archive':
      return account.setArchived(readId(first), true);
    case 'PUT reopen':
      return account.setArchived(readId(first), false);
    case 'GET subscriptions':
      return account.listSubscriptions(readId(first), request);
    default:
      return undefined;
  }
}

function routeSubscriptions(
  account: Account,
  request: VendorRequest,
  parts: readonly string[],
): VendorAnswer | undefined {
  const [id, action, mode] = parts;
  if (id === undefined) return request.method === 'POST' ? account.createSubscription(request) : undefined;
  if (action === undefined) return request.method === 'GET' ? account.loadSubscription(readId(id)) : undefined;
  const cancelMode = action === 'cancel' ? CANCEL_MODES.get(mode ?? '') : undefined;
  if (request.method !== 'PUT' || cancelMode === undefined) return undefined;
  return account.cancelSubscription(readId(id), cancelMode);
}
