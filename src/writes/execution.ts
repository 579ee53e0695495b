import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Claim, type Coordination, type Lock, RecordBusy } from '../coordination/coordination.ts';
import { createdRecord, idempotencyRecord, writerLock } from '../coordination/names.ts';
import {
  BadUserInput,
  type BillgraphError,
  VendorError,
  VendorRecordNotFound,
  VendorRefusal,
  VendorTimeout,
} from '../errors.ts';
import { AccountKeys } from '../loaders/keys.ts';
import type { Loaders, RequestContext } from '../loaders/loaders.ts';
import { holdsCardNumber } from '../model/card-number.ts';
import { renameAccount } from '../model/ids.ts';
import type { PlannedRequest } from '../model/payloads.ts';
import { type UserError, userError } from '../model/user-error.ts';
import type { CallContext } from '../transport/transport.ts';
import type { Outcome, PlannedWrite, VendorAccount } from '../vendors/vendor.ts';
import type { Audit, AuditLine } from './audit.ts';
import { checkCardData } from './card-data.ts';
import { fingerprintInput, fingerprintKey } from './fingerprint.ts';
import { checkInputSize } from './input-size.ts';
import type { CachePlace, Invalidation } from './invalidation.ts';
import {
  CreatedRecordUnread,
  gone,
  isUnknown,
  isWithoutRecord,
  noRecord,
  notFound,
  refusal,
  refused,
  unknownOutcome,
  type WriteResult,
} from './result.ts';
import type { WritesUnderWay } from './under-way.ts';

/** What outlives a request. */
export interface WriteParts {
  readonly accounts: ReadonlyMap<string, VendorAccount>;
  readonly coordination: Coordination;
  readonly invalidation: Invalidation;
  readonly audit: Audit;
  readonly underWay: WritesUnderWay;
  readonly allowRawCardData: boolean;
  /** Known to all replicas and to nobody else: an account's own password serves. */
  readonly fingerprintSecretOf: (account: string) => string;
  /** One call's limit at an account. */
  readonly timeoutMsOf: (account: string) => number;
}

export interface WriteOptions {
  readonly dryRun: boolean;
}

export interface CreateOptions extends WriteOptions {
  readonly idempotencyKey: string | null | undefined;
}

/** One write, and what it takes to coordinate, send and remember it. */
export interface Job<R> {
  readonly operation: string;
  readonly account: VendorAccount;
  readonly input: object;
  /** The record that is changed; undefined for a create. */
  readonly recordId: string | undefined;
  /** Is it worked out from the record as it is? Then it can be planned anew where it has failed. */
  readonly isEdit?: boolean;
  readonly plan: (context: CallContext) => PlannedWrite<R> | Promise<PlannedWrite<R> | null>;
  /** Problems that only the record as it is can show. */
  readonly check?: (plan: PlannedWrite<R>) => readonly UserError[];
  /** Cache keys of the customers that it changes; all else ends with the account's generation. `record` is what was written, where that is known. */
  readonly touched: (record: R | null) => readonly string[];
  /** The record past every cache; null for a record that is to be gone. */
  readonly readBack: ((record: R | undefined, context: CallContext) => Promise<R | null>) | undefined;
  /** Where the record that it leaves belongs in the cache. */
  readonly cachePlace?: (record: R) => CachePlace;
  readonly idOf: (record: R) => string;
}

/** A write that an idempotency key may stand for. */
export interface CreateJob<R> extends Job<R> {
  /** The input without our own name of the account, as another gateway may call it otherwise. */
  readonly meaning: object;
  /** The record with this id as it was created, or as it is by now; null for one that is gone. */
  readonly load: (id: string) => Promise<R | null>;
}

/**
 * What an idempotency key remembers of the first answer. Not the record: it holds a person, who may be deleted before the
 * key is. Its id names the account as the gateway does that answered first.
 */
