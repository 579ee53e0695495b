import { filterSchema, pruneSchema } from '@graphql-tools/utils';
import { type ConstDirectiveNode, type GraphQLSchema, type GraphQLType, getNamedType } from 'graphql';

interface Described {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined;
}

/** The schema as partners see it: without what is tagged `internal`, as a contract of the supergraph would leave it out. */
export function createPartnerSchema(schema: GraphQLSchema): GraphQLSchema {
  const isInternalType = (name: string) => isInternal(schema.getType(name) ?? {});
  const isPublic = (field: Described & { readonly type: GraphQLType }) =>
    !isInternal(field) && !isInternalType(getNamedType(field.type).name);
  return pruneSchema(
    filterSchema({
      schema,
      typeFilter: (name) => !isInternalType(name),
      fieldFilter: (_type, _name, field) => isPublic(field),
      // `fieldFilter` is not asked about the fields of Query and Mutation.
      rootFieldFilter: (_operation, _name, field) => isPublic(field),
      inputObjectFieldFilter: (_type, _name, field) => field !== undefined && isPublic(field),
      argumentFilter: (_type, _field, _name, argument) => !isInternal((argument ?? {}) as Described),
    }),
  );
}

function isInternal({ astNode }: Described): boolean {
  return (astNode?.directives ?? []).some(
    ({ name, arguments: given }) =>
      name.value === 'tag' && given?.some(({ value }) => value.kind === 'StringValue' && value.value === 'internal'),
  );
}
