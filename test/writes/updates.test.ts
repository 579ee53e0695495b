import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newCustomer, newUnipayCustomer } from './cases.ts';
import { attempt, CREATE_SUBSCRIPTION, codesOf, UPDATE_CUSTOMER, write } from './documents.ts';
import {
  type LocalGateway,
  startLocalGateway,
  startVendors,
  takeCalls,
  until,
  type Vendors,
} from './start-gateways.ts';

/** Seed 002's edit. */
const DOCUMENTED_FIELDS = [
  ...['Reference', 'isCompany', 'Name', 'LastName', 'RegistrationNumber', 'VatNo', 'Company', 'Email', 'EmailCC'],
  ...['Cell', 'Tel', 'Fax', 'Address1', 'Address2', 'City', 'State', 'countryID', 'countryStateID', 'ZipCode'],
  ...['PrimaryGatewayID', 'CurrencyCode', 'isWaiveTaxes', 'PaymentMethod', 'autoSendInvoice', 'autoSendStatement'],
  'StatementDay',
];

let vendors: Vendors;
let gateway: LocalGateway;
beforeAll(async () => {
  vendors = await startVendors({ billagain: { customers: 20 } });
});
afterAll(() => vendors.close());
beforeEach(async () => {
  gateway = await startLocalGateway(vendors);
});
afterEach(async () => {
  vendors.billagain.dials.clear();
  await gateway.stop();
});

const numberOf = (id: string): number => Number(id.split(':')[2]);
const rowOf = (id: string) => vendors.billagain.customer(numberOf(id));

async function sentBy(work: () => Promise<unknown>): Promise<Record<string, unknown>> {
  vendors.billagain.calls.clear();
  await work();
  const [put, ...more] = vendors.billagain.calls.calls.filter(({ method }) => method === 'PUT');
  expect(more).toEqual([]);
  return JSON.parse(put?.body ?? 'null');
}

