import { afterEach, describe, expect, it } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import { startUnipay, type UnipayOptions, type UnipaySimulator } from '../../src/simulators/unipay/server.ts';

type Row = Record<string, string | number>;

const running: UnipaySimulator[] = [];

async function start(options: UnipayOptions = {}): Promise<UnipaySimulator> {
  const simulator = await startUnipay({ today: '2026-03-10', ...options });
  running.push(simulator);
  return simulator;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

interface Asked {
  body?: string;
  type?: string;
  accept?: string;
  password?: string;
}

interface Answered {
  status: number;
  type: string | null;
  text: string;
}

async function ask(simulator: UnipaySimulator, method: string, path: string, asked: Asked = {}): Promise<Answered> {
  const { username, password } = simulator.settings;
  const credentials = Buffer.from(`${username}:${asked.password ?? password}`).toString('base64');
  const response = await fetch(`${simulator.url}${path}`, {
    method,
    headers: {
      authorization: `Basic ${credentials}`,
      ...(asked.type !== undefined && { 'content-type': asked.type }),
      ...(asked.accept !== undefined && { accept: asked.accept }),
    },
    ...(asked.body !== undefined && { body: asked.body }),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

async function askJson<T = Row>(
  simulator: UnipaySimulator,
  method: string,
  path: string,
  fields?: Record<string, unknown>,
): Promise<T> {
  const { text } = await ask(
    simulator,
    method,
    path,
    fields && { body: JSON.stringify(fields), type: 'application/json' },
  );
  return JSON.parse(text) as T;
}

const list = (simulator: UnipaySimulator, path: string): Promise<Row[]> => askJson<Row[]>(simulator, 'GET', path);

const failureOf = async (answer: Promise<Answered>): Promise<string> =>
  (JSON.parse((await answer).text) as { failureCode: string }).failureCode.charAt(0);

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
  ignoreDeclaration: true,
  trimValues: false,
  htmlEntities: true,
});
const parseXml = (text: string) => parser.parse(text) as Record<string, unknown>;
const asText = (row: Row | undefined) =>
  Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, String(value)]));

const ANN = { accountId: 2001, firstName: 'Ann', lastName: 'O\'Brien <&"', phone: '+1-555-0100', zipCode: '02108' };
const ANN_XML = `<customer accountId="2001" firstName="Ann" lastName="O'Brien &lt;&amp;&quot;" phone="+1-555-0100" zipCode="02108"/>`;
const ANN_XURL = 'accountId=2001&firstName=Ann&lastName=O%27Brien+%3C%26%22&phone=%2B1-555-0100&zipCode=02108';

/** A running, perpetual, monthly subscription without a pending change, by its path. */
async function runningSubscription(simulator: UnipaySimulator): Promise<{ path: string; row: Row }> {
  for (let customerId = 1; customerId <= simulator.customerCount; customerId += 1) {
    for (const id of simulator.subscriptionIds(customerId)) {
      const row = simulator.subscription(customerId, id) as Row;
      if (row.status === 'C' && row.billingCycleType === 'M' && row.pendingAdjustmentType === undefined) {
        return { path: `/customers/${customerId}/subscriptions/${id}`, row };
      }
    }
  }
  throw new Error('no such subscription');
}

