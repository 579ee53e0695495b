import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type BillagainOptions,
  type BillagainSimulator,
  startBillagain,
} from '../../src/simulators/billagain/server.ts';
import { ask, ids, type Row, rows } from './billagain-client.ts';

const started: BillagainSimulator[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((simulator) => simulator.close()));
});

async function start(options: BillagainOptions = {}): Promise<BillagainSimulator> {
  const simulator = await startBillagain({ customers: 20, ...options });
  started.push(simulator);
  return simulator;
}

const fixture = (name: string) => readFileSync(new URL(`../fixtures/billagain/${name}`, import.meta.url), 'utf8');
/** Without the whitespace between tokens: what is left is compared byte for byte. */
const tokens = (json: string) => json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
const json = (text: string) => JSON.parse(text) as Row;
const NOT_FOUND = '{"Errors":[{"Message":"Cannot find Customer for this Account"}]}';
const REQUIRED = { CurrencyCode: 'ZAR', isWaiveTaxes: false };

describe('the documented customers', () => {
  it('are listed token for token as seed 002 shows them', async () => {
    const simulator = await start({ customers: 0 });
    // The example lists 302 and 300; 10622 comes from another page of the manual.
    await ask(simulator, 'DELETE', '/customers/10622');
    expect((await ask(simulator, 'GET', '/customers')).text).toBe(tokens(fixture('customers.json')));
    expect((await ask(simulator, 'GET', '/customers/with_customfields')).text).toBe(
      tokens(fixture('with_customfields.json')),
    );
  });

  it('are answered by ids token for token, in the order of seed 002', async () => {
    const simulator = await start();
    const answer = await ask(simulator, 'POST', '/by_customer_ids', fixture('by_customer_ids.request.json'));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.text).toBe(tokens(fixture('by_customer_ids.json')));
  });

  it('are loaded one by one token for token, trailing spaces and trailing zeros included', async () => {
    const simulator = await start();
    expect((await ask(simulator, 'GET', '/customers/10622')).text).toBe(tokens(fixture('customer-10622.json')));
    expect((await ask(simulator, 'GET', '/customers/with_customfields/10622')).text).toBe(
      tokens(fixture('customer-10622-with_customfields.json')),
    );
    expect((await ask(simulator, 'GET', '/customers/302')).text).toContain('"Balance":500.5000,');
  });

  it('have as many active subscriptions as ActiveSubs says', async () => {
    const simulator = await start();
    for (const [id, active] of [
      [302, 5],
      [10622, 2],
      [300, 0],
    ] as const) {
      const subscriptions = await rows(simulator, `/customers/${id}/subscriptions`);
      expect(subscriptions.filter((row) => row.comp_Status === 'active')).toHaveLength(active);
      expect(subscriptions.length).toBeGreaterThan(active);
    }
  });
});

describe('lists', () => {
  it('are ordered by CreatedDate, newest first, or oldest first by option', async () => {
    const newest = await rows(await start(), '/customers');
    const dates = newest.map((row) => Date.parse(String(row.CreatedDate)));
    expect(dates).toEqual(dates.toSorted((a, b) => b - a));
    expect(newest.slice(-3).map((row) => row.customerID)).toEqual([10622, 302, 300]);
    const oldest = await ids(await start({ order: 'oldest' }), '/customers');
    expect(oldest).toEqual(newest.map((row) => row.customerID).reverse());
  });

  it('answer 100 rows unless asked, 200 at most, and none beyond the end', async () => {
    const simulator = await start({ customers: 300 });
    expect(await ids(simulator, '/customers')).toHaveLength(100);
    expect(await ids(simulator, '/customers?page_size=150')).toHaveLength(150);
    expect(await ids(simulator, '/customers?page_size=201')).toHaveLength(200);
    expect(await ids(simulator, '/customers?page=2&page_size=201')).toHaveLength(103);
    expect((await ask(simulator, 'GET', '/customers?page=5')).text).toBe('[]');
    expect((await ask(simulator, 'GET', '/customers?page=0')).status).toBe(400);
    const strict = await start({ overLimit: 'refuse' });
    expect((await ask(strict, 'GET', '/customers?page_size=201')).status).toBe(400);
    expect((await ask(strict, 'GET', '/customers?page_size=200')).status).toBe(200);
  });

  it.each([7, 100, 200])('show each customer once in pages of %d, also after deletes and creates', async (pageSize) => {
    const simulator = await start({ customers: 450 });
    const deleted = [302, 100_001, 100_003, 100_004, 100_200, 100_450];
    for (const id of deleted.toReversed()) await ask(simulator, 'DELETE', `/customers/${id}`);
    for (const _ of [1, 2, 3]) await ask(simulator, 'POST', '/customers', REQUIRED);
    await ask(simulator, 'DELETE', '/customers/10660');
    const seen: number[] = [];
    for (let page = 1; ; page += 1) {
      const found = await ids(simulator, `/customers?page=${page}&page_size=${pageSize}`);
      seen.push(...found);
      if (found.length < pageSize) break;
    }
    const generated = Array.from({ length: 450 }, (_, index) => 100_001 + index);
    const expected = [300, 302, 10622, 10659, 10661, ...generated].filter((id) => !deleted.includes(id));
    expect(seen.toSorted((a, b) => a - b)).toEqual(expected);
    expect(simulator.customerCount).toBe(expected.length);
  });

  it('show custom fields only when asked for them', async () => {
    const simulator = await start();
    const [plain] = await rows(simulator, '/customers?page_size=1');
    const [rich] = await rows(simulator, '/customers/with_customfields?page_size=1');
    expect(plain).not.toHaveProperty('CustomFields');
    const { CustomFields, ...rest } = rich as Row;
    expect(rest).toEqual(plain);
    expect(CustomFields).toEqual(simulator.customFieldsOf(rest.customerID));
  });
});

