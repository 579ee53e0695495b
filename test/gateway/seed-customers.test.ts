import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from './start-gateway.ts';

type Fixture = Readonly<Record<string, unknown>>;

function readFixture(name: string): string {
  return readFileSync(new URL(`../fixtures/billagain/${name}.json`, import.meta.url), 'utf8');
}

const [seed302, seed300] = JSON.parse(readFixture('with_customfields')) as [Fixture, Fixture];
const seed10622 = JSON.parse(readFixture('customer-10622-with_customfields')) as Fixture;

const asIs = (value: unknown) => value;
/** At BillAgain "" and null both mean none (seed 002). */
const text = (value: unknown) => (value === '' ? null : value);
const number = (value: unknown) => (value === null ? null : String(value));

/** Every documented name of a customer → where our schema shows it → what stands there; undefined: nowhere, on purpose. */
const TABLE: Readonly<Record<string, readonly [path: string, expected: (value: unknown, seed: Fixture) => unknown][]>> =
  {
    customerID: [
      ['vendorId', number],
      ['id', (value) => `Customer:billagain:${value}`],
    ],
    Reference: [['reference', text]],
    isCompany: [['kind', (value) => (value ? 'COMPANY' : 'INDIVIDUAL')]],
    Name: [
      ['displayName', (value) => String(value).trim()],
      ['organizationName', (value, { isCompany, Company }) => (isCompany ? value : Company)],
      // A company has no first name, and 302's Name is the whole name.
      ['firstName', () => null],
    ],
    LastName: [['lastName', text]],
    RegistrationNumber: [['registrationNumber', text]],
    Company: [['billAgain.company', text]],
    Email: [['email', text]],
    EmailCC: [['emailCc', text]],
    Cell: [['mobilePhone', text]],
    Tel: [['phone', text]],
    Fax: [['fax', text]],
    VatNo: [['taxNumber', text]],
    Address1: [['address.line1', text]],
    Address2: [['address.line2', text]],
    City: [['address.city', text]],
    State: [['address.region', text]],
    Country: [
      ['address.country', text],
      ['address.countryCode', () => 'ZA'],
    ],
    countryID: [['billAgain.taxCountryId', number]],
    CountryState: [['billAgain.taxRegion', text]],
    countryStateID: [['billAgain.taxRegionId', number]],
    ZipCode: [['address.postalCode', text]],
    PrimaryGatewayID: [['gatewayId', number]],
    CurrencyCode: [
      ['currencyCode', text],
      ['balance.currencyCode', text],
    ],
    CreatedDate: [['createdAt', asIs]],
    isSuspended: [['status', () => 'ACTIVE']],
    isActive: [['status', () => 'ACTIVE']],
    comp_status: [['rawStatus', asIs]],
    isWaiveTaxes: [['taxExempt', asIs]],
    SuspendedDate: [['suspendedAt', asIs]],
    PaymentMethod: [['paymentMethod', (value) => value && String(value).toUpperCase()]],
    ActiveSubs: [['activeSubscriptionCount', asIs]],
    Balance: [['balance.amount', number]],
    autoSendInvoice: [['sendsInvoices', asIs]],
    autoSendStatement: [['sendsStatements', asIs]],
    StatementDate: [['statementDay', asIs]],
    StatementLastSentDate: [['statementLastSentAt', asIs]],
    'PrimaryPaymentMethodInfo.paymentMethodID': [['primaryPaymentMethodId', number]],
    // A secret.
    'PrimaryPaymentMethodInfo.Token': [],
    CustomFields: [
      [
        'customFields',
        (value) => (value as { Key: string; Value: unknown }[]).map(({ Key, Value }) => ({ key: Key, value: Value })),
      ],
    ],
  };

const SELECTION = `
  id account vendor vendorId reference kind displayName firstName lastName organizationName registrationNumber taxNumber
  taxExempt email emailCc phone mobilePhone fax address { line1 line2 city region postalCode country countryCode }
  currencyCode status rawStatus createdAt suspendedAt balance { amount currencyCode } activeSubscriptionCount paymentMethod
  primaryPaymentMethodId sendsInvoices sendsStatements statementDay statementLastSentAt merchantAccountId gatewayId
  billAgain { company taxCountryId taxRegion taxRegionId card { brand lastFourDigits } }`;
const CUSTOM_FIELDS = 'customFields { key value }';

function at(record: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Fixture | undefined)?.[name], record);
}

