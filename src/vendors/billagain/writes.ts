/** BillAgain's writes, planned: what would be sent, what is wrong with it, how it is sent, and how its outcome is learned. */
import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import { MalformedAnswer } from '../../errors.ts';
import type { Customer } from '../../model/customer.ts';
import type { CreateCustomerInput } from '../../model/customer-input.ts';
import type { BillingSubscription } from '../../model/subscription.ts';
import type { CallContext } from '../../transport/transport.ts';
import { isRecord } from '../fields.ts';
import { type Ask, type Caller, describeRequest, orNull } from '../operation.ts';
import { orThrow } from '../record-reader.ts';
import type { PlannedWrite, VendorAccount } from '../vendor.ts';
import {
  maskBody,
  type WrittenRecord,
  writeCancellation,
  writeChangedCustomer,
  writeNewCustomer,
  writeNewSubscription,
} from './inputs.ts';
import { MAX_PAGE_SIZE, type OperationName, operations, read, requireRows, send } from './operations.ts';

type Writes = Pick<VendorAccount, Extract<keyof VendorAccount, `plan${string}`>>;

export interface WriteParts {
  readonly account: string;
  readonly call: Caller<OperationName>;
  readonly readCustomer: (raw: RawValue | undefined) => Customer | MalformedAnswer;
  /** For what a list or GET /customers/{customerID} answers. */
  readonly readCustomerWithoutStatementDay: (raw: RawValue | undefined) => Customer | MalformedAnswer;
  /** By the read that documents every field that an edit writes back. Null for an unknown customer. */
  readonly loadRawCustomer: (vendorId: string, context: CallContext) => Promise<RawRecord | null>;
  readonly loadSubscription: VendorAccount['loadSubscription'];
  readonly readSubscription: (raw: RawValue | undefined, owner: string) => BillingSubscription | MalformedAnswer;
}

/** How far a vendor's clock may be from ours, and how long a create may have been under way. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Newest first in the seed's example, but that is not documented: the created customer is looked for so many pages deep. */
const PAGES_TO_SEARCH = 5;

export function createWrites(parts: WriteParts): Writes {
  const { account, call, readCustomer, readCustomerWithoutStatementDay, loadSubscription, readSubscription } = parts;

  function plan<R>(
    name: OperationName,
    ask: Ask,
    { record, writer }: Partial<WrittenRecord>,
    decode: (answer: RawValue) => R | undefined,
    findOutcome: PlannedWrite<R>['findOutcome'] = async () => undefined,
  ): PlannedWrite<R> {
    return {
      request: describeRequest(operations[name], ask, record && maskBody(record)),
      problems: writer?.problems ?? [],
      send: async (context) => decode(await call(name, ask, context)),
      findOutcome,
    };
  }

  /** A change that the record itself shows: whoever made it, it is as it was wanted. */
  function planChange(name: OperationName, customerID: string, isDone: (customer: Customer | null) => boolean) {
    return plan<Customer>(
      name,
      read({ customerID }),
      {},
      () => undefined,
      async (_sentAtMs, context) => {
        const raw = await orNull(call('loadCustomer', read({ customerID }), context));
        const customer = raw === null ? null : readCustomerWithoutStatementDay(raw);
        if (customer instanceof MalformedAnswer || !isDone(customer)) return undefined;
        return { record: customer ?? undefined };
      },
    );
  }

  /**
   * A Reference is unique and readable (seed 002), so a customer that has the one we sent, was created when we sent it, and
   * is who we sent, is the one we created. Without a Reference there is no sure way.
   */
  async function findCreated(
    { reference, kind }: CreateCustomerInput,
    sent: RawRecord,
    sentAtMs: number,
    context: CallContext,
  ) {
    if (!reference) return undefined;
    for (let page = 1; page <= PAGES_TO_SEARCH; page++) {
      const answer = await call('listCustomers', read({}, `?page=${page}&page_size=${MAX_PAGE_SIZE}`), context);
      const rows = requireRows(account, 'listCustomers', answer);
      const row = rows.find((candidate) => isRecord(candidate) && String(candidate.Reference) === reference);
      if (row !== undefined) {
        const customer = readCustomerWithoutStatementDay(row);
        if (customer instanceof MalformedAnswer || customer.createdAt === null) return undefined;
        const age = Math.abs(Date.parse(customer.createdAt) - sentAtMs);
        const isWhoWeSent = customer.kind === kind && IDENTITY.every((name) => isSame(row, sent, name));
        return age <= CLOCK_TOLERANCE_MS && isWhoWeSent ? { record: customer } : undefined;
      }
      if (rows.length < MAX_PAGE_SIZE) return undefined;
    }
    return undefined;
  }

  return {
    planCreateCustomer(input) {
      const written = writeNewCustomer(account, input);
      return plan<Customer>(
        'createCustomer',
        send(written.record),
        written,
        (answer) => orThrow(readCustomer(answer)),
        (sentAtMs, context) => findCreated(input, written.record, sentAtMs, context),
      );
    },
    async planUpdateCustomer(customerID, input, context) {
      const raw = await parts.loadRawCustomer(customerID, context);
      if (raw === null) return null;
      const current = orThrow(readCustomer(raw));
      const written = writeChangedCustomer(account, input, { raw, customer: current });
      const planned = plan<Customer>('editCustomer', send(written.record, { customerID }), written, () => undefined);
      return { ...planned, current };
    },
    planArchiveCustomer: (id) => planChange('archiveCustomer', id, (customer) => customer?.status === 'ARCHIVED'),
    planReopenCustomer: (id) =>
      planChange('reopenCustomer', id, (customer) => customer !== null && customer.status !== 'ARCHIVED'),
    planDeleteCustomer: (id) => planChange('deleteCustomer', id, (customer) => customer === null),
    planCreateSubscription(customerVendorId, input) {
      const written = writeNewSubscription(account, customerVendorId, input);
      // What the vendor answers isn't documented: anything but a subscription means that it must be looked up.
      return plan<BillingSubscription>('createSubscription', send(written.record), written, (answer) => {
        const subscription = readSubscription(answer, customerVendorId);
        return subscription instanceof MalformedAnswer ? undefined : subscription;
      });
    },
    planUpdateSubscription: () => Promise.reject(notACapability('updateSubscription')),
    async planCancelSubscription({ customerVendorId, vendorId: subscriptionID }, input, context) {
      // The path names the subscription alone: without looking, another customer's would be cancelled under a wrong id.
      if ((await loadSubscription({ account, customerVendorId, vendorId: subscriptionID }, context)) === null)
        return null;
      const { writer, mode } = writeCancellation(account, input);
      return plan<BillingSubscription>(
        'cancelSubscription',
        read({ subscriptionID, mode }),
        { writer },
        () => undefined,
      );
    },
    planFreezeSubscription() {
      throw notACapability('freezeSubscription');
    },
  };
}

/** Who a customer is, as a create and a list both name it: another's create with the same Reference would differ here. */
const IDENTITY = ['Name', 'LastName', 'Company', 'Email', 'CurrencyCode'];

/** "" and null are both the vendor's "none"; spaces and case it may have changed. */
function isSame(row: RawValue, sent: RawRecord, name: string): boolean {
  const fold = (value: RawValue | undefined) =>
    String(value ?? '')
      .trim()
      .toLowerCase();
  return isRecord(row) && fold(row[name]) === fold(sent[name]);
}

function notACapability(name: string): Error {
  return new Error(`${name} is not among BillAgain's capabilities and must not be asked for`);
}
