import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, startVendors, type TestGateway, type Vendors } from './start-gateway.ts';

const NO_CACHE = { ttlSeconds: 0, absentTtlSeconds: 0, staleSeconds: 0 };
const STUDIO = 'https://studio.apollographql.com';

let vendors: Vendors;
let gateway: TestGateway;

beforeAll(async () => {
  vendors = await startVendors({ billagain: { customers: 20 }, unipay: { customers: 20 } });
  gateway = await startTestGateway({ vendors, cache: NO_CACHE });
});

afterAll(() => gateway.stop());

afterEach(() => {
  vendors.billagain.dials.clear();
  vendors.unipay.dials.clear();
});

function post(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

describe('the probes', () => {
  it('answer that the process is alive and ready, and how its parts are', async () => {
    const livez = await fetch(`${gateway.url}/livez`);
    expect([livez.status, await livez.json()]).toEqual([200, { status: 'alive' }]);
    const readyz = await fetch(`${gateway.url}/readyz`);
    expect([readyz.status, await readyz.json()]).toEqual([
      200,
      { isReady: true, accounts: { billagain: 'UP', unipay: 'UP' }, cache: 'reachable' },
    ]);
  });

  it('stay ready while a vendor is down', async () => {
    vendors.billagain.dials.set({ status: 503 });
    await gateway.query('{ customers { nodes { id } } }');
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
  });
});

describe('/metrics', () => {
  it('counts requests and vendor calls in the text format of Prometheus, with nobody’s data in it', async () => {
    const fresh = await startTestGateway({ vendors, cache: NO_CACHE });
    await fresh.query('{ customer(id: "Customer:billagain:302") { id email } }');
    await fresh.query('{ customer(id: "Customer:billagain:303") { id email } }');
    await fresh.query('{ customer(id: "nonsense") { id email } }');
    vendors.billagain.dials.set({ status: 503 });
    await fresh.query('{ customer(id: "Customer:billagain:302") { id } }');
    const response = await fetch(`${fresh.url}/metrics`);
    const text = await response.text();
    await fresh.stop();
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/);
    expect(text).toMatch(
      /^billgraph_vendor_call_duration_seconds_count\{account="billagain",operation="loadCustomersByIds",outcome="ok"\} 2$/m,
    );
    expect(text).toMatch(
      /^billgraph_vendor_call_duration_seconds_count\{account="billagain",operation="loadCustomersByIds",outcome="VENDOR_UNAVAILABLE"\} 3$/m,
    );
    expect(text).toMatch(/^billgraph_vendor_retries_total\{account="billagain",operation="loadCustomersByIds"\} 2$/m);
    expect(text).toMatch(/^billgraph_request_duration_seconds_count\{outcome="ok"\} 2$/m);
    expect(text).toMatch(/^billgraph_request_duration_seconds_count\{outcome="partial"\} 2$/m);
    expect(text).toMatch(/^billgraph_account_health\{account="unipay"\} 1$/m);
    expect(text).toMatch(/^billgraph_cache_reachable 1$/m);
    expect(text).toMatch(/^process_cpu_seconds_total /m);
    const ours = text.split('\n').filter((line) => line.startsWith('billgraph_'));
    // Numbers that are measured may be any.
    const labels = ours.map((line) => line.replace(/ [\d.e+-]+$/, '')).join('\n');
    expect(labels).not.toMatch(/302|303|poqo|nonsense|127\.0\.0\.1|simulator/);
  });
});

