import { beforeAll, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { InvalidConfig, readConfig } from '../../src/config.ts';
import { type Answer, codesOf, type Server, serve, sha256, writeFile } from './serve.ts';

const LOOK_UP = 'query LookUp($id: ID!) { customer(id: $id) { id } }';
const ACCOUNTS = 'query Accounts { billingAccounts { name } }';
const ARCHIVE = 'mutation Archive($id: ID!) { archiveCustomer(id: $id) { customer { id } userErrors { code } } }';

const manifest = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [
    { id: sha256(LOOK_UP), name: 'LookUp', type: 'query', body: LOOK_UP },
    { id: 'accounts-1', name: 'Accounts', type: 'query', body: ACCOUNTS },
    { id: 'archive-1', name: 'Archive', type: 'mutation', body: ARCHIVE },
  ],
};

const variables = { id: 'Customer:billagain:302' };
const found = { customer: variables };
const accounts = { billingAccounts: [{ name: 'billagain' }, { name: 'unipay' }] };

let server: Server;
beforeAll(async () => {
  server = await serve({ TRUSTED_DOCUMENTS: writeFile(manifest), SUBGRAPH_SECRET: 'a-secret-of-the-router' });
});

function expectRefusal(answer: Answer, message: RegExp = /trusted documents only/): void {
  expect([answer.status, codesOf(answer), answer.data]).toEqual([403, ['FORBIDDEN'], undefined]);
  expect(answer.errors?.[0]?.message).toMatch(message);
}

describe('a trusted document', () => {
  it('runs by the documentId of GraphQL over HTTP, by POST and by GET', async () => {
    const documentId = sha256(LOOK_UP);
    expect((await server.post({ documentId, variables })).data).toEqual(found);
    expect((await server.post({ documentId: `sha256:${documentId}`, variables })).data).toEqual(found);
    expect((await server.get({ documentId, variables: JSON.stringify(variables) })).data).toEqual(found);
    expect((await server.get({ documentId: 'accounts-1' })).data).toEqual(accounts);
  });

  it("runs by the hash that Apollo's clients send, by POST and by GET", async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(LOOK_UP) } };
    expect((await server.post({ extensions, variables })).data).toEqual(found);
    const parameters = { extensions: JSON.stringify(extensions), variables: JSON.stringify(variables) };
    expect((await server.get(parameters)).data).toEqual(found);
  });

  it('runs by its text, with an id beside it or without', async () => {
    expect((await server.post({ query: LOOK_UP, variables })).data).toEqual(found);
    expect((await server.post({ query: ACCOUNTS, documentId: 'accounts-1' })).data).toEqual(accounts);
    // An id of another making, such as the hash that a link adds, is no harm beside a text that is known.
    expect((await server.post({ query: ACCOUNTS, documentId: sha256(ACCOUNTS) })).data).toEqual(accounts);
  });

  it('is no mutation by GET', async () => {
    const answer = await server.get({ documentId: 'archive-1', variables: JSON.stringify(variables) });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('is known from a plain map of ids as well', async () => {
    const plain = await serve({ TRUSTED_DOCUMENTS: writeFile({ 'sha1-of-it': ACCOUNTS }) });
    expect((await plain.post({ documentId: 'sha1-of-it' })).data).toEqual(accounts);
    expectRefusal(await plain.post({ query: LOOK_UP, variables }));
  });
});

describe('anything else', () => {
  it('is refused: another text, an id that nobody knows, half a text', async () => {
    expectRefusal(await server.post({ query: '{ billingAccounts { name vendor } }' }));
    expectRefusal(await server.post({ query: `${ACCOUNTS} ` }));
    expectRefusal(await server.get({ query: '{ billingAccounts { name vendor } }' }));
    expectRefusal(await server.post({ documentId: 'nobody' }), /none with this id/);
    expectRefusal(await server.post({ query: '{ billingAccounts', operationName: 'Accounts' }));
  });

  it('is refused beside a trusted id, and is never registered by its hash', async () => {
    const query = '{ billingAccounts { name vendor } }';
    const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(query) } };
    expectRefusal(await server.post({ query, documentId: 'accounts-1' }));
    expectRefusal(await server.post({ query, extensions }));
    expectRefusal(await server.post({ extensions }), /none with this id/);
  });

  it('is refused when id and text are of two trusted documents', async () => {
    const answer = await server.post({ query: LOOK_UP, documentId: 'accounts-1', variables });
    expect([codesOf(answer), answer.data]).toEqual([['BAD_USER_INPUT'], undefined]);
  });

  it('is a malformed request when it has neither', async () => {
    for (const body of [{ variables }, { documentId: 5 }, { documentId: null, query: '' }]) {
      const answer = await server.post(body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.data).toBeUndefined();
    }
  });
});

