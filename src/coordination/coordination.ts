import { BillgraphError } from '../errors.ts';

/** What became of the first request with an idempotency key. */
export type KeyState =
  /** Nobody has used it: the caller has it now, and must settle or release it. */
  | { readonly state: 'NEW'; readonly claim: Claim }
  /** Its request is still under way. */
  | { readonly state: 'IN_PROGRESS' }
  /** It belongs to another input. */
  | { readonly state: 'OTHER_INPUT' }
  /** Its request has ended, with this result. */
  | { readonly state: 'SETTLED'; readonly result: unknown }
  /** Its request ended without a trace, as a crash leaves it: it may have reached the vendor, and must not be sent again. */
  | { readonly state: 'LOST'; readonly claimedAtMs: number | undefined };

export interface Claim {
  /** Remembers the result for RESULT_SECONDS. False when it couldn't be: the key is then found LOST, which is safe. */
  settle(result: unknown): Promise<boolean>;
  /** Nothing was sent: the key is as good as unused. */
  release(): Promise<void>;
}

/** A record that is the caller's alone to change. */
export interface Lock {
  /**
   * Others stay out for `forMs` more, though the work ends before: what it has sent may take effect until then. Where
   * that can't be told, the lock is kept for what is left of its lease.
   */
  keep(forMs: number): Promise<void>;
}

/** How long a key answers with its first result. */
export const RESULT_SECONDS = 24 * 60 * 60;

/** Redis is taken for silent soon after. */
export const MAX_WAIT_MS = 900;

/** Redis answers a write before any replica has it, and forgets it when such a replica takes over. */
export interface RedisDurability {
  /** How many replicas must have it. */
  readonly replicas: number;
  /** Must it be in the append-only files of the server and of those replicas as well? Redis 7.2 and later. */
  readonly onDisk: boolean;
  /** How long that may take, at most MAX_WAIT_MS. */
  readonly timeoutMs: number;
}

/** What replicas must agree on before a write: who has an idempotency key, and who changes a record. */
export interface Coordination {
  /**
   * Claims a key for one request, which may take `leaseMs`. `fingerprint` stands for the request's input, `claimedAtMs`,
   * in epoch milliseconds, is told to those who find the key LOST.
   * Rejects with {@link CoordinationUnavailable} rather than let a second request through.
   */
  claim(key: string, fingerprint: string, leaseMs: number, claimedAtMs?: number): Promise<KeyState>;
  /**
   * Puts what was learned since in the place of an ended request's result: of one that said nothing certain, or of one
   * that was LOST. False when it couldn't be remembered.
   */
  amend(key: string, fingerprint: string, result: unknown): Promise<boolean>;
  /**
   * Runs `work` while nobody else does under the same name. `leaseMs` is the longest that it may take: after it, others
   * go on. Rejects with {@link RecordBusy} when others are still at it at `deadlineMs`, on performance.now()'s clock.
   */
  exclusively<T>(name: string, leaseMs: number, deadlineMs: number, work: (lock: Lock) => Promise<T>): Promise<T>;
  /**
   * Does `owner` have `name`? The first who says so has it for RESULT_SECONDS. False, too, where that is no longer known.
   * Rejects with {@link CoordinationUnavailable}.
   */
  own(name: string, owner: string): Promise<boolean>;
  close(): Promise<void>;
}

/** A write that must be coordinated and can't be is refused: nothing has been sent. */
export class CoordinationUnavailable extends BillgraphError {
  override readonly name = 'CoordinationUnavailable';
  readonly code = 'INTERNAL_SERVER_ERROR';
  override get extensions() {
    return { code: this.code, retryable: true };
  }
}

/** Others have been changing the same record for as long as there was time to wait. Nothing has been sent. */
export class RecordBusy extends BillgraphError {
  override readonly name = 'RecordBusy';
  readonly code = 'INTERNAL_SERVER_ERROR';
}
