import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { settings } from '../../src/config.ts';

const folder = new URL('../../deploy/supergraph/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const readYaml = (name: string) => parse(read(name), { uniqueKeys: true });

describe('deploy/supergraph', () => {
  it('composes from the printed schema, with the version that the tests compose with', () => {
    const { federation_version: version, subgraphs } = readYaml('supergraph.yaml');
    const tested = JSON.parse(readFileSync(new URL('../supergraph/package.json', import.meta.url), 'utf8'));
    expect(version).toBe(`=${tested.dependencies['@apollo/composition']}`);
    expect(existsSync(new URL(subgraphs.billgraph.schema.file, folder))).toBe(true);
  });

  it('sends the secret to Billgraph alone, in the header it asks for', () => {
    const { headers } = readYaml('router.yaml');
    expect(JSON.stringify(headers.all)).not.toContain('SECRET');
    const [{ insert }] = headers.subgraphs.billgraph.request;
    expect(insert).toEqual({
      name: 'router-authorization',
      value: expect.stringContaining('env.BILLGRAPH_SUBGRAPH_SECRET'),
    });
    const asked = settings.find(({ variable }) => variable === 'SUBGRAPH_SECRET')?.meaning;
    expect(asked?.toLowerCase()).toContain(insert.name);
  });

  it('gives up on Billgraph only after Billgraph itself would', () => {
    const { traffic_shaping: shaping } = readYaml('router.yaml');
    const limitMs = Number(settings.find(({ variable }) => variable === 'REQUEST_TIMEOUT_MS')?.default);
    const ms = (text: string) => Number(/^(\d+)s$/.exec(text)?.[1]) * 1000;
    expect(ms(shaping.subgraphs.billgraph.timeout)).toBeGreaterThan(limitMs);
    expect(ms(shaping.router.timeout)).toBeGreaterThan(ms(shaping.subgraphs.billgraph.timeout));
    expect(JSON.stringify(shaping)).not.toContain('retry');
  });

  it('keeps what is private by the reader that the script names', () => {
    const { response_cache: cache, rhai } = readYaml('router.yaml');
    expect(read(rhai.main)).toContain(`request.context["${cache.subgraph.subgraphs.billgraph.private_id}"]`);
  });

  it('takes every secret from the environment', () => {
    const text = read('router.yaml');
    for (const [, value] of text.matchAll(/(?:value|shared_key|urls): (.*)/g)) expect(value).toMatch(/\$\{env\./);
  });
});
