import { beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { type Server, serve } from './serve.ts';

let server: Server;
beforeAll(async () => {
  server = await serve();
});

/** Pages of other sites can't send it unasked, so that Apollo Server answers no GET without it or a content type. */
const NOT_FORGED = { 'apollo-require-preflight': 'true' };

function fetchAsClient(url: string, request: RequestInit = {}): Promise<Response> {
  const isGet = (request.method ?? 'GET') === 'GET';
  return fetch(url, isGet ? { ...request, headers: { ...request.headers, ...NOT_FORGED } } : request);
}

const audits = serverAudits({ url: () => server.url, fetchFn: fetchAsClient });

describe('GraphQL over HTTP', () => {
  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();
    // MUST, SHOULD and MAY alike: none needs an exception.
    expect(result.status === 'ok' ? 'passed' : `${result.status}: ${result.reason}`).toBe('passed');
  });

  it('has audits of each strictness', () => {
    const strictness = new Set(audits.map(({ name }) => name.split(' ')[0]));
    expect(strictness).toEqual(new Set(['MUST', 'SHOULD', 'MAY']));
  });
});

describe('beyond the audits', () => {
  it('refuses a GET that another site could have made a browser send', async () => {
    const response = await fetch(`${server.url}?query=${encodeURIComponent('{ __typename }')}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('CSRF');
  });

  it('answers queries by GET and names POST as the way for mutations', async () => {
    const query = '{ billingAccounts { name } }';
    expect((await server.get({ query })).data).toEqual({
      billingAccounts: [{ name: 'billagain' }, { name: 'unipay' }],
    });
    const mutation = await server.get({
      query: 'mutation { archiveCustomer(id: "Customer:billagain:302") { userErrors { code } } }',
    });
    expect([mutation.status, mutation.headers.get('allow')]).toEqual([405, 'POST']);
    expect(mutation.data).toBeUndefined();
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('answers %s with the methods that there are', async (method) => {
    const response = await fetch(server.url, { method, headers: { 'content-type': 'application/json' }, body: '{' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('takes no body but JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/graphql']) {
      expect((await server.post('{ __typename }', { 'content-type': type })).status).toBe(415);
    }
  });
});
