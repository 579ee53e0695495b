import { describe, expect, it } from '@jest/globals';
import { planCustomerFilter, planSubscriptionFilter } from '../../src/loaders/matching.ts';
import type { Customer } from '../../src/model/customer.ts';
import type { SubscriptionFilter } from '../../src/model/filters.ts';
import type { BillingSubscription } from '../../src/model/subscription.ts';
import { absent, pushedText, scanned } from '../../src/vendors/filters.ts';

const customerTable = {
  merchantAccountId: absent,
  firstName: pushedText('firstName', 5),
  lastName: scanned,
  organizationName: scanned,
  email: scanned,
  phone: scanned,
  street: scanned,
  city: scanned,
  region: scanned,
  postalCode: scanned,
  countryCode: scanned,
};

const subscriptionTable = {
  billingCycle: scanned,
  kind: scanned,
  status: scanned,
  planId: scanned,
  planName: scanned,
  createdFrom: scanned,
  createdTo: scanned,
  lastBillingFrom: scanned,
  lastBillingTo: scanned,
  nextBillingFrom: scanned,
  nextBillingTo: scanned,
  amountFrom: scanned,
  amountTo: scanned,
};

const customer = {
  firstName: 'Zoë',
  lastName: ' Müller ',
  organizationName: null,
  email: 'Zoe@Example.org',
  address: { line1: '1 Main St', city: null },
} as Partial<Customer> as Customer;

const subscription = {
  status: 'ACTIVE',
  kind: 'FIXED',
  billingCycle: 'MONTHLY',
  planId: '12',
  planName: 'Gold',
  createdAt: '2024-02-29T23:59:59',
  nextBillingDate: '2024-03-01',
  lastBillingDate: null,
  amount: { amount: '0.30', currencyCode: null },
} as Partial<BillingSubscription> as BillingSubscription;

describe('the plan for a filter of customers', () => {
  it('is nothing to do for no filter, and for fields that are null', () => {
    for (const filter of [{}, { email: null, merchantAccountId: null, firstName: null }]) {
      expect(planCustomerFilter(filter, customerTable, 'x')).toEqual({
        whyNone: undefined,
        pushed: {},
        matches: undefined,
      });
    }
  });

  it('pushes down what the account can, and looks for the rest', () => {
    const plan = planCustomerFilter({ firstName: 'Zoë', email: 'zoe@example.org' }, customerTable, 'x');
    expect(plan.pushed).toEqual({ firstName: 'Zoë' });
    expect(plan.matches?.(customer)).toBe(true);
    expect(plan.matches?.({ ...customer, email: 'other@example.org' })).toBe(false);
    expect(plan.matches?.({ ...customer, email: null })).toBe(false);
  });

  it('says what no customer of the account can have', () => {
    expect(planCustomerFilter({ merchantAccountId: '1' }, customerTable, 'x').whyNone).toBe(
      'x has no customer with this merchantAccountId',
    );
    expect(planCustomerFilter({ firstName: 'Johannes' }, customerTable, 'x').whyNone).toBe(
      'x has no customer with this firstName',
    );
  });

  it.each([
    [{ lastName: 'müller' }, true],
    [{ lastName: 'MÜLLER ' }, true],
    [{ lastName: 'mülle' }, false],
    [{ street: '1 main st', email: 'ZOE@EXAMPLE.ORG' }, true],
    [{ street: '1 main st', email: 'no' }, false],
    [{ city: '' }, false],
    [{ organizationName: 'null' }, false],
  ])('matches the whole text whatever its case, and all of the fields: %j', (filter, isWanted) => {
    expect(planCustomerFilter(filter, customerTable, 'x').matches?.(customer)).toBe(isWanted);
  });
});

describe('the plan for a filter of subscriptions', () => {
  it.each<[SubscriptionFilter, boolean]>([
    [{ status: 'ACTIVE', kind: 'FIXED', billingCycle: 'MONTHLY', planId: '12', planName: 'gold' }, true],
    [{ status: 'EXPIRED' }, false],
    [{ createdFrom: '2024-02-29', createdTo: '2024-02-29' }, true],
    [{ createdFrom: '2024-03-01' }, false],
    [{ createdTo: '2024-02-28' }, false],
    [{ nextBillingFrom: '2024-03-01', nextBillingTo: '2024-03-01' }, true],
    [{ lastBillingFrom: '0001-01-01' }, false],
    [{ lastBillingTo: '9999-12-31' }, false],
    [{ amountFrom: '0.3', amountTo: '0.3' }, true],
    [{ amountFrom: '0.30000000000000001' }, false],
    [{ amountTo: '0.29999999999999999' }, false],
  ])('takes borders as part of what they bound, exactly, and no row without a value: %j', (filter, isWanted) => {
    expect(planSubscriptionFilter(filter, subscriptionTable, 'x').matches?.(subscription)).toBe(isWanted);
  });

  it('matches no amount where none is told', () => {
    const { matches } = planSubscriptionFilter({ amountFrom: '-1' }, subscriptionTable, 'x');
    expect(matches?.({ ...subscription, amount: null })).toBe(false);
  });
});