describe('by_customer_ids', () => {
  it('never answers in the order that was asked', async () => {
    const simulator = await start();
    for (const asked of [
      [300, 302],
      [302, 300],
      [100_001, 100_002, 100_003, 100_004, 300],
    ]) {
      const answered = await ids(simulator, '/by_customer_ids', { ids: asked });
      expect(answered).not.toEqual(asked);
      expect(answered.toSorted()).toEqual(asked.toSorted());
    }
  });

  it('leaves unknown ids out, or is gone as a whole by option', async () => {
    const asked = { ids: [302, 7, 300] };
    expect(await ids(await start(), '/by_customer_ids', asked)).toEqual([300, 302]);
    const answer = await ask(await start({ unknownIds: 'gone' }), 'POST', '/by_customer_ids', asked);
    expect([answer.status, answer.text]).toEqual([410, NOT_FOUND]);
  });

  it('answers an id that was asked twice once, also when it came as text', async () => {
    expect(await ids(await start(), '/by_customer_ids', { ids: [302, '302', 302] })).toEqual([302]);
  });

  it('is paged: 100 rows unless asked, the rest on the next page', async () => {
    const simulator = await start({ customers: 150 });
    const asked = { ids: Array.from({ length: 150 }, (_, index) => 100_001 + index) };
    const first = await ids(simulator, '/by_customer_ids', asked);
    const second = await ids(simulator, '/by_customer_ids?page=2', asked);
    expect([first.length, second.length]).toEqual([100, 50]);
    expect(new Set([...first, ...second]).size).toBe(150);
    expect(await ids(simulator, '/by_customer_ids?page_size=200', asked)).toHaveLength(150);
  });

  it.each([[{}], [{ ids: [] }], [{ ids: 302 }], [{ ids: ['x'] }], ['{'], ['null']])('refuses %j', async (body) => {
    const answer = await ask(await start(), 'POST', '/by_customer_ids', body);
    expect(answer.status).toBe(400);
    expect(json(answer.text).Errors).toEqual([{ Message: expect.any(String) }]);
  });

  it('is not found under /customers', async () => {
    expect((await ask(await start(), 'POST', '/customers/by_customer_ids', { ids: [302] })).status).toBe(404);
  });
});

describe('refusals', () => {
  it.each([
    ['GET', '/customers/7'],
    ['GET', '/customers/with_customfields/7'],
    ['GET', '/customers/7/subscriptions'],
    ['DELETE', '/customers/7'],
    ['PUT', '/customers/7/archive'],
    ['PUT', '/customers/7/reopen'],
  ])('%s %s of an unknown customer is 410 in the documented words', async (method, path) => {
    const answer = await ask(await start(), method, path);
    expect([answer.status, answer.text]).toEqual([410, NOT_FOUND]);
  });

  it('answer 400 to an id that is not a number', async () => {
    expect((await ask(await start(), 'GET', '/customers/abc')).status).toBe(400);
  });

  it('answer 401 without credentials and with wrong ones', async () => {
    const simulator = await start();
    const none = await fetch(`${simulator.url}/customers`);
    expect(none.status).toBe(401);
    expect(none.headers.get('www-authenticate')).toMatch(/^Basic /);
    await none.text();
    const wrong = await ask(simulator, 'GET', '/customers', undefined, `${simulator.accountId}:wrong`);
    expect(wrong.status).toBe(401);
    expect(json(wrong.text).Errors).toHaveLength(1);
  });
});

