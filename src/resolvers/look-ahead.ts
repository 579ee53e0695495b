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
  return findSelection(info, path) !== undefined;
}

/**
 * Where the answer has what the operation asks for at `path` below this field: the same path with the operation's aliases. A
 * number stands for the place in a list. Undefined where it isn't asked for.
 */
export function findSelection(
  info: GraphQLResolveInfo,
  path: readonly (string | number)[],
): readonly (string | number)[] | undefined {
  const names = path.filter((step) => typeof step === 'string');
  // Fragments that spread each other twice would take for ever otherwise.
  const seen = new Set<string>();
  let keys: readonly string[] | undefined;
  for (const { selectionSet } of info.fieldNodes) keys ??= find(info, selectionSet, names, 0, seen);
  if (keys === undefined) return undefined;
  let next = 0;
  return path.map((step) => (typeof step === 'string' ? (keys?.[next++] as string) : step));
}

/** The names in the answer, from the `depth`th of the path on. */
function find(
  info: GraphQLResolveInfo,
  selectionSet: SelectionSetNode | undefined,
  path: readonly string[],
  depth: number,
  seen: Set<string>,
): readonly string[] | undefined {
  if (depth === path.length) return [];
  for (const selection of selectionSet?.selections ?? []) {
    if (!isIncluded(info, selection)) continue;
    let found: readonly string[] | undefined;
    if (selection.kind === 'Field') {
      const { name, alias } = selection;
      if (name.value !== path[depth]) continue;
      const rest = find(info, selection.selectionSet, path, depth + 1, seen);
      found = rest && [(alias ?? name).value, ...rest];
    } else if (selection.kind === 'InlineFragment') {
      found = find(info, selection.selectionSet, path, depth, seen);
    } else {
      const key = `${depth} ${selection.name.value}`;
      if (seen.has(key)) continue;
      seen.add(key);
      found = find(info, info.fragments[selection.name.value]?.selectionSet, path, depth, seen);
    }
    if (found) return found;
  }
  return undefined;
}

function isIncluded({ variableValues }: GraphQLResolveInfo, selection: SelectionNode): boolean {
  if (!selection.directives?.length) return true;
  return (
    getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.if !== true &&
    getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.if !== false
  );
}
