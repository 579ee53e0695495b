import { type GraphQLFieldResolver, GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { getMetadataStorage } from 'type-graphql';

type Resolver = ReturnType<typeof getMetadataStorage>['queries' | 'fieldResolvers'][number];
type Method = (...parameters: unknown[]) => unknown;
type Call = Parameters<GraphQLFieldResolver<unknown, unknown, Record<string, unknown>>>;

/**
 * Lets fields call their resolvers' methods as they are declared. type-graphql sorts the parameters anew for each call and
 * awaits a conversion of every argument: nothing here needs that, and each customer of a page would pay for it.
 */
export function callResolversDirectly(schema: GraphQLSchema): void {
  const { queries, fieldResolvers, objectTypes } = getMetadataStorage();
  for (const query of queries) connect(schema.getQueryType(), query);
  for (const resolver of fieldResolvers) {
    const owner = resolver.kind === 'external' ? resolver.getObjectType?.() : undefined;
    connect(schema.getType(objectTypes.find(({ target }) => target === owner)?.name ?? ''), resolver);
  }
}

function connect(type: unknown, { schemaName, target, methodName, params = [] }: Resolver): void {
  const field = type instanceof GraphQLObjectType ? type.getFields()[schemaName] : undefined;
  if (!field) return;
  const instance = Reflect.construct(target, []);
  const method = instance[methodName] as Method;
  const readers = [...params].sort((left, right) => left.index - right.index).map(parameterReader);
  field.resolve = (...call) =>
    method.apply(
      instance,
      readers.map((read) => read(call)),
    );
}

function parameterReader(parameter: NonNullable<Resolver['params']>[number]) {
  switch (parameter.kind) {
    case 'arg':
      return ([, args]: Call) => args[parameter.name];
    case 'root':
      return ([root]: Call) => root;
    case 'context':
      return ([, , context]: Call) => context;
    case 'info':
      return ([, , , info]: Call) => info;
    default:
      throw new Error(
        `${parameter.methodName} must take arguments, its root, the context or info; got ${parameter.kind}`,
      );
  }
}
