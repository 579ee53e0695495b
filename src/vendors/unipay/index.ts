import { MalformedAnswer, type VendorError } from '../../errors.ts';
import { type Account, type UnipaySettings, unipayDefaults } from '../../model/account.ts';
import { accountIdentity } from '../../model/account-identity.ts';
import type { Capability } from '../../model/billing-account.ts';
import { holdsCardNumber } from '../../model/card-number.ts';
import type { Customer } from '../../model/customer.ts';
import { customerId, subscriptionId } from '../../model/ids.ts';
import type { BillingSubscription } from '../../model/subscription.ts';
import type { Transport } from '../../transport/transport.ts';
import { derived, none, vendorId } from '../fields.ts';
import { writeFilter } from '../filters.ts';
import { createCalls, orUndefined } from '../operation.ts';
import { createRecordReader, orThrow } from '../record-reader.ts';
import { recordShape } from '../record-shape.ts';
import type { Dialect, InputTables, RowWindow, VendorAccount } from '../vendor.ts';
import { decodeAnswer, readRecord, readRows } from './answers.ts';
import { readFailure } from './failures.ts';
import { inputTables } from './input-tables.ts';
import { createReads, operations, VENDOR_ID } from './operations.ts';
import { customer, customerFilters, subscription, subscriptionFilter } from './vocabulary.ts';
import { createWrites } from './writes.ts';

const capabilities: ReadonlySet<Capability> = new Set<Capability>([
  'CUSTOMER_CREATE',
  'CUSTOMER_UPDATE',
  'CUSTOMER_FILTERS',
  'SUBSCRIPTION_LIST',
  'SUBSCRIPTION_FILTERS',
  'SUBSCRIPTION_CREATE',
  'SUBSCRIPTION_UPDATE',
  'SUBSCRIPTION_CANCEL',
  'SUBSCRIPTION_FREEZE',
]);

export const unipay: Dialect = {
  vendor: 'UNIPAY',
  readFailure,
  connect,
  tables: {
    capabilities,
    operations,
    customer,
    subscription,
    customerFilters,
    subscriptionFilter,
    inputs: { management: inputsOf('management'), billing: inputsOf('billing') },
  },
};

function inputsOf(profile: UnipaySettings['profile']): InputTables {
  return {
    CreateCustomerInput: inputTables.customer[profile].newCustomer,
    UpdateCustomerInput: inputTables.customer[profile].changedCustomer,
    CreateSubscriptionInput: inputTables.newSubscription,
    UpdateSubscriptionInput: inputTables.changedSubscription,
    CancelSubscriptionInput: inputTables.cancellation,
    FreezeSubscriptionInput: inputTables.freeze,
  };
}

const id = vendorId('id');

const shape = recordShape(customer, subscription);

function connect(account: Account, transport: Transport): VendorAccount {
  const { name, unipay: settings = unipayDefaults } = account;
  const { call, send } = createCalls(name, transport, operations, decodeAnswer);
  const read = createReads(settings);
  const customerFilter = customerFilters[settings.profile];
  const ofAccount = { account: none(name), vendor: none('UNIPAY' as const) };

  const readCustomer = createRecordReader<Customer>(name, 'customer', 'id', {
    id: derived(['id'], 'global id', (raw) => customerId({ account: name, vendorId: id.read(raw) })),
    ...ofAccount,
    ...customer,
  });

  const readSubscription = createRecordReader<BillingSubscription>(name, 'subscription', 'id', {
    id: derived(['id'], 'global id', (raw, owner = '') =>
      subscriptionId({ account: name, customerVendorId: owner, vendorId: id.read(raw) }),
    ),
    ...ofAccount,
    customerVendorId: derived([], 'the customer asked for', (_, owner = '') => owner),
    ...subscription,
  });

  return {
    name,
    vendor: 'UNIPAY',
    identity: accountIdentity(account),
    recordShape: shape,
    capabilities,
    limits: { customersPerLoad: 1, rowsPerWindow: settings.pageSize },
    customerFilter,
    subscriptionFilter,
    isVendorId: (text) => VENDOR_ID.test(text) && !holdsCardNumber(text),
    async loadCustomers(ids, _options, context) {
      const found = new Map<string, Customer | VendorError>();
      await Promise.all(
        ids.map(async (wanted) => {
          const answer = await orUndefined(call('loadCustomer', read({ 'customer-id': wanted }), context));
          if (answer === undefined) return;
          const row = readRecord(name, 'loadCustomer', answer);
          found.set(wanted, sameOrMalformed(readCustomer(row), wanted));
        }),
      );
      return found;
    },
    async findCustomers(window, { filter }, context) {
      const parameters = [...windowParameters(window), ...writeFilter(filter, customerFilter)];
      const answer = await call('findCustomers', read({}, parameters), context);
      return pageOf(window, readRows(name, 'findCustomers', answer), readCustomer);
    },
    async loadSubscription({ customerVendorId, vendorId: wanted }, context) {
      const ids = { 'customer-id': customerVendorId, 'subscription-id': wanted };
      const answer = await orUndefined(call('loadSubscription', read(ids), context));
      if (answer === undefined) return null;
      const row = readRecord(name, 'loadSubscription', answer);
      return orThrow(sameOrMalformed(readSubscription(row, customerVendorId), wanted));
    },
    async findSubscriptions(customerVendorId, window, filter, context) {
      const parameters = [...windowParameters(window), ...writeFilter(filter, subscriptionFilter)];
      const answer = await orUndefined(
        call('findSubscriptions', read({ 'customer-id': customerVendorId }, parameters), context),
      );
      const rows = answer === undefined ? [] : readRows(name, 'findSubscriptions', answer);
      return pageOf(window, rows, (row) => readSubscription(row, customerVendorId));
    },
    ...createWrites({ account: name, settings, call, send, read, readCustomer, readSubscription }),
    health: () => transport.health(),
    close: () => transport.close(),
  };

  function sameOrMalformed<R extends { readonly vendorId: string }>(record: R | MalformedAnswer, wanted: string) {
    return record instanceof MalformedAnswer || record.vendorId === wanted
      ? record
      : new MalformedAnswer(name, `asked for record ${wanted} and got another`);
  }
}

function windowParameters({ offset, count }: RowWindow): [string, string][] {
  return [
    ['offset', String(offset)],
    ['limit', String(count)],
  ];
}

/** A page that isn't full is the last: the vendor gives no total and no marker. */
function pageOf<Raw, R>({ count }: RowWindow, rows: readonly Raw[], read: (row: Raw) => R) {
  return { rows: rows.slice(0, count).map(read), isLast: rows.length < count };
}
