import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { createDocumentStore } from '../../src/server/document-store.ts';
import { type Answer, codesOf, type Server, serve } from './serve.ts';

const SECRET = 'a-secret-of-the-router';

let server: Server;
beforeAll(async () => {
  server = await serve({ SUBGRAPH_SECRET: SECRET });
});

const CUSTOMER = `
  id vendor account vendorId displayName kind status firstName lastName email
  address { line1 city region postalCode countryCode }
  balance { amount currencyCode }
  customFields { key values }
  source { cached fetchedAt stale account { name vendor } }
`;

function aliases(count: number, field: (index: number) => string): string {
  return `{ ${Array.from({ length: count }, (_, index) => `a${index}: ${field(index)}`).join(' ')} }`;
}

/** From a customer to its subscriptions and back, so many times. */
function loop(times: number, first: string): string {
  return `${`subscriptions(first: ${first}) { nodes { customer { `.repeat(times)} id ${'} } }'.repeat(times)}`;
}

function expectTooComplex(answer: Answer, message: RegExp): void {
  expect([codesOf(answer), answer.data]).toEqual([['OPERATION_TOO_COMPLEX'], undefined]);
  expect(answer.errors?.[0]?.message).toMatch(message);
}

describe('the default limits let through', () => {
  it('100 aliases of a whole customer', async () => {
    const answer = await server.post({
      query: aliases(100, () => `customer(id: "Customer:billagain:302") {${CUSTOMER}}`),
    });
    expect(answer.errors).toBeUndefined();
    expect(Object.keys(answer.data as object)).toHaveLength(100);
  });

  it('500 ids in nodes, written out or in a variable', async () => {
    const ids = Array.from({ length: 500 }, () => 'Customer:billagain:302');
    const selection = `{ id ... on Customer {${CUSTOMER}} }`;
    for (const body of [
      { query: `{ nodes(ids: ${JSON.stringify(ids)}) ${selection} }` },
      { query: `query ($ids: [ID!]!) { nodes(ids: $ids) ${selection} }`, variables: { ids } },
    ]) {
      const answer = await server.post(body);
      expect(answer.errors).toBeUndefined();
      expect(answer.data).toMatchObject({ nodes: { length: 500 } });
    }
  });

  it('pages of 200, and pages of 200 subscriptions within them', async () => {
    const query = `query ($first: Int) {
      customers(first: $first) { nodes {${CUSTOMER}} }
      deep: customers(first: $first, accounts: ["unipay"]) { nodes { id subscriptions(first: $first) { nodes { id } } } }
    }`;
    expect(codesOf(await server.post({ query, variables: { first: 200 } }))).toEqual([]);
  });
});

describe('an answer that could grow beyond measure is refused', () => {
  it('where pages stand within pages', async () => {
    expectTooComplex(
      await server.post({ query: `{ customers(first: 200) { nodes { ${loop(2, '200')} } } }` }),
      /up to 1000000 fields/,
    );
    // Where nothing is said a page has 25 rows.
    const unsaid = loop(4, '1').replaceAll('(first: 1)', '');
    expectTooComplex(await server.post({ query: `{ customers { nodes { ${unsaid} } } }` }), /smaller pages/);
  });

  it('by what its variables say', async () => {
    const query = `query ($first: Int = 200) { customers(first: $first) { nodes { ${loop(2, '$first')} } } }`;
    expectTooComplex(await server.post({ query, variables: { first: 200 } }), /fields/);
    expectTooComplex(await server.post({ query }), /fields/);
    expect(codesOf(await server.post({ query, variables: { first: 1 } }))).toEqual([]);
  });

  it('where fragments multiply each other', async () => {
    const fragments = Array.from(
      { length: 10 },
      (_, index) =>
        `fragment F${index} on Customer { ${[...'abcdefgh'].map((alias) => `${alias}: subscriptions(first: 1) { nodes { customer { ...F${index + 1} } } }`).join(' ')} }`,
    );
    const query = `{ customer(id: "Customer:unipay:1") { ...F0 } } ${fragments.join(' ')} fragment F10 on Customer { id }`;
    expectTooComplex(await server.post({ query }), /fields/);
  });

  it('by the operation that is chosen of its document', async () => {
    const query = `query Small { billingAccounts { name } } query Large { customers(first: 200) { nodes { ${loop(2, '200')} } } }`;
    expect(codesOf(await server.post({ query, operationName: 'Small' }))).toEqual([]);
    expectTooComplex(await server.post({ query, operationName: 'Large' }), /fields/);
    expect(codesOf(await server.post({ query, operationName: 'None' }))).toEqual(['OPERATION_RESOLUTION_FAILURE']);
  });
});

describe('a document that would take too long to read is refused', () => {
  it('for its length', async () => {
    expectTooComplex(await server.post({ query: aliases(5001, () => '__typename') }), /up to 15000 tokens; got more/);
  });

  it('for its depth', async () => {
    const levels = 7000;
    expectTooComplex(await server.post({ query: '{a'.repeat(levels) }), /nested less deeply/);
    for (const count of [17, 100, 650]) {
      const query = `{ customer(id: "Customer:unipay:1") { ${loop(count, '1')} } }`;
      expectTooComplex(await server.post({ query }), /50 levels deep/);
    }
  });

  it('for its depth, which fragments may hide', async () => {
    // The last one is met first each time, when it stands at the top: alone none is deep.
    const fragments = Array.from(
      { length: 8 },
      (_, index) => `fragment F${index} on Customer { ${loop(3, '1').replace(' id ', ` ...F${index + 1} `)} }`,
    );
    const spreads = fragments.map((_, index) => `...F${7 - index}`).join(' ');
    const query = `{ customer(id: "Customer:unipay:1") { ${spreads} } } ${fragments.join(' ')} fragment F8 on Customer { id }`;
    expectTooComplex(await server.post({ query }), /50 levels deep/);
  });

  it('for fields that repeat each other', async () => {
    const query = `{ ${'customer(id: "Customer:billagain:302") { id } '.repeat(1600)} }`;
    expectTooComplex(await server.post({ query }), /repeat fields less often/);
  });

  it('for the size of its request, with 413', async () => {
    const answer = await server.post({ query: `# ${'.'.repeat(1_048_576)}\n{ __typename }` });
    expect([answer.status, codesOf(answer)]).toEqual([413, ['BAD_USER_INPUT']]);
  });
});

it('keeps what settings say', async () => {
  const strict = await serve({ REQUEST_MAX_TOKENS: '100', REQUEST_MAX_FIELDS: '100', REQUEST_MAX_BYTES: '1024' });
  expectTooComplex(await strict.post({ query: aliases(40, () => '__typename') }), /100 tokens/);
  expectTooComplex(
    await strict.post({ query: '{ customers(first: 50) { nodes { id name: displayName } } }' }),
    /100 fields; got an operation for up to 151/,
  );
  expect((await strict.post({ query: '{ __typename }', variables: { x: '.'.repeat(1100) } })).status).toBe(413);
});

it('leaves limits at /subgraph to the router', async () => {
  const response = await fetch(server.url.replace('/graphql', '/subgraph'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'router-authorization': SECRET },
    body: JSON.stringify({ query: aliases(6000, () => '__typename') }),
  });
  expect(await response.json()).toMatchObject({ data: { a5999: 'Query' } });
});

describe('documents that have been read', () => {
  it('are kept up to a megabyte of text, comments included', async () => {
    const store = createDocumentStore();
    const comment = `# ${'.'.repeat(100_000)}\n`;
    const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`);
    for (const key of keys) await store.set(key, parse(`${comment}{ a }`));
    const kept = (await Promise.all(keys.map((key) => store.get(key)))).map((document) => document !== undefined);
    expect(kept).toEqual(keys.map((_, index) => index >= 10));
  });

  it('are read again each time when they are very long', async () => {
    const store = createDocumentStore();
    await store.set('key', parse(`# ${'.'.repeat(200_000)}\n{ a }`));
    expect(await store.get('key')).toBeUndefined();
  });
});
