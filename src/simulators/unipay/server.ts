import { CallLog } from '../call-log.ts';
import { Dials } from '../dials.ts';
import { type Simulator, startHttp, type VendorAnswer, type VendorRequest } from '../simulator.ts';
import { Customers, readId } from './customers.ts';
import { Failure, type FailureLetter, refusedLogin, STATUS_BY_LETTER, unsupported } from './failure.ts';
import { type Format, type Outcome, type RecordName, readAnswerFormat, readBody, writeOutcome } from './format.ts';
import { type Settings, settle, type UnipayOptions } from './options.ts';
import { PLANS, type Plan } from './plans.ts';
import type { Row } from './row.ts';
import { type Adjustment, Subscriptions } from './subscriptions.ts';

export type { Profile, UnipayOptions } from './options.ts';

const BASE_PATH = '/api/v01';

/** The UniPay simulator, with a way to look behind the API. */
export interface UnipaySimulator extends Simulator {
  readonly settings: Settings;
  readonly plans: readonly Plan[];
  /** Cancels and freezes accepted so far, in order. */
  readonly adjustments: readonly Adjustment[];
  /** Grows with every create. */
  readonly customerCount: number;
  /** The record as the API would show it. */
  customer(id: number): Row | undefined;
  subscription(customerId: number, id: number): Row | undefined;
  subscriptionIds(customerId: number): readonly number[];
}

/** One thing that can be asked of one resource: the formats it takes and gives, and what it does. */
interface Action {
  readonly consumes: readonly Format[];
  readonly produces: readonly Format[];
  run(request: VendorRequest, consumes: readonly Format[]): Outcome;
}

