/** BillAgain's writes, planned: what would be sent, what is wrong with it, how it is sent, and how its outcome is learned. */
import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import { MalformedAnswer } from '../../errors.ts';
import type { Customer } from '../../model/customer.ts';
import type { CreateCustomerInput } from '../../model/customer-input.ts';
import type { BillingSubscription } from '../../model/subscription.ts';
import { isUnreadable } from '../../model/unreadable.ts';
import type { CallContext } from '../../transport/transport.ts';
import { isRecord } from '../fields.ts';
import { type Ask, type Caller, describeRequest, orUndefined, type Sender, type WriteAnswer } from '../operation.ts';
import { orThrow } from '../record-reader.ts';
import type { PlannedWrite, VendorAccount } from '../vendor.ts';
import { createAnswerReader } from './answers.ts';
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
  readonly call: Caller<OperationName, RawValue>;
  readonly send: Sender<OperationName, RawValue>;
  readonly readCustomer: (raw: RawValue | undefined) => Customer | MalformedAnswer;
  /** For what a list or GET /customers/{customerID} answers. */
  readonly readCustomerWithoutStatementDay: (raw: RawValue | undefined) => Customer | MalformedAnswer;
  /** By the read that documents every field that an edit writes back. Undefined for an unknown customer. */
  readonly loadRawCustomer: (vendorId: string, context: CallContext) => Promise<RawRecord | undefined>;
  readonly loadSubscription: VendorAccount['loadSubscription'];
  readonly readSubscription: (raw: RawValue | undefined, owner: string) => BillingSubscription | MalformedAnswer;
}

/** How far a vendor's clock may be from ours, and how long a create may have been under way. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Newest first in the seed's example, but that is not documented: the created customer is looked for so many pages deep. */
const PAGES_TO_SEARCH = 5;

export function createWrites(parts: WriteParts): Writes {
  const { account, call, readCustomer, readCustomerWithoutStatementDay, loadSubscription, readSubscription } = parts;
  const answers = createAnswerReader(account);

  function plan<R>(
    name: OperationName,
    ask: Ask,
    { record, writer }: Partial<WrittenRecord>,
    read: (answer: WriteAnswer<RawValue>) => R | undefined,
    findOutcome: PlannedWrite<R>['findOutcome'] = async () => undefined,
  ): PlannedWrite<R> {
    return {
      request: describeRequest(operations[name], ask, record && maskBody(record)),
      problems: writer?.problems ?? [],
      send: async (context) => read(await parts.send(name, ask, context)),
      findOutcome,
    };
  }

  /** The customer as it is. Undefined for one that the vendor says it doesn't know. */
  async function loadCurrent(customerID: string, context: CallContext) {
    const raw = await orUndefined(call('loadCustomer', read({ customerID }), context));
    if (raw === undefined) return undefined;
    const customer = orThrow(readCustomerWithoutStatementDay(raw));
    if (customer.vendorId === customerID) return customer;
    throw new MalformedAnswer(account, `loadCustomer: asked for customer ${customerID} and got another`);
  }

  /** A change that the record itself shows: whoever made it, it is as it was wanted. */
  function planChange(name: OperationName, customerID: string, isDone: (customer: Customer | undefined) => boolean) {
    return plan<Customer>(
      name,
      read({ customerID }),
      {},
      (answer) => answers.requireDone(name, answer, customerID),
      async (_sentAtMs, context) => {
        const customer = await loadCurrent(customerID, context);
        if (customer && isUnreadable(customer, 'status')) return undefined;
        return isDone(customer) ? { record: customer } : undefined;
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
        (answer) => answers.readCreated('createCustomer', answer, 'customerID', readCustomer),
        (sentAtMs, context) => findCreated(input, written.record, sentAtMs, context),
      );
    },
    async planUpdateCustomer(customerID, input, context) {
      const raw = await parts.loadRawCustomer(customerID, context);
      if (raw === undefined) return null;
      const current = orThrow(readCustomer(raw));
      const written = writeChangedCustomer(account, input, { raw, customer: current });
      const planned = plan<Customer>('editCustomer', send(written.record, { customerID }), written, (answer) =>
        answers.requireDone('editCustomer', answer, customerID),
      );
      return { ...planned, current };
    },
    planArchiveCustomer: (id) => planChange('archiveCustomer', id, (customer) => customer?.status === 'ARCHIVED'),
    planReopenCustomer: (id) =>
      planChange('reopenCustomer', id, (customer) => customer !== undefined && customer.status !== 'ARCHIVED'),
    planDeleteCustomer: (id) => planChange('deleteCustomer', id, (customer) => customer === undefined),
    planCreateSubscription(customerVendorId, input) {
      const written = writeNewSubscription(account, customerVendorId, input);
      return plan<BillingSubscription>('createSubscription', send(written.record), written, (answer) =>
        answers.readCreated('createSubscription', answer, 'subscriptionID', (raw) =>
          readSubscription(raw, customerVendorId),
        ),
      );
    },
    planUpdateSubscription: () => Promise.reject(notACapability('updateSubscription')),
    async planCancelSubscription({ customerVendorId, vendorId: subscriptionID }, input, context) {
      // The path names the subscription alone: without looking, another customer's would be cancelled under a wrong id.
      if ((await loadSubscription({ account, customerVendorId, vendorId: subscriptionID }, context)) === null)
        return null;
      const { writer, mode } = writeCancellation(account, input);
      return plan<BillingSubscription>('cancelSubscription', read({ subscriptionID, mode }), { writer }, (answer) =>
        answers.requireNoRefusal('cancelSubscription', answer),
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
