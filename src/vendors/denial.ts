import type { RawValue } from '../codecs/codec.ts';
import { isRecord } from './fields.ts';

/** Names of what is told about a failure, in whatever style they are written. */
const FAILURE_NAME = /error|fault|fail|exception|maintenance|unavailable|denied|forbidden|not_?-?(?:found|allowed)/i;

export function isFailureName(name: string): boolean {
  return FAILURE_NAME.test(name);
}

const VERDICT_NAME = /^(?:success|successful|succeeded|ok|done|result|status|state|outcome)$/i;
const NO = /^(?:false|no|ko|nok|rejected|refused|declined|invalid)$/i;
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
    if (VERDICT_NAME.test(name) && isNo(member)) return true;
    return saysNo(member, depth + 1);
  });
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
