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
  'a fragment that is spread under a condition and, without one, by another fragment': {
    document: `query($no: Boolean!) { customer(id: "Customer:billagain:302") { id ...F @include(if: $no) ...G } }
      fragment F on Customer { email kind address { city } } fragment G on Customer { vendorId ...F }`,
    variables: { no: false },
  },
  'a fragment that is spread twice under different conditions': {
    document: `query($no: Boolean!, $yes: Boolean = true) {
      customer(id: "Customer:billagain:302") { ...F @include(if: $no) ...F @skip(if: $no) ...F @include(if: $yes) }
      other: customer(id: "Customer:unipay:5") { ...F @include(if: $no) }
      again: customer(id: "Customer:unipay:5") { ...F @include(if: $yes) @skip(if: $no) } }
      fragment F on Customer { id kind address { city } }`,
    variables: { no: false },
  },
  'fields of one name of which one is left out': {
    document: `query($no: Boolean!) { customer(id: "Customer:billagain:302") {
      address @include(if: $no) { line1 } id address { city } ... @include(if: $no) { id email } email @skip(if: $no) } }`,
    variables: { no: false },
  },
  'aliases that are the same when they are joined by underscores': {
    document: `{ a: customer(id: "Customer:billagain:302") { subscriptions(first: 2) { nodes { id } } customFields { key } }
      a_subscriptions: customer(id: "Customer:billagain:302") { nodes: subscriptions(first: 1) { nodes { id status } } }
      subscriptions_a: customers(first: 1, accounts: ["billagain"]) { nodes { id } }
      subscriptions: customers(first: 2, accounts: ["billagain"]) { a: nodes { id customFields { key values } } } }`,
  },
  'variables that are left out, null or within an object': {
    document: `query($first: Int, $email: String, $name: String = "x", $accounts: [String!] = ["unipay"]) {
      customers(first: $first, accounts: $accounts) { nodes { id } }
      found: customers(first: 1, filter: { email: $email }, accounts: ["billagain"]) { nodes { id } }
      named: customers(first: 1, filter: { email: $name }, accounts: ["billagain"]) { nodes { id } } }`,
    variables: { first: 2 },
  },
  'nullable and other errors, in their order': {
    document: `{ a: customer(id: "nonsense") { id } b: node(id: "also nonsense") { id }
      nodes(ids: ["bad:1", "Customer:unipay:5", "bad:2"]) { __typename id ... on Customer { subscriptions(first: -1) { nodes { id } } } } }`,
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

  it('answers each of two operations of one document that share a fragment, and each value of their conditions', async () => {
    const document = `
      query One($on: Boolean!) { customer(id: "Customer:billagain:302") { id ...F @include(if: $on) } }
      query Two($on: Boolean!) { customer(id: "Customer:billagain:302") { ...F @skip(if: $on) vendorId } }
      fragment F on Customer { kind address { city } ...G } fragment G on Customer { email @include(if: $on) }`;
    const keysOf = async (operationName: string, on: boolean) => {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: document, operationName, variables: { on } }),
      });
      const { data } = (await response.json()) as { data: { customer: object } };
      return Object.keys(data.customer);
    };
    for (let round = 1; round <= 5; round++) {
      expect(await keysOf('One', true)).toEqual(['id', 'kind', 'address', 'email']);
      expect(await keysOf('One', false)).toEqual(['id']);
      expect(await keysOf('Two', true)).toEqual(['vendorId']);
      expect(await keysOf('Two', false)).toEqual(['kind', 'address', 'vendorId']);
    }
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