describe('customers', () => {
  it('creates from JSON, and the code defaults to the id', async () => {
    const simulator = await start();
    const created = await askJson(simulator, 'PUT', '/customers', ANN);
    expect(created).toEqual({ id: 251, code: '251', ...ANN });
    expect(await askJson(simulator, 'GET', '/customers/251')).toEqual(created);
  });

  it('creates from XML attributes and answers in XML', async () => {
    const simulator = await start();
    const answer = await ask(simulator, 'PUT', '/customers.xml', { body: ANN_XML, type: 'application/xml' });
    expect(answer.type).toContain('application/xml');
    expect(parseXml(answer.text)).toEqual({ customer: asText({ id: 251, code: '251', ...ANN }) });
  });

  it('creates from XML elements where a deployment has those', async () => {
    const simulator = await start({ xmlScalars: 'elements', xmlRecordName: 'object' });
    const body = '<object><accountId>2001</accountId><lastName>a &amp; b\n</lastName></object>';
    const answer = await ask(simulator, 'PUT', '/customers', { body, type: 'text/xml', accept: 'text/xml' });
    expect(parseXml(answer.text)).toEqual({
      object: { id: '251', code: '251', accountId: '2001', lastName: 'a & b\n' },
    });
    const attributes = ask(simulator, 'PUT', '/customers', { body: ANN_XML, type: 'text/xml' });
    expect(await failureOf(attributes)).toBe('F');
  });

  it('creates from a query string in the billing profile and answers in one', async () => {
    const simulator = await start({ profile: 'billing' });
    const asked = { body: ANN_XURL, type: 'application/x-www-form-urlencoded' };
    const answer = await ask(simulator, 'PUT', '/customers.xurl', asked);
    expect(answer.type).toContain('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(answer.text))).toEqual(asText({ id: 251, code: '251', ...ANN }));
  });

  it('creates from the query of the URL in the billing profile', async () => {
    const simulator = await start({ profile: 'billing', xurlMarks: 'sample' });
    const answer = await ask(simulator, 'PUT', `/customers?${ANN_XURL}`, {
      accept: 'application/x-www-form-urlencoded',
    });
    expect(answer.text).toMatch(/^\?id=251&.*&$/);
    expect(simulator.customer(251)).toEqual({ id: 251, code: '251', ...ANN });
  });

  it('takes no query string for a create in the management profile', async () => {
    const simulator = await start();
    const asked = { body: ANN_XURL, type: 'application/x-www-form-urlencoded' };
    expect(await failureOf(ask(simulator, 'PUT', '/customers', asked))).toBe('U');
    expect(simulator.customerCount).toBe(250);
  });

  it('makes two rows of two equal PUTs', async () => {
    const simulator = await start();
    const first = await askJson(simulator, 'PUT', '/customers', { ...ANN, code: 'same' });
    const second = await askJson(simulator, 'PUT', '/customers', { ...ANN, code: 'same' });
    expect([first.id, second.id]).toEqual([251, 252]);
    expect(simulator.customerCount).toBe(252);
  });

  it('loads the same row in JSON and in XML', async () => {
    const simulator = await start();
    for (let id = 1; id <= 40; id += 1) {
      const row = simulator.customer(id);
      expect(await askJson(simulator, 'GET', `/customers/${id}.json`)).toEqual(row);
      const { text } = await ask(simulator, 'GET', `/customers/${id}.xml`);
      expect(parseXml(text)).toEqual({ customer: asText(row) });
    }
  });

  it('modifies by POST in JSON, XML and query string, and a blank clears', async () => {
    const simulator = await start();
    await askJson(simulator, 'PUT', '/customers', ANN);
    await askJson(simulator, 'POST', '/customers/251', { city: 'Bonn', phone: null });
    expect(simulator.customer(251)).toMatchObject({ firstName: 'Ann', city: 'Bonn' });
    expect(simulator.customer(251)).not.toHaveProperty('phone');
    await ask(simulator, 'POST', '/customers/251', { body: '<customer city="" state="NSW"/>', type: 'text/xml' });
    expect(simulator.customer(251)).not.toHaveProperty('city');
    const asked = { body: '?street=1+Main%20St&', type: 'application/x-www-form-urlencoded; charset=utf-8' };
    expect(JSON.parse((await ask(simulator, 'POST', '/customers/251', asked)).text)).toMatchObject({
      state: 'NSW',
      street: '1 Main St',
    });
  });

  it('modifies generated rows too, and finds them by their new value', async () => {
    const simulator = await start();
    await askJson(simulator, 'POST', '/customers/7', { lastName: 'Unmistakable' });
    expect((await list(simulator, '/customers?lastName=unmistakable')).map(({ id }) => id)).toEqual([7]);
  });

  it('refuses CreateOnly fields on modify, or ignores them', async () => {
    const refusing = await start();
    const asked = { body: '{"accountId":2002}', type: 'application/json' };
    expect(await failureOf(ask(refusing, 'POST', '/customers/1', asked))).toBe('V');
    const ignoring = await start({ lockedFields: 'ignore' });
    const before = ignoring.customer(1);
    await ask(ignoring, 'POST', '/customers/1', { body: '{"code":"other"}', type: 'application/json' });
    expect(ignoring.customer(1)).toEqual(before);
  });

  it('has no DELETE', async () => {
    const simulator = await start();
    expect(await failureOf(ask(simulator, 'DELETE', '/customers/1'))).toBe('U');
    expect(simulator.customer(1)).toBeDefined();
  });

  it.each([
    'accountId',
    'firstName',
    'lastName',
    'organizationName',
    'email',
    'phone',
    'street',
    'city',
    'state',
    'zipCode',
    'countryCode',
  ])('finds by %s in the management profile', async (name) => {
    const simulator = await start();
    const all = Array.from({ length: simulator.customerCount }, (_, index) => simulator.customer(index + 1) as Row);
    const value = all.find((row) => row[name] !== undefined)?.[name] ?? '';
    const query = new URLSearchParams({ [name]: String(value), limit: '1000' });
    const found = await list(simulator, `/customers?${query}`);
    const expected = all.filter((row) => row[name] === value).map(({ id }) => id);
    expect(found.map(({ id }) => id).sort()).toEqual(expected.sort());
    expect(found.length).toBeGreaterThan(0);
  });

  it('has the five parameters of seed 000 in the billing profile, and no other', async () => {
    const simulator = await start({ profile: 'billing' });
    const query = '/customers?offset=0&limit=5&firstName=Ann&lastName=Soap&organizationName=Northwind+Inc';
    expect(await list(simulator, query)).toEqual([]);
    expect(await failureOf(ask(simulator, 'GET', '/customers?email=a@b.c'))).toBe('F');
    const other = await start({ profile: 'billing', unknownNames: 'U' });
    expect(await failureOf(ask(other, 'GET', '/customers?email=a@b.c'))).toBe('U');
    const tolerant = await start({ profile: 'billing', unknownNames: 'ignore' });
    expect(await list(tolerant, '/customers?email=a@b.c')).toHaveLength(100);
  });

  it('matches without case, and by prefix where told so', async () => {
    const exact = await start();
    await askJson(exact, 'PUT', '/customers', { accountId: 2001, lastName: 'Zebrawood' });
    expect(await list(exact, '/customers?lastName=ZEBRAwood')).toHaveLength(1);
    expect(await list(exact, '/customers?lastName=Zebra')).toHaveLength(0);
    const prefix = await start({ match: 'prefix' });
    await askJson(prefix, 'PUT', '/customers', { accountId: 2001, lastName: 'Zebrawood' });
    expect(await list(prefix, '/customers?lastName=zebra')).toHaveLength(1);
  });

  it.each([1, 7, 100])('walks every row once in pages of %i, not in the order of ids', async (limit) => {
    const simulator = await start({ customers: 215 });
    await askJson(simulator, 'PUT', '/customers', ANN);
    const ids: number[] = [];
    for (;;) {
      const page = await list(simulator, `/customers?offset=${ids.length}&limit=${limit}`);
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(limit);
      ids.push(...page.map(({ id }) => Number(id)));
    }
    const sorted = [...ids].sort((a, b) => a - b);
    expect(sorted).toEqual(Array.from({ length: 216 }, (_, index) => index + 1));
    expect(ids).not.toEqual(sorted);
  });

  it('walks filtered rows once as well', async () => {
    const simulator = await start();
    const whole = await list(simulator, '/customers?countryCode=US&limit=1000');
    const pages: Row[] = [];
    for (let offset = 0; offset < whole.length + 7; offset += 7) {
      pages.push(...(await list(simulator, `/customers?countryCode=US&limit=7&offset=${offset}`)));
    }
    expect(pages).toEqual(whole);
    expect(whole.length).toBeGreaterThan(20);
  });

  it('shows a hundred rows when no limit is given, and no row past the end', async () => {
    const simulator = await start();
    expect(await list(simulator, '/customers')).toHaveLength(100);
    expect(await list(simulator, '/customers?offset=250')).toEqual([]);
    expect(await list(simulator, '/customers?offset=99999999')).toEqual([]);
  });

  it('clamps or refuses above a maximum limit', async () => {
    const clamping = await start({ maximumLimit: 20 });
    expect(await list(clamping, '/customers?limit=50')).toHaveLength(20);
    expect(await list(clamping, '/customers')).toHaveLength(20);
    const refusing = await start({ maximumLimit: 20, aboveMaximumLimit: 'refuse' });
    expect(await failureOf(ask(refusing, 'GET', '/customers?limit=21'))).toBe('F');
  });

  it('puts created rows first where told so', async () => {
    const simulator = await start({ createdRows: 'first' });
    const before = await list(simulator, '/customers?limit=3');
    await askJson(simulator, 'PUT', '/customers', ANN);
    await askJson(simulator, 'PUT', '/customers', ANN);
    const ids = (await list(simulator, '/customers?limit=5')).map(({ id }) => id);
    expect(ids).toEqual([252, 251, ...before.map(({ id }) => id)]);
  });

  it('starts a hundred thousand rows at once and scans them', async () => {
    const startedAtMs = Date.now();
    const simulator = await start({ customers: 100_000 });
    expect(Date.now() - startedAtMs).toBeLessThan(500);
    const id = [99_999, 99_998, 99_997, 99_996].find((candidate) => simulator.customer(candidate)?.email) ?? 0;
    const found = await list(simulator, `/customers?email=${simulator.customer(id)?.email}`);
    expect(found.map((row) => row.id)).toEqual([id]);
    expect(await list(simulator, '/customers?offset=99990&limit=100')).toHaveLength(10);
  });

  it('gives the same rows for the same seed, others for another', async () => {
    const [one, same, other] = await Promise.all([start(), start(), start({ seed: 2 })]);
    expect(await list(one, '/customers')).toEqual(await list(same, '/customers'));
    expect(await list(one, '/customers')).not.toEqual(await list(other, '/customers'));
  });

  it('varies: persons, organizations with and without contact persons, missing fields, own codes', async () => {
    const simulator = await start();
    const rows = await list(simulator, '/customers?limit=250');
    const has = (wanted: (row: Row) => boolean) => expect(rows.some(wanted)).toBe(true);
    has((row) => row.organizationName === undefined);
    has((row) => row.organizationName !== undefined && row.lastName !== undefined);
    has((row) => row.organizationName !== undefined && row.lastName === undefined);
    has((row) => row.email === undefined);
    has((row) => row.code === String(row.id));
    has((row) => row.code !== String(row.id));
    has((row) => row.balance === undefined);
    has((row) => Number(row.balance) < 0);
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set([undefined, 'A', 'I', 'C', 'E']));
    expect(rows.every((row) => Object.values(row).every((value) => value !== null && value !== ''))).toBe(true);
  });

  it('leaves the unconfirmed fields out where told so', async () => {
    const simulator = await start({ unconfirmedCustomerFields: false });
    const names = new Set((await list(simulator, '/customers')).flatMap(Object.keys));
    for (const name of ['balance', 'status', 'createDate']) expect(names).not.toContain(name);
  });
});

