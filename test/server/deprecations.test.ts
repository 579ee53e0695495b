import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, visit } from 'graphql';
import type { GraphqlContext } from '../../src/resolvers/context.ts';
import { beforeSending } from '../../src/server/answer-steps.ts';
import { REMOVAL, tellDeprecations } from '../../src/server/deprecations.ts';
import { serve } from './serve.ts';

const schema = buildSchema(`
  type Query {
    customer(id: ID, number: Int @deprecated(reason: "Use id. Removed after 2027-06-30.")): Customer
    customers(sort: Sort, filter: Filter): [Customer!]
  }
  type Customer {
    id: ID
    name: String
    oldName: String @deprecated(reason: "Use name. Removed after 2027-03-31.")
    undated: String @deprecated(reason: "Nobody knows.")
  }
  enum Sort { NAME BY_NAME @deprecated(reason: "Use NAME. Removed after 2027-12-31.") }
  input Filter { name: String, title: String @deprecated(reason: "Use name. Removed after 2028-01-31.") }
`);

const server = new ApolloServer<GraphqlContext>({ schema, plugins: [beforeSending(tellDeprecations(schema))] });

async function headersOf(query: string, operationName?: string) {
  const request = operationName === undefined ? { query } : { query, operationName };
  const { http, body } = await server.executeOperation(request, { contextValue: {} as GraphqlContext });
  expect(body).toMatchObject({ kind: 'single', singleResult: { data: expect.anything() } });
  return [http.headers.get('x-deprecated-fields'), http.headers.get('sunset')];
}

describe('an operation', () => {
  it('that uses nothing deprecated is told nothing', async () => {
    expect(await headersOf('{ customer(id: 1) { id name } }')).toEqual([undefined, undefined]);
  });

  it('is told of a deprecated field, and the last day that it works', async () => {
    const told = ['Customer.oldName', 'Wed, 31 Mar 2027 23:59:59 GMT'];
    expect(await headersOf('{ customer(id: 1) { alias: oldName } }')).toEqual(told);
    expect(await headersOf('{ customer(id: 1) { ...F } } fragment F on Customer { oldName }')).toEqual(told);
    // Again, as it is known by then.
    expect(await headersOf('{ customer(id: 1) { alias: oldName } }')).toEqual(told);
  });

  it('is told of arguments, input fields and words, and the first day of all', async () => {
    const query = '{ customer(number: 1) { oldName } customers(sort: BY_NAME, filter: { title: "x" }) { id } }';
    expect(await headersOf(query)).toEqual([
      'Customer.oldName, Filter.title, Query.customer(number:), Sort.BY_NAME',
      'Wed, 31 Mar 2027 23:59:59 GMT',
    ]);
  });

  it('is told without a day where none is named', async () => {
    expect(await headersOf('{ customer(id: 1) { undated } }')).toEqual(['Customer.undated', undefined]);
  });

  it('answers for itself only, not for the others of its document', async () => {
    const both = 'query Old { customer(id: 1) { oldName } } query New { customer(id: 1) { name } }';
    expect(await headersOf(both, 'New')).toEqual([undefined, undefined]);
    expect(await headersOf(both, 'Old')).toEqual(['Customer.oldName', expect.any(String)]);
  });
});

it("can be read by other sites' pages", async () => {
  const { url } = await serve();
  const origin = 'https://studio.apollographql.com';
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  expect(response.headers.get('access-control-expose-headers')).toMatch(/x-deprecated-fields.*sunset/);
  expect(response.headers.get('x-deprecated-fields')).toBeNull();
});

describe('every deprecation in the schema', () => {
  /** The reason, or that there is none. */
  function reasonsOf(text: string): string[] {
    const reasons: string[] = [];
    visit(parse(text), {
      Directive({ name, arguments: given }) {
        if (name.value !== 'deprecated') return;
        const reason = given?.find((argument) => argument.name.value === 'reason')?.value;
        reasons.push(reason?.kind === 'StringValue' ? reason.value : 'no reason');
      },
    });
    return reasons;
  }

  function isSaidWell(reason: string): boolean {
    const day = REMOVAL.exec(reason)?.[1];
    return day !== undefined && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
  }

  it('says the day of its removal', () => {
    const reasons = reasonsOf(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
    expect(reasons.filter((reason) => !isSaidWell(reason))).toEqual([]);
  });

  it('would be found without one', () => {
    const reasons = reasonsOf(`
      type Query {
        a: Int @deprecated
        b: Int @deprecated(reason: "Use c.")
        c: Int @deprecated(reason: "Use d. Removed after 2027-02-30.")
        d: Int @deprecated(reason: "Use e. Removed after 2027-02-28.")
      }
    `);
    expect(reasons.filter((reason) => !isSaidWell(reason))).toEqual(reasons.slice(0, 3));
  });
});
