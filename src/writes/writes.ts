import { BadUserInput, VendorError } from '../errors.ts';
import { AccountKeys, subscriptionKey } from '../loaders/keys.ts';
import type { Loaders, RequestContext } from '../loaders/loaders.ts';
import type { Capability } from '../model/billing-account.ts';
import type { Customer } from '../model/customer.ts';
import type { CreateCustomerInput, UpdateCustomerInput } from '../model/customer-input.ts';
import {
  type CustomerKey,
  customerId,
  readCustomerId,
  readSubscriptionId,
  type SubscriptionKey,
  subscriptionId,
} from '../model/ids.ts';
import { quote } from '../model/quote.ts';
import type { BillingSubscription } from '../model/subscription.ts';
import type {
  CancelSubscriptionInput,
  CreateSubscriptionInput,
  FreezeSubscriptionInput,
  UpdateSubscriptionInput,
} from '../model/subscription-input.ts';
import { type UserError, userError } from '../model/user-error.ts';
import { customerVersion } from '../model/version.ts';
import type { CallContext } from '../transport/transport.ts';
import type { PlannedWrite, VendorAccount } from '../vendors/vendor.ts';
import { type CreateOptions, Execution, type WriteOptions, type WriteParts } from './execution.ts';
import { refused, type WriteResult } from './result.ts';

/** One request's writes: what each of them asks of its account, and what it changes. */
export class Writes {
  readonly #accounts: WriteParts['accounts'];
  readonly #tenant: string;
  readonly #loaders: Loaders;
  readonly #execution: Execution;

  constructor(parts: WriteParts, context: RequestContext, loaders: Loaders) {
    this.#accounts = parts.accounts;
    this.#tenant = context.tenant;
    this.#loaders = loaders;
    this.#execution = new Execution(parts, context, loaders);
  }

  createCustomer(input: CreateCustomerInput, options: CreateOptions): Promise<WriteResult<Customer>> {
    return this.#onAccount<Customer>(input.account, 'CUSTOMER_CREATE', ['account'], (account) =>
      this.#execution.create(
        {
          operation: 'createCustomer',
          account,
          input,
          meaning: { ...input, account: undefined },
          load: (id) =>
            this.#loaders.created(account, id, (context) =>
              loadCustomer(account, readCustomerId(id).vendorId, context),
            ),
          cachePlace: ({ id }) => ({ family: this.#keys(account.name).created(), key: id }),
          recordId: undefined,
          plan: () => account.planCreateCustomer(input),
          touched: (customer) => (customer ? this.#customerKeys(customer) : []),
          readBack: undefined,
          idOf: ({ id }) => id,
        },
        options,
      ),
    );
  }

