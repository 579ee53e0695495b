/** UniPay's writes, planned: what would be sent, what is wrong with it, and how it is sent. */
import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import { MalformedAnswer } from '../../errors.ts';
import type { CodecName, UnipaySettings } from '../../model/account.ts';
import type { Customer } from '../../model/customer.ts';
import type { BillingSubscription } from '../../model/subscription.ts';
import type { CallContext } from '../../transport/transport.ts';
import { type Ask, type Caller, describeRequest, orUndefined, type Sender, type WriteAnswer } from '../operation.ts';
import { orThrow } from '../record-reader.ts';
import type { FindOutcome, PlannedWrite, VendorAccount } from '../vendor.ts';
import { changesNothing, type InputWriter } from '../writing.ts';
import { type Document, readActedOn, readRecord, readWritten } from './answers.ts';
import {
  encodeBody,
  type WrittenRecord,
  writeCancellation,
  writeChangedCustomer,
  writeChangedSubscription,
  writeFreeze,
  writeNewCustomer,
  writeNewSubscription,
} from './inputs.ts';
import { type createReads, type OperationName, operations } from './operations.ts';

type Writes = Pick<VendorAccount, Extract<keyof VendorAccount, `plan${string}`>>;

export interface WriteParts {
  readonly account: string;
  readonly settings: UnipaySettings;
  readonly call: Caller<OperationName, Document>;
  readonly send: Sender<OperationName, Document>;
  readonly read: ReturnType<typeof createReads>;
  readonly readCustomer: (raw: RawValue | undefined) => Customer | MalformedAnswer;
  readonly readSubscription: (raw: RawValue | undefined, owner: string) => BillingSubscription | MalformedAnswer;
}

/** With the body as a dry run may show it. */
interface MaskedAsk extends Ask {
  readonly maskedBody?: string;
}

/** A record as it is, and what an input's edit of it would be. */
interface Edit<R> {
  readonly current: R;
  readonly written: WrittenRecord;
  readonly changesNothing: boolean;
}

