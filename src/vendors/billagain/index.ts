import type { RawRecord, RawValue } from '../../codecs/codec.ts';
import { json } from '../../codecs/json.ts';
import { MalformedAnswer, VendorError, VendorRecordNotFound } from '../../errors.ts';
import type { Account } from '../../model/account.ts';
import { accountIdentity } from '../../model/account-identity.ts';
import type { Capability } from '../../model/billing-account.ts';
import { holdsCardNumber } from '../../model/card-number.ts';
import type { Customer } from '../../model/customer.ts';
import { customerId, subscriptionId } from '../../model/ids.ts';
import type { BillingSubscription } from '../../model/subscription.ts';
import type { CallContext, Transport } from '../../transport/transport.ts';
import { derived, type Field, type FieldTable, isRecord, none, UnreadableField, vendorId } from '../fields.ts';
import { createCalls, orUndefined } from '../operation.ts';
import { createRecordReader, orThrow } from '../record-reader.ts';
import { recordShape } from '../record-shape.ts';
import type { Dialect, VendorAccount } from '../vendor.ts';
import { readFailure } from './failures.ts';
import { inputTables } from './input-tables.ts';
import {
  MAX_PAGE_SIZE,
  type OperationName,
  operations,
  read,
  readWindow,
  requireRows,
  send,
  VENDOR_ID,
} from './operations.ts';
import {
  type CustomerFields,
  customer,
  customerFilter,
  customerWithCustomFields,
  customerWithoutStatementDay,
  subscription,
  subscriptionFilter,
} from './vocabulary.ts';
import { createWrites } from './writes.ts';

const capabilities: ReadonlySet<Capability> = new Set<Capability>([
  'CUSTOMER_CREATE',
  'CUSTOMER_UPDATE',
  'CUSTOMER_DELETE',
  'CUSTOMER_ARCHIVE',
  'CUSTOMER_REOPEN',
  'CUSTOM_FIELDS',
  'CUSTOMER_BATCH',
  'SUBSCRIPTION_LIST',
  'SUBSCRIPTION_CREATE',
  'SUBSCRIPTION_CANCEL',
]);

export const billagain: Dialect = {
  vendor: 'BILLAGAIN',
  readFailure,
  connect,
  tables: {
    capabilities,
    operations,
    customer,
    subscription,
    customerFilters: { all: customerFilter },
    subscriptionFilter,
    inputs: {
      all: {
        CreateCustomerInput: inputTables.newCustomer,
        UpdateCustomerInput: inputTables.changedCustomer,
        CreateSubscriptionInput: inputTables.newSubscription,
        UpdateSubscriptionInput: null,
        CancelSubscriptionInput: inputTables.cancellation,
        FreezeSubscriptionInput: null,
      },
    },
  },
};

const customerNumber = vendorId('customerID');
const subscriptionNumber = vendorId('subscriptionID');

/** Fewer than this many customers' custom fields are read one by one: a page of the whole list could not win anything. */
const WORTH_A_SCAN = 3;

const shape = recordShape(customer, customerWithCustomFields, subscription);

