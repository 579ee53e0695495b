import { beforeAll, describe, expect, it } from '@jest/globals';
import { codesOf, type Server, serve, sha256 } from './serve.ts';

let server: Server;
beforeAll(async () => {
  server = await serve({ REQUEST_MAX_BYTES: '4194304' });
});

const data = { billingAccounts: [{ name: 'billagain' }, { name: 'unipay' }] };

/** One text for each test. */
function document(name: string): string {
  return `query ${name} { billingAccounts { name } }`;
}

function extensionsOf(query: string) {
  return { persistedQuery: { version: 1, sha256Hash: sha256(query) } };
}

describe('an automatic persisted query', () => {
  it('is asked for in full once, and by its hash from then on', async () => {
    const query = document('ByPost');
    const extensions = extensionsOf(query);
    expect(codesOf(await server.post({ extensions }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect((await server.post({ query, extensions })).data).toEqual(data);
    expect((await server.post({ extensions })).data).toEqual(data);
  });

  it('is answered by GET, which a cache on the way can keep', async () => {
    const query = document('ByGet');
    const extensions = JSON.stringify(extensionsOf(query));
    const unknown = await server.get({ extensions });
    expect(codesOf(unknown)).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(unknown.headers.get('cache-control')).toBe('no-store');
    expect((await server.get({ query, extensions })).data).toEqual(data);
    expect((await server.get({ extensions })).data).toEqual(data);
  });

  it('keeps its variables apart', async () => {
    const query = 'query Apart($id: ID!) { customer(id: $id) { id } }';
    const extensions = extensionsOf(query);
    await server.post({ query, extensions, variables: { id: 'Customer:billagain:302' } });
    const answer = await server.post({ extensions, variables: { id: 'Customer:billagain:300' } });
    expect(answer.data).toEqual({ customer: { id: 'Customer:billagain:300' } });
  });

  it("is not taken with another text's hash", async () => {
    const answer = await server.post({ query: document('Mine'), extensions: extensionsOf(document('Other')) });
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
    expect(codesOf(await server.post({ extensions: extensionsOf(document('Mine')) }))).toEqual([
      'PERSISTED_QUERY_NOT_FOUND',
    ]);
  });

  it('is not kept when it can not be run', async () => {
    const query = '{ nothing }';
    expect(codesOf(await server.post({ query, extensions: extensionsOf(query) }))).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    expect(codesOf(await server.post({ extensions: extensionsOf(query) }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  it('makes room for others: no client can fill the memory', async () => {
    const comment = `# ${'.'.repeat(3_900_000)}\n`;
    const first = `${comment}${document('First')}`;
    expect((await server.post({ query: first, extensions: extensionsOf(first) })).data).toEqual(data);
    expect((await server.post({ extensions: extensionsOf(first) })).data).toEqual(data);
    // 30 MiB are kept.
    for (let index = 0; index < 8; index++) {
      const query = `${comment}${document(`Filler${index}`)}`;
      expect((await server.post({ query, extensions: extensionsOf(query) })).data).toEqual(data);
    }
    expect(codesOf(await server.post({ extensions: extensionsOf(first) }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });
});
