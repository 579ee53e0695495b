import type { ApolloServerPlugin } from '@apollo/server';
import {
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLFormattedError,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValueNode,
} from 'graphql';
import type { GraphqlContext } from '../resolvers/context.ts';
import { MAX_FIRST } from '../resolvers/page-arguments.ts';
import { refusal } from './refusal.ts';

export interface OperationLimits {
  /** Of a document: words, numbers, texts and signs. */
  readonly maxTokens: number;
  /** Of an answer, lists as long as they may become. */
  readonly maxFields: number;
  /** Of an operation: ids that its lists of ids hold, all together. */
  readonly maxIds: number;
}

/**
 * Selections within selections: the longest way through the schema that tells anything new has about 15. What reads a
 * document calls itself for each level, and has to have an end.
 */
const MAX_LEVELS = 50;

/** Of a document, wherever they stand: what an alias repeats is done again for each. */
const MAX_ALIASES = 500;

/** A validation rule: a document is refused once, and counted once while it is kept. */
export function limitAliases(context: ValidationContext): ASTVisitor {
  let count = 0;
  return {
    Field({ alias }) {
      if (!alias) return;
      count += 1;
      if (count === MAX_ALIASES + 1) context.reportError(new GraphQLError(TOO_MANY_ALIASES));
    },
  };
}

const TOO_MANY_ALIASES = `the document may hold up to ${MAX_ALIASES} aliases; got more`;

/** What an operation may come to. */
interface Size {
  readonly fields: number;
  readonly ids: number;
}

/**
 * Refuses an operation whose answer could hold more fields than this, as pages within pages multiply, or that asks for more
 * records by their ids.
 */
export function limitAnswers(
  schema: GraphQLSchema,
  { maxFields, maxIds }: OperationLimits,
): ApolloServerPlugin<GraphqlContext> {
  /** Of operations whose variables have no say in it. */
  const known = new WeakMap<OperationDefinitionNode, Size>();

  function sizeOf(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): Size {
    const counted = known.get(operation);
    if (counted !== undefined) return counted;
    const { dependsOnVariables, ...size } = countFields(schema, document, operation, variables);
    if (!dependsOnVariables) known.set(operation, size);
    return size;
  }

  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, request }) {
          if (!operation) return;
          const { fields, ids } = sizeOf(document, operation, request.variables ?? {});
          if (ids > maxIds) {
            throw refusal(
              'OPERATION_TOO_COMPLEX',
              `an operation may hold up to ${maxIds} ids; got ${ids}: ask for fewer at once`,
            );
          }
          if (fields <= maxFields) return;
          throw refusal(
            'OPERATION_TOO_COMPLEX',
            `the answer may hold up to ${maxFields} fields; got an operation for up to ${fields}: ask for smaller pages or fewer fields`,
          );
        },
      };
    },
  };
}

type Parent = GraphQLNamedType | null | undefined;
type Variables = Readonly<Record<string, unknown>>;

