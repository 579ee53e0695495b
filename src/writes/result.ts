import { BillgraphError, MalformedAnswer, type VendorError, type VendorRefusal } from '../errors.ts';
import type { PlannedRequest } from '../model/payloads.ts';
import { type UserError, userError } from '../model/user-error.ts';

/** What became of a write. */
export interface WriteResult<R> {
  /** Null when it was refused, has no record any more, or could not be read back. */
  readonly record: R | null;
  /** The global id of what was changed or made, where it is known; null when it was refused. */
  readonly recordId: string | null;
  readonly userErrors: UserError[];
  readonly dryRun: PlannedRequest | null;
  readonly replayed: boolean;
  /** Why a write that was carried out could not be read back. */
  readonly readBackFailure: BillgraphError | null;
}

export function refused<R>(userErrors: UserError[]): WriteResult<R> {
  return { record: null, recordId: null, userErrors, dryRun: null, replayed: false, readBackFailure: null };
}

/** A write, as far as it takes to tell what became of it. `recordId` is undefined for a create. */
interface Told {
  readonly operation: string;
  readonly account: { readonly name: string };
  readonly recordId: string | undefined;
}

export function unknownOutcome<R>({ operation }: Told, why: string): WriteResult<R> {
  const message = `${operation} may have been carried out, and is not sent again: ${why}. Look for the record before another try`;
  return refused([userError('OUTCOME_UNKNOWN', message)]);
}

/** Does it leave open what became of the write? */
export function isUnknown({ userErrors }: Pick<WriteResult<unknown>, 'userErrors'>): boolean {
  return userErrors.some(({ code }) => code === 'OUTCOME_UNKNOWN');
}

/** Of a create that was carried out, and whose answer did not show what it made. */
export function isWithoutRecord({
  recordId,
  userErrors,
}: {
  readonly recordId: string | null;
  readonly userErrors: readonly UserError[];
}): boolean {
  return recordId === null && userErrors.length === 0;
}

export function noRecord({ account, operation }: Told): MalformedAnswer {
  return new MalformedAnswer(account.name, `${operation} was carried out, and its answer holds no record`);
}

/** What an earlier request made, and nobody has any more. */
export function gone({ account, operation }: Told, id: string): UserError {
  return userError('NOT_FOUND', `${operation} was carried out as ${id}, and ${account.name} has no such record now`);
}

/** What an earlier request made is there, and can't be read now: its id is not lost. */
export class CreatedRecordUnread extends BillgraphError {
  override readonly name = 'CreatedRecordUnread';
  readonly code: BillgraphError['code'];
  readonly #extensions: Record<string, unknown>;

  constructor({ operation }: Told, id: string, cause: VendorError) {
    super(`${operation} was carried out as ${id}, which could not be read: ${cause.message}`, { cause });
    this.code = cause.code;
    this.#extensions = { ...cause.extensions, recordId: id };
  }

  override get extensions(): Record<string, unknown> {
    return this.#extensions;
  }
}

export function notFound({ account, recordId }: Told): UserError {
  const message = recordId ? `${account.name} has no such record` : `${account.name} has no such customer`;
  return userError('NOT_FOUND', message, recordId ? ['id'] : ['customerId']);
}

export function refusal({ message, vendorCode, retryable }: VendorRefusal): UserError {
  return { ...userError('REFUSED_BY_VENDOR', message), vendorCode: vendorCode ?? null, retryable };
}
