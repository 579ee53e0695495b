import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningSubgraph, startSubgraph } from '../server/start-subgraph.ts';
import { newCustomer } from './cases.ts';
import { PERSON, UNIPAY_PERSON } from './documents.ts';
import { type LocalGateway, startLocalGateway, startVendors, type Vendors } from './start-gateways.ts';

interface Payload {
  readonly customerId: string | null;
  readonly customer: { readonly id: string } | null;
  readonly userErrors: readonly { readonly code: string }[];
}

type Payloads = Readonly<Record<string, Payload | null>>;

const SHOWN = 'customerId customer { id } userErrors { code }';

let vendors: Vendors;
let gateway: LocalGateway;
beforeAll(async () => {
  vendors = await startVendors();
  gateway = await startLocalGateway(vendors);
});
afterEach(() => vendors.billagain.dials.clear());
afterAll(async () => {
  await gateway.stop();
  await vendors.close();
});

const SEVERAL = `mutation ($billagain: CreateCustomerInput!, $unipay: CreateCustomerInput!) {
  first: createCustomer(input: $billagain) { ${SHOWN} }
  limited: createCustomer(input: $billagain) { ${SHOWN} }
  malformed: updateCustomer(input: { id: "no id at all", phone: "1" }) { ${SHOWN} }
  alsoMalformed: archiveCustomer(id: "Customer:billagain:x") { ${SHOWN} }
  last: createCustomer(input: $unipay) { ${SHOWN} }
}`;
const VARIABLES = { billagain: PERSON, unipay: UNIPAY_PERSON };
const LIMITED_AFTER_ONE = [
  { method: 'POST', path: /^\/customers$/, times: 1 },
  { method: 'POST', path: /^\/customers$/, status: 429 },
];

function expectFirstAndLast({ data, errors }: { data?: unknown; errors?: unknown }): void {
  expect(data).toEqual({
    first: {
      customerId: expect.stringMatching(/^Customer:billagain:\d+$/),
      customer: expect.anything(),
      userErrors: [],
    },
    limited: null,
    malformed: null,
    alsoMalformed: null,
    last: { customerId: expect.stringMatching(/^Customer:unipay:\d+$/), customer: expect.anything(), userErrors: [] },
  });
  expect(errors).toMatchObject([
    { path: ['limited'], extensions: { code: 'VENDOR_RATE_LIMITED', retryable: true } },
    { path: ['malformed'], extensions: { code: 'BAD_USER_INPUT' } },
    { path: ['alsoMalformed'], extensions: { code: 'BAD_USER_INPUT' } },
  ]);
}

describe('several mutations of one document', () => {
  it('are each told of, whatever becomes of the others', async () => {
    vendors.billagain.dials.set(...LIMITED_AFTER_ONE);
    expectFirstAndLast(await gateway.ask(SEVERAL, VARIABLES));
  });

  it('are each told of where the deadline comes in their middle: what was made by its id, the rest as not sent', async () => {
    const hasty = await startLocalGateway(vendors, { REQUEST_TIMEOUT_MS: '1500' });
    vendors.billagain.dials.set({ method: 'POST', path: /^\/customers$/, latencyMs: 40 });
    const before = vendors.billagain.customerCount;
    const names = Array.from({ length: 200 }, (_, index) => `create${index}`);
    const fields = names.map((name) => `${name}: createCustomer(input: $input) { ${SHOWN} }`);
    const { data, errors = [] } = await hasty.ask<Payloads>(
      `mutation ($input: CreateCustomerInput!) { ${fields.join('\n')} }`,
      { input: PERSON },
    );
    const told = names.filter((name) => data?.[name]?.customerId);
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(200);
    expect(told.length).toBe(vendors.billagain.customerCount - before);
    expect(new Set(told.map((name) => data?.[name]?.customerId)).size).toBe(told.length);
    const rest = names.filter((name) => data?.[name] === null);
    expect(rest.length).toBe(200 - told.length);
    expect(errors.map(({ path }) => path)).toEqual(rest.map((name) => [name]));
    for (const { extensions } of errors) expect(extensions).toMatchObject({ code: 'VENDOR_TIMEOUT', retryable: true });
    await hasty.stop();
  });
});

describe('a customer that was made', () => {
  it('is named by its payload and by the errors below, though what was asked for beside it has failed', async () => {
    vendors.billagain.dials.set({ path: /with_customfields/, status: 503 });
    const create = `createCustomer(input: $input) { customerId customer { id customFields { key } } }`;
    const { data, errors } = await gateway.ask<Payloads>(
      `mutation ($input: CreateCustomerInput!) {
        one: ${create}
        other: ${create.replace('customerId', '')}
      }`,
      { input: PERSON },
    );
    expect(data).toEqual({
      one: { customerId: expect.stringMatching(/^Customer:billagain:\d+$/), customer: null },
      other: { customer: null },
    });
    expect(errors).toMatchObject([
      {
        path: ['one', 'customer', 'customFields'],
        extensions: { code: 'VENDOR_UNAVAILABLE', recordId: data?.one?.customerId, carriedOut: true, retryable: false },
      },
      {
        path: ['other', 'customer', 'customFields'],
        extensions: { recordId: expect.stringMatching(/^Customer:billagain:\d+$/), carriedOut: true, retryable: false },
      },
    ]);
    const { recordId } = errors?.[1]?.extensions ?? {};
    expect(vendors.billagain.customer(Number(String(recordId).split(':')[2]))).toMatchObject({
      Name: PERSON.displayName,
    });
  });

  it('is named where it can not be read back after a change, without a call for another try', async () => {
    const id = await newCustomer(vendors.billagain);
    // The first is the read before the change.
    vendors.billagain.dials.set({ path: /by_customer_ids/, times: 1 }, { path: /by_customer_ids/, status: 503 });
    const { data, errors } = await gateway.ask<Payloads>(
      `mutation { updateCustomer(input: { id: "${id}", phone: "1" }) { ${SHOWN} } }`,
    );
    expect(data).toEqual({ updateCustomer: { customerId: id, customer: null, userErrors: [] } });
    expect(errors).toMatchObject([
      { path: ['updateCustomer'], extensions: { code: 'VENDOR_UNAVAILABLE', recordId: id, retryable: false } },
    ]);
  });

  it('is not named by a refusal or a dry run', async () => {
    const { data } = await gateway.ask<Payloads>(
      `mutation ($input: CreateCustomerInput!) {
        planned: createCustomer(input: $input, dryRun: true) { ${SHOWN} }
        refused: updateCustomer(input: { id: "Customer:billagain:999999", phone: "1" }) { ${SHOWN} }
      }`,
      { input: PERSON },
    );
    expect(data).toEqual({
      planned: { customerId: null, customer: null, userErrors: [] },
      refused: { customerId: null, customer: null, userErrors: [{ code: 'NOT_FOUND' }] },
    });
  });
});

describe('several mutations of one document, for a router and for partners', () => {
  let subgraph: RunningSubgraph;
  beforeAll(async () => {
    subgraph = await startSubgraph({ SCHEMA_VARIANT: 'partner' });
  });
  afterEach(() => subgraph.billagain.dials.clear());

  it.each(['ask', 'askAsRouter'] as const)('are each told of by %s, whatever becomes of the others', async (how) => {
    subgraph.billagain.dials.set(...LIMITED_AFTER_ONE);
    const { body } = await subgraph[how](SEVERAL, VARIABLES);
    expectFirstAndLast(body);
  });
});