function documentedNames(seed: Fixture): string[] {
  return Object.entries(seed).flatMap(([name, value]) =>
    name === 'PrimaryPaymentMethodInfo' ? Object.keys(value as Fixture).map((inner) => `${name}.${inner}`) : name,
  );
}

function expectSeed(customer: unknown, seed: Fixture, { customFields }: { customFields: boolean }): void {
  for (const [name, places] of Object.entries(TABLE)) {
    if (name === 'CustomFields' && !customFields) continue;
    for (const [path, expected] of places) {
      expect([name, path, at(customer, path)]).toEqual([name, path, expected(at(seed, name), seed)]);
    }
  }
  expect(customer).toMatchObject({ account: 'billagain', vendor: 'BILLAGAIN', merchantAccountId: null });
}

const SEEDS = [
  ['302', seed302],
  ['300', seed300],
  ['10622', seed10622],
] as const;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({ cache: { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 } });
});

afterAll(() => gateway.stop());

describe("the seed's own customers", () => {
  it.each(SEEDS)('have no documented field that the table below leaves out (%s)', (_, seed) => {
    expect(documentedNames(seed)).toEqual(Object.keys(TABLE));
  });

  it.each(SEEDS)('come back by id with every documented field (%s)', async (id, seed) => {
    const data = await gateway.read<{ customer: unknown }>(
      `{ customer(id: "Customer:billagain:${id}") { ${SELECTION} } }`,
    );
    expectSeed(data.customer, seed, { customFields: false });
  });

  it.each(SEEDS)('come back by id with their custom fields (%s)', async (id, seed) => {
    const data = await gateway.read<{ customer: unknown }>(
      `{ customer(id: "Customer:billagain:${id}") { ${SELECTION} ${CUSTOM_FIELDS} } }`,
    );
    expectSeed(data.customer, seed, { customFields: true });
  });

  it.each([
    ['without', '', false],
    ['with', CUSTOM_FIELDS, true],
  ])('come back in a list %s custom fields', async (_, selection, customFields) => {
    const data = await gateway.read<{ customers: { nodes: { vendorId: string }[] } }>(
      `{ customers(accounts: ["billagain"]) { nodes { ${SELECTION} ${selection} } } }`,
    );
    expect(data.customers.nodes).toHaveLength(3);
    for (const [id, seed] of SEEDS) {
      expectSeed(
        data.customers.nodes.find(({ vendorId }) => vendorId === id),
        seed,
        { customFields },
      );
    }
  });

  it("are read the same from the seed's very own answers", async () => {
    gateway.billagain.dials.set(
      { path: /^\/customers$/, body: readFixture('customers') },
      { path: /^\/customers\/with_customfields$/, body: readFixture('with_customfields') },
      { path: /^\/by_customer_ids$/, body: readFixture('by_customer_ids') },
      { path: /^\/customers\/with_customfields\/10622$/, body: readFixture('customer-10622-with_customfields') },
    );
    const data = await gateway.read<Record<string, { nodes: unknown[] }>>(
      `{ plain: customers(accounts: ["billagain"]) { nodes { ${SELECTION} } }
         whole: customers(accounts: ["billagain"]) { nodes { ${SELECTION} ${CUSTOM_FIELDS} } }
         one: customer(id: "Customer:billagain:10622") { ${SELECTION} ${CUSTOM_FIELDS} } }`,
    );
    gateway.billagain.dials.clear();
    for (const [name, customFields] of [
      ['plain', false],
      ['whole', true],
    ] as const) {
      expectSeed(data[name]?.nodes[0], seed302, { customFields });
      expectSeed(data[name]?.nodes[1], seed300, { customFields });
    }
    expectSeed(data.one, seed10622, { customFields: true });
  });

  it('keep their token to themselves, in the answer, in the schema and in the log', async () => {
    const token = (seed302.PrimaryPaymentMethodInfo as { Token: string }).Token;
    const answers = [
      await gateway.query(`{ customers(accounts: ["billagain"]) { nodes { ${SELECTION} ${CUSTOM_FIELDS} } } }`),
      await gateway.query('{ __schema { types { name fields { name } inputFields { name } } } }'),
    ];
    expect(JSON.stringify(answers)).toContain('activeSubscriptionCount');
    expect(JSON.stringify(answers)).not.toContain(token);
    expect(JSON.stringify(answers)).not.toMatch(/"name":"token"/i);
    expect(gateway.logged.join('')).not.toContain(token);
  });
});
