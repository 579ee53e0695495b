import type { MalformedAnswer, VendorError } from '../errors.ts';
import type { Account } from '../model/account.ts';
import type { AccountHealth, Capability } from '../model/billing-account.ts';
import type { Customer } from '../model/customer.ts';
import type { CreateCustomerInput, UpdateCustomerInput } from '../model/customer-input.ts';
import type { CustomerFilter, SubscriptionFilter } from '../model/filters.ts';
import type { SubscriptionKey } from '../model/ids.ts';
import type { BillingSubscription } from '../model/subscription.ts';
import type {
  CancelSubscriptionInput,
  CreateSubscriptionInput,
  FreezeSubscriptionInput,
  UpdateSubscriptionInput,
} from '../model/subscription-input.ts';
import type { UserError } from '../model/user-error.ts';
import type { Vendor } from '../model/vendor.ts';
import type { CallContext, Transport, TransportRequest, TransportResponse } from '../transport/transport.ts';
import type { FieldTable } from './fields.ts';
import type { FilterTable } from './filters.ts';
import type { OperationTable, RequestDescription } from './operation.ts';
import type { OnUnreadable } from './record-reader.ts';
import type { InputTable } from './writing.ts';

/** A language that a vendor speaks: everything of Billgraph that knows this vendor. */
export interface Dialect {
  readonly vendor: Vendor;
  /**
   * The failure an answer stands for, whatever its HTTP status; undefined for an answer to be read.
   * Asked by transport for each answer, so that what may be retried is retried.
   */
  readFailure(account: string, request: TransportRequest, response: TransportResponse): VendorError | undefined;
  connect(account: Account, transport: Transport, onUnreadable?: OnUnreadable): VendorAccount;
  readonly tables: DialectTables;
}

/** What a dialect is written in, to be printed into its README and into the schema's field map. */
export interface DialectTables {
  readonly capabilities: ReadonlySet<Capability>;
  readonly operations: OperationTable;
  /** Without what only the account decides: its name, the vendor, the global id. */
  readonly customer: FieldTable<Omit<Customer, 'id' | 'account' | 'vendor' | 'unreadable'>>;
  readonly subscription: FieldTable<
    Omit<BillingSubscription, 'id' | 'account' | 'vendor' | 'customerVendorId' | 'unreadable'>
  >;
  /** By profile, where there are several. */
  readonly customerFilters: Readonly<Record<string, FilterTable<CustomerFilter>>>;
  readonly subscriptionFilter: FilterTable<SubscriptionFilter>;
  /** By profile, where there are several. */
  readonly inputs: Readonly<Record<string, InputTables>>;
}

/** By the schema's names; null where the vendor can't do what the input asks for. */
export interface InputTables {
  readonly CreateCustomerInput: InputTable;
  readonly UpdateCustomerInput: InputTable;
  readonly CreateSubscriptionInput: InputTable;
  readonly UpdateSubscriptionInput: InputTable | null;
  readonly CancelSubscriptionInput: InputTable;
  readonly FreezeSubscriptionInput: InputTable | null;
}

/** Rows `offset` to `offset + count` of a list, counted from 0. */
export interface RowWindow {
  readonly offset: number;
  readonly count: number;
}

/** Null for a customer that the account is known not to have. */
export type OnCustomer = (vendorId: string, customer: Customer | VendorError | null) => void;

export interface RowPage<T> {
  /** In the vendor's order. An unreadable row stands in its place as its own error, so that places are kept. */
  readonly rows: readonly (T | MalformedAnswer)[];
  /** True when the vendor has no row behind these. */
  readonly isLast: boolean;
}

/** A write that has been checked and encoded, and not been sent. */
export interface PlannedWrite<R> {
  readonly request: RequestDescription;
  /** Whatever is here must keep the write from being sent. */
  readonly problems: readonly UserError[];
  /** One call. The record, where the vendor's answer holds it. */
  send(context: CallContext): Promise<R | undefined>;
  /**
   * What became of a write whose outcome is unknown; undefined where the vendor offers no sure way to learn that it was
   * carried out. `sentAtMs` is when it was sent, in epoch milliseconds.
   */
  readonly findOutcome: FindOutcome<R> | undefined;
}

/** Resolves to undefined where nothing shows that the write was carried out. */
export type FindOutcome<R> = (sentAtMs: number, context: CallContext) => Promise<Outcome<R> | undefined>;

