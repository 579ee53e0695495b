import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../gateway/start-gateway.ts';

const documents: Readonly<Record<string, { document: string; variables?: Record<string, unknown> }>> = {
  'records of both vendors': {
    document: `{ a: customer(id: "Customer:billagain:302") { ...F } b: customer(id: "Customer:unipay:5") { ...F } }
      fragment F on Customer { id kind address { city } balance { amount } customFields(keys: ["x"]) { key values } }`,
  },
  'an interface, with an error and a null among its records': {
    document: `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Customer { email } } }`,
    variables: { ids: ['Customer:billagain:300', 'nonsense', 'Customer:billagain:999999999', 'Customer:unipay:7'] },
  },
  'pages with cursors and completeness': {
    document: `query($n: Int = 3) { customers(first: $n) {
      edges { cursor node { id subscriptions(first: 2) { nodes { id status amount { amount } } } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } completeness { account state reason } } }`,
  },
  'what is skipped and included': {
    document: `query($no: Boolean!) { customer(id: "Customer:billagain:302") {
      id email @include(if: $no) customFields @skip(if: $no) { key } } }`,
    variables: { no: false },
  },
  'names that are special to JavaScript': {
    document: `{ __proto__: customer(id: "Customer:billagain:302") { id __proto__: email then: kind toString: vendorId } }`,
  },
  'an error that nulls its parent': { document: `{ customers(first: 201) { nodes { id } } }` },
  'a variable that is refused': { document: `query($n: Int!) { customers(first: $n) { nodes { id } } }` },
  'the schema itself': {
    document: `{ __schema { queryType { name } } __type(name: "Node") { possibleTypes { name } } }`,
  },
};

describe('a query that has come often enough to be compiled', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway?.stop());

  it.each(Object.keys(documents))('answers as it did before: %s', async (name) => {
    const { document, variables } = documents[name] as (typeof documents)[string];
    const first = await gateway.query(document, variables);
    for (let hit = 2; hit <= 5; hit++) expect(await gateway.query(document, variables)).toEqual(first);
  });

  it('tells a partial failure at the same place', async () => {
    const document = `{ customers(first: 2, accounts: ["unipay"]) { nodes { id } completeness { account state } } }`;
    gateway.unipay.dials.set({ path: /^\/customers/, status: 503 });
    const first = await gateway.query(document);
    expect(first.errors).toEqual([expect.objectContaining({ path: ['customers'] })]);
    for (let hit = 2; hit <= 5; hit++) expect(await gateway.query(document)).toEqual(first);
    gateway.unipay.dials.clear();
  });

  it('does not hold everybody up for the code of a short document whose fragments multiply', async () => {
    const spread = (level: number) => `customer { subscriptions(first: 1) { nodes { ...F${level} } } }`;
    const fragments = Array.from(
      { length: 10 },
      (_, level) =>
        `fragment F${level} on BillingSubscription { ${['a', 'b', 'c'].map((alias) => `${alias}: ${spread(level + 1)}`).join(' ')} }`,
    );
    const document = `{ node(id: "Customer:billagain:302") { id ...F0 } } ${fragments.join(' ')}
      fragment F10 on BillingSubscription { id }`;
    const first = await gateway.query(document);
    expect(first).toEqual({ data: { node: { id: 'Customer:billagain:302' } } });
    // Compiled, it would take minutes and gigabytes.
    for (let hit = 2; hit <= 5; hit++) expect(await gateway.query(document)).toEqual(first);
  });
});
