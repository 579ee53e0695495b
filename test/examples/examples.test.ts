import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../gateway/start-gateway.ts';

const examples = new URL('../../examples/', import.meta.url);

describe('the examples', () => {
  let gateway: TestGateway;
  let url: string;

  beforeAll(async () => {
    if (!existsSync(new URL('node_modules', examples))) {
      throw new Error('the examples need their packages: run `npm ci --prefix examples`, or `npm run check`');
    }
    gateway = await startTestGateway({ unipay: { customers: 120 } });
    url = `${gateway.url}/graphql`;
  });

  afterAll(() => gateway?.stop());

  it('let Apollo Client read, create and read again from its own cache', async () => {
    const { run } = await import('../../examples/apollo-client.ts');
    expect(await run(url)).toEqual({
      name: 'Brielle Barnett',
      createdName: 'Ann Lee',
      cachedName: 'Brielle Barnett',
    });
  });

  it('let urql walk through every customer of an account', async () => {
    const { run } = await import('../../examples/urql.ts');
    const ids = await run(url, 'unipay');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(gateway.unipay.customerCount);
  });

  it('let graphql-request change a customer once and notice that its version is old', async () => {
    const { run } = await import('../../examples/graphql-request.ts');
    expect(await run(url)).toEqual({ changedVersion: true, errorsOfFirst: [], errorsOfSecond: ['CONFLICT'] });
  });

  it('let Relay join two pages of a connection and read a row again by its id', async () => {
    const { run } = await import('../../examples/relay/run.ts');
    const { ids, displayName } = await run(url, 'unipay');
    expect(new Set(ids).size).toBe(6);
    expect(displayName).toEqual(expect.any(String));
  });

  it('hold what relay-compiler makes of the schema', async () => {
    const compiler = new URL('node_modules/relay-compiler/cli.js', examples).pathname;
    const cwd = new URL('relay', examples).pathname;
    await expect(promisify(execFile)(process.execPath, [compiler, '--validate'], { cwd })).resolves.toBeDefined();
  });
});
