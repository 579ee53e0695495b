import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildASTSchema, type GraphQLFormattedError, parse, validate } from 'graphql';
import { startTestGateway, type TestGateway } from '../gateway/start-gateway.ts';
import { createGenerator, type GeneratedOperation } from './operation-generator.ts';

const OPERATIONS = 300;
const MS_PER_OPERATION = 2000;

const schema = buildASTSchema(parse(readFileSync('schema/schema.graphql', 'utf8')));
const ids = ['Customer:billagain:302', 'Customer:billagain:300', 'Customer:unipay:1', 'Customer:unipay:5'];
const badIds = ['Customer:billagain:999999999', 'Customer:unipay:999999999', 'Customer:nobody:1', 'nonsense'];

describe('a generated operation over both vendors, of which some records can not be read', () => {
  let gateway: TestGateway;
  let generate: (seed: number) => GeneratedOperation;

  beforeAll(async () => {
    gateway = await startTestGateway({ billagain: { customers: 20 }, unipay: { customers: 20 } });
    const { a, b } = await gateway.read<Record<'a' | 'b', { subscriptions: { nodes: { id: string }[] } }>>(`{
      a: customer(id: "Customer:billagain:302") { subscriptions { nodes { id } } }
      b: customer(id: "Customer:unipay:5") { subscriptions { nodes { id } } } }`);
    const subscriptionIds = [a, b].flatMap(({ subscriptions: { nodes } }) => nodes.slice(0, 2).map(({ id }) => id));
    gateway.unipay.dials.set({ path: /^\/customers\/7\./, rewrite: (body) => body.replace('"id":7,', '"id":8,') });
    generate = createGenerator({
      schema,
      depth: 4,
      values: {
        id: [...ids, ...subscriptionIds, 'Customer:unipay:7', ...badIds],
        ids: [[...ids.slice(0, 2), ...badIds.slice(2)], [...subscriptionIds, 'Customer:unipay:7'], []],
        first: [1, 2, 3, -1],
        accounts: [['unipay'], ['billagain'], ['nobody']],
        keys: [['x'], []],
        key: ['x'],
      },
      // They tell of the process and of how a record came to it.
      leftOut: new Set(['Customer.source', 'BillingSubscription.source', 'Query.billingAccounts']),
    });
  });
  afterAll(() => gateway?.stop());

  async function ask(
    { document, operationName }: GeneratedOperation,
    variables: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: document, operationName, variables }),
    });
    const { data, errors } = (await response.json()) as {
      readonly data?: unknown;
      readonly errors?: readonly GraphQLFormattedError[];
    };
    // What comes of different vendors' calls has no order of its own.
    return JSON.stringify({ data, errors: errors?.map((error) => JSON.stringify(error)).sort() });
  }

  it(
    'is answered four times alike, and as graphql-js answers it',
    async () => {
      let withData = 0;
      let withErrors = 0;
      await fc.assert(
        fc.asyncProperty(fc.noBias(fc.noShrink(fc.nat())), async (seed) => {
          const operation = generate(seed);
          fc.pre(validate(schema, parse(operation.document)).length === 0);
          for (const variables of [operation.variables, operation.otherVariables]) {
            // What a router wants traced is never compiled.
            const expected = await ask(operation, variables, { 'apollo-federation-include-trace': 'ftv1' });
            for (let run = 1; run <= 4; run++) {
              expect({ run, answer: await ask(operation, variables) }).toEqual({ run, answer: expected });
            }
            if (expected.startsWith('{"data":{')) withData += 1;
            if (expected.includes('"errors"')) withErrors += 1;
          }
        }),
        { numRuns: OPERATIONS, maxSkipsPerRun: 100 },
      );
      expect(withData).toBeGreaterThan(OPERATIONS / 2);
      expect(withErrors).toBeGreaterThan(OPERATIONS / 4);
    },
    OPERATIONS * MS_PER_OPERATION,
  );
});
