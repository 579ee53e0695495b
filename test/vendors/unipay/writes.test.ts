import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UnipaySettings } from '../../../src/model/account.ts';
import type { CreateCustomerInput, UpdateCustomerInput } from '../../../src/model/customer-input.ts';
import { startUnipay, type UnipaySimulator } from '../../../src/simulators/unipay/server.ts';
import type { VendorAccount } from '../../../src/vendors/vendor.ts';
import { connect, patience } from '../connected.ts';

const TODAY = '2026-01-01';

const ANN: CreateCustomerInput = {
  account: 'unipay',
  merchantAccountId: '2001',
  reference: 'A-1',
  kind: 'COMPANY',
  displayName: 'Lee & Co',
  firstName: 'Ann "A" O\'Brien',
  lastName: 'Lee <x>',
  organizationName: 'Lee & Co',
  email: 'ann+lee@example.com',
  phone: '+1 (212) 555-01',
  address: {
    line1: '1 Main St.\nRear',
    city: 'Zürich',
    region: 'NY',
    postalCode: '10001',
    countryCode: 'US',
  },
};

/** In the order in which it is sent, which none of the formats gives a meaning. */
const ANN_THERE = {
  code: 'A-1',
  firstName: 'Ann "A" O\'Brien',
  lastName: 'Lee <x>',
  organizationName: 'Lee & Co',
  email: 'ann+lee@example.com',
  phone: '+1 (212) 555-01',
  street: '1 Main St.\nRear',
  city: 'Zürich',
  state: 'NY',
  zipCode: '10001',
  countryCode: 'US',
  accountId: 2001,
};

const { firstName, lastName, ...WITHOUT_PERSON } = ANN_THERE;

/** Bodies as each format writes them, from the vendor's sample of a component: attributes of the root, or pairs. */
const BODIES = {
  json: {
    contentType: 'application/json',
    customer: (fields: object) => JSON.stringify(fields),
    subscription: (fields: object) => JSON.stringify(fields),
  },
  xml: {
    contentType: 'application/xml',
    customer: (fields: object) => `<customer${attributesOf(fields)}/>`,
    subscription: (fields: object) => `<subscription${attributesOf(fields)}/>`,
  },
  xurl: {
    contentType: 'application/x-www-form-urlencoded',
    customer: (fields: object) => new URLSearchParams(fields as Record<string, string>).toString(),
    // Seed 003 takes json and xml only.
    subscription: (fields: object) => JSON.stringify(fields),
  },
};

function attributesOf(fields: object): string {
  const escaped = (value: unknown) =>
    String(value)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll('\n', '&#10;');
  return Object.entries(fields)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
}

const DEPLOYMENTS: Pick<UnipaySettings, 'profile' | 'requestFormat' | 'format'>[] = [
  { profile: 'management', requestFormat: 'json', format: 'json' },
  { profile: 'management', requestFormat: 'xml', format: 'xml' },
  { profile: 'billing', requestFormat: 'json', format: 'xml' },
  { profile: 'billing', requestFormat: 'xml', format: 'json' },
  { profile: 'billing', requestFormat: 'xurl', format: 'json' },
];

