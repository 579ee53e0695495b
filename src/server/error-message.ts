import { GraphQLError } from 'graphql';
import { maskCardNumbers } from '../model/card-number.ts';

/** Longer than any message that says something: names of the document stand in some, and are as long as clients write them. */
const MAX_LENGTH = 1000;

const ENUM_SUGGESTION = '( Did you mean [^?]{1,500}\\?)?$';

/**
 * graphql-js's messages that quote what a client sent, and what is said instead. Each is known by its beginning, and what is
 * kept of its end is told apart from a value by the quotes, which in a value's print are escaped.
 */
const QUOTING: readonly (readonly [RegExp, string])[] = [
  // Built-in scalars, enums
  [/^((?:\w+|Enum "\w+") cannot represent [a-z0-9 -]*value): ?[\s\S]*$/, '$1'],
  [
    new RegExp(`^Value "[\\s\\S]*" does not exist in "(\\w+)" enum\\.${ENUM_SUGGESTION}`),
    'Value does not exist in "$1" enum.$2',
  ],
  // ValuesOfCorrectTypeRule, getArgumentValues, coerceInputValue
  [/^(Expected value of type "[\w![\]]+"), found [\s\S]*$/, '$1.'],
  [/^(Argument "\w+" has invalid value)[\s\S]*$/, '$1.'],
  [/^(Expected type "\w+"\.) [\s\S]*$/, '$1'],
  [
    /^Field "(?!\w{1,100}" is not defined)[\s\S]*" is not defined by type "(\w+)"\.[\s\S]*$/,
    'A field is not defined by type "$1".',
  ],
  // A variable's value whose reason isn't known
  [/^(Variable "\$\w+" got invalid value)[\s\S]*$/, '$1.'],
  // The lexer and the parser
  [/^(Syntax Error: Invalid [\w ]+ sequence):[\s\S]*$/, '$1.'],
  [
    /^(Syntax Error: [^"]*(?:"[^"\w]{1,3}"[^"]*)?(?:Name|Int|Float|String|BlockString|Comment)) "[\s\S]*"(\.?)$/,
    '$1$2',
  ],
  // Apollo Server
  [/^Unknown operation named "(?!\w{1,100}"\.$)[\s\S]*$/, 'Unknown operation.'],
];

const REFUSED_VARIABLE = /^Variable "\$\w+" got invalid value/;
const PLACE = / at "[\w.[\]]+"$/;
/** Of what is before a reason: the names of nested fields. */
const LONGEST_PLACE = 500;

/**
 * An error's message without the client's own values, which graphql-js quotes: one may be a password. What was expected and
 * where stays, and of what came no more than its kind.
 */
export function withoutValues(message: string, error?: Pick<GraphQLError, 'originalError'>): string {
  return maskCardNumbers(cut(tellVariable(message, error) ?? replaceQuotes(message)));
}

/** "<the variable> got invalid value <the value> at "<place>"; <reason>", where the reason is an error of its own. */
function tellVariable(message: string, error: Pick<GraphQLError, 'originalError'> | undefined): string | undefined {
  const refused = REFUSED_VARIABLE.exec(message)?.[0];
  const reason = error?.originalError instanceof GraphQLError ? error.originalError.message : undefined;
  if (refused === undefined || !reason || !message.endsWith(`; ${reason}`)) return undefined;
  const place = PLACE.exec(message.slice(0, -`; ${reason}`.length).slice(-LONGEST_PLACE))?.[0] ?? '';
  return `${refused}${place}; ${replaceQuotes(reason)}`;
}

function replaceQuotes(message: string): string {
  for (const [words, replacement] of QUOTING) {
    if (words.test(message)) return message.replace(words, replacement);
  }
  return message;
}

function cut(message: string): string {
  return message.length > MAX_LENGTH ? `${message.slice(0, MAX_LENGTH)}…` : message;
}

/** From graphql-js, at the end of a message: names of the schema's that are like the client's. */
const SUGGESTION = / ?Did you mean [\s\S]*\?$/;

/** An error's message for those who may not ask which names the schema has. */
export function withoutSuggestions(message: string): string {
  return message.replace(SUGGESTION, '');
}