describe('updateCustomer at BillAgain', () => {
  it.each([302, 300, 10622, 100001, 100002, 100003, 100004, 100005])(
    'sends all 26 fields of customer %i, the unchanged ones as they came',
    async (number) => {
      const before = { ...vendors.billagain.customer(number) } as Record<string, unknown>;
      const body = await sentBy(() =>
        write(gateway, UPDATE_CUSTOMER, { input: { id: `Customer:billagain:${number}`, fax: '+27-11-0000000' } }),
      );
      expect(Object.keys(body).sort()).toEqual([...DOCUMENTED_FIELDS].sort());
      const { StatementDay, ...others } = body;
      expect(others).toEqual(
        Object.fromEntries(Object.keys(others).map((name) => [name, name === 'Fax' ? '+27-11-0000000' : before[name]])),
      );
      expect(StatementDay).toEqual(before.StatementDate);
      // Nothing else of the customer has changed, but for the simulator's own idea of the state.
      const { countryStateID, CountryState } = vendors.billagain.customer(number) ?? {};
      const after = { ...before, Fax: '+27-11-0000000', countryStateID, CountryState };
      expect(vendors.billagain.customer(number)).toEqual(after);
    },
  );

  it('sends back null, "", "1", 1 and a payment method that can not be chosen', async () => {
    const id = await newCustomer(vendors.billagain);
    const odd = {
      Email: '',
      EmailCC: null,
      countryStateID: '1',
      PaymentMethod: 'bank_account',
      RegistrationNumber: '007',
      StatementDate: 15,
      autoSendInvoice: null,
    };
    vendors.billagain.change(numberOf(id), odd);
    const body = await sentBy(() => write(gateway, UPDATE_CUSTOMER, { input: { id, fax: '1' } }));
    const { StatementDate: StatementDay, ...others } = odd;
    expect(body).toMatchObject({ ...others, StatementDay, CurrencyCode: 'ZAR', isWaiveTaxes: false });
  });

  it('empties what is null and keeps what is left out', async () => {
    const id = await newCustomer(vendors.billagain, { Email: 'a@example.com', EmailCC: 'b@example.com' });
    const { customer } = await write(gateway, UPDATE_CUSTOMER, { input: { id, email: null } });
    expect(customer).toMatchObject({ email: null });
    expect(rowOf(id)).toMatchObject({ EmailCC: 'b@example.com' });
  });

  it('reads past every cache what it changes', async () => {
    const id = await newCustomer(vendors.billagain, { Email: 'old@example.com' });
    const look = '{ customers(first: 5, accounts: ["billagain"]) { nodes { email } } customer(id: "ID") { email } }';
    await gateway.ask(look.replace('ID', id));
    vendors.billagain.change(numberOf(id), { Email: 'behind@example.com', City: 'Durban' });
    // Cached, as nobody told us.
    expect(await gateway.ask(look.replace('ID', id))).toMatchObject({
      data: { customer: { email: 'old@example.com' } },
    });
    const { customer } = await write(gateway, UPDATE_CUSTOMER, { input: { id, phone: '123' } });
    expect(customer).toMatchObject({ phone: '123', email: 'behind@example.com', address: { city: 'Durban' } });
    expect(rowOf(id)).toMatchObject({ Tel: '123', Email: 'behind@example.com', City: 'Durban' });
  });

  it('reads back past every cache, with one PUT', async () => {
    const id = await newCustomer(vendors.billagain);
    vendors.billagain.calls.clear();
    await write(gateway, UPDATE_CUSTOMER, { input: { id, phone: '123' } });
    const path = `/customers/${numberOf(id)}`;
    expect(takeCalls(vendors.billagain)).toEqual(['POST /by_customer_ids', `PUT ${path}`, 'POST /by_customer_ids']);
  });

  it('lets ten changes of different fields at once all survive', async () => {
    const id = await newCustomer(vendors.billagain);
    const changes = {
      email: 'Email',
      emailCc: 'EmailCC',
      phone: 'Tel',
      mobilePhone: 'Cell',
      fax: 'Fax',
      taxNumber: 'VatNo',
      registrationNumber: 'RegistrationNumber',
      reference: 'Reference',
    };
    vendors.billagain.dials.set({ latencyMs: 5 });
    const payloads = await Promise.all(
      [...Object.keys(changes), 'line1', 'city'].map((name) => {
        const value = `${name} of ${id}`;
        const change = name in changes ? { [name]: value } : { address: { [name]: value } };
        return write(gateway, UPDATE_CUSTOMER, { input: { id, ...change } });
      }),
    );
    expect(payloads.flatMap(codesOf)).toEqual([]);
    expect(rowOf(id)).toMatchObject({
      ...Object.fromEntries(Object.entries(changes).map(([name, raw]) => [raw, `${name} of ${id}`])),
      Address1: `line1 of ${id}`,
      City: `city of ${id}`,
    });
  });

  it('is turned away, to try again, when others are at the record for too long', async () => {
    const id = await newCustomer(vendors.billagain);
    const hasty = await startLocalGateway(vendors, { REQUEST_TIMEOUT_MS: '400' });
    vendors.billagain.dials.set({ method: 'PUT', latencyMs: 1000 });
    vendors.billagain.calls.clear();
    const first = attempt(hasty, UPDATE_CUSTOMER, { input: { id, phone: '1' } });
    await until(() => vendors.billagain.calls.count('PUT') === 1);
    const second = await write(hasty, UPDATE_CUSTOMER, { input: { id, fax: '2' } });
    expect(second.userErrors).toMatchObject([{ code: 'CONFLICT', retryable: true }]);
    expect(vendors.billagain.calls.count('PUT')).toBe(1);
    await first;
    await hasty.stop();
  });

  it('is not cut short by the end of the request, once it is on the wire', async () => {
    const id = await newCustomer(vendors.billagain);
    const hasty = await startLocalGateway(vendors, { REQUEST_TIMEOUT_MS: '200' });
    vendors.billagain.dials.set({ method: 'PUT', latencyMs: 500 });
    expect(await write(hasty, UPDATE_CUSTOMER, { input: { id, phone: '1' } })).toMatchObject({
      userErrors: [],
      customer: { phone: '1' },
    });
    await hasty.stop();
  });
});

