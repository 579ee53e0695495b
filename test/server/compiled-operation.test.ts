import { ApolloServer, HeaderMap } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { execute, type GraphQLError, type GraphQLFormattedError, parse, validate } from 'graphql';
import type { GraphqlContext } from '../../src/resolvers/context.ts';
import { runCompiledQueries } from '../../src/server/compiled-queries.ts';
import { createAdverseSchema } from './adverse-schema.ts';
import { createGenerator, type GeneratedOperation } from './operation-generator.ts';

/** More of them: `DIFFERENTIAL_OPERATIONS=200000 npm test -- test/server/compiled-operation.test.ts` */
const OPERATIONS = Number(process.env.DIFFERENTIAL_OPERATIONS ?? 5000);
/** Far more than one takes: it is the time after which something must be wrong. */
const MS_PER_OPERATION = 300;

const schema = createAdverseSchema();
const values = {
  id: ['Person:1', 'Person:2', 'Person:9', 'Thing:1', 'Thing:4', 'Stranger', 'nonsense'],
  ids: [[], ['Person:1', 'nonsense', 'Thing:3'], ['Person:9', 'Person:2', 'Person:2'], 'Thing:2'],
  count: [0, 1, 3],
  text: ['a', ''],
  list: [[], [1, 2], 7],
  wish: [{}, { colour: 2 }, { text: null, list: [1], more: { list: 3 } }],
};

const rare = new Set([
  'sureThrows',
  'absent',
  'absentObject',
  'badColour',
  'badNumber',
  'notAList',
  'failing',
  'unheardOf',
]);

const generate = createGenerator({ schema, values, rare, depth: 4 });

describe('an operation that is asked four times', () => {
  let runsOfGraphqlJs = 0;
  const server = new ApolloServer<GraphqlContext>({
    schema,
    includeStacktraceInErrorResponses: false,
    // Each is validated once, by the test.
    dangerouslyDisableValidation: true,
    plugins: [
      // As the gateway does: it gives every field a resolver.
      ApolloServerPluginCacheControlDisabled(),
      runCompiledQueries(schema, (formatted) => formatted),
      {
        requestDidStart: async () => ({
          async executionDidStart() {
            runsOfGraphqlJs += 1;
          },
        }),
      },
    ],
  });
  beforeAll(() => server.start());
  afterAll(() => server.stop());

  const contextValue = { partialFailures: [] } as unknown as GraphqlContext;

  async function ask({ document, operationName }: GeneratedOperation, variables: Readonly<Record<string, unknown>>) {
    const http = { method: 'POST', headers: new HeaderMap(), search: '', body: undefined };
    const { body } = await server.executeOperation(
      { query: document, operationName, variables, http },
      { contextValue },
    );
    if (body.kind !== 'single') throw new Error('expected a single answer');
    return tell(body.singleResult);
  }

  async function expected({ document, operationName }: GeneratedOperation, variableValues: Record<string, unknown>) {
    return tell(await execute({ schema, document: parse(document), operationName, variableValues, contextValue }));
  }

  it(
    `answers each time as graphql-js does, whatever it asks for: data, errors and their order`,
    async () => {
      let asked = 0;
      let refused = 0;
      let withErrors = 0;
      await fc.assert(
        fc.asyncProperty(fc.noBias(fc.noShrink(fc.nat())), async (seed) => {
          const operation = generate(seed);
          fc.pre(validate(schema, parse(operation.document)).length === 0);
          const expectation = await expected(operation, operation.variables);
          for (let run = 1; run <= 4; run++) {
            expect({ run, answer: await ask(operation, operation.variables) }).toEqual({ run, answer: expectation });
          }
          const others = await expected(operation, operation.otherVariables);
          expect({ others: await ask(operation, operation.otherVariables) }).toEqual({ others });
          asked += 1;
          if (!expectation.startsWith('{"data"')) refused += 1;
          if (expectation.includes('"errors"')) withErrors += 1;
        }),
        { numRuns: OPERATIONS, maxSkipsPerRun: 100 },
      );
      // Else it would have shown nothing.
      expect(asked).toBeGreaterThanOrEqual(OPERATIONS);
      expect(runsOfGraphqlJs / asked).toBeLessThan(2.5);
      expect(withErrors).toBeGreaterThan(asked / 4);
      expect(refused).toBeLessThan(asked / 4);
    },
    OPERATIONS * MS_PER_OPERATION,
  );
});

/** As JSON, as the order of an answer's fields is the client's. */
function tell({
  data,
  errors,
}: {
  readonly data?: unknown;
  readonly errors?: readonly (GraphQLFormattedError | GraphQLError)[] | undefined;
}): string {
  const told = errors?.map(({ message, locations, path }) => ({ message, locations, path }));
  return JSON.stringify({ data, errors: told });
}
