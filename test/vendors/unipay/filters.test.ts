import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerFilter, SubscriptionFilter } from '../../../src/model/filters.ts';
import type { BillingSubscription } from '../../../src/model/subscription.ts';
import { startUnipay, type UnipaySimulator } from '../../../src/simulators/unipay/server.ts';
import type { VendorAccount } from '../../../src/vendors/vendor.ts';
import { patience } from '../connected.ts';
import { connectDeployment, DEPLOYMENTS, type Deployment } from './deployments.ts';

describe('on the wire', () => {
  let simulator: UnipaySimulator;
  let account: VendorAccount;
  beforeAll(async () => {
    simulator = await startUnipay({ customers: 200, today: '2026-02-01' });
  });
  afterAll(() => simulator.close());
  beforeEach(() => {
    simulator.calls.clear();
    account = connectDeployment(simulator, DEPLOYMENTS[0] as Deployment);
  });
  afterEach(() => account.close());

  const sent = (): [string, string][] => [...new URLSearchParams(simulator.calls.calls.at(-1)?.query)];

  it('all eleven filters of a customer are sent as the vendor names them', async () => {
    const filter: Required<CustomerFilter> = {
      merchantAccountId: '2001',
      firstName: 'Ann & Bob=',
      lastName: "O'Brien",
      organizationName: 'Müller + Söhne',
      email: 'a+b@example.com',
      phone: '+1-555-000017',
      street: '12 Main St #4',
      city: 'Zürich',
      region: 'MA',
      postalCode: '02108',
      countryCode: 'US',
    };
    const page = await account.findCustomers({ offset: 3, count: 7 }, { customFields: true, filter }, patience());
    expect(page).toEqual({ rows: [], isLast: true });
    expect(sent()).toEqual([
      ['offset', '3'],
      ['limit', '7'],
      ['accountId', '2001'],
      ['firstName', 'Ann & Bob='],
      ['lastName', "O'Brien"],
      ['organizationName', 'Müller + Söhne'],
      ['email', 'a+b@example.com'],
      ['phone', '+1-555-000017'],
      ['street', '12 Main St #4'],
      ['city', 'Zürich'],
      ['state', 'MA'],
      ['zipCode', '02108'],
      ['countryCode', 'US'],
    ]);
  });

  it('all thirteen filters of a subscription are sent as the vendor names them', async () => {
    const filter: Required<SubscriptionFilter> = {
      billingCycle: 'SEMI_ANNUALLY',
      kind: 'FIXED',
      status: 'FROZEN',
      planId: '504',
      planName: 'Basic',
      createdFrom: '2020-01-01',
      createdTo: '2020-12-31',
      lastBillingFrom: '2021-01-01',
      lastBillingTo: '2021-12-31',
      nextBillingFrom: '2022-01-01',
      nextBillingTo: '2022-12-31',
      amountFrom: '19.991',
      amountTo: '29.999',
    };
    await account.findSubscriptions('17', { offset: 0, count: 60 }, filter, patience());
    expect(sent()).toEqual([
      ['offset', '0'],
      ['limit', '60'],
      ['billingCycleType', 'S'],
      ['type', 'F'],
      ['status', 'F'],
      ['planId', '504'],
      ['name', 'Basic'],
      ['createDateFrom', '2020-01-01'],
      ['createDateTo', '2020-12-31'],
      ['lastBillingDateFrom', '2021-01-01'],
      ['lastBillingDateTo', '2021-12-31'],
      ['nextBillingDateFrom', '2022-01-01'],
      ['nextBillingDateTo', '2022-12-31'],
      ['amountFrom', '2000'],
      ['amountTo', '2999'],
    ]);
  });

  it('each filter of a subscription lets those through that have it', async () => {
    const owner = String(
      Array.from({ length: 200 }, (_, id) => id).find((id) => simulator.subscriptionIds(id).length === 6),
    );
    const find = async (filter: SubscriptionFilter) => {
      const { rows } = await account.findSubscriptions(owner, { offset: 0, count: 60 }, filter, patience());
      return rows.map((row) => {
        if (row instanceof Error) throw row;
        return row;
      });
    };
    const all = await find({});
    expect(all).toHaveLength(6);
    const one = all[0] as BillingSubscription;
    const amountOf = (subscription: BillingSubscription) => Number(subscription.amount?.amount);
    const dayOf = (subscription: BillingSubscription) => subscription.createdAt?.slice(0, 10) ?? '';
    const filters: [SubscriptionFilter, (subscription: BillingSubscription) => boolean][] = [
      [{ status: one.status }, ({ status }) => status === one.status],
      [{ kind: one.kind }, ({ kind }) => kind === one.kind],
      [{ billingCycle: one.billingCycle }, ({ billingCycle }) => billingCycle === one.billingCycle],
      [{ planId: one.planId }, ({ planId }) => planId === one.planId],
      [{ planName: one.planName }, ({ planName }) => planName === one.planName],
      [{ amountFrom: one.amount?.amount ?? '' }, (each) => amountOf(each) >= amountOf(one)],
      [{ amountTo: one.amount?.amount ?? '' }, (each) => amountOf(each) <= amountOf(one)],
      [{ createdFrom: dayOf(one) }, (each) => dayOf(each) >= dayOf(one)],
      [{ createdTo: dayOf(one) }, (each) => dayOf(each) <= dayOf(one)],
    ];
    for (const [filter, matches] of filters) expect(await find(filter)).toEqual(all.filter(matches));
  });
});