  updateCustomer(input: UpdateCustomerInput, options: WriteOptions): Promise<WriteResult<Customer>> {
    const key = readCustomerId(input.id);
    return this.#onCustomer(key, 'CUSTOMER_UPDATE', 'updateCustomer', input, options, {
      isEdit: true,
      plan: (account, context) => account.planUpdateCustomer(key.vendorId, input, context),
      check: (plan) => {
        const current = (plan as PlannedWrite<Customer> & { readonly current: Customer }).current;
        return (input.expectedVersion ?? null) !== null && input.expectedVersion !== customerVersion(current)
          ? [userError('CONFLICT', `${input.id} has changed since that version; read it again`, ['expectedVersion'])]
          : [];
      },
    });
  }

  archiveCustomer(id: string, options: WriteOptions): Promise<WriteResult<Customer>> {
    const key = readCustomerId(id);
    return this.#onCustomer(key, 'CUSTOMER_ARCHIVE', 'archiveCustomer', { id }, options, {
      plan: (account) => account.planArchiveCustomer(key.vendorId),
    });
  }

  reopenCustomer(id: string, options: WriteOptions): Promise<WriteResult<Customer>> {
    const key = readCustomerId(id);
    return this.#onCustomer(key, 'CUSTOMER_REOPEN', 'reopenCustomer', { id }, options, {
      plan: (account) => account.planReopenCustomer(key.vendorId),
    });
  }

  deleteCustomer(id: string, options: WriteOptions): Promise<WriteResult<Customer>> {
    const key = readCustomerId(id);
    return this.#onCustomer(key, 'CUSTOMER_DELETE', 'deleteCustomer', { id }, options, {
      plan: (account) => account.planDeleteCustomer(key.vendorId),
      isGone: true,
    });
  }

  createSubscription(
    input: CreateSubscriptionInput,
    options: CreateOptions,
  ): Promise<WriteResult<BillingSubscription>> {
    const owner = readCustomerId(input.customerId);
    if (owner.account !== input.account) {
      const message = `customerId must name a customer of ${quote(input.account)}`;
      return Promise.resolve(refused([userError('INVALID', message, ['customerId'])]));
    }
    return this.#onAccount<BillingSubscription>(input.account, 'SUBSCRIPTION_CREATE', ['account'], (account) => {
      requireVendorIds(account, [owner.vendorId]);
      return this.#execution.create(
        {
          operation: 'createSubscription',
          account,
          input,
          meaning: { ...input, account: undefined, customerId: owner.vendorId },
          load: (id) =>
            this.#loaders.created(account, id, (context) => account.loadSubscription(readSubscriptionId(id), context)),
          cachePlace: ({ id }) => ({ family: this.#keys(account.name).created(), key: id }),
          recordId: undefined,
          plan: () => account.planCreateSubscription(owner.vendorId, input),
          touched: () => this.#customerKeys(owner),
          readBack: undefined,
          idOf: ({ id }) => id,
        },
        options,
      );
    });
  }

  updateSubscription(input: UpdateSubscriptionInput, options: WriteOptions): Promise<WriteResult<BillingSubscription>> {
    const key = readSubscriptionId(input.id);
    const plan = (account: VendorAccount, context: CallContext) => account.planUpdateSubscription(key, input, context);
    return this.#onSubscription(key, 'SUBSCRIPTION_UPDATE', 'updateSubscription', input, options, plan, true);
  }

  cancelSubscription(input: CancelSubscriptionInput, options: WriteOptions): Promise<WriteResult<BillingSubscription>> {
    const key = readSubscriptionId(input.id);
    return this.#onSubscription(key, 'SUBSCRIPTION_CANCEL', 'cancelSubscription', input, options, (account, context) =>
      account.planCancelSubscription(key, input, context),
    );
  }

  freezeSubscription(input: FreezeSubscriptionInput, options: WriteOptions): Promise<WriteResult<BillingSubscription>> {
    const key = readSubscriptionId(input.id);
    return this.#onSubscription(key, 'SUBSCRIPTION_FREEZE', 'freezeSubscription', input, options, (account) =>
      account.planFreezeSubscription(key, input),
    );
  }

  // ── What the mutations share

  async #onAccount<R>(
    name: string,
    capability: Capability,
    field: readonly string[],
    write: (account: VendorAccount) => Promise<WriteResult<R>>,
  ): Promise<WriteResult<R>> {
    const account = this.#accounts.get(name);
    if (!account) {
      const known = [...this.#accounts.keys()].map((one) => `"${one}"`).join(', ');
      return refused([userError('INVALID', `the account must be one of ${known}`, field)]);
    }
    if (!account.capabilities.has(capability)) {
      return refused([userError('UNSUPPORTED_BY_VENDOR', `${name} has no ${capability}`)]);
    }
    return write(account);
  }

  #onCustomer(
    key: CustomerKey,
    capability: Capability,
    operation: string,
    input: object,
    options: WriteOptions,
    how: {
      readonly plan: (
        account: VendorAccount,
        context: CallContext,
      ) => PlannedWrite<Customer> | Promise<PlannedWrite<Customer> | null>;
      readonly check?: (plan: PlannedWrite<Customer>) => readonly UserError[];
      readonly isEdit?: boolean;
      readonly isGone?: boolean;
    },
  ): Promise<WriteResult<Customer>> {
    return this.#onAccount<Customer>(key.account, capability, ['id'], (account) => {
      requireVendorIds(account, [key.vendorId]);
      return this.#execution.change(
        {
          operation,
          account,
          input,
          recordId: customerId(key),
          isEdit: how.isEdit ?? false,
          plan: (context) => how.plan(account, context),
          ...(how.check ? { check: how.check } : {}),
          touched: () => this.#customerKeys(key),
          readBack: how.isGone ? undefined : (_, context) => loadCustomer(account, key.vendorId, context),
          ...(how.isGone
            ? {}
            : { cachePlace: () => ({ family: this.#keys(account.name).customers(false), key: key.vendorId }) }),
          idOf: ({ id }) => id,
        },
        options,
      );
    });
  }

  #onSubscription(
    key: SubscriptionKey,
    capability: Capability,
    operation: string,
    input: object,
    options: WriteOptions,
    plan: (
      account: VendorAccount,
      context: CallContext,
    ) => PlannedWrite<BillingSubscription> | Promise<PlannedWrite<BillingSubscription> | null>,
    isEdit = false,
  ): Promise<WriteResult<BillingSubscription>> {
    return this.#onAccount<BillingSubscription>(key.account, capability, ['id'], (account) => {
      requireVendorIds(account, [key.customerVendorId, key.vendorId]);
      return this.#execution.change(
        {
          operation,
          account,
          input,
          recordId: subscriptionId(key),
          isEdit,
          plan: (context) => plan(account, context),
          touched: () => this.#customerKeys({ account: key.account, vendorId: key.customerVendorId }),
          readBack: async (written, context) => written ?? account.loadSubscription(key, context),
          cachePlace: () => ({
            family: this.#keys(account.name).subscriptions(),
            key: subscriptionKey(key.customerVendorId, key.vendorId),
          }),
          idOf: ({ id }) => id,
        },
        options,
      );
    });
  }

  /** Of an account that is known to be there. */
  #keys(account: string): AccountKeys {
    return new AccountKeys(this.#tenant, this.#accounts.get(account) as VendorAccount);
  }

  #customerKeys({ account, vendorId }: CustomerKey): string[] {
    const keys = this.#keys(account);
    return [
      keys.customers(false).of(vendorId),
      keys.customers(true).of(vendorId),
      keys.created().of(customerId({ account, vendorId })),
    ];
  }
}

async function loadCustomer(account: VendorAccount, vendorId: string, context: CallContext): Promise<Customer | null> {
  const loaded = (await account.loadCustomers([vendorId], { customFields: false }, context)).get(vendorId);
  if (loaded instanceof VendorError) throw loaded;
  return loaded ?? null;
}

function requireVendorIds(account: VendorAccount, ids: readonly string[]): void {
  for (const id of ids) {
    if (account.isVendorId(id)) continue;
    throw new BadUserInput(`${account.name} numbers its records with whole numbers such as 302`);
  }
}