/** Every field of every row, where pages are as full as they may be. */
function countFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Size & { readonly dependsOnVariables: boolean } {
  let dependsOnVariables = false;
  let ids = 0;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  // Each is counted once: fragments that spread each other twice would take for ever otherwise.
  const counted = new Map<string, { readonly fields: number; readonly levels: number }>();
  let deepest = 0;

  function enter(level: number): void {
    if (level > MAX_LEVELS) {
      throw refusal('OPERATION_TOO_COMPLEX', `selections may be nested ${MAX_LEVELS} levels deep; got more`);
    }
    deepest = Math.max(deepest, level);
  }

  function countSelections({ selections }: SelectionSetNode, parent: Parent, level: number): number {
    enter(level);
    let sum = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) sum += countField(selection, parent, level);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) sum += countFragment(selection.name.value, level);
      else {
        const condition = selection.typeCondition?.name.value;
        const type = condition === undefined ? parent : schema.getType(condition);
        sum += countSelections(selection.selectionSet, type, level + 1);
      }
    }
    return sum;
  }

  function countField(field: FieldNode, parent: Parent, level: number): number {
    const definition =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined;
    if (!definition || !field.selectionSet) return 1;
    ids += countIds(field, definition);
    const type = getNamedType(definition.type);
    return 1 + sizeOf(field, definition) * countSelections(field.selectionSet, type, level + 1);
  }

  function countFragment(name: string, level: number): number {
    const known = counted.get(name);
    if (known) {
      enter(level + known.levels);
      return known.fields;
    }
    const fragment = fragments.get(name);
    if (!fragment) return 0;
    const before = deepest;
    deepest = level;
    const type = schema.getType(fragment.typeCondition.name.value);
    const fields = countSelections(fragment.selectionSet, type, level + 1);
    counted.set(name, { fields, levels: deepest - level });
    deepest = Math.max(deepest, before);
    return fields;
  }

  /** A page has as many rows as it is asked for, a list as many as the list that it answers. Others are short. */
  function sizeOf(field: FieldNode, definition: GraphQLField<unknown, unknown>): number {
    const isList = isListType(getNullableType(definition.type));
    for (const argument of definition.args) {
      const isPageSize = argument.name === 'first';
      if (!isPageSize && !(isList && isListType(getNullableType(argument.type)))) continue;
      const given = field.arguments?.find(({ name }) => name.value === argument.name)?.value;
      const size = (given && readSize(given)) ?? readNumber(argument.defaultValue);
      // No page is larger: one that is asked to be is refused by its field, in words of its own.
      if (size !== undefined) return isPageSize ? Math.min(size, MAX_FIRST) : size;
    }
    return 1;
  }

  /** However many aliases ask for them. */
  function countIds(field: FieldNode, { args }: GraphQLField<unknown, unknown>): number {
    const [list] = args.filter(({ type }) => getNamedType(type).name === 'ID' && isListType(getNullableType(type)));
    const given = list && field.arguments?.find(({ name }) => name.value === list.name)?.value;
    return (given && readSize(given)) ?? 0;
  }

  function readSize(value: ValueNode): number | undefined {
    if (value.kind === Kind.INT) return readNumber(Number(value.value));
    if (value.kind === Kind.LIST) return value.values.length;
    if (value.kind !== Kind.VARIABLE) return undefined;
    dependsOnVariables = true;
    const name = value.name.value;
    const given = variables[name];
    if (Array.isArray(given)) return given.length;
    const fallback = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name)?.defaultValue;
    return readNumber(given) ?? (fallback && readSize(fallback));
  }

  const fields = countSelections(operation.selectionSet, schema.getRootType(operation.operation), 1);
  return { fields, ids, dependsOnVariables };
}

/** Negative ones are refused by their reader. */
function readNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? Math.max(value, 0) : undefined;
}

/** Validation tells only by its words that a document was given up; our code says so. */
export function tellExhaustion(
  formatted: GraphQLFormattedError,
  { maxTokens }: OperationLimits,
): GraphQLFormattedError {
  const expectation = EXHAUSTIONS.find(([words]) => words.test(formatted.message))?.[1];
  if (expectation === undefined) return formatted;
  const message = expectation(maxTokens);
  return { ...formatted, message, extensions: { ...formatted.extensions, code: 'OPERATION_TOO_COMPLEX' } };
}

const EXHAUSTIONS: readonly (readonly [RegExp, (maxTokens: number) => string])[] = [
  // parse, beyond its maxTokens
  [
    /^Syntax Error: Document contains more \w+ \d+ tokens/,
    (maxTokens) => `the document may hold up to ${maxTokens} tokens; got more`,
  ],
  // parse, which calls itself for each level
  [/^Maximum call stack size exceeded$/, () => 'the document must be nested less deeply'],
  [/^the document may hold up to \d+ aliases/, () => TOO_MANY_ALIASES],
  // validate, when too many fields would have to be compared with each other
  [/^Validation aborted\.$/, () => 'the document must repeat fields less often: they take too long to compare'],
];
