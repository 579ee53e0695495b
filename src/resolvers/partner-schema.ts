import { filterSchema, pruneSchema } from '@graphql-tools/utils';
import type { ConstDirectiveNode, GraphQLSchema } from 'graphql';

interface Described {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined;
}

/** The schema as partners see it: without what is tagged `internal`, as a contract of the supergraph would leave it out. */
export function createPartnerSchema(schema: GraphQLSchema): GraphQLSchema {
  const isInternalType = (name: string) => isInternal(schema.getType(name) ?? {});
  const named = (type: { toString(): string }) => type.toString().replace(/[[\]!]/g, '');
  return pruneSchema(
    filterSchema({
      schema,
      typeFilter: (name) => !isInternalType(name),
      fieldFilter: (_type, _name, field) => !isInternal(field) && !isInternalType(named(field.type)),
      inputObjectFieldFilter: (_type, _name, field) => !isInternal(field as Described),
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
