import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OwnRedis, startOwnRedis } from '../redis-server.ts';
import { startTestGateway, startVendors, type TestGateway, type Vendors } from './start-gateway.ts';

const PERSON = `id displayName firstName lastName organizationName email emailCc phone mobilePhone fax taxNumber registrationNumber
  address { line1 line2 city postalCode }`;
const EVERYBODY = `query ($filter: CustomerFilter) {
  customers(first: 200, filter: $filter) { nodes { ${PERSON} customFields { key value } subscriptions { nodes { id note } } } }
  customer(id: "Customer:billagain:302") { ${PERSON} }
}`;

let vendors: Vendors;
let redis: OwnRedis;
let gateway: TestGateway;
/** Every word of what a customer is known by. */
let personal: Set<string>;
let credentials: string[];

beforeAll(async () => {
  redis = await startOwnRedis();
  vendors = await startVendors({ billagain: { customers: 6 }, unipay: { customers: 12 } });
  gateway = await startTestGateway({ vendors, redisUrl: redis.url });
  const { customers, customer } = await gateway.read<{ customers: { nodes: object[] }; customer: object }>(EVERYBODY);
  personal = new Set(
    [...customers.nodes, customer].flatMap((person) =>
      Object.entries(person)
        .filter(([name]) => !['id', 'subscriptions', 'customFields'].includes(name))
        .flatMap(([, value]) => (typeof value === 'object' && value !== null ? Object.values(value) : [value]))
        // Short ones, such as "Park", may be part of any word.
        .filter((value): value is string => typeof value === 'string' && value.length > 5),
    ),
  );
  const { billagain, unipay } = vendors;
  credentials = [
    billagain.apiKey,
    unipay.settings.username,
    unipay.settings.password,
    Buffer.from(`${billagain.accountId}:${billagain.apiKey}`).toString('base64'),
    Buffer.from(`${unipay.settings.username}:${unipay.settings.password}`).toString('base64'),
    'Basic ',
  ];
});

afterAll(() => redis.stop());

describe('the log, at every level,', () => {
  it("holds no credential, no URL, no body and nobody's name, address or number, whatever goes wrong", async () => {
    const variables = { filter: { email: 'poqo@hotmail.com', lastName: 'Barnett' } };
    await gateway.query(EVERYBODY, variables);
    for (const dial of [
      { status: 503 },
      { status: 401 },
      { status: 400, body: '{"Errors":[{"Message":"poqo@hotmail.com is taken"}]}' },
      { status: 400, body: '{"failureCode":"F02","failureMessage":"poqo@hotmail.com"}' },
      { body: 'poqo@hotmail.com' },
      { body: '[{"customerID":"poqo@hotmail.com","id":"poqo@hotmail.com"}]' },
      { truncateBytes: 500 },
      { drop: 'after' as const },
      { latencyMs: 400 },
      { rewrite: (body: string) => body.replaceAll('"isActive":true', '"isActive":"poqo@hotmail.com"') },
    ]) {
      vendors.billagain.dials.set(dial);
      vendors.unipay.dials.set(dial);
      const other = await startTestGateway({ vendors, limits: { timeoutMs: 200 } });
      const answers = [
        await other.query(EVERYBODY, variables),
        await other.query('{ customer(id: "Customer:unipay:1") { id } }'),
      ];
      await other.stop();
      expect(other.logged.length).toBeGreaterThan(0);
      expectNothingPrivate(other.logged.join(''));
      expectNothingPrivate(JSON.stringify(answers.map(({ errors }) => errors)));
    }
    vendors.billagain.dials.clear();
    vendors.unipay.dials.clear();
    await gateway.query('query ($id: ID!) { customer(id: $id) { id } }', { id: 'poqo@hotmail.com' });
    await redis.kill();
    await gateway.query(EVERYBODY, variables);
    await gateway.stop();
    expectNothingPrivate(gateway.logged.join(''));
    expect(gateway.logged.some((line) => line.includes('the cache is not reachable'))).toBe(true);
  });
});

function expectNothingPrivate(text: string): void {
  expect(personal.size).toBeGreaterThan(80);
  expect([...personal, ...credentials, 'poqo', 'http://'].filter((secret) => text.includes(secret))).toEqual([]);
}
