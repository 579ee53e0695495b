import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Dial } from '../../src/simulators/dials.ts';
import { startTestGateway, startVendors, type TestGateway, type Vendors } from './start-gateway.ts';

const NO_CACHE = { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 };

let vendors: Vendors;
let gateway: TestGateway;
let xmlGateway: TestGateway;

beforeAll(async () => {
  vendors = await startVendors({ billagain: { customers: 5 }, unipay: { customers: 5 } });
  gateway = await startTestGateway({ vendors, cache: NO_CACHE });
  xmlGateway = await startTestGateway({ vendors, cache: NO_CACHE, unipaySettings: { format: 'xml' } });
});
afterEach(() => {
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
});
afterAll(() => Promise.all([gateway.stop(), xmlGateway.stop()]));

const EVERYTHING = (name: string, id: string) => `{
  customers(accounts: ["${name}"]) { nodes { id } completeness { account state } }
  customer(id: "Customer:${name}:${id}") { id }
  subscription(id: "BillingSubscription:${name}:${id}:1") { id }
}`;

interface Everything {
  customers: { nodes: unknown[]; completeness: { state: string }[] };
  customer: unknown;
  subscription: unknown;
}

async function expectFailures(ask: TestGateway, name: string, id: string, code: string, said: RegExp) {
  const { data, errors } = await ask.query<Everything>(EVERYTHING(name, id));
  expect(data?.customers.nodes).toEqual([]);
  expect(data?.customers.completeness.map(({ state }) => state)).toEqual(['FAILED']);
  expect(data).toMatchObject({ customer: null, subscription: null });
  expect(errors?.map(({ path, extensions }) => [path?.[0], extensions?.code]).sort()).toEqual([
    ['customer', code],
    ['customers', code],
    ['subscription', code],
  ]);
  for (const { message } of errors ?? []) expect(message).toMatch(said);
  expect(JSON.stringify([errors, ask.logged])).not.toContain('Brielle');
}

describe('a 404 that is not the vendor’s', () => {
  const answers: [string, Dial, RegExp][] = [
    ['a proxy’s text', { body: 'default backend - 404 Brielle', contentType: 'text/plain' }, /text\/plain.*HTTP 404/],
    [
      'a framework’s JSON',
      { body: '{"timestamp":"x","status":404,"error":"Not Found","path":"/Brielle"}' },
      /JSON record.*HTTP 404/,
    ],
    ['an empty body', { body: '' }, /an empty body.*HTTP 404/],
    ['a web page', { body: '<!doctype html><html>Brielle</html>', contentType: 'text/html' }, /HTML page.*HTTP 404/],
    ['a store’s XML', { body: '<Error><Code>NoSuchKey</Code></Error>', contentType: 'application/xml' }, /HTTP 404/],
  ];

  it.each(answers)('is a failure of both vendors, not an absence: %s', async (_, dial, said) => {
    vendors.unipay.dials.set({ status: 404, ...dial });
    vendors.billagain.dials.set({ status: 404, ...dial });
    await expectFailures(gateway, 'unipay', '1', 'VENDOR_UNAVAILABLE', said);
    await expectFailures(xmlGateway, 'unipay', '1', 'VENDOR_UNAVAILABLE', said);
    await expectFailures(gateway, 'billagain', '302', 'VENDOR_UNAVAILABLE', said);
  });

  it('does not replace the record in the cache, nor is it remembered', async () => {
    const cached = await startTestGateway({ vendors, cache: { ttlSeconds: 0.05, staleSeconds: 0 } });
    const document = '{ customer(id: "Customer:unipay:1") { id } }';
    await cached.read(document);
    await new Promise((resolve) => setTimeout(resolve, 60)); // past the TTL
    vendors.unipay.dials.set({ status: 404, body: 'default backend - 404', contentType: 'text/plain' });
    expect((await cached.query(document)).errors).toMatchObject([{ extensions: { code: 'VENDOR_UNAVAILABLE' } }]);
    vendors.unipay.dials.clear();
    expect(await cached.read(document)).toEqual({ customer: { id: 'Customer:unipay:1' } });
    await cached.stop();
  });

  it('is an absence where the vendor’s exception comes with it', async () => {
    vendors.unipay.dials.set({ status: 404, body: '{"failureCode":"V01","failureMessage":"x"}' });
    expect(await gateway.read('{ customer(id: "Customer:unipay:1") { id } }')).toEqual({ customer: null });
    vendors.unipay.dials.set({ status: 404, body: '<exception failureCode="V01"/>', contentType: 'application/xml' });
    expect(await xmlGateway.read('{ customer(id: "Customer:unipay:1") { id } }')).toEqual({ customer: null });
  });
});

