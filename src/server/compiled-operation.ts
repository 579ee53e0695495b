import {
  defaultTypeResolver,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  locatedError,
  type OperationDefinitionNode,
  responsePathAsArray,
  TypeNameMetaFieldDef,
} from 'graphql';
// graphql-js's own: nothing else may decide which fields an object has, and in which order.
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { getFieldDef } from 'graphql/execution/execute.js';
import { inspect } from 'graphql/jsutils/inspect.js';

type Path = GraphQLResolveInfo['path'];
type Values = Readonly<Record<string, unknown>>;
type Info = GraphQLResolveInfo;

/** What an operation stands in. */
export interface Document {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/**
 * A query, ready to be run many times with the same values in its @skip and @include: which fields an object has, how each is
 * resolved and what becomes of its value is found out once, when the first object of that type comes.
 *
 * Everything else is graphql-js's algorithm step by step, as errors come in the order in which promises settle: whoever changes
 * a `then` here changes answers.
 */
export interface CompiledOperation extends Document {
  readonly rootFields: readonly CompiledField[];
  /** Of fields that have arguments. */
  readonly argumentCount: number;
}

/** All that is known of a field before there is a value. */
interface CompiledField {
  readonly responseName: string;
  readonly nodes: readonly FieldNode[];
  readonly definition: GraphQLField<unknown, unknown>;
  readonly parentType: GraphQLObjectType;
  readonly shape: Shape;
  /** Place among the fields that have arguments; undefined where there are none. */
  readonly argumentsIndex: number | undefined;
  /** Building it costs more than most fields do. */
  readonly needsInfo: boolean;
  /** Undefined unless the value is the parent's property of that name. */
  readonly plainLeaf: GraphQLLeafType | undefined;
  readonly isTypeName: boolean;
  /** Of the objects that it answers, by their type. */
  readonly subfields: Map<GraphQLObjectType, readonly CompiledField[]>;
}

/** A type, taken apart. */
type Shape = { readonly isNonNull: boolean } & (
  | { readonly kind: 'leaf'; readonly type: GraphQLLeafType }
  | { readonly kind: 'object'; readonly type: GraphQLObjectType }
  | { readonly kind: 'abstract'; readonly type: GraphQLAbstractType }
  | { readonly kind: 'list'; readonly item: Shape }
);

/** One request. */
interface Run {
  readonly operation: CompiledOperation & { argumentCount: number };
  readonly context: unknown;
  readonly variables: Values;
  /** By argumentsIndex: a list's items share what the first has read. */
  readonly argumentValues: Values[];
  readonly errors: GraphQLError[];
  /** Where they stand; undefined for the root. */
  readonly errorPaths: Set<Path | undefined>;
}

const NO_ARGUMENTS: Values = Object.freeze(Object.create(null));

/** `variables` are those of the first request; of their values only those of @skip and @include matter. */
export function compileOperation(document: Document, variables: Values): CompiledOperation {
  const { schema, fragments, operation } = document;
  const compiled = { ...document, rootFields: [] as readonly CompiledField[], argumentCount: 0 };
  const type = schema.getRootType(operation.operation) as GraphQLObjectType;
  const nodes = collectFields(schema, fragments, variables, type, operation.selectionSet);
  compiled.rootFields = compileFields(compiled, type, nodes);
  return compiled;
}

/** `variables` are coerced already. Never rejects. */
export async function runCompiled(
  operation: CompiledOperation,
  context: unknown,
  variables: Values,
): Promise<ExecutionResult> {
  const run: Run = { operation, context, variables, argumentValues: [], errors: [], errorPaths: new Set() };
  let data: Record<string, unknown> | null;
  try {
    const result = executeFields(run, operation.rootFields, undefined, undefined);
    data = isPromise(result) ? ((await result) as Record<string, unknown>) : result;
  } catch (error) {
    addError(run, error as GraphQLError, undefined);
    data = null;
  }
  return run.errors.length > 0 ? { errors: run.errors, data } : { data };
}

function compileFields(
  operation: CompiledOperation & { argumentCount: number },
  parentType: GraphQLObjectType,
  nodesByName: ReadonlyMap<string, readonly FieldNode[]>,
): readonly CompiledField[] {
  const fields: CompiledField[] = [];
  for (const [responseName, nodes] of nodesByName) {
    const definition = getFieldDef(operation.schema, parentType, nodes[0] as FieldNode);
    if (!definition) continue;
    const shape = shapeOf(definition.type);
    const hasArguments = definition.args.length > 0;
    fields.push({
      responseName,
      nodes,
      definition,
      parentType,
      shape,
      argumentsIndex: hasArguments ? operation.argumentCount++ : undefined,
      needsInfo: definition.resolve !== undefined || mayAskForInfo(shape),
      plainLeaf: definition.resolve || hasArguments || shape.kind !== 'leaf' ? undefined : shape.type,
      isTypeName: definition === TypeNameMetaFieldDef,
      subfields: new Map(),
    });
  }
  return fields;
}

function shapeOf(type: GraphQLOutputType): Shape {
  const isNonNull = isNonNullType(type);
  const nullable = isNonNull ? type.ofType : type;
  if (isListType(nullable)) return { isNonNull, kind: 'list', item: shapeOf(nullable.ofType) };
  if (isLeafType(nullable)) return { isNonNull, kind: 'leaf', type: nullable };
  if (isObjectType(nullable)) return { isNonNull, kind: 'object', type: nullable };
  return { isNonNull, kind: 'abstract', type: nullable };
}

/** `resolveType` and `isTypeOf` are given it. */
function mayAskForInfo(shape: Shape): boolean {
  if (shape.kind === 'list') return mayAskForInfo(shape.item);
  return shape.kind === 'abstract' || (shape.kind === 'object' && shape.type.isTypeOf !== undefined);
}

function executeFields(
  run: Run,
  fields: readonly CompiledField[],
  source: unknown,
  path: Path | undefined,
): Record<string, unknown> | Promise<Record<string, unknown>> {
  const results: Record<string, unknown> = {};
  let pending: string[] | undefined;
  try {
    for (const field of fields) {
      const result = executeField(run, field, source, path);
      results[field.responseName] = result;
      if (!isPromise(result)) continue;
      pending ??= [];
      pending.push(field.responseName);
    }
  } catch (error) {
    if (!pending) throw error;
    // Two steps, as there are in graphql-js.
    return Promise.all(Object.values(results))
      .then(() => results)
      .finally(() => {
        throw error;
      });
  }
  if (!pending) return results;
  const names = pending;
  return Promise.all(names.map((name) => results[name])).then((values) => {
    for (const [index, name] of names.entries()) results[name] = values[index];
    return results;
  });
}

function executeField(run: Run, field: CompiledField, source: unknown, parentPath: Path | undefined): unknown {
  if (field.isTypeName) return field.parentType.name;
  const leaf = field.plainLeaf && readPlainLeaf(field.plainLeaf, field, source);
  return leaf === undefined ? resolveField(run, field, source, parentPath) : leaf;
}

/** Most fields of most answers; undefined where there is more to do than to write a value. */
function readPlainLeaf(type: GraphQLLeafType, { definition, shape }: CompiledField, source: unknown): unknown {
  if (typeof source !== 'object' || source === null) return undefined;
  const value = (source as Values)[definition.name];
  if (value === null || value === undefined) return shape.isNonNull ? undefined : null;
  if (typeof value === 'object' || typeof value === 'function') return undefined;
  try {
    return type.serialize(value);
  } catch {
    return undefined;
  }
}

function resolveField(run: Run, field: CompiledField, source: unknown, parentPath: Path | undefined): unknown {
  const { definition, shape, nodes } = field;
  const path: Path = { prev: parentPath, key: field.responseName, typename: field.parentType.name };
  try {
    const info = field.needsInfo ? createInfo(run, field, path) : undefined;
    const args = argumentsOf(run, field);
    const result = definition.resolve
      ? definition.resolve(source, args, run.context, info as Info)
      : readProperty(run, field, source, path, args);
    const completed = isPromise(result)
      ? result.then((value) => complete(run, field, shape, info, path, value))
      : complete(run, field, shape, info, path, result);
    if (!isPromise(completed)) return completed;
    return completed.then(undefined, (error) => failAt(run, nodes, shape, path, error));
  } catch (error) {
    return failAt(run, nodes, shape, path, error);
  }
}

function readProperty(run: Run, field: CompiledField, source: unknown, path: Path, args: Values): unknown {
  if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
  const name = field.definition.name;
  const property = (source as Values)[name];
  if (typeof property !== 'function') return property;
  return property.call(source, args, run.context, createInfo(run, field, path));
}

function argumentsOf({ argumentValues, variables }: Run, field: CompiledField): Values {
  const { argumentsIndex, definition, nodes } = field;
  if (argumentsIndex === undefined) return NO_ARGUMENTS;
  argumentValues[argumentsIndex] ??= getArgumentValues(definition, nodes[0] as FieldNode, variables);
  return argumentValues[argumentsIndex];
}

function createInfo({ operation, variables }: Run, field: CompiledField, path: Path): Info {
  return {
    fieldName: field.definition.name,
    fieldNodes: field.nodes,
    returnType: field.definition.type,
    parentType: field.parentType,
    path,
    schema: operation.schema,
    fragments: operation.fragments,
    rootValue: undefined,
    operation: operation.operation,
    variableValues: variables,
  } as Info;
}

/** Throws on what a nullable place above has to answer for. */
function failAt(run: Run, nodes: readonly FieldNode[], shape: Shape, path: Path, raw: unknown): null {
  const error = locatedError(raw, nodes, responsePathAsArray(path));
  if (shape.isNonNull) throw error;
  addError(run, error, path);
  return null;
}

/** Of a place that is null already, nothing more is told. */
function addError({ errors, errorPaths }: Run, error: GraphQLError, path: Path | undefined): void {
  for (let place = path; place; place = place.prev) if (errorPaths.has(place)) return;
  if (errorPaths.has(undefined)) return;
  errorPaths.add(path);
  errors.push(error);
}

function complete(
  run: Run,
  field: CompiledField,
  shape: Shape,
  info: Info | undefined,
  path: Path,
  value: unknown,
): unknown {
  if (value instanceof Error) throw value;
  if (value === null || value === undefined) {
    if (!shape.isNonNull) return null;
    throw new Error(`Cannot return null for non-nullable field ${nameOf(field)}.`);
  }
  switch (shape.kind) {
    case 'leaf':
      return completeLeaf(shape.type, value);
    case 'list':
      return completeList(run, field, shape.item, info, path, value);
    case 'object':
      return completeObject(run, field, shape.type, info, path, value);
    case 'abstract':
      return completeAbstract(run, field, shape.type, info as Info, path, value);
  }
}

function completeLeaf(type: GraphQLLeafType, value: unknown): unknown {
  const serialized = type.serialize(value);
  if (serialized !== null && serialized !== undefined) return serialized;
  throw new Error(
    `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(serialized)}`,
  );
}

function completeList(
  run: Run,
  field: CompiledField,
  shape: Shape,
  info: Info | undefined,
  path: Path,
  value: unknown,
): unknown {
  if (!isIterable(value)) {
    throw new GraphQLError(`Expected Iterable, but did not find one for field "${nameOf(field)}".`);
  }
  const items: unknown[] = [];
  let isPending = false;
  for (const item of value) {
    const completed = completeItem(
      run,
      field,
      shape,
      info,
      { prev: path, key: items.length, typename: undefined },
      item,
    );
    if (isPromise(completed)) isPending = true;
    items.push(completed);
  }
  return isPending ? Promise.all(items) : items;
}

function completeItem(
  run: Run,
  field: CompiledField,
  shape: Shape,
  info: Info | undefined,
  path: Path,
  item: unknown,
): unknown {
  try {
    const completed = isPromise(item)
      ? item.then((value) => complete(run, field, shape, info, path, value))
      : complete(run, field, shape, info, path, item);
    if (!isPromise(completed)) return completed;
    return completed.then(undefined, (error) => failAt(run, field.nodes, shape, path, error));
  } catch (error) {
    return failAt(run, field.nodes, shape, path, error);
  }
}

function completeAbstract(
  run: Run,
  field: CompiledField,
  type: GraphQLAbstractType,
  info: Info,
  path: Path,
  value: unknown,
): unknown {
  const finish = (name: unknown) =>
    completeObject(run, field, runtimeTypeOf(run, field, type, name, value), info, path, value);
  const name: unknown = (type.resolveType ?? defaultTypeResolver)(value, run.context, info, type);
  return isPromise(name) ? name.then(finish) : finish(name);
}

function runtimeTypeOf(
  { operation: { schema } }: Run,
  field: CompiledField,
  type: GraphQLAbstractType,
  name: unknown,
  value: unknown,
): GraphQLObjectType {
  const nodes = field.nodes;
  if (name === null || name === undefined) {
    throw new GraphQLError(
      `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${nameOf(field)}". Either the "${type.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      { nodes },
    );
  }
  if (typeof name !== 'string') {
    throw new GraphQLError(
      `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${nameOf(field)}" with value ${inspect(value)}, received "${inspect(name)}".`,
    );
  }
  const runtimeType = schema.getType(name);
  if (!runtimeType) {
    throw new GraphQLError(
      `Abstract type "${type.name}" was resolved to a type "${name}" that does not exist inside the schema.`,
      { nodes },
    );
  }
  if (!isObjectType(runtimeType)) {
    throw new GraphQLError(`Abstract type "${type.name}" was resolved to a non-object type "${name}".`, { nodes });
  }
  if (!schema.isSubType(type, runtimeType)) {
    throw new GraphQLError(`Runtime Object type "${name}" is not a possible type for "${type.name}".`, { nodes });
  }
  return runtimeType;
}

function completeObject(
  run: Run,
  field: CompiledField,
  type: GraphQLObjectType,
  info: Info | undefined,
  path: Path,
  value: unknown,
): unknown {
  const fields = subfieldsOf(run, field, type);
  if (!type.isTypeOf) return executeFields(run, fields, value, path);
  const finish = (isTypeOf: boolean) => {
    if (isTypeOf) return executeFields(run, fields, value, path);
    const message = `Expected value of type "${type.name}" but got: ${inspect(value)}.`;
    throw new GraphQLError(message, { nodes: field.nodes });
  };
  // An abstract field's objects have it anyway.
  const isTypeOf = type.isTypeOf(value, run.context, info as Info);
  return isPromise<boolean>(isTypeOf) ? isTypeOf.then(finish) : finish(isTypeOf);
}

function subfieldsOf({ operation, variables }: Run, field: CompiledField, type: GraphQLObjectType) {
  let fields = field.subfields.get(type);
  if (!fields) {
    const { schema, fragments } = operation;
    fields = compileFields(operation, type, collectSubfields(schema, fragments, variables, type, field.nodes));
    field.subfields.set(type, fields);
  }
  return fields;
}

function nameOf({ parentType, definition }: CompiledField): string {
  return `${parentType.name}.${definition.name}`;
}

function isPromise<Value>(value: unknown): value is Promise<Value> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
