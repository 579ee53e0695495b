import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Answer, type RunningSubgraph, startSubgraph } from './start-subgraph.ts';

const cacheControl = ({ headers }: Answer) => headers.get('cache-control');
const entities = (selection: string) => `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { __typename ... on Customer { ${selection} } }
}`;
const REPRESENTATIONS = { representations: [{ __typename: 'Customer', id: 'Customer:billagain:302' }] };

/** Later, by so many seconds, as far as anybody can tell by the clock. */
function goForward(seconds: number): void {
  const { now } = Date;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + seconds * 1000);
}

describe('Cache-Control', () => {
  let subgraph: RunningSubgraph;

  beforeAll(async () => {
    subgraph = await startSubgraph();
  });

  beforeEach(() => {
    subgraph.billagain.dials.clear();
    subgraph.unipay.dials.clear();
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([
    ['a customer', '{ customer(id: "Customer:billagain:302") { displayName } }'],
    ['a node', '{ node(id: "Customer:billagain:302") { ... on Customer { displayName customFields { key } } } }'],
    [
      'a page',
      '{ customers(first: 2) { nodes { id balance { amount } } pageInfo { hasNextPage } completeness { state } } }',
    ],
    ['an account', '{ billingAccounts { name } }'],
  ])('lets its reader keep %s, in private, as long as the cache would', async (_what, query) => {
    expect(cacheControl(await subgraph.ask(query))).toBe('max-age=60, private');
    expect(cacheControl(await subgraph.askAsRouter(query))).toBe('max-age=60, private');
  });

  it('lets a router keep an entity', async () => {
    expect(cacheControl(await subgraph.askAsRouter(entities('displayName'), REPRESENTATIONS))).toBe(
      'max-age=60, private',
    );
  });

  it.each([
    ['where a record came from', '{ customer(id: "Customer:billagain:302") { source { fetchedAt } } }'],
    ["an account's health", '{ billingAccounts { name health } }'],
    ['the schema', '{ __schema { queryType { name } } }'],
    ['an error', '{ customer(id: "302") { id } }'],
    ['what is no query', '{ customer }'],
    ['a mutation', 'mutation { archiveCustomer(id: "Customer:billagain:302", dryRun: true) { userErrors { code } } }'],
  ])('lets nobody keep %s', async (_what, query) => {
    expect(cacheControl(await subgraph.ask(query))).toBe('no-store');
    expect(cacheControl(await subgraph.askAsRouter(query))).toBe('no-store');
  });

  it.each(['source { stale }', 'subscriptions { nodes { source { cached } } }'])(
    'lets no router keep an entity with %s',
    async (selection) => {
      expect(cacheControl(await subgraph.askAsRouter(entities(selection), REPRESENTATIONS))).toBe('no-store');
    },
  );

  it('lets nobody keep a page that an account is missing from', async () => {
    subgraph.unipay.dials.set({ status: 503 });
    const answer = await subgraph.ask(
      '{ customers(first: 200, filter: {city: "Nowhere"}) { completeness { state } } }',
    );
    expect(answer.body.errors).toHaveLength(1);
    expect(cacheControl(answer)).toBe('no-store');
  });

  it("grants no more than what is left of a record's time", async () => {
    const query = '{ customer(id: "Customer:billagain:300") { displayName } }';
    await subgraph.ask(query);
    goForward(45);
    expect(cacheControl(await subgraph.ask(query))).toMatch(/^max-age=1[0-5], private$/);
  });

  it('grants a record that is not there as long as the cache believes it', async () => {
    expect(cacheControl(await subgraph.ask('{ customer(id: "Customer:billagain:999999998") { id } }'))).toBe(
      'max-age=10, private',
    );
  });

  it('lets nobody keep what is served stale', async () => {
    const query = '{ customer(id: "Customer:billagain:10622") { displayName } }';
    await subgraph.ask(query);
    subgraph.billagain.dials.set({ status: 503 });
    goForward(90);
    const answer = await subgraph.ask(query);
    expect(answer.body.errors).toBeUndefined();
    expect(answer.body.data?.customer).toEqual({ displayName: expect.any(String) });
    expect(cacheControl(answer)).toBe('no-store');
  });

  it.each([
    ['5', 'max-age=5, private'],
    ['0', 'no-store'],
  ])('is never longer than CACHE_TTL_SECONDS=%s', async (CACHE_TTL_SECONDS, expected) => {
    const brief = await startSubgraph({ CACHE_TTL_SECONDS });
    expect(cacheControl(await brief.ask('{ customer(id: "Customer:billagain:302") { id } }'))).toBe(expected);
    expect(cacheControl(await brief.ask('{ billingAccounts { name } }'))).toBe(expected);
    expect(cacheControl(await brief.askAsRouter(entities('id'), REPRESENTATIONS))).toBe(expected);
  });
});
