import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Gateway } from '../../src/gateway.ts';
import { startSimulatedGateway } from '../browser/gateway.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startSimulatedGateway();
});
afterAll(() => gateway.stop());

/** The directives of a page's policy. */
async function policyOf(path: string): Promise<ReadonlyMap<string, string>> {
  const { headers } = await fetch(`${gateway.url}${path}`, { headers: BROWSER });
  const policy = headers.get('content-security-policy') ?? '';
  return new Map(policy.split('; ').map((directive) => directive.split(/ (.*)/s, 2) as [string, string]));
}

describe('the pages for browsers', () => {
  it.each(['/graphql', '/graphiql'])('are framed by nobody and sniffed by nobody: %s', async (path) => {
    const { status, headers } = await fetch(`${gateway.url}${path}`, { headers: BROWSER });
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': expect.stringContaining('text/html'),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-cache',
    });
    const policy = await policyOf(path);
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(policy.get('connect-src')).toBe("'self'");
    expect(policy.get('script-src')).not.toMatch(/unsafe/);
  });

  it('name no host but Apollo’s, and that on /graphql alone', async () => {
    const sandbox = [...(await policyOf('/graphql')).values()].join(' ');
    expect(new Set(sandbox.match(/https?:[^ ]*/g))).toEqual(
      new Set(['https://embeddable-sandbox.cdn.apollographql.com', 'https://sandbox.embed.apollographql.com']),
    );
    expect([...(await policyOf('/graphiql')).values()].join(' ')).not.toMatch(/https?:|\*/);
  });

  it('leave answers in JSON as they are', async () => {
    for (const init of [
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{ __typename }"}' },
      { headers: { 'apollo-require-preflight': 'yes' } },
    ]) {
      const { status, headers } = await fetch(`${gateway.url}/graphql?query={__typename}`, init);
      expect(status).toBe(200);
      expect(headers.get('content-security-policy')).toBeNull();
    }
  });

  it('let the hosted Sandbox in', async () => {
    const origin = 'https://studio.apollographql.com';
    const { headers } = await fetch(`${gateway.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
    expect(headers.get('access-control-allow-origin')).toBe(origin);
  });

  it('can be turned off, and /graphql goes on', async () => {
    const bare = await startSimulatedGateway({ EXPLORER: 'off' });
    try {
      const page = await fetch(`${bare.url}/graphql`, { headers: BROWSER });
      expect(page.headers.get('content-type')).not.toContain('text/html');
      expect((await fetch(`${bare.url}/graphiql`)).status).toBe(404);
      const { data } = (await (
        await fetch(`${bare.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"query":"{ __typename }"}',
        })
      ).json()) as { data: unknown };
      expect(data).toEqual({ __typename: 'Query' });
    } finally {
      await bare.stop();
    }
  });
});

describe('the files of GraphiQL', () => {
  it('are typed, may be kept for ever, and are the same zipped and plain', async () => {
    const page = await (await fetch(`${gateway.url}/graphiql`)).text();
    const files = new Set(page.match(/graphiql\/\w+-[0-9a-f]{16}\.(js|css)/g));
    expect(files.size).toBe(5);
    for (const file of files) {
      const [zipped, plain] = await Promise.all(
        ['gzip', 'identity'].map((encoding) =>
          fetch(`${gateway.url}/${file}`, { headers: { 'accept-encoding': encoding } }),
        ),
      );
      expect(Object.fromEntries(zipped?.headers ?? [])).toMatchObject({
        'content-type': `text/${file.endsWith('css') ? 'css' : 'javascript'}; charset=utf-8`,
        'content-encoding': 'gzip',
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'Origin, Accept-Encoding',
        'x-content-type-options': 'nosniff',
      });
      expect(plain?.headers.get('content-encoding')).toBeNull();
      expect((await zipped?.text()) === (await plain?.text())).toBe(true);
    }
  });

  it('are those that the page names and no other', async () => {
    for (const file of ['js-0000000000000000.js', '..%2f..%2fpackage.json', '__proto__']) {
      expect((await fetch(`${gateway.url}/graphiql/${file}`)).status).toBe(404);
    }
  });
});
