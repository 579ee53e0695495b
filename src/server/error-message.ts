import { maskCardNumbers } from '../model/card-number.ts';

/** From graphql-js: the value, then where it stands, then why it won't do. */
const REFUSED_VARIABLE = /^(Variable "\$\w+" got invalid value) [\s\S]*?( at "[\w.[\]]+")?; (?=[A-Z])/;
const REFUSED_TEXT = /(String cannot represent a non string value): [\s\S]*$/;

/** An error's message without the client's own values where graphql-js quotes them whole: one may be a password. */
export function withoutValues(message: string): string {
  return maskCardNumbers(message.replace(REFUSED_VARIABLE, '$1$2; ').replace(REFUSED_TEXT, '$1'));
}

/** From graphql-js, at the end of a message: names of the schema's that are like the client's. */
const SUGGESTION = / ?Did you mean [\s\S]*\?$/;

/** An error's message for those who may not ask which names the schema has. */
export function withoutSuggestions(message: string): string {
  return message.replace(SUGGESTION, '');
}
