import { describe, expect, it } from '@jest/globals';
import { buildSchema, type GraphQLResolveInfo, graphql } from 'graphql';
import { asksFor } from '../../src/resolvers/look-ahead.ts';

const schema = buildSchema(`
  interface Thing { name: String }
  type Leaf implements Thing { name: String other: String }
  type Branch implements Thing { name: String leaf: Leaf thing: Thing }
  type Query { branch: Branch }
`);

/** What a resolver of `branch` sees ahead. */
async function see(source: string, path: readonly string[], variableValues = {}): Promise<boolean> {
  let seen = false;
  const branch = (_: unknown, __: unknown, info: GraphQLResolveInfo) => {
    seen = asksFor(info, ...path);
    return null;
  };
  const { errors } = await graphql({ schema, source, rootValue: { branch }, variableValues });
  expect(errors).toBeUndefined();
  return seen;
}

describe('the look ahead', () => {
  it.each([
    ['a field', '{ branch { leaf { other } } }', true],
    ['an alias', '{ some: branch { l: leaf { o: other } } }', true],
    ['another field under its name', '{ branch { leaf: thing { name } } }', false],
    ['a field of the same name elsewhere', '{ branch { thing { ... on Leaf { other } } } }', false],
    ['the way without its end', '{ branch { leaf { name } } }', false],
    ['two selections of the field itself', '{ branch { name } branch { leaf { other } } }', true],
    ['two selections on the way', '{ branch { leaf { name } leaf { other } } }', true],
    ['an inline fragment', '{ branch { ... { leaf { ... on Leaf { other } } } } }', true],
    [
      'fragments within fragments',
      '{ branch { ...A } } fragment A on Branch { ...B } fragment B on Branch { leaf { ...C } } fragment C on Leaf { other }',
      true,
    ],
    [
      'a fragment that is used elsewhere only',
      '{ branch { name thing { ...C } } } fragment C on Leaf { other }',
      false,
    ],
  ])('finds %s', async (_, source, isSeen) => {
    expect(await see(source, ['leaf', 'other'])).toBe(isSeen);
  });

  it('looks into fragments that spread each other twice no more than once', async () => {
    const chain = Array.from(
      { length: 40 },
      (_, index) => `fragment F${index} on Branch { ...F${index + 1} ...F${index + 1} }`,
    );
    const source = `{ branch { ...F0 } } ${chain.join(' ')} fragment F40 on Branch { name }`;
    expect(await see(source, ['leaf', 'other'])).toBe(false);
    expect(await see(source, ['name'])).toBe(true);
  });

  it.each([
    ['@include(if: $yes)', true],
    ['@include(if: $no)', false],
    ['@skip(if: $yes)', false],
    ['@skip(if: $no)', true],
    ['@include(if: true) @skip(if: true)', false],
    ['@include(if: $standard)', true],
  ])('obeys %s wherever it stands', async (directive, isSeen) => {
    const sources = [
      `{ branch { leaf ${directive} { other } } }`,
      `{ branch { leaf { other ${directive} } } }`,
      `{ branch { ... ${directive} { leaf { other } } } }`,
      `{ branch { ...A ${directive} } } fragment A on Branch { leaf { other } }`,
    ];
    for (const source of sources) {
      const used =
        '... @include(if: $yes) { name } ... @include(if: $no) { name } ... @include(if: $standard) { name }';
      const [operation = '', ...fragments] = source.split(' fragment');
      const document = `query ($yes: Boolean!, $no: Boolean!, $standard: Boolean! = true) ${operation.replace('branch {', `branch { ${used}`)}`;
      const whole = [document, ...fragments].join(' fragment');
      expect(await see(whole, ['leaf', 'other'], { yes: true, no: false })).toBe(isSeen);
    }
  });
});
