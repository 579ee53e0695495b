import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CASES } from './cases.ts';
import { CREATE_CUSTOMER, codesOf, PERSON, UNIPAY_PERSON, UPDATE_CUSTOMER, write } from './documents.ts';
import { type LocalGateway, startLocalGateway, startVendors, type Vendors } from './start-gateways.ts';

let vendors: Vendors;
let gateway: LocalGateway;
beforeAll(async () => {
  vendors = await startVendors();
  gateway = await startLocalGateway(vendors, { ALLOW_RAW_CARD_DATA: 'true' });
});
afterAll(async () => {
  await gateway.stop();
  await vendors.close();
});

describe.each(CASES)('a dry run of $mutation at $vendor', ({ vendor, method, path, document, variables }) => {
  it('shows the very request that is sent without it, and sends nothing that changes state', async () => {
    const simulator = vendors[vendor];
    const input = await variables(vendors);
    simulator.calls.clear();
    const planned = await write(gateway, document, { ...input, dryRun: true });
    const record = planned.customer ?? planned.subscription ?? planned.deletedId ?? null;
    expect([record, planned.userErrors, planned.replayed ?? false]).toEqual([null, [], false]);
    expect(planned.dryRun).toMatchObject({ lostFields: [] });
    expect(simulator.calls.count(method, path)).toBe(0);
    // Reads only: by GET and none of UniPay's actions, or BillAgain's batch.
    const READ = /^GET [^~]*$|^POST \/by_customer_ids$/;
    for (const call of simulator.calls.calls) expect(`${call.method} ${call.path}`).toMatch(READ);
    simulator.calls.clear();
    await write(gateway, document, input);
    const sent = simulator.calls.calls.filter((call) => call.method === method && path.test(call.path));
    expect(
      sent.map((call) => [
        call.method,
        call.path + (call.query && `?${call.query}`),
        call.contentType ?? null,
        call.body || null,
      ]),
    ).toEqual([[planned.dryRun?.method, planned.dryRun?.path, planned.dryRun?.contentType, planned.dryRun?.body]]);
  });
});

it('a dry run shows neither password nor card number, and all else as it is sent', async () => {
  const input = {
    ...PERSON,
    billAgain: {
      contact: { firstName: 'Ada', email: 'ada@example.com', password: 'correct-horse-battery' },
      paymentMethod: { creditCard: { number: '4111111111111111', expiryMonth: 1, expiryYear: 2090 } },
    },
  };
  const { dryRun } = await write(gateway, CREATE_CUSTOMER, { input, dryRun: true });
  vendors.billagain.calls.clear();
  await write(gateway, CREATE_CUSTOMER, { input });
  const sent = vendors.billagain.calls.calls[0]?.body ?? '';
  expect([sent.includes('correct-horse-battery'), sent.includes('4111111111111111')]).toEqual([true, true]);
  const shown = dryRun?.body ?? '';
  expect([shown.includes('correct-horse-battery'), shown.includes('411111')]).toEqual([false, false]);
  const { Contact, PrimaryPaymentMethod, ...rest } = JSON.parse(shown);
  const { Contact: sentContact, PrimaryPaymentMethod: sentMethod, ...sentRest } = JSON.parse(sent);
  expect(rest).toEqual(sentRest);
  expect(Contact).toEqual({ ...sentContact, Password: '********' });
  expect(PrimaryPaymentMethod.CreditCard).toEqual({ ...sentMethod.CreditCard, Number: '************1111' });
});

it('a dry run names every field that would be lost, and the write itself refuses them', async () => {
  const input = {
    ...UNIPAY_PERSON,
    taxNumber: '1',
    fax: '2',
    address: { line2: 'x', city: 'Durban' },
    billAgain: { company: 'C' },
  };
  const planned = await write(gateway, CREATE_CUSTOMER, { input, dryRun: true });
  expect([...(planned.dryRun?.lostFields ?? [])].sort()).toEqual(
    expect.arrayContaining(['address.line2', 'fax', 'taxNumber']),
  );
  expect(planned.dryRun?.lostFields.some((field) => field.startsWith('billAgain'))).toBe(true);
  vendors.unipay.calls.clear();
  const refused = await write(gateway, CREATE_CUSTOMER, { input });
  expect(refused.userErrors).toEqual(planned.userErrors);
  expect(codesOf(refused).every((code) => code === 'UNSUPPORTED_BY_VENDOR')).toBe(true);
  expect(vendors.unipay.calls.count()).toBe(0);
});

it('a dry run finds what only the record can show', async () => {
  const missing = { input: { id: 'Customer:billagain:999', phone: '1' }, dryRun: true };
  expect(codesOf(await write(gateway, UPDATE_CUSTOMER, missing))).toEqual(['NOT_FOUND']);
  const changed = { input: { id: 'Customer:billagain:302', phone: '1', expectedVersion: 'another' }, dryRun: true };
  expect(codesOf(await write(gateway, UPDATE_CUSTOMER, changed))).toEqual(['CONFLICT']);
});

it('a dry run leaves an idempotency key unused and no line in the audit', async () => {
  const before = gateway.audit().length;
  await write(gateway, CREATE_CUSTOMER, { input: PERSON, key: 'a-key', dryRun: true });
  expect(gateway.audit()).toHaveLength(before);
  const email = 'another@example.com';
  const created = await write(gateway, CREATE_CUSTOMER, { input: { ...PERSON, email }, key: 'a-key' });
  expect(created).toMatchObject({ replayed: false, userErrors: [], customer: { email } });
});
