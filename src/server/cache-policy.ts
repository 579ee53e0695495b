import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isCompositeType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { AnswerStep } from './answer-steps.ts';

/** Reads the schema's @cacheControl hints once for each document: a hint on a type or field costs its resolver nothing. */
export function tellCachePolicy(schema: GraphQLSchema, ttlSeconds: number): AnswerStep {
  const known = new WeakMap<DocumentNode, number>();

  function maxAgeOf(document: DocumentNode): number {
    let maxAge = known.get(document);
    if (maxAge === undefined) {
      maxAge = Math.min(readMaxAge(schema, document), ttlSeconds);
      known.set(document, maxAge);
    }
    return maxAge;
  }

  return ({ document, operation, contextValue, response: { body, http } }) => {
    const isWhole = operation?.operation === 'query' && body.kind === 'single' && !body.singleResult.errors?.length;
    const { loaders, partialFailures } = contextValue;
    const maxAge =
      isWhole && document && partialFailures.length === 0
        ? Math.min(maxAgeOf(document), secondsUntil(loaders.freshUntilMs()))
        : 0;
    // Private: an answer holds what its reader may see of people's data.
    http.headers.set('cache-control', maxAge > 0 ? `max-age=${maxAge}, private` : 'no-store');
  };
}

/** Rounded up, as what was read just now is a few milliseconds old; 0 or less for what is stale. */
function secondsUntil(timeMs: number): number {
  return Math.ceil((timeMs - Date.now()) / 1000);
}

/** As Apollo Server does: the least of all hints, and 0 where a record is asked for that has none. */
function readMaxAge(schema: GraphQLSchema, document: DocumentNode): number {
  const typeInfo = new TypeInfo(schema);
  let least = Number.POSITIVE_INFINITY;
  const restrict = (hint: Hint) => {
    if (hint === undefined) least = 0;
    else if (hint !== 'INHERIT') least = Math.min(least, hint);
  };
  // The type that a fragment is on says what the field around it can't: `_entities` and `node` return any of several.
  const restrictByFragment = ({ typeCondition }: InlineFragmentNode | FragmentDefinitionNode) => {
    const type = typeCondition && schema.getType(typeCondition.name.value);
    restrict(readHint(type?.astNode?.directives) ?? 'INHERIT');
  };
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field() {
        const field = typeInfo.getFieldDef();
        const type = getNamedType(typeInfo.getType());
        // A router's own fields say nothing: the fragments below them do.
        if (!field || !type || field.name.startsWith('_')) return;
        restrict(
          readHint(field.astNode?.directives) ??
            (isCompositeType(type) ? readHint(type.astNode?.directives) : 'INHERIT'),
        );
      },
      InlineFragment: restrictByFragment,
      FragmentDefinition: restrictByFragment,
    }),
  );
  return Number.isFinite(least) ? least : 0;
}

/** Seconds, INHERIT for as long as what it belongs to, undefined where nothing is said. */
type Hint = number | 'INHERIT' | undefined;

function readHint(directives: readonly ConstDirectiveNode[] | undefined): Hint {
  const hint = directives?.find(({ name }) => name.value === 'cacheControl');
  const maxAge = hint?.arguments?.find(({ name }) => name.value === 'maxAge')?.value;
  if (maxAge?.kind === 'IntValue') return Number(maxAge.value);
  return hint ? 'INHERIT' : undefined;
}