describe('a success that holds nothing', () => {
  it.each(['null', '""', '{}', 'false', '{"error":""}', '{"message":null}', '{"customers":null}', ' '])(
    'is a malformed answer of both vendors: %j',
    async (body) => {
      for (const name of ['unipay', 'billagain'] as const) vendors[name].dials.set({ status: 200, body });
      await expectFailures(gateway, 'unipay', '1', 'VENDOR_MALFORMED_ANSWER', /expected/);
      await expectFailures(gateway, 'billagain', '302', 'VENDOR_MALFORMED_ANSWER', /expected|must be/);
    },
  );

  it.each(['<error/>', '<maintenance/>', '<Fault></Fault>', '<response status="OK"/>', '<html/>'])(
    'is a malformed answer in XML, whatever its root is called: %s',
    async (body) => {
      vendors.unipay.dials.set({ status: 200, body, contentType: 'application/xml' });
      await expectFailures(xmlGateway, 'unipay', '1', 'VENDOR_MALFORMED_ANSWER', /expected/);
    },
  );

  it('is an empty list where it says so, and never an absent record', async () => {
    for (const body of [
      '[]',
      '{"customers":[]}',
      '{"total":0,"customers":null}',
      '<customers total="0"/>',
      '<list/>',
    ]) {
      vendors.unipay.dials.set({ status: 200, body });
      const { data, errors } = await gateway.query<Everything>(EVERYTHING('unipay', '1'));
      expect(data?.customers).toEqual({ nodes: [], completeness: [{ account: 'unipay', state: 'COMPLETE' }] });
      expect(errors?.map(({ path, extensions }) => [path?.[0], extensions?.code]).sort()).toEqual([
        ['customer', 'VENDOR_MALFORMED_ANSWER'],
        ['subscription', 'VENDOR_MALFORMED_ANSWER'],
      ]);
    }
  });
});

describe('an empty list of UniPay’s beside a denial', () => {
  const LIST = '{ customers(accounts: ["unipay"]) { nodes { id } completeness { state } } }';
  const DENIALS = ['{"success":false,"customers":[]}', '{"code":500,"message":"Internal problem","data":[]}'];

  it.each(DENIALS)('is a malformed answer: %s', async (body) => {
    vendors.unipay.dials.set({ status: 200, body });
    const { data, errors } = await gateway.query<Everything>(LIST);
    expect(data?.customers).toEqual({ nodes: [], completeness: [{ state: 'FAILED' }] });
    expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_MALFORMED_ANSWER' } }]);
  });

  it('does not take the place of the list that was kept', async () => {
    const cached = await startTestGateway({ vendors, cache: { ttlSeconds: 0.05, staleSeconds: 60 } });
    const whole = await cached.read<Everything>(LIST);
    expect(whole.customers.nodes).toHaveLength(5);
    await new Promise((resolve) => setTimeout(resolve, 60)); // past the TTL
    for (const body of DENIALS) {
      vendors.unipay.dials.set({ status: 200, body });
      expect((await cached.query<Everything>(LIST)).data?.customers.nodes).toEqual(whole.customers.nodes);
    }
    vendors.unipay.dials.clear();
    expect((await cached.read<Everything>(LIST)).customers.nodes).toEqual(whole.customers.nodes);
    await cached.stop();
  });
});

describe('rows with something beside them', () => {
  const LIST = '{ customers(accounts: ["unipay"]) { nodes { vendorId } completeness { state } } }';
  let whole: unknown;
  beforeAll(async () => {
    whole = await gateway.read(LIST);
  });

  it.each([
    ['a record on paging', (rows: string) => `{"paging":{"total":5},"customers":${rows}}`],
    ['no errors', (rows: string) => `{"customers":${rows},"errors":[]}`],
    [
      'a page that describes itself, and links',
      (rows: string) => `{"_embedded":{"customers":${rows}},"_links":{},"page":{"size":20,"totalElements":5}}`,
    ],
    ['a merchant', (rows: string) => `{"merchant":{"id":2001},"result":{"customers":${rows},"links":[]}}`],
  ])('are read in JSON: %s', async (_, wrap) => {
    vendors.unipay.dials.set({ path: /customers/, rewrite: wrap });
    expect(await gateway.read(LIST)).toEqual(whole);
  });

  it.each([
    ['an element on paging', (rows: string) => rows.replace(/<customers>/, '$&<paging><total>5</total></paging>')],
    ['an attribute of XML Schema', (rows: string) => rows.replaceAll('<customer ', '<customer xsi:type="c:Customer" ')],
  ])('are read in XML: %s', async (_, wrap) => {
    vendors.unipay.dials.set({ path: /customers/, rewrite: wrap });
    expect(await xmlGateway.read(LIST)).toEqual(whole);
  });

  it('are null where XML Schema says that they are nil', async () => {
    vendors.unipay.dials.set({
      status: 200,
      body: '<customer xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Customer"><id xsi:type="long">1</id><firstName xsi:nil="true"/><lastName>Lee</lastName></customer>',
    });
    expect(await xmlGateway.read('{ customer(id: "Customer:unipay:1") { vendorId firstName lastName } }')).toEqual({
      customer: { vendorId: '1', firstName: null, lastName: 'Lee' },
    });
  });
});
