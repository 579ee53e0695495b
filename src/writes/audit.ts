/** What is kept of a write, for whoever must know later who changed what: no personal data. */
export interface AuditLine {
  readonly tenant: string;
  readonly account: string;
  /** The mutation's name. */
  readonly operation: string;
  /** The global id, where it is known. */
  readonly recordId: string | null;
  readonly idempotencyKey: string | null;
  readonly outcome: 'DONE' | 'REFUSED' | 'UNKNOWN' | 'FAILED' | 'REPLAYED';
}

export type Audit = (line: AuditLine) => void;
