import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isTypeDefinitionNode,
  Kind,
  lexicographicSortSchema,
  parse,
  print,
  visit,
} from 'graphql';
import { createResolversMap } from 'type-graphql';
import { BadUserInput } from '../errors.ts';
import type { Customer } from '../model/customer.ts';
import {
  type CustomerKey,
  customerId,
  readCustomerId,
  readSubscriptionId,
  type SubscriptionKey,
  subscriptionId,
} from '../model/ids.ts';
import type { BillingSubscription } from '../model/subscription.ts';
import type { GraphqlContext } from './context.ts';
import { asksForCustomFields } from './customer.resolver.ts';
import { createPartnerSchema } from './partner-schema.ts';
import { tellUnreadable } from './unreadable-parts.ts';

/**
 * What of the specification is used, and the one directive of ours that is not part of it. The oldest version that has it all:
 * whoever composes need not be up to date.
 */
const HEAD = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@tag", "@cost", "@listSize"])

directive @cacheControl(maxAge: Int, inheritMaxAge: Boolean) on FIELD_DEFINITION | INTERFACE | OBJECT | UNION
`;

/** What schema/subgraph.graphql holds, and composition reads. */
export function subgraphText(schema: GraphQLSchema): string {
  const document = parse(`${HEAD}\n${printSubgraphSchema(lexicographicSortSchema(schema))}`);
  return `${print(tagForPartners(document, createPartnerSchema(schema)))}\n`;
}

/**
 * A contract that includes `partner` has only what is tagged so: beside the root fields, which say it themselves, their
 * arguments and every type that they lead to. A tag on a type counts for all that is in it.
 */
function tagForPartners(document: DocumentNode, partner: GraphQLSchema): DocumentNode {
  const tagged = <T extends { readonly directives?: readonly ConstDirectiveNode[] | undefined }>(node: T) => ({
    ...node,
    directives: [...(node.directives ?? []), PARTNER],
  });
  const roots = [partner.getQueryType(), partner.getMutationType()];
  return visit(document, {
    enter(node) {
      if (!isTypeDefinitionNode(node)) return undefined;
      const root = roots.find((type) => type?.name === node.name.value);
      if (!root) return partner.getType(node.name.value) ? tagged(node) : false;
      if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return false;
      const fields = node.fields?.map((field) => {
        const shown = root.getFields()[field.name.value]?.args.map(({ name }) => name) ?? [];
        const given = field.arguments?.map((one) => (shown.includes(one.name.value) ? tagged(one) : one));
        return given ? { ...field, arguments: given } : field;
      });
      return fields ? { ...node, fields } : false;
    },
  });
}

const PARTNER: ConstDirectiveNode = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: 'tag' },
  arguments: [
    {
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: 'name' },
      value: { kind: Kind.STRING, value: 'partner' },
    },
  ],
};

/** As a router sends it: the type's name and the fields of one of its keys. */
type Reference = Readonly<Record<string, unknown>>;

/** The same schema with what a federation router asks of it: `_service` and `_entities`. */
export function createSubgraphSchema(schema: GraphQLSchema): GraphQLSchema {
  const text = subgraphText(schema);
  const resolvers = createResolversMap(schema);
  const subgraph = buildSubgraphSchema([
    {
      typeDefs: parse(text),
      resolvers: {
        ...resolvers,
        Customer: {
          ...resolvers.Customer,
          __resolveReference: (reference: Reference, { loaders }: GraphqlContext, info: GraphQLResolveInfo) =>
            loaders.customer(readCustomerReference(reference), { customFields: asksForCustomFields(info) }),
        },
        BillingSubscription: {
          ...resolvers.BillingSubscription,
          __resolveReference: (reference: Reference, { loaders }: GraphqlContext) =>
            loaders.subscription(readSubscriptionReference(reference)),
        },
      } as never,
    },
  ]);
  const { _service: service, _entities: entities } = subgraph.getQueryType()?.getFields() ?? {};
  if (!service || !entities?.resolve) throw new Error('a subgraph schema must have _service and _entities');
  // The library adds definitions that @link implies; composition reads the file, and should read the same here.
  service.resolve = () => ({ sdl: text });
  entities.resolve = resolveEach(entities.resolve);
  return subgraph;
}

type EntitiesResolver = GraphQLFieldResolver<unknown, GraphqlContext, { readonly representations: readonly unknown[] }>;

/**
 * The library's resolver fails as a whole for one reference that it can't read; so each is given to it alone. An error is a
 * value, at its own place.
 */
function resolveEach(resolve: EntitiesResolver): EntitiesResolver {
  return (source, { representations }, context, info) => {
    entityTags.set(context, representations.map(tagsOfEntity));
    const resolveOne = async (representation: unknown, index: number) => {
      const one = { representations: [checkReference(representation)] };
      const [entity] = (await resolve(source, one, context, info)) as [Customer | BillingSubscription | null];
      return tellUnreadable(await entity, context, info, [[index]]);
    };
    return representations.map((representation, index) =>
      resolveOne(representation, index).catch((error: Error) => error),
    );
  };
}

function checkReference(representation: unknown): Reference {
  const reference = representation as Reference | null;
  const typeName = typeof reference === 'object' ? reference?.__typename : undefined;
  if (reference && (typeName === 'Customer' || typeName === 'BillingSubscription')) return reference;
  throw new BadUserInput(
    `a reference must have the __typename Customer or BillingSubscription; got ${describeKind(typeName ?? representation)}`,
  );
}

function readCustomerReference({ id, account, vendorId }: Reference): CustomerKey {
  if (id !== undefined) return readCustomerId(readKeyField('Customer', 'id', id));
  return {
    account: readKeyField('Customer', 'account', account),
    vendorId: readKeyField('Customer', 'vendorId', vendorId),
  };
}

function readSubscriptionReference({ id }: Reference): SubscriptionKey {
  return readSubscriptionId(readKeyField('BillingSubscription', 'id', id));
}

/** Text, or a whole number, as JSON may have an ID. */
function readKeyField(typeName: string, name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (Number.isSafeInteger(value)) return String(value);
  throw new BadUserInput(`a reference to a ${typeName} must have its ${name} as text; got ${describeKind(value)}`);
}

/** What kind of thing came, and none of it. */
function describeKind(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'string') return `text of ${value.length} characters`;
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

// ── What a router tags what it keeps with, so that it can be told to drop it

/** Dropped after a write to any customer or subscription: which lists a write changes nobody knows. */
const LISTS_TAG = 'billgraph-lists';

const entityTags = new WeakMap<GraphqlContext, readonly (readonly string[])[]>();

/**
 * In Apollo Router's own words for it: of each entity asked for, or of the whole answer, the ids of the records in it
 * (https://www.apollographql.com/docs/graphos/routing/performance/caching/response-caching/invalidation).
 */
export function readCacheTags(context: GraphqlContext): Readonly<Record<string, readonly unknown[]>> {
  const ofEntities = entityTags.get(context);
  if (ofEntities) return { apolloEntityCacheTags: ofEntities };
  const { ids, inLists } = context.loaders.recordsRead();
  if (ids.size === 0 && !inLists) return {};
  return { apolloCacheTags: [...[...ids].map(tagOf), ...(inLists ? [LISTS_TAG] : [])] };
}

/** Of the record and of whom it belongs to. None for what can't be read: it isn't kept. */
function tagsOfEntity(representation: unknown): string[] {
  try {
    const reference = checkReference(representation);
    if (reference.__typename === 'Customer') return [tagOf(customerId(readCustomerReference(reference)))];
    const key = readSubscriptionReference(reference);
    const owner = { account: key.account, vendorId: key.customerVendorId };
    return [tagOf(subscriptionId(key)), tagOf(customerId(owner))];
  } catch {
    return [];
  }
}

function tagOf(id: string): string {
  return `billgraph-${id}`;
}