describe('introspection', () => {
  it('goes on, with nothing beside it', async () => {
    expect((await server.post({ query: getIntrospectionQuery() })).data).toMatchObject({ __schema: {} });
    expect((await server.post({ query: '{ __type(name: "Customer") { name } }' })).data).toEqual({
      __type: { name: 'Customer' },
    });
    for (const rest of ['billingAccounts { name }', '...Rest', '... on Query { billingAccounts { name } }']) {
      const fragment = rest === '...Rest' ? ' fragment Rest on Query { billingAccounts { name } }' : '';
      expectRefusal(await server.post({ query: `{ __type(name: "Customer") { name } ${rest} }${fragment}` }));
    }
    const two = `query Schema { __type(name: "Customer") { name } } ${ACCOUNTS}`;
    expectRefusal(await server.post({ query: two, operationName: 'Accounts' }));
  });

  it('is refused like anything else where it is off', async () => {
    const closed = await serve({ TRUSTED_DOCUMENTS: writeFile(manifest), INTROSPECTION: 'off' });
    expectRefusal(await closed.post({ query: '{ __type(name: "Customer") { name } }' }));
  });
});

it('leaves the router free, whose documents are made for each request', async () => {
  const response = await fetch(server.url.replace('/graphql', '/subgraph'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'router-authorization': 'a-secret-of-the-router' },
    body: JSON.stringify({ query: '{ billingAccounts { name } }' }),
  });
  expect(await response.json()).toEqual({ data: accounts });
});

describe('a manifest that can not be meant', () => {
  function problemsOf(content: unknown, settings: Readonly<Record<string, string>> = {}): readonly string[] {
    try {
      readConfig({ TRUSTED_DOCUMENTS: writeFile(content), ...settings });
    } catch (error) {
      if (error instanceof InvalidConfig) return error.problems;
      throw error;
    }
    return [];
  }

  it.each([
    ['{', 'must be JSON; got text that is not'],
    ['[]', "must be Apollo's persisted query manifest (version 1) or an object of documents by their ids; got a list"],
    [{ a: 5 }, 'got 5 as the document of "a"'],
    [{}, 'must hold at least one document; got none'],
    [{ ...manifest, operations: [] }, 'must hold at least one document; got none'],
    [{ ...manifest, version: 2 }, 'version is not valid (must be 1)'],
    [{ ...manifest, format: 'other' }, 'format is not valid'],
    [{ ...manifest, operations: [{ id: 'a' }] }, 'operations.0.body is not valid'],
    [{ a: 'query {\n  broken' }, 'document "a" must be a GraphQL document; got a mistake in line 2, column 9'],
    [{ a: 'fragment F on Query { node }' }, 'document "a" must hold an operation; got fragments only'],
    [
      {
        ...manifest,
        operations: [
          { id: 'a', body: '{ a }' },
          { id: 'a', body: '{ b }' },
        ],
      },
      'id "a" must name one document; got two',
    ],
  ])('is told: %j', (content, problem) => {
    const problems = problemsOf(content);
    expect(problems).toEqual([expect.stringMatching(/^TRUSTED_DOCUMENTS .*file\.json: /)]);
    expect(problems[0]).toContain(problem);
  });

  it('is told among all other problems', () => {
    const problems = problemsOf('{', { PORT: 'x' });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['PORT', 'TRUSTED_DOCUMENTS']);
    expect(() => readConfig({ TRUSTED_DOCUMENTS: '/nowhere/at/all.json' })).toThrow(
      /must be a readable file; got ENOENT/,
    );
  });

  it('keeps the gateway from starting when the schema has not what it asks for', async () => {
    const start = serve({
      TRUSTED_DOCUMENTS: writeFile({ good: ACCOUNTS, bad: '{ nothing }', worse: '{ customer { id } }' }),
    });
    await expect(start).rejects.toMatchObject({
      name: 'InvalidConfig',
      problems: [
        expect.stringMatching(/^TRUSTED_DOCUMENTS: document "bad": Cannot query field "nothing"/),
        expect.stringMatching(/^TRUSTED_DOCUMENTS: document "worse": .*"id".*required/),
      ],
    });
  });

  it('holds a partner to the schema that partners see', async () => {
    const internal = { a: '{ billingAccounts { health } }' };
    const file = writeFile(internal);
    await serve({ TRUSTED_DOCUMENTS: file });
    await expect(serve({ TRUSTED_DOCUMENTS: file, SCHEMA_VARIANT: 'partner' })).rejects.toThrow(/health/);
  });
});