function connect(account: Account, transport: Transport): VendorAccount {
  const { name } = account;
  const { call, send: sendWrite } = createCalls(name, transport, operations, json.decode);
  const ofAccount = { account: none(name), vendor: none('BILLAGAIN' as const) };

  const createCustomerReader = (fields: FieldTable<CustomerFields>) =>
    createRecordReader<Customer>(name, 'customer', 'customerID', {
      id: derived(['customerID'], 'global id', (raw) =>
        customerId({ account: name, vendorId: customerNumber.read(raw) }),
      ),
      ...ofAccount,
      ...fields,
    });
  const readPlainCustomer = createCustomerReader(customer);
  const readListedCustomer = createCustomerReader(customerWithoutStatementDay);
  const readFullCustomer = createCustomerReader(customerWithCustomFields);

  const readSubscription = createRecordReader<BillingSubscription>(name, 'subscription', 'subscriptionID', {
    id: derived(['subscriptionID'], 'global id', (raw, owner = '') =>
      subscriptionId({ account: name, customerVendorId: owner, vendorId: subscriptionNumber.read(raw) }),
    ),
    ...ofAccount,
    // A subscription names its customer too, but it is the one it was asked through that counts.
    customerVendorId: derived(['customerID'], 'the customer asked for', (_, owner = '') => owner),
    ...subscription,
  });

  type CustomersById = Map<string, Customer | VendorError>;

  /** Joined by key, never by place: the vendor's own example answers in another order than was asked (seed 002). */
  function addByKey(
    found: CustomersById,
    wanted: ReadonlySet<string>,
    rows: readonly RawValue[],
    readCustomer: typeof readPlainCustomer,
  ): void {
    for (const row of rows) {
      const key = readNumber(row, customerNumber);
      if (key !== undefined && wanted.has(key) && !found.has(key)) found.set(key, readCustomer(row));
    }
  }

  async function loadOne(id: string, customFields: boolean, context: CallContext) {
    if (!customFields) {
      const row = await loadRawCustomer(id, context);
      return row === null ? undefined : readPlainCustomer(row);
    }
    const operation = 'loadCustomerWithCustomFields';
    const row = await orUndefined(call(operation, read({ customerID: id }), context));
    if (row === undefined) return undefined;
    const customer = readFullCustomer(row);
    return customer instanceof MalformedAnswer || customer.vendorId === id
      ? customer
      : new MalformedAnswer(name, `${operation}: asked for customer ${id} and got another`);
  }

  async function loadEach(ids: Iterable<string>, customFields: boolean, found: CustomersById, context: CallContext) {
    await Promise.all(
      Array.from(ids, async (id) => {
        const one = await loadOne(id, customFields, context).catch(asValue);
        if (one !== undefined) found.set(id, one);
      }),
    );
  }

  async function askByIds(ids: readonly string[], context: CallContext): Promise<readonly RawValue[]> {
    // Unpaged it would answer 100 rows, whatever was asked for (the vendor's public page on pagination).
    const ask = send({ ids: ids.map(Number) }, {}, `?page_size=${MAX_PAGE_SIZE}`);
    return requireRows(name, 'loadCustomersByIds', await call('loadCustomersByIds', ask, context));
  }

  /** One customer by the batch: no other read documents StatementDate (seed 002), which an edit writes back. */
  async function loadRawCustomer(id: string, context: CallContext): Promise<RawRecord | null> {
    const rows = (await orUndefined(askByIds([id], context))) ?? [];
    const row = rows.filter(isRecord).find((candidate) => readNumber(candidate, customerNumber) === id);
    if (row === undefined && hasUnnumberedRow(rows, customerNumber)) throw perhapsUnreadable('loadCustomersByIds', id);
    return row ?? null;
  }

  async function loadBatch(ids: readonly string[], context: CallContext): Promise<CustomersById> {
    const found: CustomersById = new Map();
    // What no ids would mean is not documented: perhaps all customers.
    if (ids.length === 0) return found;
    try {
      const rows = await askByIds(ids, context);
      addByKey(found, new Set(ids), rows, readPlainCustomer);
      if (found.size < ids.length && hasUnnumberedRow(rows, customerNumber)) {
        for (const id of ids) if (!found.has(id)) found.set(id, perhapsUnreadable('loadCustomersByIds', id));
      }
    } catch (error) {
      if (!(error instanceof VendorRecordNotFound)) throw error;
      // Undocumented: an unknown id may be left out, or make the whole call "not found". Then each is asked for alone.
      if (ids.length > 1) await loadEach(ids, false, found, context);
    }
    return found;
  }

  /**
   * The batch has no custom fields; the list and the single read do. A page of the list replaces as many single reads as
   * it brings customers that are wanted, so pages are read while each still brings more than its own cost: only the last
   * one may be in vain, so there are never more calls than one above single reads.
   */
  async function loadWithCustomFields(ids: readonly string[], context: CallContext): Promise<CustomersById> {
    const found: CustomersById = new Map();
    const wanted = new Set(ids);
    for (let page = 1; wanted.size - found.size >= WORTH_A_SCAN; page++) {
      const query = `?page=${page}&page_size=${MAX_PAGE_SIZE}`;
      const rows = requireRows(
        name,
        'listCustomersWithCustomFields',
        await call('listCustomersWithCustomFields', read({}, query), context),
      );
      const before = found.size;
      addByKey(found, wanted, rows, readFullCustomer);
      const isWholeList = page === 1 && rows.length < MAX_PAGE_SIZE;
      // One page that is the whole list is the truth about all; over several, rows may have moved from page to page.
      if (isWholeList && !hasUnnumberedRow(rows, customerNumber)) return found;
      if (found.size - before < 2 || rows.length < MAX_PAGE_SIZE) break;
    }
    await loadEach(
      ids.filter((id) => !found.has(id)),
      true,
      found,
      context,
    );
    return found;
  }

  const connected: VendorAccount = {
    name,
    vendor: 'BILLAGAIN',
    identity: accountIdentity(account),
    recordShape: shape,
    capabilities,
    limits: { customersPerLoad: MAX_PAGE_SIZE, rowsPerWindow: MAX_PAGE_SIZE },
    customerFilter,
    subscriptionFilter,
    isVendorId: (text) => VENDOR_ID.test(text) && !holdsCardNumber(text),
    loadCustomers: (ids, { customFields }, context) =>
      customFields ? loadWithCustomFields(ids, context) : loadBatch(ids, context),
    async findCustomers(window, { customFields }, context) {
      const operation = customFields ? 'listCustomersWithCustomFields' : 'listCustomers';
      const { rows, isLast } = await readWindow(window, async (query) =>
        requireRows(name, operation, await call(operation, read({}, query), context)),
      );
      const readCustomer = customFields ? readFullCustomer : readListedCustomer;
      return { rows: rows.map((row) => readCustomer(row)), isLast };
    },
    async loadSubscription({ customerVendorId, vendorId: id }, context) {
      for (let page = 1; ; page++) {
        const rows = await listSubscriptions(customerVendorId, `?page=${page}&page_size=${MAX_PAGE_SIZE}`, context);
        const row = rows.find((candidate) => readNumber(candidate, subscriptionNumber) === id);
        if (row !== undefined) return orThrow(readSubscription(row, customerVendorId));
        if (hasUnnumberedRow(rows, subscriptionNumber)) throw perhapsUnreadable('listCustomerSubscriptions', id);
        if (rows.length < MAX_PAGE_SIZE) return null;
      }
    },
    async findSubscriptions(customerVendorId, window, _filter, context) {
      const { rows, isLast } = await readWindow(window, (query) => listSubscriptions(customerVendorId, query, context));
      return { rows: rows.map((row) => readSubscription(row, customerVendorId)), isLast };
    },
    ...createWrites({
      account: name,
      call,
      send: sendWrite,
      readCustomer: readPlainCustomer,
      readCustomerWithoutStatementDay: readListedCustomer,
      loadRawCustomer,
      loadSubscription: (key, context) => connected.loadSubscription(key, context),
      readSubscription,
    }),
    health: () => transport.health(),
    close: () => transport.close(),
  };
  return connected;

  async function listSubscriptions(customerID: string, query: string, context: CallContext) {
    const answer = await orUndefined(call('listCustomerSubscriptions', read({ customerID }, query), context));
    return answer === undefined ? [] : requireRows(name, 'listCustomerSubscriptions', answer);
  }

  /** A record that is missing beside a row that can't be told whose it is may be that row: not known to be absent. */
  function perhapsUnreadable(operation: OperationName, id: string): MalformedAnswer {
    return new MalformedAnswer(name, `${operation}: record ${id} is missing beside a row without a readable number`);
  }
}

/** A row's own number; undefined where it can't be read. */
function readNumber(row: RawValue, number: Field<string>): string | undefined {
  if (!isRecord(row)) return undefined;
  try {
    return number.read(row);
  } catch (error) {
    if (error instanceof UnreadableField) return undefined;
    throw error;
  }
}

function hasUnnumberedRow(rows: readonly RawValue[], number: Field<string>): boolean {
  return rows.some((row) => readNumber(row, number) === undefined);
}

/** One record's failure is its value; what isn't a vendor's failure is ours and goes on up. */
function asValue(error: unknown): VendorError {
  if (error instanceof VendorError) return error;
  throw error;
}
