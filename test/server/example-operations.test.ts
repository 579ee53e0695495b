import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import type { Gateway } from '../../src/gateway.ts';
import { createPartnerSchema } from '../../src/resolvers/partner-schema.ts';
import { createSchema } from '../../src/resolvers/schema.ts';
import { createExampleOperations, type ExampleOperation } from '../../src/server/example-operations.ts';
import { startSimulatedGateway } from '../browser/gateway.ts';

const ACCOUNTS = [
  { name: 'billagain', vendor: 'BILLAGAIN' },
  { name: 'unipay', vendor: 'UNIPAY' },
] as const;

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
const partnerSchema = createPartnerSchema(await createSchema());
const examples = createExampleOperations(ACCOUNTS, schema, new Date());

interface Answer {
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors?: readonly unknown[];
}

async function run(url: string, { document, variables, headers }: ExampleOperation): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query: document, variables }),
  });
  return (await response.json()) as Answer;
}

function named(name: string): ExampleOperation {
  const example = examples.find((candidate) => candidate.name === name);
  if (!example) throw new Error(`expected an example named ${name}; got ${examples.map((each) => each.name)}`);
  return example;
}

describe('the example operations on the schema for partners', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startSimulatedGateway({ SCHEMA_VARIANT: 'partner' });
  });
  afterAll(() => gateway.stop());

  it('are those that partners can run', async () => {
    const partnerExamples = createExampleOperations(ACCOUNTS, partnerSchema, new Date());
    expect(partnerExamples.map(({ name }) => name)).toEqual([
      'LookAcrossVendors',
      'CustomFields',
      'SubscriptionsDue',
      'CreateCustomer',
    ]);
    for (const example of partnerExamples) expect(await run(gateway.url, example)).not.toHaveProperty('errors');
  });
});

describe('the example operations', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startSimulatedGateway();
  });
  afterAll(() => gateway.stop());

  it.each(examples.map((example) => [example.name, example] as const))(
    'run as they are: %s',
    async (_name, example) => {
      const { data, errors } = await run(gateway.url, example);
      expect(errors).toBeUndefined();
      for (const result of Object.values(data)) expect(result).not.toBeNull();
    },
  );

  it('show customers of both vendors', async () => {
    const [both, custom] = await Promise.all([
      run(gateway.url, named('LookAcrossVendors')),
      run(gateway.url, named('CustomFields')),
    ]);
    expect(both.data).toMatchObject({
      customer: { displayName: 'Brielle Barnett' },
      customers: { completeness: [{ account: 'billagain' }, { account: 'unipay' }] },
    });
    expect(custom.data).toMatchObject({ customer: { income: { values: ['0-50000'] } } });
  });

  it('show subscriptions that are due', async () => {
    const { data } = await run(gateway.url, named('SubscriptionsDue'));
    const { nodes } = data.customers as { nodes: readonly { subscriptions: { nodes: readonly unknown[] } }[] };
    expect(nodes.flatMap(({ subscriptions }) => subscriptions.nodes).length).toBeGreaterThan(0);
  });

  it('create one customer, however often they are run', async () => {
    const first = await run(gateway.url, named('CreateCustomer'));
    const second = await run(gateway.url, named('CreateCustomer'));
    expect(first.data).toMatchObject({ createCustomer: { userErrors: [] } });
    const { customer } = first.data.createCustomer as { customer: unknown };
    expect(customer).toMatchObject({ email: 'ada@example.com' });
    expect(second.data).toMatchObject({ createCustomer: { customer, replayed: true } });
  });

  it('show what a dry run would send', async () => {
    const { data } = await run(gateway.url, named('DryRun'));
    expect(data).toMatchObject({
      createCustomer: { dryRun: { method: 'PUT', body: expect.stringContaining('Ada') }, userErrors: [] },
    });
  });

  it('are made for the accounts that there are', () => {
    const made = createExampleOperations(
      [{ name: 'north', vendor: 'UNIPAY' }],
      schema,
      new Date('2026-01-31T23:59:00Z'),
    );
    expect(made.map(({ name }) => name)).toEqual(['LookAcrossVendors', 'SubscriptionsDue', 'CreateCustomer', 'DryRun']);
    expect(JSON.stringify(made)).not.toContain('billagain');
    expect(made[1]?.variables).toEqual({ accounts: ['north'], from: '2026-01-31', until: '2026-03-02' });
    expect(createExampleOperations([], schema, new Date())).toEqual([]);
  });

  it('bear the name of the operation in their document', () => {
    for (const { name, document } of examples) {
      expect(parse(document).definitions).toMatchObject([{ name: { value: name } }]);
    }
  });
});