/** Starts UniPay's API (seeds 000, 001 and 003) on loopback, with rows that depend on the seed alone. */
export async function startUnipay(options: UnipayOptions = {}): Promise<UnipaySimulator> {
  const settings = settle(options);
  const customers = new Customers(settings);
  const subscriptions = new Subscriptions(settings, customers);

  function respond(request: VendorRequest): VendorAnswer {
    const { path, format } = readAnswerFormat(request, settings);
    try {
      const action = findAction(request.method, path);
      if (!action.produces.includes(format)) {
        throw unsupported(`This action produces ${action.produces.join(', ')}.`);
      }
      const outcome = action.run(request, action.consumes);
      const status = outcome.kind === 'record' && outcome.isCreated ? settings.createdStatus : 200;
      return { status, ...writeOutcome(outcome, format, settings) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return answerFailure(error, statusOf(error.letter, settings.failureStatus), format);
    }
  }

  function answerFailure({ failureCode, message }: Failure, status: number, format: Format): VendorAnswer {
    // failureCode is documented, the second element's name is an inference.
    const outcome: Outcome = { kind: 'failure', row: { failureCode, failureMessage: message } };
    return { status, ...writeOutcome(outcome, format, settings) };
  }

  function findAction(method: string, path: string): Action {
    const { resource, actionName } = splitAction(path, settings.actionSpelling);
    const [root, customer, child, subscription, ...rest] = resource.slice(1).split('/');
    const depth = resource.slice(1).split('/').length;
    const isCustomers = root === 'customers' && rest.length === 0 && (child === undefined || child === 'subscriptions');
    const action = isCustomers ? actionsOf(depth, customer ?? '', subscription ?? '')[actionName ?? method] : undefined;
    if (action === undefined || (actionName !== undefined && method !== 'GET')) {
      throw unsupported(`${method} is not supported here.`);
    }
    return action;
  }

  /** By method where the action is implicit, by name where it is not. No resource here has a DELETE. */
  function actionsOf(depth: number, customer: string, subscription: string): Readonly<Record<string, Action>> {
    if (depth === 1) return customersActions;
    if (depth === 2) return customerActions(customer);
    if (depth === 3) return subscriptionsActions(customer);
    return subscriptionActions(customer, subscription);
  }

  const bodyOf = (request: VendorRequest, consumes: readonly Format[], name: RecordName) =>
    readBody(request, consumes, name, settings);
  const isBilling = settings.profile === 'billing';

  // Seed 000 takes and gives a query string where seed 001 has none.
  const customersActions: Readonly<Record<string, Action>> = {
    PUT: {
      consumes: isBilling ? ['json', 'xml', 'xurl'] : ['json', 'xml'],
      produces: isBilling ? ['json', 'xml', 'xurl'] : ['json', 'xml'],
      run: (request, consumes) => ({
        kind: 'record',
        name: 'customer',
        row: customers.create(bodyOf(request, consumes, 'customer')),
        isCreated: true,
      }),
    },
    GET: {
      consumes: ['xurl'],
      produces: ['json', 'xml'],
      run: (request) => ({ kind: 'list', name: 'customer', rows: customers.find(request.query) }),
    },
  };

  // Public: manual.myntpay.com/CustomerCodeAPI.html.
  const customerActions = (customer: string): Readonly<Record<string, Action>> => ({
    GET: {
      consumes: ['xurl'],
      produces: ['json', 'xml'],
      run: () => ({ kind: 'record', name: 'customer', row: customers.load(readId(customer)) }),
    },
    POST: {
      consumes: ['json', 'xml', 'xurl'],
      produces: ['json', 'xml'],
      run: (request, consumes) => ({
        kind: 'record',
        name: 'customer',
        row: customers.modify(readId(customer), bodyOf(request, consumes, 'customer')),
      }),
    },
  });

  // Seed 003; that older deployments also take a query string here is on gatewayaid.com.
  const subscriptionsActions = (customer: string): Readonly<Record<string, Action>> => ({
    PUT: {
      consumes: isBilling ? ['json', 'xml', 'xurl'] : ['json', 'xml'],
      produces: ['json', 'xml'],
      run: (request, consumes) => ({
        kind: 'record',
        name: 'subscription',
        row: subscriptions.create(readId(customer), bodyOf(request, consumes, 'subscription')),
        isCreated: true,
      }),
    },
    GET: {
      consumes: ['xurl'],
      produces: ['json', 'xml'],
      run: (request) => ({
        kind: 'list',
        name: 'subscription',
        rows: subscriptions.find(readId(customer), request.query),
      }),
    },
  });

  // Public: unipaygateway.info/api/v01/customers/[customer-id]/[subscriptions]/[subscription-id].
  const subscriptionActions = (customer: string, subscription: string): Readonly<Record<string, Action>> => {
    const record = (row: Row): Outcome => ({ kind: 'record', name: 'subscription', row });
    return {
      GET: {
        consumes: ['xurl'],
        produces: ['json', 'xml'],
        run: () => record(subscriptions.load(readId(customer), readId(subscription))),
      },
      POST: {
        consumes: ['json', 'xml'],
        produces: ['json', 'xml'],
        run: (request, consumes) => {
          const fields = bodyOf(request, consumes, 'subscription');
          return record(subscriptions.modify(readId(customer), readId(subscription), fields));
        },
      },
      // What the two answer is not documented; the subscription as it now is, is an inference.
      cancel: {
        consumes: ['xurl'],
        produces: ['json', 'xml', 'xurl'],
        run: ({ query }) => record(subscriptions.cancel(readId(customer), readId(subscription), query)),
      },
      freeze: {
        consumes: ['xurl'],
        produces: ['json', 'xml', 'xurl'],
        run: ({ query }) => record(subscriptions.freeze(readId(customer), readId(subscription), query)),
      },
    };
  };

  const simulator = await startHttp({
    port: settings.port,
    basePath: BASE_PATH,
    username: settings.username,
    password: settings.password,
    latencyMs: settings.latencyMs,
    dials: new Dials(),
    calls: new CallLog(),
    respond,
    unauthorized: (request) =>
      answerFailure(refusedLogin(), settings.unauthorizedStatus, readAnswerFormat(request, settings).format),
    // A dial's status comes with a connectivity failure, the letter nearest to "it did not work".
    failure: (status, message, request) =>
      answerFailure(new Failure('E01', message), status, readAnswerFormat(request, settings).format),
  });

  return {
    ...simulator,
    settings,
    plans: PLANS,
    adjustments: subscriptions.adjustments,
    get customerCount() {
      return customers.count;
    },
    customer: (id) => customers.get(id),
    subscription: (customerId, id) => subscriptions.get(customerId, id),
    subscriptionIds: (customerId) => (customers.has(customerId) ? subscriptions.idsOf(customerId) : []),
  };
}

const ACTION_NAMES = ['cancel', 'freeze'];

/** Takes a non-implicit action's name off a path. */
function splitAction(path: string, spelling: string): { readonly resource: string; readonly actionName?: string } {
  for (const actionName of ACTION_NAMES) {
    const ending = spelling.replace('{action}', actionName);
    if (path.endsWith(ending)) return { resource: path.slice(0, -ending.length), actionName };
  }
  return { resource: path };
}

function statusOf(letter: FailureLetter, failureStatus: Settings['failureStatus']): number {
  return failureStatus === 'by-letter' ? STATUS_BY_LETTER[letter] : failureStatus;
}
