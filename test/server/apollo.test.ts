import { describe, expect, it } from '@jest/globals';
import { buildSchema, GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { BadUserInput, VendorUnavailable } from '../../src/errors.ts';
import type { Loaders } from '../../src/loaders/loaders.ts';
import { type GraphqlContext, reportFailure } from '../../src/resolvers/context.ts';
import { createApollo } from '../../src/server/apollo.ts';
import type { Log } from '../../src/telemetry/log.ts';
import type { Metrics } from '../../src/telemetry/metrics.ts';
import type { Writes } from '../../src/writes/writes.ts';

type Resolve = (context: GraphqlContext, info: GraphQLResolveInfo) => unknown;

/** One request for two fields, of which the other is always well. */
async function execute(resolve: Resolve) {
  const logged: string[] = [];
  const outcomes: string[] = [];
  const note = (...line: unknown[]) => logged.push(JSON.stringify(line));
  const log = { debug: note, info: note, warn: note, error: note, fatal: note } as Log;
  const metrics: Metrics = {
    contentType: '',
    print: () => Promise.resolve(''),
    countRequest: (outcome) => outcomes.push(outcome),
    countAttempt: () => undefined,
  };
  const schema = buildSchema('type Query { field: String well: String must: String! }');
  const fields = schema.getQueryType()?.getFields() ?? {};
  for (const name of ['field', 'must']) {
    const field = fields[name];
    if (field) field.resolve = (_source, _args, context, info) => resolve(context as GraphqlContext, info);
  }
  const apollo = createApollo({
    schema,
    face: 'public',
    introspection: true,
    limits: undefined,
    trustedDocuments: undefined,
    examples: undefined,
    ttlSeconds: 60,
    log,
    metrics,
  });
  await apollo.start();
  const contextValue: GraphqlContext = {
    loaders: { freshUntilMs: () => Number.POSITIVE_INFINITY } as Loaders,
    writes: {} as Writes,
    startedAtMs: performance.now(),
    partialFailures: [],
    carriedOut: new Map(),
  };
  const { body } = await apollo.executeOperation({ query: '{ other: field well }' }, { contextValue });
  await apollo.stop();
  if (body.kind !== 'single') throw new Error('expected one answer');
  return { ...body.singleResult, logged, outcomes };
}

function fail(error: unknown): Resolve {
  return () => {
    throw error;
  };
}

describe('a failure of a resolver', () => {
  it('that is made to be told is told with its code, and no stack', async () => {
    const { data, errors, logged, outcomes } = await execute(
      fail(new VendorUnavailable('unipay', 'down', { vendorCode: 'E01' })),
    );
    expect({ ...data }).toEqual({ other: null, well: null });
    expect(errors).toEqual([
      {
        message: 'unipay: down',
        path: ['other'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'VENDOR_UNAVAILABLE', account: 'unipay', retryable: true, vendorCode: 'E01' },
      },
    ]);
    expect([logged, outcomes]).toEqual([[], ['partial']]);
  });

  it.each([
    ['the client’s', new BadUserInput('`first` must be …'), 'BAD_USER_INPUT'],
    ['a scalar’s', new GraphQLError('no such day', { extensions: { code: 'BAD_USER_INPUT' } }), 'BAD_USER_INPUT'],
  ])('that is %s is told as such', async (_, error, code) => {
    const { errors } = await execute(fail(error));
    expect(errors).toEqual([expect.objectContaining({ message: error.message, extensions: { code } })]);
  });

  it.each([
    ['an error', new TypeError('secret in\nhttp://vendor/x')],
    ['a value that a scalar cannot write', new GraphQLError('Int cannot represent value: "secret"')],
    ['a text', 'secret'],
    ['nothing', undefined],
  ])('that is our own fault (%s) is kept from the client and told to the log', async (_, error) => {
    const { errors, logged } = await execute(fail(error));
    expect(errors).toEqual([
      {
        message: 'Internal server error',
        path: ['other'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ]);
    expect(logged).toEqual([expect.stringContaining('a resolver failed')]);
    if (error instanceof Error) expect(logged[0]).toMatch(/(TypeError|GraphQLError)\\n +at /);
    expect(logged[0]).not.toMatch(/secret|vendor\/x/);
  });

  it('beside an answer that goes on is added to it, at its path', async () => {
    const { data, errors, outcomes } = await execute((context, info) => {
      reportFailure(context, info, new VendorUnavailable('unipay', 'down'));
      return 'the rest';
    });
    expect({ ...data }).toEqual({ other: 'the rest', well: null });
    expect(JSON.parse(JSON.stringify(errors))).toEqual([
      {
        message: 'unipay: down',
        path: ['other'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'VENDOR_UNAVAILABLE', account: 'unipay', retryable: true },
      },
    ]);
    expect(outcomes).toEqual(['partial']);
  });

  it('is none where nothing failed', async () => {
    const { errors, outcomes } = await execute(() => 'well');
    expect([errors, outcomes]).toEqual([undefined, ['ok']]);
  });
});
