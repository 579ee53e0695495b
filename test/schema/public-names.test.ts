import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isScalarType,
  isSpecifiedScalarType,
  print,
} from 'graphql';
import { createSchema } from '../../src/resolvers/schema.ts';
import { PUBLIC_NAMES } from './public-names.ts';

let schema: GraphQLSchema;
let types: readonly GraphQLNamedType[];
beforeAll(async () => {
  schema = await createSchema();
  types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
});

describe('the schema', () => {
  it('keeps every public name and its type', () => {
    const actual = new Map(types.map((type) => [heading(type), lines(type)]));
    expect(differences(PUBLIC_NAMES, actual)).toEqual([]);
  });

  it('tells which name is gone and which has another type', () => {
    const promised = {
      'type Gone': [],
      'enum Vendor': ['BILLAGAIN', 'ACME'],
      'type Money': ['amount: Float', 'tax: Int'],
    };
    const actual = new Map(types.map((type) => [heading(type), lines(type)]));
    expect(differences(promised, actual)).toEqual([
      'missing: type Gone',
      'missing: enum Vendor has no ACME',
      'changed: type Money must have `amount: Float`; it has `amount: Decimal!`',
      'missing: type Money has no tax: Int',
    ]);
  });

  it('asks for nothing that a client of the public names would not send', () => {
    const promised = new Set(
      Object.entries(PUBLIC_NAMES).flatMap(([type, names]) => names.map((name) => `${type} ${name}`)),
    );
    const required = types.flatMap((type) => requiredLines(type).map((line) => `${heading(type)} ${line}`));
    expect(required.filter((line) => !promised.has(line))).toEqual([]);
  });

  it('has no type that is taken for the subscription operation', () => {
    expect(schema.getType('Subscription')).toBeUndefined();
    expect(schema.getSubscriptionType()).toBeUndefined();
  });

  it('describes everything that it names', () => {
    expect(types.flatMap(undescribed)).toEqual([]);
  });
});

/** "type Customer implements Node": how a type is called in the list. */
function heading(type: GraphQLNamedType): string {
  if (isScalarType(type)) return `scalar ${type.name}`;
  if (isEnumType(type)) return `enum ${type.name}`;
  if (isInputObjectType(type)) return `input ${type.name}`;
  if (isInterfaceType(type)) return `interface ${type.name}`;
  const interfaces = isObjectType(type) ? type.getInterfaces().map(({ name }) => name) : [];
  return `type ${type.name}${interfaces.length > 0 ? ` implements ${interfaces.join(' & ')}` : ''}`;
}

function lines(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map(({ name }) => name);
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(inputLine);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    `${field.name}: ${field.type}`,
    ...field.args.map((argument) => `${field.name}(${inputLine(argument)})`),
  ]);
}

function inputLine({ name, type, defaultValue }: GraphQLArgument | GraphQLInputField): string {
  const value = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
  return `${name}: ${type}${value ? ` = ${print(value)}` : ''}`;
}

function requiredLines(type: GraphQLNamedType): string[] {
  if (isInputObjectType(type)) return Object.values(type.getFields()).filter(isRequiredInputField).map(inputLine);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap(({ name, args }) =>
    args.filter(isRequiredArgument).map((argument) => `${name}(${inputLine(argument)})`),
  );
}

/** What names a line: "amount" of "amount: Decimal!", "customers(first" of "customers(first: Int = 25)". */
function nameOf(line: string): string {
  return line.split(':')[0] as string;
}

function differences(promised: typeof PUBLIC_NAMES, actual: ReadonlyMap<string, readonly string[]>): string[] {
  return Object.entries(promised).flatMap(([type, names]) => {
    const actualNames = actual.get(type);
    if (!actualNames) return [`missing: ${type}`];
    return names
      .filter((line) => !actualNames.includes(line))
      .map((line) => {
        const other = actualNames.find((actualLine) => nameOf(actualLine) === nameOf(line));
        return other
          ? `changed: ${type} must have \`${line}\`; it has \`${other}\``
          : `missing: ${type} has no ${line}`;
      });
  });
}

/** Places without a description, as "Customer.subscriptions(first:)". */
function undescribed(type: GraphQLNamedType): string[] {
  const places: [place: string, description: string | null | undefined][] = [[type.name, type.description]];
  const members = isEnumType(type)
    ? type.getValues()
    : isInputObjectType(type) || isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields())
      : [];
  for (const member of members) {
    places.push([`${type.name}.${member.name}`, member.description]);
    for (const argument of 'args' in member ? member.args : []) {
      places.push([`${type.name}.${member.name}(${argument.name}:)`, argument.description]);
    }
  }
  return places.filter(([, description]) => !description).map(([place]) => place);
}
