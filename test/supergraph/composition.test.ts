import { beforeAll, describe, expect, it } from '@jest/globals';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { createSchema } from '../../src/resolvers/schema.ts';
import { subgraphText } from '../../src/resolvers/subgraph.ts';
import { compose, readSubgraphText } from './compose.ts';
import { LOYALTY, SUPPORT } from './neighbours.ts';

const { buildSchema, parse, visit } = await import('graphql');
const { composeSchemaContract, composeServices } = await import('@theguild/federation-composition');

/** Every application of a directive: where it stands, and what it says. */
function applications(text: string, directive: string): readonly string[] {
  const found: string[] = [];
  visit(parse(text), {
    enter(node) {
      if (!('name' in node) || !('directives' in node) || !node.kind.endsWith('Definition') || !node.name) return;
      const fields = 'fields' in node ? (node.fields ?? []) : [];
      for (const [place, directives] of [
        [node.name.value, node.directives ?? []],
        ...fields.map((field) => [`${node.name?.value}.${field.name.value}`, field.directives ?? []] as const),
      ] as const) {
        for (const { name, arguments: given } of directives) {
          if (name.value !== directive) continue;
          const values = given?.map(
            ({ name: argument, value }) => `${argument.value}=${'value' in value ? value.value : '…'}`,
          );
          found.push(`${place} ${values?.join(' ')}`);
        }
      }
      return node.kind.endsWith('TypeDefinition') ? false : undefined;
    },
  });
  return found.sort();
}

describe('composition with subgraphs that extend Customer', () => {
  let supergraph: string;
  let published: GraphQLSchema | undefined;

  beforeAll(() => {
    const result = compose();
    supergraph = result.supergraphSdl ?? '';
    published = result.schema?.toAPISchema().toGraphQLJSSchema();
  });

  it('reads a file that is current', async () => {
    const isCurrent = readSubgraphText() === subgraphText(await createSchema());
    expect(isCurrent ? 'current' : 'schema/subgraph.graphql is stale: run `npm run print` and commit it').toBe(
      'current',
    );
  });

  it('has no errors, and nothing to hint at', () => {
    const { errors, hints } = compose();
    expect(errors?.map(({ message }) => message)).toBeUndefined();
    expect(hints?.map(({ message }) => message)).toEqual([]);
  });

  it('publishes no type named Subscription, and no subscriptions', () => {
    expect(published?.getType('BillingSubscription')).toBeDefined();
    expect(published?.getType('Subscription')).toBeUndefined();
    expect(published?.getSubscriptionType()).toBeUndefined();
    expect(supergraph).not.toMatch(/\b(type|interface|union|enum|input|scalar) Subscription\b|^ {2}subscription: Sub/m);
  });

  it('gives Customer the fields of all three, by either key', () => {
    const customer = /^type Customer\b[^{]*\{.*?^\}/ms.exec(supergraph)?.[0] ?? '';
    for (const field of ['displayName', 'loyaltyTier', 'openTicketCount']) expect(customer).toContain(`${field}:`);
    for (const [graph, key] of [
      ['BILLGRAPH', 'id'],
      ['BILLGRAPH', 'account vendorId'],
      ['LOYALTY', 'id'],
      ['SUPPORT', 'account vendorId'],
    ]) {
      expect(customer).toContain(`@join__type(graph: ${graph}, key: "${key}"`);
    }
  });

  it.each(['tag', 'cost', 'listSize'])('keeps every @%s', (directive) => {
    const told = applications(readSubgraphText(), directive);
    expect(told.length).toBeGreaterThan(1);
    expect(applications(supergraph, directive)).toEqual(told);
  });

  it("has no feature that a router must know to run it, as @apollo/gateway doesn't know all", () => {
    const links = supergraph.match(/@link\(url: "https:\/\/specs\.apollo\.dev\/(\w+).*for: EXECUTION\)/g) ?? [];
    expect(links).toEqual(['@link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)']);
  });

  it("composes by Hive's composition as well", () => {
    const { errors } = composeServices([
      { name: 'billgraph', url: 'http://billgraph', typeDefs: parse(readSubgraphText()) },
      { name: 'loyalty', url: 'http://loyalty', typeDefs: parse(LOYALTY) },
      { name: 'support', url: 'http://support', typeDefs: parse(SUPPORT) },
    ]);
    expect(errors?.map(({ message }) => message)).toBeUndefined();
  });

  it.each([
    ['leaves out internal', [], ['internal']],
    ['takes in partner and leaves out internal', ['partner'], ['internal']],
  ])('makes a contract that %s, with all that partners may see', (_name, include, exclude) => {
    const result = composeSchemaContract(
      [
        { name: 'billgraph', url: 'http://billgraph', typeDefs: parse(readSubgraphText()) },
        { name: 'loyalty', url: 'http://loyalty', typeDefs: parse(LOYALTY) },
      ],
      { include: new Set(include), exclude: new Set(exclude) },
      true,
    );
    expect(result.errors?.map(({ message }) => message)).toBeUndefined();
    const contract = buildSchema(result.publicSdl ?? '');
    const fieldsOf = (type: string) =>
      Object.keys((contract.getType(type) as GraphQLObjectType | undefined)?.getFields() ?? {});
    expect(fieldsOf('Query')).toEqual(expect.arrayContaining(['customer', 'customers', 'node', 'billingAccounts']));
    expect(fieldsOf('Mutation')).toEqual(expect.arrayContaining(['createCustomer', 'cancelSubscription']));
    expect(fieldsOf('Mutation')).not.toContain('deleteCustomer');
    expect(fieldsOf('Customer')).toEqual(expect.arrayContaining(['displayName', 'balance', 'subscriptions', 'source']));
    expect(fieldsOf('Customer')).not.toContain('rawStatus');
    expect(fieldsOf('Customer')).not.toContain('billAgain');
    expect(fieldsOf('BillingAccount').sort()).toEqual(['capabilities', 'name', 'vendor']);
    for (const hidden of ['PlannedRequest', 'BillAgainDetails', 'CardSummary']) {
      expect(contract.getType(hidden)).toBeUndefined();
    }
  });
});

it('fails where two subgraphs own a field of Customer', () => {
  const both = readSubgraphText().replace('  activeSubscriptionCount: Int\n', '$&  loyaltyTier: String\n');
  expect(compose(undefined, both).errors?.map(({ extensions }) => extensions.code)).toContain('INVALID_FIELD_SHARING');
});
