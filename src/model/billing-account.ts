import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { CacheHint, InheritedCacheHint, Internal, VendorCalls } from './federation.ts';
import { Vendor } from './vendor.ts';

export const Capability = {
  CUSTOMER_CREATE: 'CUSTOMER_CREATE',
  CUSTOMER_UPDATE: 'CUSTOMER_UPDATE',
  CUSTOMER_DELETE: 'CUSTOMER_DELETE',
  CUSTOMER_ARCHIVE: 'CUSTOMER_ARCHIVE',
  CUSTOMER_REOPEN: 'CUSTOMER_REOPEN',
  CUSTOMER_FILTERS: 'CUSTOMER_FILTERS',
  CUSTOM_FIELDS: 'CUSTOM_FIELDS',
  CUSTOMER_BATCH: 'CUSTOMER_BATCH',
  SUBSCRIPTION_LIST: 'SUBSCRIPTION_LIST',
  SUBSCRIPTION_FILTERS: 'SUBSCRIPTION_FILTERS',
  SUBSCRIPTION_CREATE: 'SUBSCRIPTION_CREATE',
  SUBSCRIPTION_UPDATE: 'SUBSCRIPTION_UPDATE',
  SUBSCRIPTION_CANCEL: 'SUBSCRIPTION_CANCEL',
  SUBSCRIPTION_FREEZE: 'SUBSCRIPTION_FREEZE',
} as const;
export type Capability = keyof typeof Capability;

registerEnumType(Capability, {
  name: 'Capability',
  description: "Something that an account's vendor can do; what isn't listed is refused before any call.",
  valuesConfig: {
    CUSTOMER_CREATE: { description: 'New customers can be added.' },
    CUSTOMER_UPDATE: { description: "A customer's details can be changed." },
    CUSTOMER_DELETE: { description: 'Customers can be deleted for good (BillAgain only).' },
    CUSTOMER_ARCHIVE: { description: 'Customers can be archived, and stay readable (BillAgain only).' },
    CUSTOMER_REOPEN: { description: 'Archived customers can be opened again (BillAgain only).' },
    CUSTOMER_FILTERS: {
      description: 'The vendor filters customers itself (UniPay only); elsewhere they are scanned up to a limit.',
    },
    CUSTOM_FIELDS: { description: 'Customers carry custom fields (BillAgain only).' },
    CUSTOMER_BATCH: { description: 'Many customers are read with one call (BillAgain only).' },
    SUBSCRIPTION_LIST: { description: "A customer's subscriptions can be listed." },
    SUBSCRIPTION_FILTERS: {
      description: 'The vendor filters subscriptions itself (UniPay only); elsewhere they are scanned up to a limit.',
    },
    SUBSCRIPTION_CREATE: { description: 'New subscriptions can be added.' },
    SUBSCRIPTION_UPDATE: { description: "A subscription's note and payment method can be changed (UniPay only)." },
    SUBSCRIPTION_CANCEL: { description: 'Subscriptions can be cancelled.' },
    SUBSCRIPTION_FREEZE: { description: 'Subscriptions can be frozen for a number of payments (UniPay only).' },
  },
});

export const AccountHealth = { UP: 'UP', DEGRADED: 'DEGRADED', DOWN: 'DOWN' } as const;
export type AccountHealth = keyof typeof AccountHealth;

registerEnumType(AccountHealth, {
  name: 'AccountHealth',
  description: "How an account's vendor has been answering lately.",
  valuesConfig: {
    UP: { description: 'Calls are being answered.' },
    DEGRADED: {
      description: 'Some operations are refused, or tried again, after too many of their calls have failed.',
    },
    DOWN: { description: 'Not answering: calls fail at once until the vendor is tried again.' },
  },
});

@ObjectType({ description: 'One configured account at one vendor.', simpleResolvers: true })
@InheritedCacheHint
@VendorCalls(0)
export class BillingAccount {
  @Field(() => String, { description: 'The name this account was configured under, such as "billagain".' })
  name!: string;

  @Field(() => Vendor, { description: 'The vendor that keeps this account.' })
  vendor!: Vendor;

  @Field(() => [Capability], { description: 'What can be done with this account.' })
  capabilities!: Capability[];

  @Field(() => AccountHealth, { description: "How the account's vendor has been answering lately." })
  @Internal
  @CacheHint(0)
  health!: AccountHealth;
}