describe.each(DEPLOYMENTS)('UniPay, $profile, asked in $requestFormat and answering in $format', (deployment) => {
  const { requestFormat, format } = deployment;
  const bodies = BODIES[requestFormat];
  let simulator: UnipaySimulator;
  let account: VendorAccount;

  beforeAll(async () => {
    simulator = await startUnipay({ customers: 5, today: TODAY, profile: deployment.profile });
    const { username, password } = simulator.settings;
    const unipay = { ...deployment, formatSelection: 'both', pageSize: 100, actionPath: '/~{action}' } as const;
    account = connect(simulator, { vendor: 'UNIPAY', credentials: { username, password }, unipay });
  });
  beforeEach(() => simulator.calls.clear());
  afterAll(async () => {
    await account.close();
    await simulator.close();
  });

  function lastCall() {
    const call = simulator.calls.calls.at(-1);
    if (call === undefined) throw new Error('nothing was asked');
    const { method, path, query, contentType, accept, body } = call;
    return { method, path, query, contentType, accept, body };
  }
  const accept = format === 'xml' ? 'application/xml' : 'application/json';
  const subscriptionType = requestFormat === 'xml' ? 'application/xml' : 'application/json';

  async function createAnn() {
    const plan = account.planCreateCustomer(ANN);
    expect(plan.problems).toEqual([]);
    const created = await plan.send(patience());
    if (created === undefined) throw new Error('the answer holds the customer');
    return created;
  }

  async function createSubscription(owner: string) {
    const plan = account.planCreateSubscription(owner, {
      account: 'unipay',
      customerId: `Customer:unipay:${owner}`,
      reference: 'S-1',
      planId: String(simulator.plans[0]?.id),
      paymentMethodId: '7',
      note: 'first & last',
      amount: '19.9',
      firstBillingDate: '2026-02-01',
    });
    expect(plan.problems).toEqual([]);
    const created = await plan.send(patience());
    if (created === undefined) throw new Error('the answer holds the subscription');
    return created;
  }

  it('creates a customer with a PUT of its fields', async () => {
    const created = await createAnn();
    expect(lastCall()).toEqual({
      method: 'PUT',
      path: `/customers.${format}`,
      query: '',
      contentType: bodies.contentType,
      accept,
      body: bodies.customer(ANN_THERE),
    });
    expect(simulator.customer(Number(created.vendorId))).toMatchObject(ANN_THERE);
    expect(created).toMatchObject({
      ...{ reference: 'A-1', kind: 'COMPANY', merchantAccountId: '2001', organizationName: 'Lee & Co' },
      address: { line1: '1 Main St.\nRear', line2: null, city: 'Zürich', region: 'NY', countryCode: 'US' },
    });
  });

  it('modifies a customer with a POST of all that can be written, "" where a field is to be empty', async () => {
    const { id, vendorId } = await createAnn();
    const input: UpdateCustomerInput = { id, firstName: null, lastName: '', email: 'new@example.com' };
    const plan = await account.planUpdateCustomer(vendorId, input, patience());
    expect(plan?.problems).toEqual([]);
    const changed = await plan?.send(patience());
    const { accountId: _accountId, code: _code, ...kept } = { ...ANN_THERE, email: 'new@example.com' };
    const sent = { ...kept, firstName: '', lastName: '' };
    expect(lastCall()).toEqual({
      method: 'POST',
      path: `/customers/${vendorId}.${format}`,
      query: '',
      contentType: bodies.contentType,
      accept,
      body: bodies.customer(sent),
    });
    const there = simulator.customer(Number(vendorId));
    expect(there).toMatchObject({ ...WITHOUT_PERSON, email: 'new@example.com' });
    expect(there).not.toHaveProperty('firstName');
    expect(changed).toMatchObject({ firstName: null, lastName: null, email: 'new@example.com', reference: 'A-1' });
  });

  it('creates a subscription with a PUT below its customer, amounts in cents', async () => {
    const { vendorId: owner } = await createAnn();
    const created = await createSubscription(owner);
    const sent = {
      ...{ code: 'S-1', planId: simulator.plans[0]?.id, paymentOptionId: 7, note: 'first & last', amount: 1990 },
      firstBillingDate: '2026-02-01',
    };
    expect(lastCall()).toEqual({
      method: 'PUT',
      path: `/customers/${owner}/subscriptions.${format}`,
      query: '',
      contentType: subscriptionType,
      accept,
      body: bodies.subscription(sent),
    });
    expect(simulator.subscription(Number(owner), Number(created.vendorId))).toMatchObject(sent);
    expect(created).toMatchObject({ reference: 'S-1', amount: { amount: '19.9' }, note: 'first & last' });
  });

  it('modifies of a subscription its note and its payment option, and sends both', async () => {
    const { vendorId: customerVendorId } = await createAnn();
    const { id, vendorId } = await createSubscription(customerVendorId);
    const key = { account: 'unipay', customerVendorId, vendorId };
    const plan = await account.planUpdateSubscription(key, { id, note: 'new' }, patience());
    const changed = await plan?.send(patience());
    const paymentOptionId = format === 'xml' ? '7' : 7;
    expect(lastCall()).toEqual({
      method: 'POST',
      path: `/customers/${customerVendorId}/subscriptions/${vendorId}.${format}`,
      query: '',
      contentType: subscriptionType,
      accept,
      // XML knows no numbers: what came from it goes back as the text it is.
      body: bodies.subscription({ note: 'new', paymentOptionId }),
    });
    expect(changed).toMatchObject({ note: 'new', paymentMethodId: '7' });
  });

  it('cancels and freezes with a GET that names the action', async () => {
    const { vendorId: customerVendorId } = await createAnn();
    const { id, vendorId } = await createSubscription(customerVendorId);
    const key = { account: 'unipay', customerVendorId, vendorId };
    const path = `/customers/${customerVendorId}/subscriptions/${vendorId}`;
    const asked = { method: 'GET', contentType: undefined, accept, body: '' };
    const day = '2026-02-01';
    const freeze = { id, effectiveDate: day, paymentCount: 2, note: 'a & b' };
    await account.planFreezeSubscription(key, freeze).send(patience());
    const freezeQuery = `effectiveDate=${day}&length=2&note=a+%26+b`;
    expect(lastCall()).toEqual({ ...asked, path: `${path}/~freeze.${format}`, query: freezeQuery });
    const cancellation = { id, effectiveDate: TODAY, note: '' };
    const plan = await account.planCancelSubscription(key, cancellation, patience());
    const cancelled = await plan?.send(patience());
    expect(lastCall()).toEqual({ ...asked, path: `${path}/~cancel.${format}`, query: `effectiveDate=${TODAY}` });
    expect(cancelled).toMatchObject({ status: 'CANCELLED', note: 'a & b' });
    expect(simulator.adjustments.slice(-2)).toMatchObject([{ type: 'F', length: 2 }, { type: 'C' }]);
  });

  it('shows in a dry run the very request', async () => {
    const plan = account.planCreateCustomer(ANN);
    await plan.send(patience());
    const { method, path, contentType, body } = lastCall();
    expect(plan.request).toEqual({ method, path, contentType, body });
  });
});