describe('updateCustomer at UniPay', () => {
  it('keeps both lines of an address that the account splits in two, under its names, and can change the second', async () => {
    const rewrite = (body: string) => body.replace(/"street":"[^"]*"/, '"street1":"1 Main","street2":"Rear"');
    vendors.unipay.dials.set({ method: 'GET', rewrite });
    const sent = async (change: object) => {
      const input = { id: 'Customer:unipay:1', ...change };
      const { userErrors, dryRun } = await write(gateway, UPDATE_CUSTOMER, { input, dryRun: true });
      expect(userErrors).toEqual([]);
      return JSON.parse(dryRun?.body ?? '') as object;
    };
    expect(await sent({ email: 'new@example.com' })).toMatchObject({ street1: '1 Main', street2: 'Rear' });
    const both = await sent({ address: { line1: '2 Main', line2: 'Front' } });
    expect(both).toMatchObject({ street1: '2 Main', street2: 'Front' });
    expect(both).not.toHaveProperty('street');
    vendors.unipay.dials.clear();
  });

  it('is a conflict where only the country has changed since', async () => {
    const id = await newUnipayCustomer(vendors.unipay);
    const change = (input: object) => write(gateway, UPDATE_CUSTOMER, { input: { id, ...input } });
    const first = await change({ address: { countryCode: 'US' } });
    const second = await change({ address: { countryCode: 'CA' } });
    expect(second.customer?.version).not.toBe(first.customer?.version);
    const late = await change({ email: 'x@example.com', expectedVersion: first.customer?.version });
    expect(codesOf(late)).toEqual(['CONFLICT']);
  });
});

describe('createSubscription', () => {
  it('refuses negative units before any call, as it does a cycle of nothing', async () => {
    const customerId = await newCustomer(vendors.billagain);
    vendors.billagain.calls.clear();
    const components = [{ id: '5', units: '-0.5' }];
    const input = { account: 'billagain', customerId, planId: '9', components, cycleMonths: 0 };
    const { userErrors } = await write(gateway, CREATE_SUBSCRIPTION, { input });
    expect(userErrors.map(({ code, field }) => [code, field])).toEqual([
      ['INVALID', ['cycleMonths']],
      ['INVALID', ['components', '0', 'units']],
    ]);
    expect(takeCalls(vendors.billagain)).toEqual([]);
  });
});