interface RememberedResult {
  readonly recordId: string | null;
  readonly userErrors: UserError[];
  /** In epoch milliseconds, for whoever looks again for what became of it, where that is unknown. */
  readonly sentAtMs?: number;
}

/** A create with an idempotency key. */
interface KeyedCreate<R> {
  readonly job: CreateJob<R>;
  readonly idempotencyKey: string;
  /** Where the key is kept. */
  readonly key: string;
  readonly fingerprint: string;
  /** In epoch milliseconds: the request that has the key goes out right after. */
  readonly claimedAtMs: number;
}

/** What is known of a request when its call has ended. */
type Sent<R> =
  | { readonly state: 'DONE'; readonly written: R | undefined }
  | { readonly state: 'REFUSED'; readonly problem: UserError }
  | { readonly state: 'FAILED'; readonly error: VendorError };

/** How often an edit is planned and sent, the first time included. */
const EDIT_ATTEMPTS = 3;
/** The pause before an edit is planned anew; it doubles with each further one. */
const EDIT_PAUSE_MS = 100;

/** How often a request looks whether the one with the same idempotency key has ended. */
const POLL_MS = 50;
const KEY_FORM = /^[\x21-\x7e]{1,255}$/;

/** Carries one request's writes out: checked, coordinated, sent once, remembered, and forgotten by every cache. */
export class Execution {
  readonly #parts: WriteParts;
  readonly #context: RequestContext;
  readonly #loaders: Loaders;
  /** Jobs whose request may have reached the vendor. */
  readonly #sent = new WeakSet<object>();

  constructor(parts: WriteParts, context: RequestContext, loaders: Loaders) {
    this.#parts = parts;
    this.#context = context;
    this.#loaders = loaders;
  }