describe('UniPay', () => {
  let simulator: UnipaySimulator;
  let account: VendorAccount;

  beforeAll(async () => {
    simulator = await startUnipay({ customers: 5, today: TODAY });
    const { username, password } = simulator.settings;
    account = connect(simulator, { vendor: 'UNIPAY', credentials: { username, password } });
  });
  beforeEach(() => {
    simulator.calls.clear();
    simulator.dials.clear();
  });
  afterAll(async () => {
    await account.close();
    await simulator.close();
  });

  const key = { account: 'unipay', customerVendorId: '1', vendorId: '999' };
  const subscription = { account: '', customerId: '', planId: '1', paymentMethodId: '1' };

  it.each([
    ['create of a customer', () => account.planCreateCustomer({ ...ANN, merchantAccountId: '1' })],
    ['create of a subscription', () => account.planCreateSubscription('1', subscription)],
    ['cancellation', () => account.planCancelSubscription(key, { id: '', effectiveDate: TODAY }, patience())],
    ['freeze', () => account.planFreezeSubscription(key, { id: '', effectiveDate: TODAY, paymentCount: 1 })],
  ])('refuses a %s with letter V, which then is no "not found"', async (_name, plan) => {
    await expect((await plan())?.send(patience())).rejects.toMatchObject({ name: 'VendorRefusal', vendorCode: 'V01' });
  });

  it('knows by letter V that a record it is asked to change is not there', async () => {
    expect(await account.planUpdateCustomer('999', { id: '', email: 'a@b.c' }, patience())).toBeNull();
    expect(await account.planUpdateSubscription(key, { id: '', note: 'x' }, patience())).toBeNull();
    expect(simulator.calls.count('POST')).toBe(0);
  });

  it('is sent back whole what is not changed, and shown cut where that is a card number', async () => {
    const card = '4242424242424242';
    const show = (body: string) =>
      body.replace(/"organizationName":"[^"]*",?/, '').replace('{', `{"organizationName":"${card}",`);
    simulator.dials.set({ method: 'GET', times: 1, rewrite: show });
    const plan = await account.planUpdateCustomer('1', { id: '', email: 'new@example.com' }, patience());
    expect(plan?.current.organizationName).toBe('************4242');
    expect(plan?.request.body).not.toContain(card);
    await plan?.send(patience());
    expect(simulator.customer(1)).toMatchObject({ organizationName: card, email: 'new@example.com' });
  });
});