describe('a create', () => {
  it('answers the documented example but for the contact that the example misspells, and what depends on the day', async () => {
    const simulator = await start();
    const answer = await ask(simulator, 'POST', '/customers', fixture('create.request.json'));
    expect(answer.status).toBe(201);
    const created = json(answer.text);
    const documented = json(fixture('create.json'));
    expect(Object.keys(created)).toEqual(Object.keys(documented));
    expect(created).toEqual({
      ...documented,
      CreatedDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+02:00$/),
      Contact: {
        ...(documented.Contact as object),
        LastName: 'Soap',
        Email: 'soap@comp.com',
        Username: expect.stringMatching(/^SoaJ\w{3}$/),
      },
    });
    expect(answer.text).not.toContain('Pa$$123');
  });

  it('echoes the whole card number as its last four digits, as the documented example does', async () => {
    const answer = await ask(await start(), 'POST', '/customers', fixture('create.request.json'));
    expect(answer.text).toContain('"LastFourDigits":"42424242424242"');
  });

  it('lists its inline subscriptions under the customer', async () => {
    const simulator = await start();
    await ask(simulator, 'POST', '/customers', fixture('create.request.json'));
    const [subscription, ...others] = await rows(simulator, '/customers/10659/subscriptions');
    expect(others).toEqual([]);
    expect(subscription).toMatchObject({
      customerID: 10659,
      packageID: 305,
      comp_Status: 'active',
      CustomerName: 'Bricks Inc',
      StartDate: '2016-12-15T00:00:00+02:00',
      Term: 1,
      TermType: 'months',
    });
  });

  it('can be read back, and is the newest', async () => {
    const simulator = await start();
    await ask(simulator, 'POST', '/customers', { ...REQUIRED, Name: 'Ann', Reference: 'new-1', VatNo: 12.5 });
    const [row] = await rows(simulator, '/customers?page_size=1');
    expect(row).toMatchObject({ customerID: 10659, Name: 'Ann', Reference: 'new-1', VatNo: '12.5', Email: null });
    expect(Object.keys(row as Row)).toEqual(Object.keys(json(fixture('customer-10622.json'))));
    const next = await ask(simulator, 'POST', '/customers', REQUIRED);
    expect(json(next.text).customerID).toBe(10660);
    expect(await ids(simulator, '/customers?page_size=2')).toEqual([10660, 10659]);
  });

  it.each([
    [{ isWaiveTaxes: false }],
    [{ CurrencyCode: 'ZAR' }],
    [{ CurrencyCode: 'rand', isWaiveTaxes: false }],
    [{ ...REQUIRED, StatementDay: 26 }],
    [{ ...REQUIRED, StatementDay: 0 }],
    [{ ...REQUIRED, Reference: '12343453454' }],
    [{ ...REQUIRED, Name: { first: 'Ann' } }],
    [{ ...REQUIRED, Subscriptions: Array.from({ length: 6 }, () => ({ packageID: 1 })) }],
    [{ ...REQUIRED, Subscriptions: [{ packageID: 1, StartDate: '31 Feb 2016' }] }],
    [{ ...REQUIRED, PrimaryPaymentMethod: { CreditCard: { ExpiryMonth: 'May' } } }],
  ])('is refused without a trace for %j', async (body) => {
    const simulator = await start();
    expect((await ask(simulator, 'POST', '/customers', body)).status).toBe(400);
    expect(simulator.customerCount).toBe(23);
    expect(json((await ask(simulator, 'POST', '/customers', REQUIRED)).text).customerID).toBe(10659);
  });

  it('is refused for the reference of a generated customer, until that customer is gone', async () => {
    const simulator = await start();
    const taken = (await rows(simulator, '/customers')).find((row) => row.customerID > 100_000 && row.Reference) as Row;
    const body = { ...REQUIRED, Reference: taken.Reference };
    expect((await ask(simulator, 'POST', '/customers', body)).status).toBe(400);
    await ask(simulator, 'DELETE', `/customers/${taken.customerID}`);
    expect((await ask(simulator, 'POST', '/customers', body)).status).toBe(201);
    expect((await ask(simulator, 'POST', '/customers', body)).status).toBe(400);
  });
});

