import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

export interface GeneratedOperation {
  readonly document: string;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Other values for the same operation. */
  readonly otherVariables: Readonly<Record<string, unknown>>;
}

export interface GeneratorOptions {
  readonly schema: GraphQLSchema;
  /** Values of arguments, by the argument's name, as JSON. Others are left out, and so are fields that require them. */
  readonly values: Readonly<Record<string, readonly unknown[]>>;
  /** `Type.field`, of fields whose answers differ from run to run. */
  readonly leftOut?: ReadonlySet<string>;
  /** Names of fields to ask for only now and then: an answer in which everything is null shows little. */
  readonly rare?: ReadonlySet<string>;
  readonly depth: number;
}

interface Variable {
  readonly declaration: string;
  readonly values: readonly unknown[];
  readonly mayBeAbsent: boolean;
}

/** What a part of a document needs that is declared elsewhere. */
interface Needs {
  readonly variables: Set<string>;
  readonly fragments: Set<string>;
}

const CONDITIONS: Readonly<Record<string, Variable>> = {
  yes: { declaration: '$yes: Boolean!', values: [true, false], mayBeAbsent: false },
  no: { declaration: '$no: Boolean! = false', values: [true, false], mayBeAbsent: true },
  may: { declaration: '$may: Boolean = true', values: [true, true, true, false, false, null], mayBeAbsent: true },
};
const CONDITION_VALUES = ['$yes', '$no', '$may', 'true', 'false'];
const ALIASES = ['', '', '', 'a_', 'b_', 'a_b_', '_'];

/**
 * Generators of operations over one schema. What one makes is valid but for overlaps of fields, which the caller validates;
 * the same seed makes the same operation.
 */
export function createGenerator(options: GeneratorOptions): (seed: number) => GeneratedOperation {
  const { schema } = options;
  const composites = Object.values(schema.getTypeMap())
    .filter((type) => isCompositeType(type) && !type.name.startsWith('_') && type !== schema.getMutationType())
    .map(({ name }) => name);
  const objectsOf = (name: string) => {
    const type = schema.getType(name);
    return isAbstractType(type) ? schema.getPossibleTypes(type).map((one) => one.name) : [name];
  };
  /** Of a type, those that some of its objects have too. */
  const overlaps = new Map(
    composites.map((name) => {
      const objects = new Set(objectsOf(name));
      return [name, composites.filter((other) => objectsOf(other).some((object) => objects.has(object)))];
    }),
  );
  return (seed) => generateOperation(seed, options, composites, overlaps);
}

