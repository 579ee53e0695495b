import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GraphQLFormattedError } from 'graphql';
import { type RunningSubgraph, SECRET, startSubgraph } from '../server/start-subgraph.ts';
import { composeSupergraph } from './compose.ts';
import { LOYALTY, SUPPORT } from './neighbours.ts';
import { type Recorder, startRecorder } from './recorder.ts';
import { type Router, startApolloGateway, startHiveGateway } from './routers.ts';
import { startNeighbour } from './start-neighbour.ts';

/** Known to loyalty by id, and to support by account and number. */
const BRIELLE = 'Customer:billagain:302';

let billgraph: RunningSubgraph;
let unipayNumber: string;
let subscriptionId: string;
let isLoyaltyDown = false;
const recorders: Record<string, Recorder> = {};
const stops: (() => Promise<unknown>)[] = [];

async function startSupergraph(): Promise<string> {
  billgraph = await startSubgraph();
  const { data } = (
    await billgraph.ask(
      '{ customers(first: 50, accounts: ["unipay"]) { nodes { vendorId subscriptions(first: 1) { nodes { id } } } } }',
    )
  ).body as unknown as {
    data: { customers: { nodes: { vendorId: string; subscriptions: { nodes: { id: string }[] } }[] } };
  };
  const owner = data.customers.nodes.find(({ subscriptions }) => subscriptions.nodes.length > 0);
  unipayNumber = owner?.vendorId ?? '';
  subscriptionId = owner?.subscriptions.nodes[0]?.id ?? '';

  const loyalty = await startNeighbour(LOYALTY, {
    Query: { members: (_: unknown, { ids }: { ids: string[] }) => ids.map((id) => ({ id })) },
    Customer: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      loyaltyTier({ id }: { id: string }) {
        if (isLoyaltyDown) throw new Error('loyalty is down');
        return id === BRIELLE ? 'GOLD' : 'NONE';
      },
      credit: () => ({ amount: '12.5', currencyCode: 'ZAR' }),
    },
  });
  const support = await startNeighbour(SUPPORT, {
    Query: {
      tickets: (_: unknown, { numbers }: { numbers: string[] }) =>
        numbers.map((number) => {
          const [account, vendorId] = number.split('/');
          return { subject: `About ${number}`, customer: { account, vendorId } };
        }),
    },
    Customer: {
      __resolveReference: (reference: object) => reference,
      openTicketCount: ({ vendorId }: { vendorId: string }) => vendorId.length,
    },
  });
  stops.push(loyalty.stop, support.stop);
  for (const [name, url] of [
    ['billgraph', `${billgraph.url}/subgraph`],
    ['loyalty', loyalty.url],
    ['support', support.url],
  ] as const) {
    const recorder = await startRecorder(url);
    recorders[name] = recorder;
    stops.unshift(recorder.close);
  }
  const urlOf = (name: string) => recorders[name]?.url ?? '';
  return composeSupergraph({ billgraph: urlOf('billgraph'), loyalty: urlOf('loyalty'), support: urlOf('support') });
}

const supergraph = startSupergraph();

afterAll(async () => {
  for (const stop of stops) await stop();
});

beforeEach(async () => {
  await supergraph;
  isLoyaltyDown = false;
  billgraph.billagain.dials.clear();
  billgraph.billagain.calls.clear();
  for (const recorder of Object.values(recorders)) recorder.clear();
});