describe('an edit', () => {
  it('answers 204 without a body and changes what it names', async () => {
    const simulator = await start();
    const answer = await ask(simulator, 'PUT', '/customers/302', fixture('edit.request.json'));
    expect([answer.status, answer.text]).toEqual([204, '']);
    const edited = json((await ask(simulator, 'GET', '/customers/302')).text);
    expect(edited).toMatchObject({
      customerID: 302,
      Reference: 'cust-00001',
      Name: 'Jason',
      LastName: 'Lee',
      RegistrationNumber: null,
      Country: 'South Africa',
      countryStateID: 1,
      autoSendInvoice: true,
      StatementDate: 1,
      ActiveSubs: 5,
      CreatedDate: '2016-03-11T16:34:53.8018224+02:00',
    });
    expect((await ask(simulator, 'GET', '/customers/302')).text).toContain('"Balance":500.5000,');
    expect(await rows(simulator, '/by_customer_ids', 'POST', { ids: [302] })).toEqual([edited]);
  });

  it('nulls what it leaves out, or keeps it by option', async () => {
    const worst = await start();
    await ask(worst, 'PUT', '/customers/302', { ...REQUIRED, Name: 'Ann' });
    expect(worst.customer(302)).toMatchObject({ Name: 'Ann', Email: null, countryID: null, autoSendInvoice: null });
    const kind = await start({ omittedOnEdit: 'keep' });
    await ask(kind, 'PUT', '/customers/302', { ...REQUIRED, Name: 'Ann', StatementDay: 3 });
    expect(kind.customer(302)).toMatchObject({
      Name: 'Ann',
      Email: 'poqo@hotmail.com',
      countryID: 71,
      StatementDate: 3,
    });
    expect(kind.customer(302)).toMatchObject({ countryStateID: '1', CountryState: 'Eastern Cape' });
  });

  it.each([[{ CurrencyCode: 'ZAR' }], [{ isWaiveTaxes: true }], [{ ...REQUIRED, Reference: '123123111' }]])(
    'is refused for %j',
    async (body) => {
      const simulator = await start();
      const before = simulator.customer(302);
      expect((await ask(simulator, 'PUT', '/customers/302', body)).status).toBe(400);
      expect(simulator.customer(302)).toEqual(before);
    },
  );

  it('may send back the reference that the customer has', async () => {
    const body = { ...REQUIRED, Reference: '12343453454' };
    expect((await ask(await start(), 'PUT', '/customers/302', body)).status).toBe(204);
  });

  it('of an unknown customer is 410', async () => {
    expect((await ask(await start(), 'PUT', '/customers/7', REQUIRED)).status).toBe(410);
  });
});

describe('archive, reopen and delete', () => {
  it('keep an archived customer readable until it is reopened', async () => {
    const simulator = await start();
    expect((await ask(simulator, 'PUT', '/customers/302/archive')).status).toBe(204);
    const archived = json((await ask(simulator, 'GET', '/customers/302')).text);
    expect(archived).toMatchObject({ isActive: false, comp_status: 'Archived' });
    expect(await ids(simulator, '/customers')).toContain(302);
    expect((await ask(simulator, 'PUT', '/customers/302/reopen')).status).toBe(204);
    expect((await rows(simulator, '/by_customer_ids', 'POST', { ids: [302] }))[0]).toMatchObject({
      isActive: true,
      comp_status: 'Active',
    });
  });

  it('make a deleted customer 410 everywhere', async () => {
    const simulator = await start();
    for (const id of [302, 100_005]) {
      expect((await ask(simulator, 'DELETE', `/customers/${id}`)).status).toBe(204);
      expect((await ask(simulator, 'GET', `/customers/${id}`)).status).toBe(410);
      expect((await ask(simulator, 'GET', `/customers/${id}/subscriptions`)).status).toBe(410);
      expect((await ask(simulator, 'DELETE', `/customers/${id}`)).status).toBe(410);
      expect(await ids(simulator, '/customers')).not.toContain(id);
    }
    expect(await ids(simulator, '/by_customer_ids', { ids: [302, 300, 100_005] })).toEqual([300]);
  });

  it('are shown beside a suspension, which only the vendor can make', async () => {
    const simulator = await start();
    simulator.change(100_001, { isSuspended: true, isActive: true });
    expect(json((await ask(simulator, 'GET', '/customers/100001')).text).comp_status).toBe('Suspended');
  });
});

