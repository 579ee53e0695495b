import type { RawRecord, RawValue } from '../codecs/codec.ts';
import { isRecord } from './fields.ts';

/** Names of what is told about a failure, in whatever style they are written. */
const FAILURE_NAME = /error|fault|fail|exception|maintenance|unavailable|denied|forbidden|not_?-?(?:found|allowed)/i;

export function isFailureName(name: string): boolean {
  return FAILURE_NAME.test(name);
}

const SUCCESS_NAME = /^(?:is_?)?(?:success|successful|succeeded|ok)$/i;
const VERDICT_NAME = /^(?:(?:is_?)?(?:success|successful|succeeded|ok)|done|result|status|state|outcome)$/i;
const CODE_NAME = /^(?:(?:http|status|response|result|return|reply|api)[-_]?)?(?:code|status)$/i;
/** Names of words for people. */
const TELLING_NAME =
  /(?:message|msg|reason|detail|description|title|text|warning|note|notice|info|hint|cause|problem|explanation)s?$/i;
const YES = /^(?:ok|okay|true|yes|done|success(?:ful(?:ly)?)?|succeeded|accepted|completed?|0+|2\d\d)[.!]?$/i;
const REFUSING_CODE = /^[45]\d\d$/;
const NO = /^(?:false|no|ko|nok|rejected|refused|declined|invalid)$/i;
const SENTENCE = /\p{L}[,;:]?\s+\p{L}/u;
const NOTHING = /^(?:|0+|false|none|null|nil|no|ok|success)$/i;

/** What tells of a failure lies no deeper. */
const MAX_DEPTH = 3;

/**
 * Does an answer without a documented failure say all the same that something went wrong? Asked of answers whose form is
 * not documented, where success is whatever doesn't.
 */
export function saysNo(value: RawValue | undefined, depth = 0): boolean {
  if (!isRecord(value)) return depth === 0 && isNo(value);
  if (depth === MAX_DEPTH) return false;
  return Object.entries(value).some(([name, member]) => {
    if (isFailureName(name)) return !isNothing(member);
    return isNoOf(name, member) || saysNo(member, depth + 1);
  });
}

/** The same of its own members only: what lies deeper may be a record with a status of its own. */
export function saysNoItself(value: RawRecord): boolean {
  return Object.entries(value).some(([name, member]) =>
    isFailureName(name) ? !isNothing(member) : isNoOf(name, member),
  );
}

function isNoOf(name: string, member: RawValue | undefined): boolean {
  if (VERDICT_NAME.test(name) && isNo(member)) return true;
  if (typeof member !== 'string' && typeof member !== 'number') return false;
  const text = String(member).trim();
  return (CODE_NAME.test(name) && REFUSING_CODE.test(text)) || (SUCCESS_NAME.test(name) && text === '0');
}

/** A plain word that says that something was done. */
export function isYes(text: string): boolean {
  return YES.test(text.trim());
}

/**
 * May a member stand beside an empty list without casting doubt on it? A verdict, a code and words for people may only
 * speak of success; anything else may be a number or a word, but not a sentence.
 */
export function isAside(name: string, member: string | number | boolean): boolean {
  if (isNothing(member)) return true;
  const text = String(member).trim();
  if (VERDICT_NAME.test(name)) return YES.test(text) || text === '1';
  if (CODE_NAME.test(name) || TELLING_NAME.test(name)) return YES.test(text);
  return !isFailureName(text) && !SENTENCE.test(text);
}

function isNo(verdict: RawValue | undefined): boolean {
  return verdict === false || (typeof verdict === 'string' && (NO.test(verdict.trim()) || isFailureName(verdict)));
}

/** Is there a member that tells of a failure, and holds something? */
export function tellsFailure(value: RawValue | undefined): boolean {
  return isRecord(value) && Object.entries(value).some(([name, member]) => isFailureName(name) && !isNothing(member));
}

/** Empty, zero, "none": an error member that is always there says so when there is no error. */
function isNothing(value: RawValue | undefined, depth = 0): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object') return NOTHING.test(String(value).trim());
  return depth < MAX_DEPTH && Object.values(value).every((member) => isNothing(member, depth + 1));
}
