import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  buildClientSchema,
  type ConstDirectiveNode,
  type GraphQLSchema,
  getIntrospectionQuery,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
  validate,
  validateSchema,
  visit,
} from 'graphql';
import { type RunningSubgraph, startSubgraph } from '../server/start-subgraph.ts';

/** Every coordinate with its tags, as the subgraph's schema tells them: `Customer`, `Customer.billAgain`, `Mutation.x(dryRun:)`. */
function readTags(): ReadonlyMap<string, readonly string[]> {
  const tags = new Map<string, readonly string[]>();
  const tagsOf = (directives: readonly ConstDirectiveNode[] = []) =>
    directives
      .filter(({ name }) => name.value === 'tag')
      .flatMap((tag) => tag.arguments?.map(({ value }) => (value.kind === 'StringValue' ? value.value : '')) ?? []);
  visit(parse(readFileSync(new URL('../../schema/subgraph.graphql', import.meta.url), 'utf8')), {
    enter(node) {
      if (!('name' in node) || !('directives' in node) || !node.name) return;
      if (!node.kind.endsWith('TypeDefinition')) return;
      const type = node.name.value;
      tags.set(type, tagsOf(node.directives as readonly ConstDirectiveNode[]));
      if (!('fields' in node)) return;
      for (const field of node.fields ?? []) {
        tags.set(`${type}.${field.name.value}`, tagsOf(field.directives));
        if (field.kind !== 'FieldDefinition') continue;
        for (const argument of field.arguments ?? []) {
          tags.set(`${type}.${field.name.value}(${argument.name.value}:)`, tagsOf(argument.directives));
        }
      }
    },
  });
  return tags;
}

function has(schema: GraphQLSchema, coordinate: string): boolean {
  const [, typeName = '', fieldName, argument] = /^(\w+)(?:\.(\w+)(?:\((\w+):\))?)?$/.exec(coordinate) ?? [];
  const type = schema.getType(typeName);
  if (!type || fieldName === undefined) return type !== undefined;
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return false;
  const field = type.getFields()[fieldName];
  if (!field || argument === undefined) return field !== undefined;
  return 'args' in field && field.args.some(({ name }) => name === argument);
}

const tags = readTags();
const tagged = (tag: string) => [...tags].filter(([, names]) => names.includes(tag)).map(([coordinate]) => coordinate);

describe('SCHEMA_VARIANT=partner', () => {
  let partner: RunningSubgraph;
  let schema: GraphQLSchema;

  beforeAll(async () => {
    partner = await startSubgraph({ SCHEMA_VARIANT: 'partner' });
    const { body } = await partner.ask(getIntrospectionQuery());
    schema = buildClientSchema(body.data as never);
  });

  it('serves a valid schema', () => {
    expect(validateSchema(schema)).toEqual([]);
  });

  it('serves nothing that is tagged internal', () => {
    expect(tagged('internal').length).toBeGreaterThan(10);
    expect(tagged('internal').filter((coordinate) => has(schema, coordinate))).toEqual([]);
  });

  it('serves every other field and argument of the types it serves', () => {
    const parts = (coordinate: string) => /^(\w+)\.(\w+)/.exec(coordinate) ?? [];
    const expected = [...tags].filter(([coordinate, names]) => {
      const [field, type] = parts(coordinate);
      return (
        field && type && has(schema, type) && !names.includes('internal') && !tags.get(field)?.includes('internal')
      );
    });
    expect(expected.length).toBeGreaterThan(100);
    expect(expected.map(([coordinate]) => coordinate).filter((coordinate) => !has(schema, coordinate))).toEqual([]);
  });

  it('serves no type but those tagged partner, and the roots', () => {
    const own = Object.keys(schema.getTypeMap()).filter((name) => tags.has(name));
    expect(own.filter((name) => !tags.get(name)?.includes('partner')).sort()).toEqual(['Mutation', 'Query']);
  });

  it('has every root field tagged either way', () => {
    const roots = [...tags].filter(([coordinate]) => /^(Query|Mutation)\.\w+$/.test(coordinate));
    expect(roots.filter(([, names]) => names.length !== 1).map(([coordinate]) => coordinate)).toEqual([]);
  });

  it.each([
    '{ customer(id: "Customer:billagain:302") { rawStatus } }',
    '{ customer(id: "Customer:billagain:302") { billAgain { taxRegion } } }',
    '{ billingAccounts { health } }',
    'mutation { deleteCustomer(id: "Customer:billagain:302") { deletedId } }',
    'mutation { archiveCustomer(id: "Customer:billagain:302", dryRun: true) { userErrors { code } } }',
    'mutation { archiveCustomer(id: "Customer:billagain:302") { dryRun { path } } }',
  ])('refuses %s, which the whole schema allows', async (query) => {
    const { body } = await partner.ask(query);
    expect(body.errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
    const whole = buildClientSchema((await partner.askAsRouter(getIntrospectionQuery())).body.data as never);
    expect(validate(whole, parse(query))).toEqual([]);
  });

  it("runs partners' operations", async () => {
    const { body } = await partner.ask(`{
      node(id: "Customer:billagain:302") { __typename id ... on Customer { displayName customFields { key values } } }
      customers(first: 3, accounts: ["unipay"]) {
        nodes { id vendor address { city } subscriptions(first: 1) { nodes { id status customer { id } } } }
        completeness { account state }
      }
      billingAccounts { name vendor capabilities }
    }`);
    expect(body.errors).toBeUndefined();
    expect(body.data).toMatchObject({
      node: { __typename: 'Customer', id: 'Customer:billagain:302', displayName: expect.any(String) },
      customers: { completeness: [{ account: 'unipay', state: 'MORE' }] },
      billingAccounts: [{ vendor: 'BILLAGAIN' }, { vendor: 'UNIPAY' }],
    });
    const changed = await partner.ask(
      'mutation { updateCustomer(input: {id: "Customer:billagain:302", phone: "0115550100"}) { customer { phone } userErrors { code } } }',
    );
    expect(changed.body).toEqual({ data: { updateCustomer: { customer: { phone: '0115550100' }, userErrors: [] } } });
  });
});