describe('subscriptions', () => {
  it('creates from JSON with what the plan gives', async () => {
    const simulator = await start();
    const plan = simulator.plans.find(({ billingCycleType }) => billingCycleType === 'Q');
    const created = await askJson(simulator, 'PUT', '/customers/3/subscriptions', {
      planId: plan?.id,
      paymentOptionId: 12,
      taxAmount: 34,
      note: 'hello',
      firstBillingDate: '2026-05-31',
      createDate: '2026-03-01',
    });
    expect(created).toMatchObject({
      paymentOptionId: 12,
      taxAmount: 34,
      note: 'hello',
      planName: plan?.name,
      amount: plan?.amountCents,
      billingCycleType: 'Q',
      status: 'D',
      firstBillingDate: '2026-05-31',
      nextBillingDate: '2026-05-31',
      accountId: simulator.customer(3)?.accountId,
      code: String(created.id),
    });
    expect(created.createDate).toMatch(/^2026-03-01 \d\d:\d\d:\d\d$/);
    expect(await askJson(simulator, 'GET', `/customers/3/subscriptions/${created.id}`)).toEqual(created);
  });

  it('creates from XML, and from a query string in the billing profile only', async () => {
    const simulator = await start();
    const xml = { body: '<object planId="501" note="a &amp; b"/>', type: 'application/xml' };
    const answer = await ask(simulator, 'PUT', '/customers/3/subscriptions.xml', xml);
    expect(parseXml(answer.text)).toMatchObject({ subscription: { planId: '501', note: 'a & b', status: 'U' } });
    const xurl = { body: 'planId=501', type: 'application/x-www-form-urlencoded' };
    expect(await failureOf(ask(simulator, 'PUT', '/customers/3/subscriptions', xurl))).toBe('U');
    const billing = await start({ profile: 'billing' });
    expect(JSON.parse((await ask(billing, 'PUT', '/customers/3/subscriptions', xurl)).text)).toMatchObject({
      planId: 501,
    });
  });

  it('makes two rows of two equal PUTs', async () => {
    const simulator = await start();
    const before = simulator.subscriptionIds(3).length;
    const first = await askJson(simulator, 'PUT', '/customers/3/subscriptions', { planId: 501 });
    const second = await askJson(simulator, 'PUT', '/customers/3/subscriptions', { planId: 501 });
    expect(first.id).not.toBe(second.id);
    expect(await list(simulator, '/customers/3/subscriptions')).toHaveLength(before + 2);
  });

  it('needs an existing plan, an existing merchant account and an existing customer', async () => {
    const simulator = await start();
    const put = (path: string, fields: object) =>
      failureOf(ask(simulator, 'PUT', path, { body: JSON.stringify(fields), type: 'application/json' }));
    expect(await put('/customers/3/subscriptions', { planId: 999 })).toBe('V');
    expect(await put('/customers/3/subscriptions', {})).toBe('F');
    expect(await put('/customers/3/subscriptions', { planId: 501, accountId: 1 })).toBe('V');
    expect(await put('/customers/3/subscriptions', { planId: 501, amount: -1 })).toBe('F');
    expect(await put('/customers/999/subscriptions', { planId: 501 })).toBe('V');
  });

  it('finds and loads the same rows in JSON and XML', async () => {
    const simulator = await start();
    const ids = simulator.subscriptionIds(2);
    const rows = ids.map((id) => simulator.subscription(2, id));
    expect(await list(simulator, '/customers/2/subscriptions')).toEqual(rows);
    const { text } = await ask(simulator, 'GET', `/customers/2/subscriptions/${ids[0]}.xml`);
    expect(parseXml(text)).toEqual({ subscription: asText(rows[0]) });
  });

  it('can not be loaded under another customer', async () => {
    const simulator = await start();
    const { path, row } = await runningSubscription(simulator);
    const other = path.startsWith('/customers/1/') ? 2 : 1;
    expect(await failureOf(ask(simulator, 'GET', `/customers/${other}/subscriptions/${row.id}`))).toBe('V');
    expect(await failureOf(ask(simulator, 'GET', `/subscriptions/${row.id}`))).toBe('U');
  });

  it('modifies note and paymentOptionId and silently ignores the rest', async () => {
    const simulator = await start();
    const { path, row } = await runningSubscription(simulator);
    const json = await askJson(simulator, 'POST', path, { note: 'new', amount: 1, status: 'N', whatever: 5 });
    expect(json).toEqual({ ...row, note: 'new' });
    const xml = await ask(simulator, 'POST', `${path}.xml`, {
      body: '<subscription paymentOptionId="5"/>',
      type: 'text/xml',
    });
    expect(parseXml(xml.text)).toEqual({ subscription: asText({ ...row, note: 'new', paymentOptionId: 5 }) });
    const xurl = { body: 'note=x', type: 'application/x-www-form-urlencoded' };
    expect(await failureOf(ask(simulator, 'POST', path, xurl))).toBe('U');
  });

  it('shows every status, cycle, type and pending change, zero to six a customer and mostly three', async () => {
    const simulator = await start();
    const counts = new Map<number, number>();
    const rows: Row[] = [];
    for (let id = 1; id <= 250; id += 1) {
      const ids = simulator.subscriptionIds(id);
      counts.set(ids.length, (counts.get(ids.length) ?? 0) + 1);
      rows.push(...ids.map((subscriptionId) => simulator.subscription(id, subscriptionId) as Row));
    }
    const values = (name: string) => [...new Set(rows.map((row) => row[name]))].filter(Boolean).sort().join('');
    expect(values('status')).toBe('CDEFNPSU');
    expect(values('billingCycleType')).toBe('AMQSW');
    expect(values('type')).toBe('FP');
    expect(values('pendingAdjustmentType')).toBe('CFP');
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(Math.max(...counts.values())).toBe(counts.get(3));
    // Expired is for fixed plans only.
    expect(rows.every((row) => row.status !== 'E' || row.type === 'F')).toBe(true);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  describe('find parameters', () => {
    const CUSTOMER_IDS = Array.from({ length: 30 }, (_, index) => index + 1);
    const dayAfter = (day: string, days: number) =>
      new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

    async function expectFound(
      simulator: UnipaySimulator,
      customerId: number,
      query: Record<string, string | number>,
      isWanted: (row: Row) => boolean,
    ): Promise<number> {
      const rows = simulator.subscriptionIds(customerId).map((id) => simulator.subscription(customerId, id) as Row);
      const text = new URLSearchParams(asText(query));
      const found = await list(simulator, `/customers/${customerId}/subscriptions?${text}`);
      expect(found).toEqual(rows.filter(isWanted));
      return found.length;
    }

    it.each([
      ['billingCycleType', 'billingCycleType'],
      ['planId', 'planId'],
      ['type', 'type'],
      ['status', 'status'],
      ['name', 'planName'],
    ])('%s', async (parameter, field) => {
      const simulator = await start();
      for (const customerId of CUSTOMER_IDS) {
        for (const id of simulator.subscriptionIds(customerId)) {
          const value = simulator.subscription(customerId, id)?.[field] ?? '';
          const found = await expectFound(simulator, customerId, { [parameter]: value }, (row) => row[field] === value);
          expect(found).toBeGreaterThan(0);
        }
      }
    });

    it.each(['createDate', 'lastBillingDate', 'nextBillingDate'])(
      '%sFrom and …To include their days',
      async (field) => {
        const simulator = await start();
        let checked = 0;
        for (const customerId of CUSTOMER_IDS) {
          for (const id of simulator.subscriptionIds(customerId)) {
            const day = String(simulator.subscription(customerId, id)?.[field] ?? '').slice(0, 10);
            if (day === '') continue;
            checked += 1;
            const dayOf = (row: Row) => String(row[field] ?? '').slice(0, 10);
            const includes = (query: Record<string, string>, isWanted: (rowDay: string) => boolean) =>
              expectFound(simulator, customerId, query, (row) => dayOf(row) !== '' && isWanted(dayOf(row)));
            expect(await includes({ [`${field}From`]: day }, (rowDay) => rowDay >= day)).toBeGreaterThan(0);
            expect(await includes({ [`${field}To`]: day }, (rowDay) => rowDay <= day)).toBeGreaterThan(0);
            await includes({ [`${field}From`]: dayAfter(day, 1) }, (rowDay) => rowDay > day);
            await includes({ [`${field}To`]: dayAfter(day, -1) }, (rowDay) => rowDay < day);
            const only = { [`${field}From`]: day, [`${field}To`]: day };
            expect(await includes(only, (rowDay) => rowDay === day)).toBeGreaterThan(0);
          }
        }
        expect(checked).toBeGreaterThan(20);
      },
    );

    it('amountFrom and amountTo, in cents, include their amounts', async () => {
      const simulator = await start();
      for (const customerId of CUSTOMER_IDS) {
        for (const id of simulator.subscriptionIds(customerId)) {
          const cents = Number(simulator.subscription(customerId, id)?.amount);
          const found = (query: Record<string, number>, isWanted: (amount: number) => boolean) =>
            expectFound(simulator, customerId, query, (row) => isWanted(Number(row.amount)));
          expect(await found({ amountFrom: cents }, (amount) => amount >= cents)).toBeGreaterThan(0);
          expect(await found({ amountTo: cents }, (amount) => amount <= cents)).toBeGreaterThan(0);
          await found({ amountFrom: cents + 1 }, (amount) => amount > cents);
          await found({ amountTo: cents - 1 }, (amount) => amount < cents);
        }
      }
    });

    it('offset and limit, with all others at once', async () => {
      const simulator = await start();
      for (let index = 0; index < 8; index += 1) {
        await askJson(simulator, 'PUT', '/customers/3/subscriptions', { planId: 501, note: `number ${index}` });
      }
      const query =
        'billingCycleType=W&createDateFrom=2026-03-10&createDateTo=2026-03-10&nextBillingDateFrom=2026-03-10' +
        '&nextBillingDateTo=2026-03-10&amountFrom=299&amountTo=299&planId=501&type=P&status=U&name=Basic+Weekly';
      const notes: string[] = [];
      for (let offset = 0; offset < 9; offset += 3) {
        const page = await list(simulator, `/customers/3/subscriptions?offset=${offset}&limit=3&${query}`);
        notes.push(...page.map(({ note }) => String(note)));
      }
      expect(notes).toEqual(Array.from({ length: 8 }, (_, index) => `number ${index}`));
      expect(await list(simulator, `/customers/3/subscriptions?lastBillingDateFrom=2000-01-01&${query}`)).toEqual([]);
      expect(await list(simulator, `/customers/3/subscriptions?lastBillingDateTo=2100-01-01&${query}`)).toEqual([]);
    });

    it.each(['status=X', 'billingCycleType=MM', 'type=C', 'createDateFrom=2026-02-30', 'amountTo=12.50', 'planId=a'])(
      'refuse %s with an F failure',
      async (query) => {
        const simulator = await start();
        expect(await failureOf(ask(simulator, 'GET', `/customers/3/subscriptions?${query}`))).toBe('F');
      },
    );
  });

  describe('cancel and freeze', () => {
    it('cancel by GET, at once today and pending for later', async () => {
      const simulator = await start();
      const { path, row } = await runningSubscription(simulator);
      const pending = await askJson(simulator, 'GET', `${path}/~cancel?effectiveDate=2026-03-11&note=a+b`);
      expect(pending).toEqual({ ...row, pendingAdjustmentType: 'C', note: 'a b' });
      const cancelled = await askJson(simulator, 'GET', `${path}/~cancel?effectiveDate=2026-03-10`);
      expect(cancelled).toMatchObject({ status: 'N' });
      expect(cancelled).not.toHaveProperty('nextBillingDate');
      expect(await askJson(simulator, 'GET', path)).toEqual(cancelled);
      expect(await failureOf(ask(simulator, 'GET', `${path}/~cancel?effectiveDate=2026-03-10`))).toBe('V');
      expect(simulator.adjustments).toEqual([
        { subscriptionId: row.id, type: 'C', effectiveDate: '2026-03-11', note: 'a b' },
        { subscriptionId: row.id, type: 'C', effectiveDate: '2026-03-10' },
      ]);
    });

    it('freeze by GET on a billing date in the future', async () => {
      const simulator = await start();
      const { path, row } = await runningSubscription(simulator);
      const freeze = (query: string) => ask(simulator, 'GET', `${path}/~freeze?${query}`);
      const day = String(row.nextBillingDate);
      expect(await failureOf(freeze(`effectiveDate=${row.lastBillingDate}&length=1`))).toBe('V');
      const off = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
      expect(await failureOf(freeze(`effectiveDate=${off}&length=1`))).toBe('V');
      expect(await failureOf(freeze(`effectiveDate=${day}`))).toBe('F');
      expect(await failureOf(freeze('length=2'))).toBe('F');
      expect(await askJson(simulator, 'GET', path)).toEqual(row);

      const frozen = JSON.parse((await freeze(`effectiveDate=${day}&length=2`)).text);
      expect(frozen).toEqual({ ...row, pendingAdjustmentType: 'F' });
      await freeze(`effectiveDate=${day}&length=2`);
      expect(simulator.adjustments).toHaveLength(2);
    });

    it('know that the 31st comes back after a shorter month', async () => {
      const simulator = await start();
      const { id, nextBillingDate } = await askJson(simulator, 'PUT', '/customers/3/subscriptions', {
        planId: simulator.plans.find(({ billingCycleType }) => billingCycleType === 'M')?.id,
        firstBillingDate: '2026-01-31',
      });
      expect(nextBillingDate).toBe('2026-03-31');
      const freeze = (day: string) =>
        askJson(simulator, 'GET', `/customers/3/subscriptions/${id}/~freeze?effectiveDate=${day}&length=1`);
      expect(await freeze('2026-04-29')).toHaveProperty('failureCode');
      expect(await freeze('2026-05-30')).toHaveProperty('failureCode');
      expect(await freeze('2026-04-30')).toHaveProperty('pendingAdjustmentType', 'F');
      expect(await freeze('2028-02-29')).toHaveProperty('pendingAdjustmentType', 'F');
    });

    it('show in the status at once where told so', async () => {
      const simulator = await start({ adjustments: 'at-once' });
      const { path, row } = await runningSubscription(simulator);
      const frozen = await askJson(simulator, 'GET', `${path}/~freeze?effectiveDate=${row.nextBillingDate}&length=1`);
      expect(frozen.status).toBe('F');
    });

    it('answer in JSON, XML and query string', async () => {
      const simulator = await start();
      const { path, row } = await runningSubscription(simulator);
      const query = `effectiveDate=${row.nextBillingDate}&length=1`;
      const expected = asText({ ...row, pendingAdjustmentType: 'F' });
      const xml = await ask(simulator, 'GET', `${path}/~freeze.xml?${query}`);
      expect(parseXml(xml.text)).toEqual({ subscription: expected });
      const xurl = await ask(simulator, 'GET', `${path}/~freeze.xurl?${query}`);
      expect(Object.fromEntries(new URLSearchParams(xurl.text))).toEqual(expected);
      expect(await failureOf(ask(simulator, 'POST', `${path}/~freeze?${query}`))).toBe('U');
    });

    it.each(['/~{action}', '/{action}', '~{action}'])('are spelt %s where told so', async (actionSpelling) => {
      const simulator = await start({ actionSpelling });
      const { path } = await runningSubscription(simulator);
      const spelt = actionSpelling.replace('{action}', 'cancel');
      await ask(simulator, 'GET', `${path}${spelt}.json?effectiveDate=2026-03-10`);
      expect(await askJson(simulator, 'GET', path)).toMatchObject({ status: 'N' });
    });
  });
});

describe('formats', () => {
  it('choose by suffix before Accept, and JSON when neither says', async () => {
    const simulator = await start();
    const typeOf = async (path: string, accept?: string) =>
      (await ask(simulator, 'GET', path, accept === undefined ? {} : { accept })).type;
    expect(await typeOf('/customers/1')).toContain('application/json');
    expect(await typeOf('/customers/1', '*/*')).toContain('application/json');
    expect(await typeOf('/customers/1', 'text/html;q=0.9, application/json;q=0.5, application/xml;q=0.8')).toContain(
      'xml',
    );
    expect(await typeOf('/customers/1.json', 'application/xml')).toContain('json');
    expect(await typeOf('/customers.xml')).toContain('xml');
  });

  it('know only the way that is configured', async () => {
    const bySuffix = await start({ formatBy: 'suffix' });
    expect((await ask(bySuffix, 'GET', '/customers/1', { accept: 'application/xml' })).type).toContain('json');
    const byAccept = await start({ formatBy: 'accept', defaultFormat: 'xml' });
    expect((await ask(byAccept, 'GET', '/customers/1')).type).toContain('xml');
    expect((await ask(byAccept, 'GET', '/customers/1.json', { accept: 'application/json' })).text).toContain('"F01"');
  });

  it('give no query string where the seeds have none', async () => {
    const simulator = await start();
    const { text } = await ask(simulator, 'GET', '/customers.xurl');
    expect(new URLSearchParams(text).get('failureCode')).toMatch(/^U/);
  });

  it('write lists of none, one and many in XML', async () => {
    const simulator = await start();
    await askJson(simulator, 'PUT', '/customers', { accountId: 2001, lastName: 'Lonely' });
    const read = async (query: string) => parseXml((await ask(simulator, 'GET', `/customers.xml?${query}`)).text);
    expect(await read('lastName=Nobody')).toEqual({ customers: '' });
    expect(await read('lastName=Lonely')).toEqual({
      customers: { customer: { id: '251', code: '251', accountId: '2001', lastName: 'Lonely' } },
    });
    const rows = await list(simulator, '/customers');
    expect(await read('')).toEqual({ customers: { customer: rows.map(asText) } });
  });

  it('bend to the shapes that are not documented', async () => {
    const simulator = await start({
      customers: 1,
      listName: 'list',
      xmlRecordName: 'object',
      xmlScalars: 'elements',
      jsonList: 'wrapped',
      jsonNumbers: 'string',
      xmlFailureName: 'failure',
    });
    const row = asText(simulator.customer(1) as Row);
    expect(parseXml((await ask(simulator, 'GET', '/customers.xml')).text)).toEqual({ list: { object: row } });
    expect(await askJson(simulator, 'GET', '/customers')).toEqual({ list: [row] });
    expect(parseXml((await ask(simulator, 'GET', '/customers/9.xml')).text)).toMatchObject({
      failure: { failureCode: 'V01' },
    });
  });

  it('keep every character through XML attributes', async () => {
    const simulator = await start();
    const lastName = 'tab\t line\n return\r "quoted" \'single\' <tag> &amp; &#10; 東京 😀';
    await askJson(simulator, 'PUT', '/customers', { accountId: 2001, lastName });
    const { text } = await ask(simulator, 'GET', '/customers/251.xml');
    expect(text).toContain('tab&#9; line&#10; return&#13;');
    const raw = /lastName="([^"]*)"/.exec(text)?.[1] ?? '';
    expect(raw).not.toMatch(/[<>\t\n\r']/);
    expect(parseXml(text)).toMatchObject({ customer: { lastName } });
    await ask(simulator, 'POST', '/customers/251', { body: `<customer firstName="${raw}"/>`, type: 'text/xml' });
    expect(simulator.customer(251)).toMatchObject({ firstName: lastName });
  });
});

describe('failures', () => {
  const post = (simulator: UnipaySimulator, fields: object) =>
    failureOf(ask(simulator, 'POST', '/customers/1', { body: JSON.stringify(fields), type: 'application/json' }));

  it('come on HTTP 200 by default, in the format that was asked for', async () => {
    const simulator = await start();
    const json = await ask(simulator, 'GET', '/customers/999');
    expect(json.status).toBe(200);
    expect(JSON.parse(json.text)).toEqual({ failureCode: 'V01', failureMessage: 'Customer 999 does not exist.' });
    const xml = await ask(simulator, 'GET', '/customers/999.xml');
    expect(parseXml(xml.text)).toEqual({
      exception: { failureCode: 'V01', failureMessage: 'Customer 999 does not exist.' },
    });
  });

  it('come on 400, or by letter, where told so', async () => {
    expect((await ask(await start({ failureStatus: 400 }), 'GET', '/customers/999')).status).toBe(400);
    const byLetter = await start({ failureStatus: 'by-letter' });
    expect((await ask(byLetter, 'GET', '/customers/999')).status).toBe(422);
    expect((await ask(byLetter, 'GET', '/customers?limit=x')).status).toBe(400);
    expect((await ask(byLetter, 'DELETE', '/customers/1')).status).toBe(405);
  });

  it('answer wrong credentials with an L failure on 401, or otherwise', async () => {
    const simulator = await start();
    const answer = await ask(simulator, 'GET', '/customers', { password: 'wrong' });
    expect([answer.status, JSON.parse(answer.text).failureCode]).toEqual([401, 'L01']);
    const other = await start({ unauthorizedStatus: 200 });
    expect((await ask(other, 'GET', '/customers', { password: 'wrong' })).status).toBe(200);
  });

  it('meet values over their limit, at the profile’s own limit', async () => {
    const management = await start();
    const billing = await start({ profile: 'billing' });
    expect(await post(management, { lastName: 'x'.repeat(126) })).toBe('F');
    await askJson(management, 'POST', '/customers/1', { lastName: 'x'.repeat(125) });
    expect(management.customer(1)?.lastName).toHaveLength(125);
    await askJson(billing, 'POST', '/customers/1', { lastName: 'x'.repeat(255) });
    expect(billing.customer(1)?.lastName).toHaveLength(255);
    expect(await post(billing, { lastName: 'x'.repeat(256) })).toBe('F');
    expect(await failureOf(ask(management, 'GET', `/customers?firstName=${'x'.repeat(126)}`))).toBe('F');
    expect(await list(billing, `/customers?firstName=${'x'.repeat(255)}`)).toEqual([]);
  });

  it.each([
    ['organizationName', 255],
    ['email', 100],
    ['phone', 15],
    ['street', 128],
    ['city', 50],
    ['state', 3],
    ['zipCode', 10],
    ['countryCode', 2],
  ])('meet a %s longer than %i, in a write and in a filter', async (name, limit) => {
    const simulator = await start();
    expect(await post(simulator, { [name]: '1'.repeat(limit + 1) })).toBe('F');
    await askJson(simulator, 'POST', '/customers/1', { [name]: '1'.repeat(limit) });
    expect(simulator.customer(1)?.[name]).toHaveLength(limit);
    expect(await failureOf(ask(simulator, 'GET', `/customers?${name}=${'1'.repeat(limit + 1)}`))).toBe('F');
  });

  it('meet letters in a phone, numbers where text belongs, and fields that do not exist', async () => {
    const simulator = await start();
    expect(await post(simulator, { phone: '555-CALL' })).toBe('F');
    expect(await post(simulator, { zipCode: 2108 })).toBe('F');
    expect(await post(simulator, { lastname: 'x' })).toBe('F');
    expect(await post(simulator, { address: { city: 'x' } })).toBe('F');
    expect(await post(simulator, { id: 5 })).toBe('V');
  });

  it.each(['limit=0', 'limit=-1', 'limit=ten', 'offset=-1', 'offset=1.5', 'limit=5&limit=6', 'accountId=x'])(
    'meet the query %s',
    async (query) => {
      expect(await failureOf(ask(await start(), 'GET', `/customers?${query}`))).toBe('F');
    },
  );

  it('meet a create without merchant account, or with one that does not exist', async () => {
    const put = (simulator: UnipaySimulator, fields: object) =>
      ask(simulator, 'PUT', '/customers', { body: JSON.stringify(fields), type: 'application/json' });
    const simulator = await start();
    expect(await failureOf(put(simulator, { lastName: 'x' }))).toBe('F');
    expect(await failureOf(put(simulator, { lastName: 'x', accountId: 9 }))).toBe('V');
    expect(simulator.customerCount).toBe(250);
    const lenient = await start({ defaultAccountId: 2002 });
    expect(JSON.parse((await put(lenient, { lastName: 'x' })).text)).toMatchObject({ accountId: 2002 });
  });

  it.each([
    ['application/json', '{"lastName":'],
    ['application/json', '[]'],
    ['application/xml', '<customer'],
    ['application/xml', '<!DOCTYPE c [<!ENTITY e "x">]><customer lastName="&e;"/>'],
    ['application/xml', '<invoice lastName="x"/>'],
    ['application/xml', '<customer><lastName>x</lastName></customer>'],
    ['application/x-www-form-urlencoded', 'lastName=%E0%A4%A'],
    ['application/x-www-form-urlencoded', 'lastName=a&lastName=b'],
  ])('meet a body of %s that reads %s', async (type, body) => {
    expect(await failureOf(ask(await start(), 'POST', '/customers/1', { type, body }))).toBe('F');
  });

  it.each(['/', '/merchants', '/customers/1/payment-options', '/customers/1/subscriptions/9/~pause'])(
    'meet the unknown resource %s',
    async (path) => {
      expect(await failureOf(ask(await start(), 'GET', path))).toBe('U');
    },
  );
});

describe('dials and calls', () => {
  it('drop before a create takes effect, or after', async () => {
    const simulator = await start();
    simulator.dials.set({ method: 'PUT', drop: 'before', times: 1 });
    await expect(askJson(simulator, 'PUT', '/customers', ANN)).rejects.toThrow();
    expect(simulator.customerCount).toBe(250);
    simulator.dials.set({ method: 'PUT', drop: 'after', times: 1 });
    await expect(askJson(simulator, 'PUT', '/customers', ANN)).rejects.toThrow();
    expect(simulator.customerCount).toBe(251);
  });

  it('drop after a freeze that took effect', async () => {
    const simulator = await start();
    const { path, row } = await runningSubscription(simulator);
    simulator.dials.set({ path: /~freeze/, drop: 'after' });
    await expect(
      ask(simulator, 'GET', `${path}/~freeze?effectiveDate=${row.nextBillingDate}&length=1`),
    ).rejects.toThrow();
    expect(simulator.adjustments).toHaveLength(1);
    expect(simulator.calls.count('GET', /~freeze$/)).toBe(1);
  });

  it('give a dialled status a failure in the format that was asked for', async () => {
    const simulator = await start();
    simulator.dials.set({ status: 503, times: 1 });
    const answer = await ask(simulator, 'GET', '/customers/1.xml');
    expect(answer.status).toBe(503);
    expect(parseXml(answer.text)).toMatchObject({ exception: { failureCode: 'E01' } });
  });

  it('rewrite an answer, for example to an unknown letter', async () => {
    const simulator = await start();
    const { path } = await runningSubscription(simulator);
    simulator.dials.set({ rewrite: (body) => body.replace('"status":"C"', '"status":"Z"') });
    expect((await askJson(simulator, 'GET', path)).status).toBe('Z');
  });
});