describe('expectedVersion', () => {
  const VERSIONS = `query ($id: ID!, $other: ID!) {
    single: customer(id: $id) { version }
    other: customer(id: $other) { version }
    customers(first: 50, accounts: ["billagain"]) { nodes { id version customFields { key } } }
  }`;
  type Versions = Record<'single' | 'other', { version: string }> & {
    customers: { nodes: { id: string; version: string }[] };
  };

  it('is the same over every way of reading', async () => {
    for (const number of [302, 300, 10622, 100001, 100002, 100003, 100004]) {
      const id = `Customer:billagain:${number}`;
      const fresh = await startLocalGateway(vendors, { CACHE_TTL_SECONDS: '0' });
      const { data } = await fresh.ask<Versions>(VERSIONS, { id, other: 'Customer:billagain:300' });
      const inList = data?.customers.nodes.find((node) => node.id === id)?.version;
      expect(inList).toBe(data?.single.version);
      // The single read, as an update makes it: it would say CONFLICT.
      const input = { id, expectedVersion: inList };
      expect(codesOf(await write(fresh, UPDATE_CUSTOMER, { input, dryRun: true }))).toEqual([]);
      await fresh.stop();
    }
  });

  it.each(['show', 'null', 'omit'] as const)(
    'is the same over every way of reading, and no update wipes the day of statements, where other answers %s it',
    async (elsewhere) => {
      const careful = await startVendors({ billagain: { undocumentedStatementDate: elsewhere } });
      careful.billagain.change(302, { StatementDate: 15 });
      const id = 'Customer:billagain:302';
      const fresh = await startLocalGateway(careful, { CACHE_TTL_SECONDS: '0' });
      const fields = 'version statementDay';
      const ways = [
        `{ customer(id: "${id}") { ${fields} } }`,
        `{ customer(id: "${id}") { ${fields} customFields { key } } }`,
        `{ customers(first: 5, accounts: ["billagain"]) { nodes { id ${fields} } } }`,
        `{ customers(first: 5, accounts: ["billagain"]) { nodes { id ${fields} customFields { key } } } }`,
        `{ node(id: "${id}") { ... on Customer { ${fields} } } }`,
      ];
      const seen = new Set<string>();
      for (const way of ways) {
        const { data } = await fresh.ask<Record<string, { nodes?: { id: string }[] }>>(way);
        const [found] = Object.values(data ?? {});
        const { version, statementDay } = (found?.nodes?.find((node) => node.id === id) ?? found) as never;
        expect(statementDay).toBe(15);
        seen.add(version);
      }
      expect(seen.size).toBe(1);
      const [expectedVersion] = seen;
      const { userErrors, customer } = await write(fresh, UPDATE_CUSTOMER, {
        input: { id, fax: '1', expectedVersion },
      });
      expect(userErrors).toEqual([]);
      expect(careful.billagain.customer(302)).toMatchObject({ Fax: '1', StatementDate: 15 });
      careful.billagain.change(302, { StatementDate: 16 });
      const input = { id, fax: '2', expectedVersion: customer?.version };
      expect(codesOf(await write(fresh, UPDATE_CUSTOMER, { input }))).toEqual(['CONFLICT']);
      await fresh.stop();
      await careful.close();
    },
  );

  it('is told for a list whose days of statements can not be read, with the failure beside it', async () => {
    const careful = await startVendors({ billagain: { undocumentedStatementDate: 'omit' } });
    const fresh = await startLocalGateway(careful, { CACHE_TTL_SECONDS: '0' });
    careful.billagain.dials.set({ path: /by_customer_ids/, status: 400 });
    const { data, errors } = await fresh.ask<{ customers: { nodes: { version: string }[] } }>(
      '{ customers(first: 3, accounts: ["billagain"]) { nodes { version } } }',
    );
    expect(data?.customers.nodes.map(({ version }) => typeof version)).toEqual(['string', 'string', 'string']);
    expect(errors?.map(({ path }) => path)).toContainEqual(['customers', 'nodes', 0, 'version']);
    await fresh.stop();
    await careful.close();
  });

  it('stays while only the balance moves, and changes with what can be changed', async () => {
    const id = await newCustomer(vendors.billagain);
    const version = async () => {
      const answer = await gateway.ask<{ customer: { version: string } }>(`{ customer(id: "${id}") { version } }`);
      return answer.data?.customer.version;
    };
    const first = await version();
    vendors.billagain.change(numberOf(id), { Balance: 12.5, ActiveSubs: 3, isSuspended: true });
    await gateway.stop();
    gateway = await startLocalGateway(vendors);
    expect(await version()).toBe(first);
    for (const change of [
      { email: 'x@example.com' },
      { address: { city: 'Durban' } },
      { billAgain: { company: 'C' } },
    ]) {
      const before = await version();
      await write(gateway, UPDATE_CUSTOMER, { input: { id, ...change } });
      expect(await version()).not.toBe(before);
    }
  });

  it('lets the change of that version through', async () => {
    const id = await newCustomer(vendors.billagain);
    const first = await write(gateway, UPDATE_CUSTOMER, { input: { id, phone: '1' } });
    const input = { id, phone: '2', expectedVersion: first.customer?.version };
    expect(await write(gateway, UPDATE_CUSTOMER, { input })).toMatchObject({
      userErrors: [],
      customer: { phone: '2' },
    });
    vendors.billagain.calls.clear();
    const again = await write(gateway, UPDATE_CUSTOMER, { input });
    expect(again.userErrors).toMatchObject([{ code: 'CONFLICT', field: ['expectedVersion'] }]);
    expect(vendors.billagain.calls.count('PUT')).toBe(0);
  });

  it('is a conflict when it is empty, and no way around the check', async () => {
    const id = await newCustomer(vendors.billagain);
    const input = { id, phone: '1', expectedVersion: '' };
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input }))).toEqual(['CONFLICT']);
  });

  it('can be read anew after a conflict, past what was cached', async () => {
    const id = await newCustomer(vendors.billagain);
    const look = `{ customer(id: "${id}") { version email } }`;
    const cached = await gateway.ask<{ customer: { version: string } }>(look);
    vendors.billagain.change(numberOf(id), { Email: 'behind@example.com' });
    const input = { id, phone: '1', expectedVersion: cached.data?.customer.version };
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input }))).toEqual(['CONFLICT']);
    const now = await gateway.ask<{ customer: { version: string; email: string } }>(look);
    expect(now.data?.customer.email).toBe('behind@example.com');
    const retried = { ...input, expectedVersion: now.data?.customer.version };
    expect(codesOf(await write(gateway, UPDATE_CUSTOMER, { input: retried }))).toEqual([]);
  });
});
