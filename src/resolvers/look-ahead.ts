import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  type SelectionNode,
} from 'graphql';

/**
 * Does the operation ask for a field below this one, at `path`, e.g. ['nodes', 'customFields']? Fragments are looked into
 * whatever type they are on, @skip and @include are obeyed.
 */
export function asksFor(info: GraphQLResolveInfo, ...path: readonly string[]): boolean {
  return info.fieldNodes.some((node) => selects(info, node, path));
}

function selects(info: GraphQLResolveInfo, { selectionSet }: FieldNode, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return true;
  return fieldsOf(info, selectionSet?.selections ?? []).some(
    (field) => field.name.value === name && selects(info, field, rest),
  );
}

function fieldsOf(info: GraphQLResolveInfo, selections: readonly SelectionNode[]): FieldNode[] {
  return selections.flatMap((selection) => {
    if (!isIncluded(info, selection)) return [];
    if (selection.kind === 'Field') return [selection];
    const fragment = selection.kind === 'InlineFragment' ? selection : info.fragments[selection.name.value];
    return fragment ? fieldsOf(info, fragment.selectionSet.selections) : [];
  });
}

function isIncluded({ variableValues }: GraphQLResolveInfo, selection: SelectionNode): boolean {
  if (!selection.directives?.length) return true;
  return (
    getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.if !== false
  );
}
