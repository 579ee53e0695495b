import {
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Does the operation ask for a field below this one, at `path`, e.g. ['nodes', 'customFields']? Fragments are looked into
 * whatever type they are on, @skip and @include are obeyed.
 */
export function asksFor(info: GraphQLResolveInfo, ...path: readonly string[]): boolean {
  return info.fieldNodes.some((node) => selects(info, node.selectionSet, path, 0));
}

/** `depth` names of the path are behind us. */
function selects(
  info: GraphQLResolveInfo,
  selectionSet: SelectionSetNode | undefined,
  path: readonly string[],
  depth: number,
): boolean {
  if (depth === path.length) return true;
  return (
    selectionSet?.selections.some((selection) => {
      if (!isIncluded(info, selection)) return false;
      if (selection.kind === 'Field') {
        return selection.name.value === path[depth] && selects(info, selection.selectionSet, path, depth + 1);
      }
      const fragment = selection.kind === 'InlineFragment' ? selection : info.fragments[selection.name.value];
      return selects(info, fragment?.selectionSet, path, depth);
    }) ?? false
  );
}

function isIncluded({ variableValues }: GraphQLResolveInfo, selection: SelectionNode): boolean {
  if (!selection.directives?.length) return true;
  return (
    getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.if !== false
  );
}