describe('subscriptions', () => {
  it('are paged', async () => {
    const simulator = await start();
    const all = await rows(simulator, '/customers/302/subscriptions');
    expect(await rows(simulator, '/customers/302/subscriptions?page=2&page_size=4')).toEqual(all.slice(4));
  });

  it('agree with ActiveSubs on every generated customer, and show every status', async () => {
    const simulator = await start({ customers: 120 });
    const statuses = new Set<unknown>();
    for (const customer of await rows(simulator, '/customers?page_size=120')) {
      const subscriptions = simulator.subscriptionsOf(customer.customerID);
      for (const row of subscriptions) statuses.add(row.comp_Status);
      expect(subscriptions.filter((row) => row.comp_Status === 'active')).toHaveLength(Number(customer.ActiveSubs));
    }
    expect([...statuses].toSorted()).toEqual(['active', 'cancelled', 'expired', 'future', 'trial']);
  });

  it('can be created, loaded and cancelled as the vendor’s client does', async () => {
    const simulator = await start();
    const created = await ask(simulator, 'POST', '/subscriptions', { customerID: 300, packageID: 305, Term: 1 });
    expect(created.status).toBe(201);
    const path = `/subscriptions/${json(created.text).subscriptionID}`;
    expect((await ask(simulator, 'GET', path)).text).toBe(created.text);
    expect(simulator.customer(300)?.ActiveSubs).toBe(1);
    expect((await ask(simulator, 'PUT', `${path}/cancel/renewal`)).status).toBe(204);
    expect(simulator.customer(300)?.ActiveSubs).toBe(1);
    expect((await ask(simulator, 'PUT', `${path}/cancel/prorata`)).status).toBe(204);
    expect(simulator.customer(300)?.ActiveSubs).toBe(0);
    expect(json((await ask(simulator, 'GET', path)).text).comp_Status).toBe('cancelled');
    expect((await ask(simulator, 'PUT', `${path}/cancel/sometime`)).status).toBe(404);
    expect((await ask(simulator, 'GET', '/subscriptions/999999999')).status).toBe(410);
  });
});

describe('generated customers', () => {
  it('are the same for the same seed and different for another', async () => {
    const [first, second, other] = [await start(), await start(), await start({ seed: 2 })];
    const path = '/customers/with_customfields?page_size=20';
    const text = (await ask(first, 'GET', path)).text;
    expect((await ask(second, 'GET', path)).text).toBe(text);
    expect(second.subscriptionsOf(100_007)).toEqual(first.subscriptionsOf(100_007));
    expect(other.subscriptionsOf(100_007)).not.toEqual(first.subscriptionsOf(100_007));
    const names = async (simulator: BillagainSimulator) => (await rows(simulator, path)).map((row) => row.Name);
    expect(await names(other)).not.toEqual(await names(first));
  });

  it('have the fields of a documented customer, in its order', async () => {
    const documented = Object.keys(json(fixture('customer-10622.json')));
    for (const row of await rows(await start({ customers: 200 }), '/customers?page_size=200')) {
      expect(Object.keys(row)).toEqual(documented);
    }
  });

  it('vary as much as the documented ones', async () => {
    const simulator = await start({ customers: 200 });
    const page = await rows(simulator, '/customers/with_customfields?page_size=200');
    const values = (field: string) => new Set(page.map((row) => row[field]));
    expect([...values('isCompany')].toSorted()).toEqual([false, true]);
    expect([...values('comp_status')].toSorted()).toEqual(['Active', 'Archived', 'Suspended']);
    expect([...values('countryStateID')]).toEqual(expect.arrayContaining(['1', 1, null]));
    for (const field of ['Reference', 'LastName', 'Email', 'Fax']) {
      expect([...values(field)]).toEqual(expect.arrayContaining(['', null]));
    }
    const customFields = page.map((row) => row.CustomFields as { Key: string; Value: string | null }[]);
    const keysOf = (fields: { Key: string }[]) => fields.map((field) => field.Key);
    expect(customFields.some((fields) => new Set(keysOf(fields)).size < fields.length)).toBe(true);
    expect(customFields.flat().some((field) => field.Value === null)).toBe(true);
    expect(customFields.flat().some((field) => field.Value?.includes(':'))).toBe(true);
  });

  it('are there in any number: the last page of 100,000 ends with the seeds', async () => {
    const simulator = await start({ customers: 100_000 });
    expect(simulator.customerCount).toBe(100_003);
    expect(await ids(simulator, '/customers?page=501&page_size=200')).toEqual([10622, 302, 300]);
    expect((await ids(simulator, '/customers?page=500&page_size=200')).at(-1)).toBe(100_001);
  });
});
