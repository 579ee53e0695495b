/** BillAgain's writes, planned: what would be sent, what is wrong with it, how it is sent, and how its outcome is learned. */
import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import { MalformedAnswer } from '../../errors.ts';
import type { Customer } from '../../model/customer.ts';
import type { CreateCustomerInput, UpdateCustomerInput } from '../../model/customer-input.ts';
import type { BillingSubscription } from '../../model/subscription.ts';
import { isUnreadable } from '../../model/unreadable.ts';
import type { CallContext } from '../../transport/transport.ts';
import { isRecord } from '../fields.ts';
import { type Ask, type Caller, describeRequest, orUndefined, type Sender, type WriteAnswer } from '../operation.ts';
import { orThrow } from '../record-reader.ts';
import type { FindOutcome, PlannedWrite, VendorAccount } from '../vendor.ts';
import { changesNothing } from '../writing.ts';
import { createAnswerReader } from './answers.ts';
import {
  maskBody,
  type WrittenRecord,
  writeCancellation,
  writeChangedCustomer,
  writeNewCustomer,
  writeNewSubscription,
} from './inputs.ts';
import { areAsAsked, isAsSent, isCreatedAfter, leavesTrace } from './lost-create.ts';
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
    findOutcome?: FindOutcome<R>,
  ): PlannedWrite<R> {
    return {
      request: describeRequest(operations[name], ask, record && maskBody(record)),
      problems: writer?.problems ?? [],
      send: async (context) => read(await parts.send(name, ask, context)),
      findOutcome,
    };
  }

  /** The customer as it is. Undefined for one that the vendor says it doesn't know. */
  async function loadCurrent(customerID: string, context: CallContext): Promise<Customer | undefined> {
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
        // Nobody looked before it was sent: the record may have been so all along. A customer that is gone stays so.
        return isDone(customer) ? { record: customer, wasSoBefore: customer !== undefined } : undefined;
      },
    );
  }

  /** The customer that a create has made, for one that {@link leavesTrace}. */
  async function findCreated(input: CreateCustomerInput, sent: RawRecord, sentAtMs: number, context: CallContext) {
    const row = await findByReference(String(sent.Reference), context);
    if (row === undefined || !isAsSent(row, sent)) return undefined;
    const customer = readCustomerWithoutStatementDay(row);
    if (customer instanceof MalformedAnswer || !isCreatedAfter(customer, sentAtMs)) return undefined;
    const asked = input.billAgain?.subscriptions ?? [];
    // Without any, the row has told it.
    if (asked.length > 0 && !areAsAsked(await listSubscriptions(customer.vendorId, context), asked)) return undefined;
    return { record: customer };
  }

  /** Undefined, too, where several have it, though it is to be unique. */
  async function findByReference(reference: string, context: CallContext): Promise<RawRecord | undefined> {
    for (let page = 1; page <= PAGES_TO_SEARCH; page++) {
      const answer = await call('listCustomers', read({}, `?page=${page}&page_size=${MAX_PAGE_SIZE}`), context);
      const rows = requireRows(account, 'listCustomers', answer);
      const found = rows.filter((row) => isRecord(row)).filter((row) => String(row.Reference) === reference);
      if (found.length > 0) return found.length === 1 ? found[0] : undefined;
      if (rows.length < MAX_PAGE_SIZE) return undefined;
    }
    return undefined;
  }

  async function listSubscriptions(customerID: string, context: CallContext) {
    const ask = read({ customerID }, `?page=1&page_size=${MAX_PAGE_SIZE}`);
    const rows = requireRows(
      account,
      'listCustomerSubscriptions',
      await call('listCustomerSubscriptions', ask, context),
    );
    return rows.map((row) => orThrow(readSubscription(row, customerID)));
  }

  /** A customer as it is, and the edit that an input makes of it. */
  async function readEdit(customerID: string, input: UpdateCustomerInput, context: CallContext) {
    const raw = await parts.loadRawCustomer(customerID, context);
    if (raw === undefined) return null;
    const current = orThrow(readCustomer(raw));
    const written = writeChangedCustomer(account, input, { raw, customer: current });
    const asItIs = writeChangedCustomer(account, { id: input.id }, { raw, customer: current });
    return { current, written, changesNothing: changesNothing(written, asItIs) };
  }

  return {
    planCreateCustomer(input) {
      const written = writeNewCustomer(account, input);
      return plan<Customer>(
        'createCustomer',
        send(written.record),
        written,
        (answer) => answers.readCreated('createCustomer', answer, 'customerID', readCustomer),
        leavesTrace(written.record)
          ? (sentAtMs, context) => findCreated(input, written.record, sentAtMs, context)
          : undefined,
      );
    },
    async planUpdateCustomer(customerID, input, context) {
      const edit = await readEdit(customerID, input, context);
      if (edit === null) return null;
      const { current, written } = edit;
      const planned = plan<Customer>(
        'editCustomer',
        send(written.record, { customerID }),
        written,
        (answer) => answers.requireDone('editCustomer', answer, customerID),
        async (_sentAtMs, context) => {
          const now = await readEdit(customerID, input, context);
          return now?.changesNothing ? { record: now.current, wasSoBefore: edit.changesNothing } : undefined;
        },
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

function notACapability(name: string): Error {
  return new Error(`${name} is not among BillAgain's capabilities and must not be asked for`);
}