describe.each([
  ['@apollo/gateway', startApolloGateway, ['VENDOR_UNAVAILABLE']],
  // It drops an error in whose place there is data; `completeness` is part of the data.
  ['@graphql-hive/gateway', startHiveGateway, undefined],
])('the supergraph behind %s', (_name, startRouter, codesBesideData) => {
  let router: Router;

  beforeAll(async () => {
    router = await startRouter(await supergraph);
  });

  afterAll(async () => {
    await router?.stop();
  });

  async function ask(query: string, variables: object = {}, headers: Readonly<Record<string, string>> = {}) {
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as { data?: unknown; errors?: readonly GraphQLFormattedError[] };
  }

  const sentTo = (name: string) => recorders[name]?.requests ?? [];

  it("adds both others' fields to Billgraph's customers", async () => {
    const answer = await ask(
      `query ($id: ID!) {
        customer(id: $id) { displayName loyaltyTier openTicketCount balance { amount } credit { amount currencyCode } }
        node(id: $id) { __typename id ... on Customer { loyaltyTier } }
        customers(first: 2, accounts: ["unipay"]) { nodes { account loyaltyTier } completeness { account state } }
      }`,
      { id: BRIELLE },
    );
    expect(answer).toEqual({
      data: {
        customer: {
          displayName: 'Brielle Barnett',
          loyaltyTier: 'GOLD',
          openTicketCount: 3,
          balance: { amount: '500.5' },
          credit: { amount: '12.5', currencyCode: 'ZAR' },
        },
        node: { __typename: 'Customer', id: BRIELLE, loyaltyTier: 'GOLD' },
        customers: {
          nodes: [
            { account: 'unipay', loyaltyTier: 'NONE' },
            { account: 'unipay', loyaltyTier: 'NONE' },
          ],
          completeness: [{ account: 'unipay', state: 'MORE' }],
        },
      },
    });
  });

  it("adds Billgraph's fields to another's customers, known by id", async () => {
    const ids = [BRIELLE, `Customer:unipay:${unipayNumber}`, 'Customer:billagain:300'];
    const answer = await ask(
      'query ($ids: [ID!]!) { members(ids: $ids) { id loyaltyTier status customFields { key } } }',
      {
        ids,
      },
    );
    expect(answer).toEqual({
      data: {
        members: [
          { id: ids[0], loyaltyTier: 'GOLD', status: expect.any(String), customFields: expect.any(Array) },
          { id: ids[1], loyaltyTier: 'NONE', status: expect.any(String), customFields: [] },
          { id: ids[2], loyaltyTier: 'NONE', status: expect.any(String), customFields: expect.any(Array) },
        ],
      },
    });
  });

  it("adds Billgraph's fields, and by them a third's, to customers known by account and number", async () => {
    const answer = await ask(
      `query ($numbers: [ID!]!) {
        tickets(numbers: $numbers) { subject customer { id displayName loyaltyTier openTicketCount } }
      }`,
      { numbers: ['billagain/302', `unipay/${unipayNumber}`] },
    );
    expect(answer).toEqual({
      data: {
        tickets: [
          {
            subject: 'About billagain/302',
            customer: { id: BRIELLE, displayName: 'Brielle Barnett', loyaltyTier: 'GOLD', openTicketCount: 3 },
          },
          {
            subject: `About unipay/${unipayNumber}`,
            customer: {
              id: `Customer:unipay:${unipayNumber}`,
              displayName: expect.any(String),
              loyaltyTier: 'NONE',
              openTicketCount: unipayNumber.length,
            },
          },
        ],
      },
    });
  });

  it('walks from a subscription to its customer and on to another subgraph', async () => {
    const answer = await ask('query ($id: ID!) { subscription(id: $id) { id customer { vendorId loyaltyTier } } }', {
      id: subscriptionId,
    });
    expect(answer).toEqual({
      data: { subscription: { id: subscriptionId, customer: { vendorId: unipayNumber, loyaltyTier: 'NONE' } } },
    });
  });

  it('carries a mutation out once, and reads on into another subgraph', async () => {
    const phone = `011555${Math.floor(1000 + Math.random() * 9000)}`;
    const answer = await ask(
      `mutation ($input: UpdateCustomerInput!) {
        updateCustomer(input: $input) { customer { phone loyaltyTier } userErrors { code } }
      }`,
      { input: { id: BRIELLE, phone } },
    );
    expect(answer).toEqual({
      data: { updateCustomer: { customer: { phone, loyaltyTier: 'GOLD' }, userErrors: [] } },
    });
    expect(sentTo('billgraph').filter(({ query }) => query.includes('updateCustomer'))).toHaveLength(1);
    expect(billgraph.billagain.calls.calls.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it("sends its secret to Billgraph alone, the client's request id and trace to all, and nothing else of the client's", async () => {
    const { errors } = await ask(
      '{ customer(id: "Customer:billagain:302") { displayName loyaltyTier openTicketCount } }',
      {},
      {
        'x-request-id': 'request-7',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        'router-authorization': 'made up by a client',
        authorization: 'Bearer of-a-client',
        cookie: 'session=of-a-client',
      },
    );
    expect(errors).toBeUndefined();
    for (const name of ['billgraph', 'loyalty', 'support']) {
      expect(sentTo(name).length).toBeGreaterThan(0);
      for (const { headers } of sentTo(name)) {
        expect(headers).toMatchObject({
          'x-request-id': 'request-7',
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        });
        expect(headers['router-authorization']).toBe(name === 'billgraph' ? SECRET : undefined);
        expect(headers.authorization).toBeUndefined();
        expect(headers.cookie).toBeUndefined();
      }
    }
  });

  it("leaves Billgraph's data alone when another subgraph fails", async () => {
    isLoyaltyDown = true;
    const { data, errors } = await ask('{ customer(id: "Customer:billagain:302") { displayName loyaltyTier } }');
    expect(data).toEqual({ customer: { displayName: 'Brielle Barnett', loyaltyTier: null } });
    expect(errors).toHaveLength(1);
  });

  it("leaves the other's data alone when a vendor fails, and says why", async () => {
    billgraph.billagain.dials.set({ status: 503 });
    const { data, errors } = await ask('query ($ids: [ID!]!) { members(ids: $ids) { loyaltyTier displayName } }', {
      ids: ['Customer:billagain:100199', `Customer:unipay:${unipayNumber}`],
    });
    expect(data).toEqual({
      members: [
        { loyaltyTier: 'NONE', displayName: null },
        { loyaltyTier: 'NONE', displayName: expect.any(String) },
      ],
    });
    expect(errors?.map(({ extensions }) => extensions)).toMatchObject([
      { code: 'VENDOR_UNAVAILABLE', account: 'billagain', retryable: true },
    ]);
  });

  it('tells what a partial page lacks', async () => {
    billgraph.billagain.dials.set({ status: 503 });
    const { data, errors } = await ask(
      '{ customers(first: 3, filter: {city: "Nowhere"}) { completeness { account state } } }',
    );
    expect(data).toEqual({
      customers: {
        completeness: [
          { account: 'billagain', state: 'FAILED' },
          { account: 'unipay', state: 'COMPLETE' },
        ],
      },
    });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(codesBesideData);
  });

  it("has none of the router's own fields for clients", async () => {
    for (const query of ['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }']) {
      const { errors } = await ask(query);
      expect(errors?.[0]?.message).toMatch(/Cannot query field/);
    }
  });
});