  /** One writer at a time for each record, over all replicas: what is read, changed and written back must not cross. */
  async change<R extends object>(job: Job<R>, { dryRun }: WriteOptions): Promise<WriteResult<R>> {
    const sizeErrors = checkInputSize(job.input);
    if (sizeErrors.length > 0) return this.#refuse(job, null, sizeErrors);
    const cardErrors = checkCardData(job.input, this.#parts.allowRawCardData);
    if (cardErrors.length > 0) return this.#refuse(job, null, cardErrors);
    if (dryRun) return this.#dryRun(job);
    return this.#begin(job, null, () => this.#changeAlone(job));
  }

  async #changeAlone<R extends object>(job: Job<R>): Promise<WriteResult<R>> {
    const lock = writerLock(job.account.identity, job.recordId as string);
    try {
      return await this.#parts.coordination.exclusively(lock, this.#leaseMs(job), this.#context.deadlineMs, (held) =>
        this.#changeInTurn(job, held),
      );
    } catch (error) {
      if (!(error instanceof RecordBusy)) throw error;
      return this.#refuse(job, null, [{ ...userError('CONFLICT', error.message), retryable: true }]);
    }
  }

  /**
   * A change whose request may have arrived is looked for, and never sent again as it was: an edit is planned anew, from
   * the record as it is by then, and only where the request before it can't arrive any more.
   */
  async #changeInTurn<R extends object>(job: Job<R>, lock: Lock): Promise<WriteResult<R>> {
    /** Why it isn't known what became of an earlier request. */
    let doubt: VendorError | undefined;
    /** The record before anything was sent; of edits only. */
    let before: object | undefined;
    for (let attempt = 1; ; attempt++) {
      let plan: PlannedWrite<R> | null;
      try {
        plan = await job.plan(this.#context);
      } catch (error) {
        if (doubt === undefined || !(error instanceof VendorError)) throw error;
        return this.#unknown(job, null, doubt.message);
      }
      const current = plan && currentOf(plan);
      before ??= current ?? undefined;
      // What an earlier request may have changed is not known to be others' doing.
      const isInDoubt = doubt !== undefined && !isUntouched(job.input, before, current);
      const problems = plan === null ? [notFound(job)] : problemsOf(job, plan);
      if (plan === null || problems.length > 0) {
        // The record isn't what the client takes it for, perhaps from our own cache.
        if (problems.some(({ code }) => code === 'CONFLICT' || code === 'NOT_FOUND')) await this.#forget(job, null);
        return doubt && plan && isInDoubt ? this.#unknown(job, null, doubt.message) : this.#refuse(job, null, problems);
      }
      const sentAtMs = Date.now();
      const sent = await this.#send(job, plan);
      if (sent.state === 'REFUSED' && doubt && isInDoubt) {
        await this.#forget(job, null);
        return this.#unknown(job, null, doubt.message);
      }
      if (sent.state !== 'FAILED') return this.#conclude(job, sent, null);
      const { error } = sent;
      if (error.mayHaveArrived) {
        doubt = error;
        const outcome = await this.#findOutcome(plan, sentAtMs, this.#afterwards());
        const isOnItsWay = mayArriveYet(job, error) && (!outcome || outcome.wasSoBefore === true);
        if (isOnItsWay) await lock.keep(this.#leaseMs(job));
        if (outcome) return this.#finish(job, outcome.record, null);
        await this.#forget(job, null);
        if (isOnItsWay) return this.#unknown(job, null, error.message);
      } else if (doubt === undefined) {
        this.#sent.delete(job);
      }
      const pauseMs = job.isEdit ? this.#pauseMs(error, attempt) : undefined;
      if (pauseMs === undefined) {
        if (doubt === undefined) throw error;
        return this.#unknown(job, null, doubt.message);
      }
      await wait(pauseMs);
    }
  }

  /** Undefined where an edit is not to be planned anew. */
  #pauseMs({ retryable, retryAfterMs }: VendorError, attempt: number): number | undefined {
    const { signal, deadlineMs } = this.#context;
    if (!retryable || attempt === EDIT_ATTEMPTS || signal.aborted) return undefined;
    const pauseMs = Math.max(retryAfterMs ?? 0, EDIT_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
    return performance.now() + pauseMs < deadlineMs ? pauseMs : undefined;
  }

  async create<R extends object>(
    job: CreateJob<R>,
    { dryRun, idempotencyKey }: CreateOptions,
  ): Promise<WriteResult<R>> {
    const sizeErrors = checkInputSize(job.input);
    if (sizeErrors.length > 0) return this.#refuse(job, null, sizeErrors);
    const cardErrors = checkCardData(job.input, this.#parts.allowRawCardData);
    if (cardErrors.length > 0) {
      // To plan a create asks nobody, so that everything else that is wrong can be told at once.
      const plan = await this.#plan(job);
      const others = Array.isArray(plan) ? plan : [];
      return this.#refuse(job, null, [
        ...cardErrors,
        ...others.filter((other) => !cardErrors.some(isOfSameField(other))),
      ]);
    }
    if (dryRun) return this.#dryRun(job);
    if (idempotencyKey === null || idempotencyKey === undefined) {
      return this.#begin(job, null, async () => {
        const plan = await this.#plan(job);
        return Array.isArray(plan) ? this.#refuse(job, null, plan) : this.#sendNew(job, plan, null, randomUUID());
      });
    }
    if (!KEY_FORM.test(idempotencyKey) || holdsCardNumber(idempotencyKey)) {
      throw new BadUserInput(
        'idempotencyKey must be 1 to 255 printable ASCII characters without spaces, and no card number',
      );
    }
    return this.#begin(job, idempotencyKey, () => this.#createOnce(job, idempotencyKey));
  }

  /** Whatever it comes to, it is waited for and leaves a line in the audit. */
  #begin<R>(job: Job<R>, idempotencyKey: string | null, work: () => Promise<WriteResult<R>>): Promise<WriteResult<R>> {
    return this.#parts.underWay.run(async () => {
      try {
        return await work();
      } catch (error) {
        this.#tell(job, job.recordId ?? null, idempotencyKey, this.#sent.has(job) ? 'UNKNOWN' : 'FAILED');
        throw error;
      }
    });
  }

  async #createOnce<R extends object>(job: CreateJob<R>, idempotencyKey: string): Promise<WriteResult<R>> {
    const { account, operation, meaning } = job;
    const fingerprint = fingerprintInput(operation, meaning, this.#parts.fingerprintSecretOf(account.name));
    const key = idempotencyRecord(this.#context.tenant, account.identity, fingerprintKey(operation, idempotencyKey));
    for (;;) {
      const create: KeyedCreate<R> = { job, idempotencyKey, key, fingerprint, claimedAtMs: Date.now() };
      const known = await this.#parts.coordination.claim(key, fingerprint, this.#leaseMs(job), create.claimedAtMs);
      switch (known.state) {
        case 'NEW':
          return this.#settle(create, known.claim);
        case 'SETTLED': {
          const first = known.result as RememberedResult;
          const found =
            isUnknown(first) || isWithoutRecord(first) ? await this.#lookAgain(create, first.sentAtMs) : undefined;
          return found ?? this.#replay(job, idempotencyKey, first);
        }
        case 'OTHER_INPUT': {
          const message = 'this idempotency key was used before, with another input';
          return this.#refuse(job, idempotencyKey, [userError('IDEMPOTENCY_KEY_REUSED', message, ['idempotencyKey'])]);
        }
        case 'LOST': {
          const why = 'an earlier request with this idempotency key ended without a trace';
          return (await this.#lookAgain(create, known.claimedAtMs)) ?? this.#unknown(job, idempotencyKey, why);
        }
        case 'IN_PROGRESS':
          if (performance.now() + POLL_MS >= this.#context.deadlineMs || this.#context.signal.aborted) {
            const message = 'a request with this idempotency key is still under way';
            const error = { ...userError('IDEMPOTENCY_IN_PROGRESS', message, ['idempotencyKey']), retryable: true };
            return this.#refuse(job, idempotencyKey, [error]);
          }
          await wait(POLL_MS);
      }
    }
  }

  /** The first answer again, unless its record is gone. */
  async #replay<R extends object>(
    job: CreateJob<R>,
    idempotencyKey: string,
    { recordId, userErrors }: RememberedResult,
  ): Promise<WriteResult<R>> {
    const id = recordId && renameAccount(recordId, job.account.name);
    this.#tell(job, id, idempotencyKey, 'REPLAYED');
    const replayed = { ...refused<R>(userErrors), recordId: id, replayed: true };
    if (id === null) return userErrors.length > 0 ? replayed : { ...replayed, readBackFailure: noRecord(job) };
    try {
      const record = await job.load(id);
      return record ? { ...replayed, record } : { ...replayed, userErrors: [gone(job, id)] };
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      return { ...replayed, readBackFailure: new CreatedRecordUnread(job, id, error) };
    }
  }

  /**
   * Nothing was known of the create when it was asked for before: it may have arrived late, or the vendor could not be
   * asked. What is found answers the key from now on; undefined where nothing is. Two who look at once find the same.
   */
  async #lookAgain<R extends object>(
    { job, idempotencyKey, key, fingerprint }: KeyedCreate<R>,
    sentAtMs: number | undefined,
  ): Promise<WriteResult<R> | undefined> {
    if (sentAtMs === undefined) return undefined;
    const plan = await this.#plan(job);
    if (Array.isArray(plan)) return undefined;
    // Nothing has begun that must go on without its client.
    const { signal, deadlineMs } = this.#context;
    const context = { signal, deadlineMs: Math.min(deadlineMs, performance.now() + AFTERWARDS_MS) };
    const outcome = await this.#findCreated(job, plan, sentAtMs, key, context);
    if (!outcome) return undefined;
    const result = await this.#finish(job, outcome.record, idempotencyKey);
    await this.#parts.coordination.amend(key, fingerprint, this.#remembered(result, sentAtMs));
    return { ...result, replayed: true };
  }

  /** Runs the one request that has the key, and leaves the key telling what became of it. */
  async #settle<R extends object>(create: KeyedCreate<R>, claim: Claim): Promise<WriteResult<R>> {
    const { job, idempotencyKey, key, claimedAtMs } = create;
    let result: WriteResult<R>;
    try {
      const plan = await this.#plan(job);
      result = Array.isArray(plan)
        ? this.#refuse(job, idempotencyKey, plan)
        : await this.#sendNew(job, plan, idempotencyKey, key);
    } catch (error) {
      if (this.#sent.has(job)) {
        await claim.settle(this.#remembered(unknownOutcome<R>(job, 'it failed within the gateway'), claimedAtMs));
      } else await claim.release();
      throw error;
    }
    await claim.settle(this.#remembered(result, claimedAtMs));
    return result;
  }

  #remembered<R>(result: WriteResult<R>, sentAtMs: number): RememberedResult {
    const { recordId, userErrors } = result;
    return { recordId, userErrors, ...(isUnknown(result) || isWithoutRecord(result) ? { sentAtMs } : {}) };
  }

  async #plan<R>(job: Job<R>): Promise<PlannedWrite<R> | UserError[]> {
    const plan = await job.plan(this.#context);
    if (plan === null) return [notFound(job)];
    const problems = problemsOf(job, plan);
    return problems.length > 0 ? problems : plan;
  }

  /** What would be sent, and what of the input would be lost on the way; a lock or a key isn't needed to know. */
  async #dryRun<R>(job: Job<R>): Promise<WriteResult<R>> {
    const plan = await job.plan(this.#context);
    if (plan === null) return refused([notFound(job)]);
    const userErrors = [...plan.problems, ...(job.check?.(plan) ?? [])];
    const lostFields = userErrors.flatMap(({ code, field }) =>
      code === 'UNSUPPORTED_BY_VENDOR' && field ? [field.join('.')] : [],
    );
    const dryRun: PlannedRequest = { ...plan.request, lostFields };
    return { record: null, recordId: null, userErrors, dryRun, replayed: false, readBackFailure: null };
  }

  /**
   * A create. Throws a VendorError only where the request is certain not to have reached the vendor. `owner` stands for
   * this create among all others.
   */
  async #sendNew<R extends object>(
    job: Job<R>,
    plan: PlannedWrite<R>,
    idempotencyKey: string | null,
    owner: string,
  ): Promise<WriteResult<R>> {
    const sentAtMs = Date.now();
    const sent = await this.#send(job, plan);
    if (sent.state !== 'FAILED') {
      if (sent.state === 'DONE' && plan.findOutcome) {
        // Or another create, whose answer is lost, might be taken for the one that made it.
        if (sent.written) await this.#own(job, sent.written, owner);
        // The answer didn't show it: its id is not to be lost for that.
        else return this.#finish(job, await this.#findMade(job, plan, sentAtMs, owner), idempotencyKey);
      }
      return this.#conclude(job, sent, idempotencyKey);
    }
    const { error } = sent;
    if (!error.mayHaveArrived) {
      this.#sent.delete(job);
      throw error;
    }
    const outcome = await this.#findCreated(job, plan, sentAtMs, owner, this.#afterwards());
    if (outcome) return this.#finish(job, outcome.record, idempotencyKey);
    await this.#forget(job, null);
    return this.#unknown(job, idempotencyKey, error.message);
  }

  /** Sends it once. */
  async #send<R extends object>(job: Job<R>, plan: PlannedWrite<R>): Promise<Sent<R>> {
    const { signal, deadlineMs } = this.#context;
    if (signal.aborted || performance.now() >= deadlineMs) {
      const message = 'not asked before the time was up';
      return { state: 'FAILED', error: new VendorTimeout(job.account.name, message, { mayHaveArrived: false }) };
    }
    this.#sent.add(job);
    try {
      return { state: 'DONE', written: await plan.send(this.#toItsEnd(job)) };
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      if (error instanceof VendorRecordNotFound) return { state: 'REFUSED', problem: notFound(job) };
      if (error instanceof VendorRefusal) return { state: 'REFUSED', problem: refusal(error) };
      return { state: 'FAILED', error };
    }
  }

  async #conclude<R extends object>(
    job: Job<R>,
    sent: Exclude<Sent<R>, { readonly state: 'FAILED' }>,
    idempotencyKey: string | null,
  ): Promise<WriteResult<R>> {
    if (sent.state === 'DONE') return this.#finish(job, sent.written, idempotencyKey);
    if (sent.problem.code === 'NOT_FOUND' && job.recordId) await this.#forget(job, null);
    return this.#refuse(job, idempotencyKey, [sent.problem]);
  }

  async #findOutcome<R>(
    plan: PlannedWrite<R>,
    sentAtMs: number,
    context: CallContext,
  ): Promise<Outcome<R> | undefined> {
    try {
      return await plan.findOutcome?.(sentAtMs, context);
    } catch {
      return undefined;
    }
  }

  /** What a create has made that is known to have been carried out; undefined where that can't be told. */
  async #findMade<R extends object>(job: Job<R>, plan: PlannedWrite<R>, sentAtMs: number, owner: string) {
    return (await this.#findCreated(job, plan, sentAtMs, owner, this.#afterwards()))?.record;
  }

  /** What a create has made, unless another create is known to have made it. */
  async #findCreated<R extends object>(
    job: Job<R>,
    plan: PlannedWrite<R>,
    sentAtMs: number,
    owner: string,
    context: CallContext,
  ): Promise<Outcome<R> | undefined> {
    const outcome = await this.#findOutcome(plan, sentAtMs, context);
    return outcome?.record && (await this.#own(job, outcome.record, owner)) ? outcome : undefined;
  }

  /** Is a record this create's? The first that says so has it. False where that can't be told. */
  async #own<R>(job: Job<R>, record: R, owner: string): Promise<boolean> {
    try {
      return await this.#parts.coordination.own(createdRecord(job.account.identity, job.idOf(record)), owner);
    } catch {
      return false;
    }
  }

  /** The vendor has carried it out: whatever goes wrong from here on doesn't undo that. */
  async #finish<R extends object>(
    job: Job<R>,
    written: R | undefined,
    idempotencyKey: string | null,
  ): Promise<WriteResult<R>> {
    let record: R | null = written ?? null;
    let readBackFailure: BillgraphError | null = null;
    // Before reading back, so that nobody takes the old record for the new; and the lists with it.
    const mark = await this.#forget(job, record);
    if (job.readBack) {
      try {
        record = await job.readBack(written, this.#afterwards());
      } catch (error) {
        if (!(error instanceof VendorError)) throw error;
        readBackFailure = error;
      }
    } else if (!record && job.recordId === undefined) {
      readBackFailure = noRecord(job);
    }
    if (record) {
      const fetchedAtMs = Date.now();
      this.#loaders.adopt(record, fetchedAtMs);
      if (job.cachePlace) await this.#parts.invalidation.remember(mark, job.cachePlace(record), record, fetchedAtMs);
    }
    const recordId = record ? job.idOf(record) : (job.recordId ?? null);
    this.#tell(job, recordId, idempotencyKey, 'DONE');
    return { record, recordId, userErrors: [], dryRun: null, replayed: false, readBackFailure };
  }

  /** Returns the mark of this write. */
  async #forget<R>(job: Job<R>, record: R | null): Promise<string> {
    const mark = await this.#parts.invalidation.forget(this.#keys(job), job.touched(record));
    this.#loaders.forget();
    return mark;
  }

  #refuse<R>(job: Job<R>, idempotencyKey: string | null, userErrors: UserError[]): WriteResult<R> {
    this.#tell(job, job.recordId ?? null, idempotencyKey, 'REFUSED');
    return refused(userErrors);
  }

  #unknown<R>(job: Job<R>, idempotencyKey: string | null, why: string): WriteResult<R> {
    this.#tell(job, job.recordId ?? null, idempotencyKey, 'UNKNOWN');
    return unknownOutcome(job, why);
  }

  #tell<R>(job: Job<R>, recordId: string | null, idempotencyKey: string | null, outcome: AuditLine['outcome']): void {
    const { operation, account } = job;
    this.#parts.audit({
      tenant: this.#context.tenant,
      account: account.name,
      operation,
      recordId,
      idempotencyKey,
      outcome,
    });
  }

  /** What has begun is not cut short by the client: a write that is half done helps nobody. */
  #toItsEnd<R>({ account }: Job<R>): CallContext {
    const wholeCallMs = performance.now() + this.#parts.timeoutMsOf(account.name);
    const { deadlineMs, requester } = this.#context;
    return { signal: new AbortController().signal, deadlineMs: Math.max(deadlineMs, wholeCallMs), requester };
  }

  /** Reads that follow a write go on though the client has left: what they learn is remembered. */
  #afterwards(): CallContext {
    const { requester } = this.#context;
    return { signal: new AbortController().signal, deadlineMs: performance.now() + AFTERWARDS_MS, requester };
  }

  /**
   * The longest that a write may take: sent at the end of the request's time, after a wait for its turn, then its outcome
   * looked for and its record read back.
   */
  #leaseMs<R>({ account }: Job<R>): number {
    const untilSentMs = Math.max(0, this.#context.deadlineMs - performance.now());
    return Math.ceil(untilSentMs + 2 * this.#parts.timeoutMsOf(account.name) + 2 * AFTERWARDS_MS + LEASE_RESERVE_MS);
  }

  #keys<R>({ account }: Job<R>): AccountKeys {
    return new AccountKeys(this.#context.tenant, account);
  }
}