/** A write that was carried out, as the vendor's data show. */
export interface Outcome<R> {
  readonly record: R | undefined;
  /** It was all so before the write, which may therefore be on its way yet. */
  readonly wasSoBefore?: boolean;
}

/** A change that was worked out from the record as it is. */
export interface PlannedUpdate<R> extends PlannedWrite<R> {
  readonly current: R;
}

/**
 * One configured account, spoken to in its vendor's dialect. Every member is required; what a vendor can't do is said in
 * `capabilities` and refused by the caller before any call.
 *
 * Reads reject with a {@link VendorError} when the call failed; when only a record can't be read, that record is a
 * {@link MalformedAnswer} among the others; when only a field can't, the record says so (`unreadable`).
 */
export interface VendorAccount {
  readonly name: string;
  readonly vendor: Vendor;
  /** Names the vendor account behind the name: see {@link accountIdentity}. */
  readonly identity: string;
  /** Stands for the field tables of its records, so that no other release's cached records are taken for its own. */
  readonly recordShape: string;
  readonly capabilities: ReadonlySet<Capability>;
  readonly limits: {
    /** How many customers `loadCustomers` takes at once. */
    readonly customersPerLoad: number;
    /** How many rows a window may span. */
    readonly rowsPerWindow: number;
  };
  readonly customerFilter: FilterTable<CustomerFilter>;
  readonly subscriptionFilter: FilterTable<SubscriptionFilter>;
  /** Guards every path that is built from an id. */
  isVendorId(text: string): boolean;
  /**
   * By vendorId, in any order. An unknown id is absent, not an error; one that fails alone is its own error. At most
   * `customersPerLoad` ids, without repeats. Where it takes several calls, `onAnswer` is told what each has brought as it
   * arrives.
   */
  loadCustomers(
    vendorIds: readonly string[],
    options: { readonly customFields: boolean },
    context: CallContext,
    onAnswer?: OnCustomer,
  ): Promise<ReadonlyMap<string, Customer | VendorError>>;
  /** Only the filter's PUSHED fields are looked at. */
  findCustomers(
    window: RowWindow,
    options: { readonly customFields: boolean; readonly filter: CustomerFilter },
    context: CallContext,
  ): Promise<RowPage<Customer>>;
  /** Null for an unknown subscription, or an unknown customer. */
  loadSubscription(key: SubscriptionKey, context: CallContext): Promise<BillingSubscription | null>;
  /** Only the filter's PUSHED fields are looked at. Empty for an unknown customer. */
  findSubscriptions(
    customerVendorId: string,
    window: RowWindow,
    filter: SubscriptionFilter,
    context: CallContext,
  ): Promise<RowPage<BillingSubscription>>;

  // Writes. Those that aren't among the capabilities are never asked for.

  planCreateCustomer(input: CreateCustomerInput): PlannedWrite<Customer>;
  /** Reads the customer past every cache. Null for an unknown one. */
  planUpdateCustomer(
    vendorId: string,
    input: UpdateCustomerInput,
    context: CallContext,
  ): Promise<PlannedUpdate<Customer> | null>;
  planArchiveCustomer(vendorId: string): PlannedWrite<Customer>;
  planReopenCustomer(vendorId: string): PlannedWrite<Customer>;
  planDeleteCustomer(vendorId: string): PlannedWrite<Customer>;
  planCreateSubscription(customerVendorId: string, input: CreateSubscriptionInput): PlannedWrite<BillingSubscription>;
  /** Reads the subscription past every cache. Null for an unknown one. */
  planUpdateSubscription(
    key: SubscriptionKey,
    input: UpdateSubscriptionInput,
    context: CallContext,
  ): Promise<PlannedUpdate<BillingSubscription> | null>;
  /** Null for a subscription that is known to be unknown. */
  planCancelSubscription(
    key: SubscriptionKey,
    input: CancelSubscriptionInput,
    context: CallContext,
  ): PlannedWrite<BillingSubscription> | Promise<PlannedWrite<BillingSubscription> | null>;
  planFreezeSubscription(key: SubscriptionKey, input: FreezeSubscriptionInput): PlannedWrite<BillingSubscription>;

  health(): AccountHealth;
  close(): Promise<void>;
}