export function createWrites({
  account,
  settings,
  call,
  send,
  read,
  readCustomer,
  readSubscription,
}: WriteParts): Writes {
  const { profile, requestFormat, actionPath } = settings;
  // Seed 003 takes json and xml only; url-encoded bodies are seed 000's, for customers.
  const subscriptionFormat = requestFormat === 'xurl' ? 'json' : requestFormat;

  function plan<R>(
    name: OperationName,
    { maskedBody, ...ask }: MaskedAsk,
    { problems }: InputWriter,
    readAnswer: (answer: WriteAnswer<Document>) => R | undefined,
    // Neither a code nor a note is documented to be unique: there is no sure way to find what was created.
    findOutcome?: FindOutcome<R>,
  ): PlannedWrite<R> {
    return {
      request: describeRequest(operations[name], ask, maskedBody),
      problems,
      send: async (context) => readAnswer(await send(name, ask, context)),
      findOutcome,
    };
  }

  /** An edit that may have been carried out was, where nothing is left of it to change. */
  function edited<R>(before: Edit<R>, read: (context: CallContext) => Promise<Edit<R> | undefined>): FindOutcome<R> {
    return async (_sentAtMs, context) => {
      const now = await read(context);
      return now?.changesNothing ? { record: now.current, wasSoBefore: before.changesNothing } : undefined;
    };
  }

  type Reader<R> = (row: RawRecord) => R | MalformedAnswer;

  /** What can't be read here is read back like what isn't shown: that it was done is known. */
  function readable<R>(row: RawRecord | undefined, decode: Reader<R>): R | undefined {
    const record = row && decode(row);
    return record instanceof MalformedAnswer ? undefined : record;
  }

  const shown =
    <R>(name: OperationName, decode: Reader<R>, wanted?: string) =>
    (answer: WriteAnswer<Document>) =>
      readable(readWritten(account, name, answer, wanted), decode);

  const actedOn =
    <R>(name: OperationName, decode: Reader<R>, wanted: string) =>
    (answer: WriteAnswer<Document>) =>
      readable(readActedOn(account, name, answer, wanted), decode);

  function body(
    format: CodecName,
    ids: Readonly<Record<string, string>>,
    { record }: WrittenRecord,
    root: string,
  ): MaskedAsk {
    const { contentType, body, maskedBody } = encodeBody(format, record, root);
    const ask = read(ids);
    return { ...ask, headers: { ...ask.headers, 'content-type': contentType }, body, maskedBody };
  }

  /** Cancel and freeze are named in the path: the method alone selects nothing there. */
  function act(
    ids: Readonly<Record<string, string>>,
    { action }: { readonly action: string },
    { record }: WrittenRecord,
  ): Ask {
    const parameters = Object.entries(record).map(([name, value]): [string, string] => [name, String(value)]);
    return read(
      ids,
      parameters.filter(([, value]) => value !== ''),
      actionPath.replace('{action}', action),
    );
  }

  /** A record as it is, in the vendor's words and in ours. Undefined for one that the vendor says it doesn't know. */
  async function loadCurrent<R extends { readonly vendorId: string }>(
    name: 'loadCustomer' | 'loadSubscription',
    ids: Readonly<Record<string, string>>,
    wanted: string,
    decode: Reader<R>,
    context: CallContext,
  ): Promise<{ readonly raw: RawRecord; readonly current: R } | undefined> {
    const answer = await orUndefined(call(name, read(ids), context));
    if (answer === undefined) return undefined;
    const raw = readRecord(account, name, answer);
    const current = orThrow(decode(raw));
    if (current.vendorId === wanted) return { raw, current };
    throw new MalformedAnswer(account, `${name}: asked for record ${wanted} and got another`);
  }

  const subscriptionOf = (owner: string) => (row: RawRecord) => readSubscription(row, owner);

  const idsOf = (customerVendorId: string, vendorId: string) => ({
    'customer-id': customerVendorId,
    'subscription-id': vendorId,
  });

  return {
    planCreateCustomer(input) {
      const written = writeNewCustomer(account, profile, input);
      const ask = body(requestFormat, {}, written, 'customer');
      return plan('createCustomer', ask, written.writer, shown('createCustomer', readCustomer));
    },
    async planUpdateCustomer(vendorId, input, context) {
      const ids = { 'customer-id': vendorId };
      const readEdit = async (context: CallContext) => {
        const loaded = await loadCurrent('loadCustomer', ids, vendorId, readCustomer, context);
        if (loaded === undefined) return undefined;
        const { raw, current } = loaded;
        const written = writeChangedCustomer(account, profile, input, { raw, customer: current });
        const asItIs = writeChangedCustomer(account, profile, { id: input.id }, { raw, customer: current });
        return { current, written, changesNothing: changesNothing(written, asItIs) };
      };
      const edit = await readEdit(context);
      if (edit === undefined) return null;
      const { current, written } = edit;
      const ask = body(requestFormat, ids, written, 'customer');
      const readAnswer = shown('modifyCustomer', readCustomer, vendorId);
      return { ...plan('modifyCustomer', ask, written.writer, readAnswer, edited(edit, readEdit)), current };
    },
    planArchiveCustomer() {
      throw notACapability('archiveCustomer');
    },
    planReopenCustomer() {
      throw notACapability('reopenCustomer');
    },
    planDeleteCustomer() {
      throw notACapability('deleteCustomer');
    },
    planCreateSubscription(owner, input) {
      const written = writeNewSubscription(account, input);
      const ask = body(subscriptionFormat, { 'customer-id': owner }, written, 'subscription');
      return plan('createSubscription', ask, written.writer, shown('createSubscription', subscriptionOf(owner)));
    },
    async planUpdateSubscription({ customerVendorId, vendorId }, input, context) {
      const ids = idsOf(customerVendorId, vendorId);
      const decode = subscriptionOf(customerVendorId);
      const readEdit = async (context: CallContext) => {
        const loaded = await loadCurrent('loadSubscription', ids, vendorId, decode, context);
        if (loaded === undefined) return undefined;
        const { raw, current } = loaded;
        const written = writeChangedSubscription(account, input, { raw, subscription: current });
        const asItIs = writeChangedSubscription(account, { id: input.id }, { raw, subscription: current });
        return { current, written, changesNothing: changesNothing(written, asItIs) };
      };
      const edit = await readEdit(context);
      if (edit === undefined) return null;
      const { current, written } = edit;
      const ask = body(subscriptionFormat, ids, written, 'subscription');
      const readAnswer = shown('modifySubscription', decode, vendorId);
      return { ...plan('modifySubscription', ask, written.writer, readAnswer, edited(edit, readEdit)), current };
    },
    planCancelSubscription({ customerVendorId, vendorId }, input) {
      const written = writeCancellation(account, input);
      const ask = act(idsOf(customerVendorId, vendorId), operations.cancelSubscription, written);
      const readAnswer = actedOn('cancelSubscription', subscriptionOf(customerVendorId), vendorId);
      return plan('cancelSubscription', ask, written.writer, readAnswer);
    },
    planFreezeSubscription({ customerVendorId, vendorId }, input) {
      const written = writeFreeze(account, input);
      const ask = act(idsOf(customerVendorId, vendorId), operations.freezeSubscription, written);
      const readAnswer = actedOn('freezeSubscription', subscriptionOf(customerVendorId), vendorId);
      return plan('freezeSubscription', ask, written.writer, readAnswer);
    },
  };
}

function notACapability(name: string): Error {
  return new Error(`${name} is not among UniPay's capabilities and must not be asked for`);
}