function generateOperation(
  seed: number,
  { schema, values, leftOut, rare, depth }: GeneratorOptions,
  composites: readonly string[],
  overlaps: ReadonlyMap<string, readonly string[]>,
): GeneratedOperation {
  const number = createRandom(seed);
  const oneOf = <Item>(items: readonly Item[]): Item => items[number(items.length)] as Item;
  const isOneIn = (count: number) => number(count) === 0;

  const variables = new Map<string, Variable>(Object.entries(CONDITIONS));
  /** Fields of one response name take the same arguments wherever they stand: else they could not be merged. */
  const argumentsByName = new Map<string, { readonly text: string; readonly variables: readonly string[] }>();
  const fragments = new Map<string, { readonly type: string; readonly text: string; readonly needs: Needs }>();
  let needs: Needs = { variables: new Set(), fragments: new Set() };

  function condition(): string {
    if (!isOneIn(3)) return '';
    const directives = oneOf([['skip'], ['include'], ['skip', 'include'], ['include', 'skip']]);
    return directives
      .map((directive) => {
        const value = oneOf(CONDITION_VALUES);
        if (value.startsWith('$')) needs.variables.add(value.slice(1));
        return ` @${directive}(if: ${value})`;
      })
      .join('');
  }

  function argumentsOf(responseName: string, { name, args }: GraphQLField<unknown, unknown>): string {
    const key = `${responseName}: ${name}`;
    let known = argumentsByName.get(key);
    if (!known) {
      const given = args.filter((one) => values[one.name] && (isRequiredArgument(one) || !isOneIn(3))).map(argument);
      const text = given.map((one) => one.text).join(', ');
      known = { text: text && `(${text})`, variables: given.flatMap(({ variable }) => variable ?? []) };
      argumentsByName.set(key, known);
    }
    for (const variable of known.variables) needs.variables.add(variable);
    return known.text;
  }

  function argument({ name, type }: GraphQLArgument): { readonly text: string; readonly variable?: string } {
    const pool = values[name] as readonly unknown[];
    if (isOneIn(2)) return { text: `${name}: ${literal(oneOf(pool))}` };
    const isNullable = !String(type).endsWith('!');
    const hasDefault = isOneIn(2);
    const variable = `${name}${variables.size}`;
    variables.set(variable, {
      declaration: `$${variable}: ${type}${hasDefault ? ` = ${literal(oneOf(pool))}` : ''}`,
      values: isNullable ? [...pool, null] : pool,
      mayBeAbsent: isNullable || hasDefault,
    });
    return { text: `${name}: $${variable}`, variable };
  }

  function field(parent: GraphQLNamedType, level: number): string {
    const isRareToo = isOneIn(6);
    const fields = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields() : {};
    const choice = Object.values(fields).filter(
      (one) =>
        (isRareToo || !rare?.has(one.name)) &&
        !leftOut?.has(`${parent.name}.${one.name}`) &&
        one.args.every((argument) => !isRequiredArgument(argument) || values[argument.name]) &&
        (level > 0 || !isCompositeType(getNamedType(one.type))),
    );
    const definition = isOneIn(8) ? undefined : oneOf(choice);
    const name = definition?.name ?? '__typename';
    const alias = oneOf(ALIASES);
    const responseName = `${alias}${name}`;
    const head = alias === '' ? name : `${responseName}: ${name}`;
    if (!definition) return `${head}${condition()}`;
    const type = getNamedType(definition.type);
    const args = argumentsOf(responseName, definition);
    return `${head}${args}${condition()}${isCompositeType(type) ? ` ${selections(type.name, level - 1)}` : ''}`;
  }

  function selection(typeName: string, level: number): string {
    const kind = number(10);
    const possible = overlaps.get(typeName) as readonly string[];
    const spreads = [...fragments].filter(([, { type }]) => possible.includes(type));
    const spread = kind <= 1 ? oneOf(spreads) : undefined;
    if (spread) {
      const [name, fragment] = spread;
      needs.fragments.add(name);
      for (const one of fragment.needs.fragments) needs.fragments.add(one);
      for (const one of fragment.needs.variables) needs.variables.add(one);
      return `...${name}${condition()}`;
    }
    if (level > 0 && kind <= 3) {
      const inner = oneOf(possible);
      const head = inner === typeName && isOneIn(2) ? '...' : `... on ${inner}`;
      return `${head}${condition()} ${selections(inner, level - 1)}`;
    }
    return field(schema.getType(typeName) as GraphQLNamedType, level);
  }

  function selections(typeName: string, level: number): string {
    const count = 1 + number(3);
    return `{ ${Array.from({ length: count }, () => selection(typeName, level)).join(' ')} }`;
  }

  /** A definition's selections and what they need. */
  function definition(typeName: string, level: number) {
    needs = { variables: new Set(), fragments: new Set() };
    return { text: selections(typeName, level), needs };
  }

  // Each may spread those before it: so there are no circles.
  for (const name of ['F0', 'F1', 'F2']) {
    const type = oneOf(composites);
    fragments.set(name, { ...definition(type, depth - 2), type });
  }
  const names = isOneIn(3) ? ['One', 'Two'] : ['One'];
  const operations = names.map((name) => ({ name, ...definition(schema.getQueryType()?.name ?? '', depth) }));
  const texts = operations.map(({ name, text, needs }) => {
    const declarations = [...needs.variables].map((one) => variables.get(one)?.declaration);
    return `query ${name}${declarations.length > 0 ? `(${declarations.join(', ')})` : ''} ${text}`;
  });
  for (const [name, { type, text }] of fragments) {
    if (operations.some((one) => one.needs.fragments.has(name))) texts.push(`fragment ${name} on ${type} ${text}`);
  }

  const asked = oneOf(operations);
  const valuesOf = () => {
    const given: Record<string, unknown> = {};
    for (const name of asked.needs.variables) {
      const { values: pool, mayBeAbsent } = variables.get(name) as Variable;
      if (!mayBeAbsent || !isOneIn(3)) given[name] = oneOf(pool);
    }
    return given;
  };
  return { document: texts.join('\n'), operationName: asked.name, variables: valuesOf(), otherVariables: valuesOf() };
}

/** Numbers below a limit; mulberry32, whose state is one number. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** As in JSON, but for the names of an object's members. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${name}: ${literal(member)}`);
  return `{${members.join(', ')}}`;
}