describe('/graphql', () => {
  it('is the Sandbox with a document that works, for a browser', async () => {
    const response = await fetch(`${gateway.url}/graphql`, { headers: { accept: 'text/html,application/xhtml+xml' } });
    const page = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/html/),
    ]);
    expect(page).toContain('EmbeddedSandbox');
    const state = /"document":("(?:[^"\\]|\\.)*")/.exec(page.replaceAll('\\"', '"').replaceAll('\\\\', '\\'))?.[1];
    expect(page).toContain('LookAcrossVendors');
    expect(page).toContain('Customer:billagain:302');
    expect(state === undefined ? 'LookAcrossVendors' : state).toContain('LookAcrossVendors');
  });

  it('answers a GET with the header that tells it from a cross-site one, and refuses it without', async () => {
    const url = `${gateway.url}/graphql?query=${encodeURIComponent('{ billingAccounts { name } }')}`;
    const allowed = await fetch(url, { headers: { 'apollo-require-preflight': 'true' } });
    expect(await allowed.json()).toEqual({ data: { billingAccounts: [{ name: 'billagain' }, { name: 'unipay' }] } });
    const refused = await fetch(url);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ errors: [{ message: expect.stringContaining('CSRF') }] });
  });

  it.each([
    ['cut short', '{"query": "{ billingAcc', 'application/json'],
    ['no object', '"text"', 'application/json'],
    ['empty', '', 'application/json'],
    ['without a query', '{}', 'application/json'],
    ['of the wrong type', '{"query": 5}', 'application/json'],
    ['prototype pollution', '{"__proto__": {"query": "{a}"}}', 'application/json'],
    ['a form', 'query=%7B__typename%7D', 'application/x-www-form-urlencoded'],
    ['text', '{ __typename }', 'text/plain'],
  ])('answers a body that is %s in the shape of GraphQL, with a 4xx', async (_, body, contentType) => {
    const response = await post(body, { 'content-type': contentType });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(response.headers.get('content-type')).toMatch(/^application\/(json|graphql-response\+json)/);
    const answer = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
    expect(answer.errors[0]?.message).toEqual(expect.any(String));
    expect(answer.errors[0]?.extensions.code).toMatch(/^[A-Z_]+$/);
    expect(JSON.stringify(answer)).not.toMatch(/node_modules|\.ts|\.js:/);
  });

  it('answers a document that is none with its fault, and no stack', async () => {
    for (const query of ['{', '{ nothing }', 'query ($id: ID!) { customer(id: $id) { id } }', '{ customer { id } }']) {
      const response = await post(JSON.stringify({ query }), { accept: 'application/graphql-response+json' });
      const text = await response.text();
      expect(response.status).toBe(400);
      expect((JSON.parse(text) as { errors: unknown[] }).errors).toHaveLength(1);
      expect(text).not.toMatch(/stacktrace|node_modules/);
    }
  });

  it('lets the Sandbox of Apollo through CORS, and no other site', async () => {
    const preflight = (origin: string) =>
      fetch(`${gateway.url}/graphql`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      });
    const allowed = await preflight(STUDIO);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(STUDIO);
    expect(allowed.headers.get('access-control-allow-methods')).toContain('POST');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('content-type');
    expect(
      (await post('{"query":"{__typename}"}', { origin: STUDIO })).headers.get('access-control-allow-origin'),
    ).toBe(STUDIO);
    for (const origin of ['https://evil.example', 'null', 'https://studio.apollographql.com.evil.example']) {
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
      expect(
        (await post('{"query":"{__typename}"}', { origin })).headers.get('access-control-allow-origin'),
      ).toBeNull();
    }
  });

  it('tells its schema, unless that is turned off', async () => {
    const document = '{ __schema { queryType { name } } }';
    expect(await gateway.read(document)).toEqual({ __schema: { queryType: { name: 'Query' } } });
    const closed = await startTestGateway({ vendors, server: { introspection: false } });
    const { data, errors } = await closed.query(document);
    expect(data).toBeFalsy();
    expect(errors).toHaveLength(1);
    expect(await closed.read('{ __typename }')).toEqual({ __typename: 'Query' });
    await closed.stop();
  });
});

describe('any other path', () => {
  it.each(['/', '/graphq', '/graphql/x', '/_simulator/calls', '/../etc/passwd'])('is a 404: %s', async (path) => {
    const response = await fetch(`${gateway.url}${path}`);
    expect(response.status).toBe(404);
  });

  it('is a 404 for methods that are not served', async () => {
    expect((await fetch(`${gateway.url}/livez`, { method: 'DELETE' })).status).toBe(404);
  });

  it.each([
    [404, '/secret?secret=secret'],
    [404, '/livez/secret'],
    [400, '/secret%'],
    [400, '/graphql%zz?secret'],
  ])('is refused in the shape of GraphQL, with a %s and without what was asked: %s', async (status, path) => {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(`${gateway.url}${path}`, { method });
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(await response.json()).toEqual({
        errors: [{ message: expect.not.stringContaining('secret'), extensions: { code: 'BAD_USER_INPUT' } }],
      });
    }
  });
});

