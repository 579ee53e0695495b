import { buildSchema, type GraphQLFieldResolver, GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { BadUserInput } from '../../src/errors.ts';

/**
 * Small, and with everything that can go wrong at every depth: fields that throw, reject, answer an Error or a null where there
 * may be none, at once or later, below nullable and non-null parents, in lists, in lists of lists and behind interfaces.
 */
const TEXT = `
  interface Node { id: ID! self: Node sure: Node! name: String }
  interface Named { name: String a_name: String }
  union Any = Person | Thing | Stranger

  enum Colour { RED GREEN }
  input Wish { colour: Int text: String = "some" list: [Int!] more: Wish }

  type Query {
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    person(id: ID! = "Person:1"): Person
    a_person: Person!
    thing: Thing
    sureThing: Thing!
    any(id: ID!): Any
    all: [Any!]
    echo(count: Int = 3, text: String, wish: Wish, list: [Int]): String
    failing: String
    sure: Thing!
  }

  type Person implements Node & Named {
    ${common('Person')}
    friend: Person
    friends(count: Int = 2): [Person]
    sureFriends: [Person!]!
    a_friend: Person!
  }

  type Thing implements Node & Named {
    ${common('Thing')}
    owner: Person
    owners: [[Person!]]
    a: Thing
    a_b: Thing
    b: Thing
    b_a: Thing!
  }

  type Stranger { name: String! isTrue: Boolean any: Any failing: String! asked: Asked }

  type Asked { fields: String path: String failing: String! }
`;

function common(name: string): string {
  return `
    id: ID! name: String a_name: String self: Node sure: Node! later: ${name} laterSure: ${name}!
    number: Int sureNumber: Int! numbers: [Int] sureNumbers: [Int!]! laterNumbers: [Int!] colour: Colour
    throws: String rejects: String answersError: String sureThrows: String! sureRejects: String!
    absent: String! absentLater: String! absentObject: Thing! badNumber: Int badColour: Colour! notAList: [Int]
    echo(count: Int = 3, text: String, wish: Wish, list: [Int]): String
    sureEcho(count: Int! = 1, list: [Int!]! = [1]): String!
    any: Any everything: [Any] sureEverything: [Any!]! asked: Asked unheardOf: Node
    missing: ${name} missingItems: [${name}] missingSureItems: [${name}!] method(count: Int): String`;
}

type Resolver = GraphQLFieldResolver<Readonly<Record<string, unknown>>, unknown>;

const later = async <Value>(value: Value): Promise<Value> => value;
const muchLater = async <Value>(value: Value): Promise<Value> => {
  for (let turn = 0; turn < 5; turn++) await undefined;
  return value;
};
const fault = (what: string) => new BadUserInput(`${what} fails`);
const rejection = (what: string) => {
  const promise = Promise.reject(fault(what));
  promise.catch(() => {});
  return promise;
};

function thing(number: number) {
  return {
    id: `Thing:${number}`,
    name: number % 2 === 0 ? null : `thing ${number}`,
    a_name: 'another name',
    number,
    sureNumber: number,
    colour: 'RED',
    absent: null,
    badNumber: 'no number',
    badColour: 'BLUE',
    notAList: 5,
    numbers: [1, null, 'x', later(2), new BadUserInput('an item fails')],
    sureNumbers: number % 3 === 0 ? [1, null, 2] : new Set([1, 2]),
    isTrue: true,
    answersError: fault('answersError'),
    missing: undefined,
    missingItems: [null, undefined],
    missingSureItems: number % 2 === 0 ? [null] : [],
    method: ({ count }: { readonly count?: number }) => `${number} ${count}`,
  };
}
const person = (number: number) => ({ ...thing(number), id: `Person:${number}` });
const stranger = { __typename: 'Stranger', name: 'nobody', isTrue: false };

function find(id: string) {
  const number = Number(id.slice(id.indexOf(':') + 1));
  if (id.startsWith('Person:')) return number > 5 ? null : person(number);
  if (id.startsWith('Thing:')) return thing(number);
  if (id === 'Stranger') return stranger;
  throw new BadUserInput(`${id} is no id`);
}

const numberOf = (source: Readonly<Record<string, unknown>> | undefined) => Number(source?.number ?? 0);
const echo: Resolver = (_source, args) => JSON.stringify(args, (_, value) => value ?? String(value));
const everything: Resolver = (source) => [
  person(1),
  later(thing(numberOf(source))),
  stranger,
  ...(numberOf(source) === 2 ? [null, { id: 'Nonsense:1' }, rejection('an item')] : []),
];
// graphql-js leaves rejections behind that nobody handles where a later item fails at once: here none does.
const sureEverything: Resolver = (source) => [
  person(1),
  later(thing(numberOf(source))),
  ...(numberOf(source) === 2 ? [later(null), rejection('an item')] : []),
];
const fails: Resolver = (_source, _args, _context, { fieldName }) => {
  throw fault(fieldName);
};
const rejects: Resolver = async (_source, _args, _context, { fieldName }) =>
  muchLater(undefined).then(() => {
    throw fault(fieldName);
  });

const common_: Readonly<Record<string, Resolver>> = {
  self: (source) => source,
  sure: (source) => (numberOf(source) === 4 ? null : later(source)),
  later: (source) => later(source),
  laterSure: (source) => (numberOf(source) === 3 ? muchLater(null) : muchLater(source)),
  laterNumbers: async (source) => [1, numberOf(source) === 1 ? null : 2],
  throws: fails,
  sureThrows: fails,
  rejects,
  sureRejects: rejects,
  absentLater: () => later(null),
  absentObject: () => muchLater(undefined),
  echo,
  sureEcho: echo,
  any: (source) => (numberOf(source) % 2 === 0 ? later(stranger) : person(2)),
  everything,
  sureEverything,
  unheardOf: () => ({ id: 'Stranger:1' }),
  asked: (_source, _args, _context, info) => ({
    fields: info.fieldNodes
      .map(({ alias, selectionSet }) => `${alias?.value}:${selectionSet?.selections.length}`)
      .join(),
    path: JSON.stringify([info.path, info.variableValues, Object.keys(info.fragments), info.operation.name?.value]),
  }),
};

const resolvers: Readonly<Record<string, Readonly<Record<string, Resolver>>>> = {
  Query: {
    node: (_, { id }) => later(id).then(find),
    nodes: (_, { ids }) => ids.map((id: string) => later(id).then(find)),
    person: (_, { id }) => find(id),
    a_person: () => person(1),
    thing: () => thing(3),
    sureThing: () => later(thing(4)),
    any: (_, { id }) => find(id),
    all: sureEverything,
    echo,
    failing: rejects,
    sure: () => thing(1),
  },
  Person: {
    ...common_,
    friend: (source) => later(person(numberOf(source) + 1)),
    friends: (source, { count }) =>
      Array.from({ length: Math.min(count ?? 1, 3) }, (_, index) =>
        index === 1 ? later(null) : person(numberOf(source) + index),
      ),
    sureFriends: (source) => [person(2), numberOf(source) === 1 ? muchLater(null) : later(person(3))],
    a_friend: (source) => (numberOf(source) === 2 ? muchLater(null) : person(1)),
  },
  Thing: {
    ...common_,
    owner: () => person(1),
    owners: (source) => [[person(1)], null, [person(2), numberOf(source) === 3 ? later(null) : person(3)], later([])],
    a: (source) => thing(numberOf(source) + 1),
    a_b: (source) => later(thing(numberOf(source))),
    b: () => thing(2),
    b_a: () => later(thing(1)),
  },
  Stranger: { any: () => stranger, failing: rejects, asked: common_.asked as Resolver },
  Asked: { failing: fails },
};

/** Everything in it is answered the same way each time. */
export function createAdverseSchema(): GraphQLSchema {
  const schema = buildSchema(TEXT);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type instanceof GraphQLObjectType) {
      const fields = type.getFields();
      for (const [name, resolve] of Object.entries(resolvers[type.name] ?? {})) {
        const field = fields[name];
        if (!field) throw new Error(`${type.name} must have the field ${name}`);
        field.resolve = resolve;
      }
    }
  }
  const typeOf = (value: unknown) => {
    const { __typename: name, id } = value as { readonly __typename?: string; readonly id: string };
    return name ?? id.slice(0, id.indexOf(':'));
  };
  Object.assign(schema.getType('Node') as object, { resolveType: typeOf });
  // Of abstract types one is resolved later, one by what its types say.
  Object.assign(schema.getType('Any') as object, { resolveType: async (value: unknown) => typeOf(value) });
  Object.assign(schema.getType('Thing') as object, {
    isTypeOf: ({ id }: { readonly id?: string }) => id?.startsWith('Thing:') === true,
  });
  return schema;
}