/** For the reads after a write, on top of what is left of the request's time. */
const AFTERWARDS_MS = 5000;
/** For what a write does within the gateway, caches included. */
const LEASE_RESERVE_MS = 2000;

/**
 * May a change take effect after others have made theirs? An edit, which would undo them, while any of its request may
 * lie somewhere; another change where the vendor has merely been silent, or a gateway has lost sight of it.
 */
function mayArriveYet<R>({ isEdit }: Job<R>, error: VendorError): boolean {
  if (isEdit) return error.mayArriveYet;
  if (error instanceof VendorTimeout) return error.mayHaveArrived;
  // A gateway's word, not a connection that broke.
  return error.mayArriveYet && error.mayHaveArrived && error.wireCode === undefined;
}

function problemsOf<R>(job: Job<R>, plan: PlannedWrite<R>): UserError[] {
  return [...plan.problems, ...(job.check?.(plan) ?? [])];
}

/** The record that an edit was planned from. */
function currentOf(plan: object): object | undefined {
  return 'current' in plan && typeof plan.current === 'object' && plan.current !== null ? plan.current : undefined;
}

/** Is all that an input asks to change still as it was before anything was sent? */
function isUntouched(input: object, before: object | undefined, now: object | null | undefined): boolean {
  if (!before || !now) return false;
  return Object.keys(input).every(
    (name) =>
      name === 'id' ||
      name === 'expectedVersion' ||
      (name in before && isDeepStrictEqual(Reflect.get(before, name), Reflect.get(now, name))),
  );
}

function isOfSameField({ field }: UserError): (other: UserError) => boolean {
  return (other) => other.field?.join('.') === field?.join('.');
}
