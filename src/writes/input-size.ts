import { MAX_LENGTHS } from '../model/text-length.ts';
import { type UserError, userError } from '../model/user-error.ts';

/** Items of one list of an input. */
const MAX_ITEMS = 1000;

/** Enough to see what is wrong. */
const MAX_ERRORS = 20;

/** What of an input is too long to be meant, and would cost too much to be looked at any closer. */
export function checkInputSize(input: object): UserError[] {
  const errors: UserError[] = [];
  walk(input, []);
  return errors;

  function walk(value: unknown, path: readonly string[]): void {
    if (errors.length >= MAX_ERRORS) return;
    if (typeof value === 'string') refuse(path, 'characters', value.length, MAX_LENGTHS.input);
    else if (Array.isArray(value) && value.length > MAX_ITEMS) refuse(path, 'items', value.length, MAX_ITEMS);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) walk(member, [...path, key]);
    }
  }

  function refuse(path: readonly string[], what: string, came: number, most: number): void {
    if (came <= most) return;
    errors.push(userError('TOO_LONG', `${path.join('.')} takes up to ${most} ${what}; got ${came}`, path));
  }
}
