import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, type GraphQLSchema, graphqlSync } from 'graphql';
import { DateScalar, DecimalScalar } from '../../src/model/scalars.ts';
import { withoutValues } from '../../src/server/error-message.ts';

const schema = withScalars(
  buildSchema(`
  type Query {
    field(input: Input, text: String, day: Int, share: Float, sure: Boolean, id: ID, word: Word, words: [Word!], date: Date, amount: Decimal): String
  }
  input Input { password: String, number: String!, part: Input, parts: [Input!], word: Word, date: Date, count: Int, sure: Boolean, id: ID }
  enum Word { ONE TWO }
  scalar Date
  scalar Decimal
`),
);

function withScalars(built: GraphQLSchema): GraphQLSchema {
  for (const scalar of [DateScalar, DecimalScalar]) {
    const { parseValue, parseLiteral } = scalar;
    Object.assign(built.getType(scalar.name) as object, { parseValue, parseLiteral });
  }
  return built;
}

function refusals(source: string, variableValues: Record<string, unknown> = {}): string[] {
  const { errors = [] } = graphqlSync({ schema, source, variableValues });
  return errors.map((error) => withoutValues(error.message, error));
}

const VARIABLE = 'query ($input: Input) { field(input: $input) }';

describe("an error of graphql-js's", () => {
  it.each<[object, RegExp]>([
    [{ password: 'Pa$$123' }, /^Variable "\$input" got invalid value; Field "number" of required type/],
    [{ password: { of: 'Pa$$123' }, number: '1' }, /at "input.password"; String cannot represent a non string value$/],
    [{ password: ['Pa$$123; Not this'], number: '1' }, /at "input.password"; String cannot represent/],
    [{ password: 'x; Pa$$123', other: 'Pa$$123; Pa$$123' }, /at "input"|Field "(other|number)"/],
    [{ number: '1', password: 'Pa$$123', other: 'x' }, /Field "other" is not defined by type "Input"/],
    [{ number: '1', parts: [{ password: 'Pa$$123' }] }, /at "input.parts\[0\]"; Field "number"/],
    [{ number: '1', part: 'Pa$$123' }, /at "input.part"; Expected type "Input" to be an object/],
    [
      { number: '1', date: 'Pa$$123' },
      /at "input.date"; Date must be a calendar day as yyyy-MM-dd; got text of 7 characters$/,
    ],
    [{ number: 4242424242424242 }, /at "input.number"; String cannot represent a non string value$/],
  ])('for %j says where and why, and not the value', (input, expected) => {
    const messages = refusals(VARIABLE, { input });
    expect(messages.length).toBeGreaterThan(0);
    for (const message of messages) {
      expect(message).toMatch(expected);
      expect(message).not.toMatch(/Pa\$\$123|4242/);
    }
  });

  it('for a literal says what was expected, and no value', () => {
    expect(refusals('{ field(text: 4242424242424242) }')).toEqual(['String cannot represent a non string value']);
    expect(refusals('{ field(day: "Pa$$123") }')).toEqual(['Int cannot represent non-integer value']);
    expect(refusals('{ field(word: N4242424242424242) }')).toEqual(['Value does not exist in "Word" enum.']);
    expect(refusals('{ field(input: "Pa$$123") }')).toEqual(['Expected value of type "Input".']);
    expect(refusals('{ field(text: "a" "Pa$$123") }')).toEqual(['Syntax Error: Expected Name, found String.']);
    expect(refusals('{ field(text: Pa123: 4) }')).toEqual(['Syntax Error: Expected Name, found ":".']);
    expect(refusals('{ field(text: "\\uPa$$") }')).toEqual(['Syntax Error: Invalid Unicode escape sequence.']);
  });

  it('keeps what helps', () => {
    expect(refusals('{ field(word: ONEE) }')).toEqual([
      'Value does not exist in "Word" enum. Did you mean the enum value "ONE"?',
    ]);
    expect(refusals('{ feld }')).toEqual(['Cannot query field "feld" on type "Query". Did you mean "field"?']);
    expect(refusals('{ field(day: 1')).toEqual(['Syntax Error: Expected Name, found <EOF>.']);
    expect(refusals('{ field( }')).toEqual(['Syntax Error: Expected Name, found "}".']);
  });

  it('never holds any part of a value, wherever the value stands and however it is written', () => {
    // No four characters of it occur in any message of graphql-js's own.
    const secret = fc
      .tuple(
        fc.constantFrom(
          '',
          '; Expected type "',
          ' at "',
          '"; Field "',
          '\n',
          '\\"',
          '{',
          '"""',
          '. Did you mean "',
          '; Date must be ',
        ),
        fc.stringMatching(/^QZ[QZXJ7]{6,12}$/),
        fc.constantFrom(
          '',
          '" to be an object.',
          '"; String',
          '" does not exist in "Word" enum.',
          '?',
          '\u{1f511}',
          '" is not defined by type "Input".',
        ),
      )
      .map(([before, middle, after]) => ({ text: before + middle + after, middle }));
    const arrange = fc.constantFrom<(value: unknown) => unknown>(
      (value) => value,
      (value) => [value],
      (value) => ({ password: value }),
      (value) => ({ password: { a: value }, number: '1' }),
      (value) => ({ [String(value)]: '1', number: '1' }),
      (value) => ({ number: [[value]], part: value }),
      (value) => ({ number: '1', parts: [value, { number: value, count: value }] }),
      (value) => ({ number: '1', word: value, date: value, sure: value, id: [value] }),
    );
    const literal = (value: unknown): string => {
      if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
      if (typeof value === 'object' && value !== null) {
        const fields = Object.entries(value).filter(([name]) => /^\w+$/.test(name) && !name.startsWith('QZ'));
        return `{${fields.map(([name, one]) => `${name}: ${literal(one)}`).join(', ')}}`;
      }
      return JSON.stringify(value).replace(/\\u\{/g, '');
    };
    const argumentNames = ['input', 'text', 'day', 'share', 'sure', 'id', 'word', 'words', 'date', 'amount'];
    const types = ['Input', 'String', 'Int', 'Float', 'Boolean', 'ID', 'Word', '[Word!]', 'Date', 'Decimal'];
    fc.assert(
      fc.property(secret, arrange, fc.nat(argumentNames.length - 1), ({ text, middle }, put, index) => {
        const [name, type, value] = [argumentNames[index], types[index], put(text)];
        const block = `"""${text.replaceAll('"', "'")}"""`;
        const messages = [
          ...refusals(`query ($v: ${type}) { field(${name}: $v) }`, { v: value }),
          ...refusals(`{ field(${name}: ${literal(value)}) }`),
          ...refusals(`{ field(${name}: ${block}) }`),
          ...refusals(`{ field(${name}: ${middle}) }`),
          ...refusals(`{ field(${name}: { a ${block} }) }`),
          ...refusals(`query ($v: ${type} = ${literal(value)}) { field(${name}: $v) }`),
        ].filter(
          (message) =>
            !/^(Variable "\$v" got invalid value( at "v[\w.[\]]*")?; )?Field "\w+" is not defined/.test(message),
        );
        for (let at = 0; at + 4 <= middle.length; at++) {
          for (const message of messages) expect(message).not.toContain(middle.slice(at, at + 4));
        }
      }),
      { numRuns: 200 },
    );
  });
});
