/** UniPay's writes, planned: what would be sent, what is wrong with it, and how it is sent. */
import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import type { MalformedAnswer } from '../../errors.ts';
import type { CodecName, UnipaySettings } from '../../model/account.ts';
import type { Customer } from '../../model/customer.ts';
import type { BillingSubscription } from '../../model/subscription.ts';
import type { CallContext } from '../../transport/transport.ts';
import { type Ask, type Caller, describeRequest, orNull } from '../operation.ts';
import { orThrow } from '../record-reader.ts';
import type { FindOutcome, PlannedWrite, VendorAccount } from '../vendor.ts';
import { changesNothing, type InputWriter } from '../writing.ts';
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
import { type createReads, type OperationName, operations, readRecord } from './operations.ts';

type Writes = Pick<VendorAccount, Extract<keyof VendorAccount, `plan${string}`>>;

export interface WriteParts {
  readonly account: string;
  readonly settings: UnipaySettings;
  readonly call: Caller<OperationName>;
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

export function createWrites({ account, settings, call, read, readCustomer, readSubscription }: WriteParts): Writes {
  const { profile, requestFormat, actionPath } = settings;
  // Seed 003 takes json and xml only; url-encoded bodies are seed 000's, for customers.
  const subscriptionFormat = requestFormat === 'xurl' ? 'json' : requestFormat;

  function plan<R>(
    name: OperationName,
    { maskedBody, ...ask }: MaskedAsk,
    { problems }: InputWriter,
    decode: (row: RawRecord) => R | MalformedAnswer,
    // Neither a code nor a note is documented to be unique: there is no sure way to find what was created.
    findOutcome?: FindOutcome<R>,
  ): PlannedWrite<R> {
    return {
      request: describeRequest(operations[name], ask, maskedBody),
      problems,
      async send(context) {
        const answer = await call(name, ask, context);
        const row = answer === null ? null : readRecord(account, name, answer);
        return row === null ? undefined : orThrow(decode(row));
      },
      findOutcome,
    };
  }

  /** An edit that may have been carried out was, where nothing is left of it to change. */
  function edited<R>(before: Edit<R>, read: (context: CallContext) => Promise<Edit<R> | null>): FindOutcome<R> {
    return async (_sentAtMs, context) => {
      const now = await read(context);
      return now?.changesNothing ? { record: now.current, wasSoBefore: before.changesNothing } : undefined;
    };
  }

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

  async function loadRaw(
    name: 'loadCustomer' | 'loadSubscription',
    ids: Readonly<Record<string, string>>,
    context: Parameters<typeof call>[2],
  ) {
    return readRecord(account, name, await orNull(call(name, read(ids), context)));
  }

  const idsOf = (customerVendorId: string, vendorId: string) => ({
    'customer-id': customerVendorId,
    'subscription-id': vendorId,
  });

  return {
    planCreateCustomer(input) {
      const written = writeNewCustomer(account, profile, input);
      return plan('createCustomer', body(requestFormat, {}, written, 'customer'), written.writer, readCustomer);
    },
    async planUpdateCustomer(vendorId, input, context) {
      const ids = { 'customer-id': vendorId };
      const readEdit = async (context: CallContext) => {
        const raw = await loadRaw('loadCustomer', ids, context);
        if (raw === null) return null;
        const customer = orThrow(readCustomer(raw));
        const written = writeChangedCustomer(account, profile, input, { raw, customer });
        const asItIs = writeChangedCustomer(account, profile, { id: input.id }, { raw, customer });
        return { current: customer, written, changesNothing: changesNothing(written, asItIs) };
      };
      const edit = await readEdit(context);
      if (edit === null) return null;
      const { current, written } = edit;
      const ask = body(requestFormat, ids, written, 'customer');
      return { ...plan('modifyCustomer', ask, written.writer, readCustomer, edited(edit, readEdit)), current };
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
      return plan('createSubscription', ask, written.writer, (row) => readSubscription(row, owner));
    },
    async planUpdateSubscription({ customerVendorId, vendorId }, input, context) {
      const ids = idsOf(customerVendorId, vendorId);
      const decode = (row: RawRecord) => readSubscription(row, customerVendorId);
      const readEdit = async (context: CallContext) => {
        const raw = await loadRaw('loadSubscription', ids, context);
        if (raw === null) return null;
        const subscription = orThrow(decode(raw));
        const written = writeChangedSubscription(account, input, { raw, subscription });
        const asItIs = writeChangedSubscription(account, { id: input.id }, { raw, subscription });
        return { current: subscription, written, changesNothing: changesNothing(written, asItIs) };
      };
      const edit = await readEdit(context);
      if (edit === null) return null;
      const { current, written } = edit;
      const ask = body(subscriptionFormat, ids, written, 'subscription');
      return { ...plan('modifySubscription', ask, written.writer, decode, edited(edit, readEdit)), current };
    },
    planCancelSubscription({ customerVendorId, vendorId }, input) {
      const written = writeCancellation(account, input);
      const ask = act(idsOf(customerVendorId, vendorId), operations.cancelSubscription, written);
      return plan('cancelSubscription', ask, written.writer, (row) => readSubscription(row, customerVendorId));
    },
    planFreezeSubscription({ customerVendorId, vendorId }, input) {
      const written = writeFreeze(account, input);
      const ask = act(idsOf(customerVendorId, vendorId), operations.freezeSubscription, written);
      return plan('freezeSubscription', ask, written.writer, (row) => readSubscription(row, customerVendorId));
    },
  };
}

function notACapability(name: string): Error {
  return new Error(`${name} is not among UniPay's capabilities and must not be asked for`);
}