describe('what is no HTTP that can be read', () => {
  it.each([
    [431, 'headers that are too long', `GET /livez HTTP/1.1\r\nhost: x\r\nsecret: ${'x'.repeat(17_000)}\r\n\r\n`],
    [400, 'a line that is no request', 'secret\r\n\r\n'],
  ])('is answered %s in the shape of GraphQL: %s', async (status, _, text) => {
    const { hostname, port } = new URL(gateway.url);
    const connection = connect(Number(port), hostname).setEncoding('utf8');
    connection.write(text);
    let answer = '';
    for await (const chunk of connection) answer += chunk;
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} .*application/json`, 's'));
    expect(JSON.parse(body)).toEqual({
      errors: [{ message: expect.not.stringContaining('secret'), extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });
});

describe('a client that leaves', () => {
  it('takes its vendor reads along: none is begun, and those under way are cut', async () => {
    vendors.unipay.dials.set({ path: /^\/customers\./, latencyMs: 50 }, { path: /subscriptions/, latencyMs: 200 });
    vendors.unipay.calls.clear();
    const client = new AbortController();
    const few = await startTestGateway({ vendors, cache: NO_CACHE, limits: { concurrency: 2 } });
    const answer = fetch(`${few.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: '{ customers(first: 20, accounts: ["unipay"]) { nodes { subscriptions { nodes { id } } } } }',
      }),
      signal: client.signal,
    }).catch((error: Error) => error.name);
    while (vendors.unipay.calls.count('GET', /subscriptions/) < 2) await sleep(5);
    client.abort();
    expect(await answer).toBe('AbortError');
    // Whatever was still to be asked would be asked meanwhile.
    await sleep(500);
    expect(vendors.unipay.calls.count('GET', /subscriptions/)).toBe(2);
    await few.stop();
    expect(few.logged.join('')).not.toMatch(/"level":(50|60)/);
  });

  it('leaves the reads that another client waits for as well', async () => {
    vendors.billagain.dials.set({ latencyMs: 600 });
    vendors.billagain.calls.clear();
    const body = JSON.stringify({ query: '{ customer(id: "Customer:billagain:302") { id } }' });
    const client = new AbortController();
    const leaving = fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: client.signal,
    }).catch((error: Error) => error.name);
    while (vendors.billagain.calls.count() < 1) await sleep(5);
    const staying = post(body);
    await sleep(30);
    client.abort();
    expect(await leaving).toBe('AbortError');
    expect(await (await staying).json()).toEqual({ data: { customer: { id: 'Customer:billagain:302' } } });
    expect(vendors.billagain.calls.count()).toBe(1);
  });
});

describe('a stop', () => {
  it('waits for the requests under way, takes no more, and may be asked for while they run', async () => {
    const stopping = await startTestGateway({ vendors, cache: NO_CACHE });
    vendors.billagain.dials.set({ latencyMs: 600 });
    vendors.billagain.calls.clear();
    const underWay = stopping.read('{ customer(id: "Customer:billagain:302") { id } }');
    while (vendors.billagain.calls.count() < 1) await sleep(5);
    const stop = stopping.stop();
    const late = (await fetch(`${stopping.url}/readyz`)).status;
    expect(late).toBe(503);
    expect(await underWay).toEqual({ customer: { id: 'Customer:billagain:302' } });
    await stop;
    await expect(fetch(`${stopping.url}/livez`)).rejects.toThrow();
  });

  it('waits neither for connections that are kept alive nor for those that were never used', async () => {
    const idle = await startTestGateway({ vendors });
    const connection = request(`${idle.url}/livez`, { headers: { connection: 'keep-alive' } }).end();
    connection.on('error', () => undefined); // the stop cuts it
    const [response] = (await once(connection, 'response')) as [NodeJS.ReadableStream];
    response.resume();
    await once(response, 'end');
    const { hostname, port } = new URL(idle.url);
    const unused = connect(Number(port), hostname);
    await once(unused, 'connect');
    const closed = once(unused, 'close');
    await idle.stop();
    await closed;
  });
});
