import { DOCUMENTED_CUSTOM_FIELD_KEYS } from './seed-customers.ts';

/** Where the vendor's behaviour is not documented, each plausible one can be had. */
export interface BillagainOptions {
  /** 0 takes a free one, the default. */
  readonly port?: number;
  /** Generated customers, beside seed 002's three. Default: 1,000. */
  readonly customers?: number;
  /** Another seed gives other generated customers. Default: 1. */
  readonly seed?: number;
  /** The Basic username: a number (docs.billagain.com/developer/authentication). Default: 1001. */
  readonly accountId?: string;
  /** The Basic password. */
  readonly apiKey?: string;
  /** How long every answer takes. Default: 0. */
  readonly latencyMs?: number;
  /** Labels of generated customers' custom fields. Default: the three of seed 002. */
  readonly customFieldKeys?: readonly [string, ...string[]];
  /** Lists are ordered by CreatedDate; the direction is not documented, and seed 002's examples are newest first. */
  readonly order?: 'newest' | 'oldest';
  /** A page_size above 200 is cut to 200, or refused with 400. */
  readonly overLimit?: 'clamp' | 'refuse';
  /** What an edit does to the fields it leaves out. Default: the worst reading, null. */
  readonly omittedOnEdit?: 'null' | 'keep';
  /** by_customer_ids leaves ids that it does not know out of its answer, or answers 410 as a whole. */
  readonly unknownIds?: 'omit' | 'gone';
  /**
   * StatementDate in the answers whose tables don't have it: all reads but by_customer_ids. The examples show it as null in all.
   */
  readonly undocumentedStatementDate?: 'show' | 'null' | 'omit';
}

/** Test credentials; nothing but the simulator accepts them. */
export const BILLAGAIN_DEFAULTS = {
  customers: 1000,
  seed: 1,
  accountId: '1001',
  apiKey: 'billagain-simulator-key',
  customFieldKeys: DOCUMENTED_CUSTOM_FIELD_KEYS,
  order: 'newest',
  overLimit: 'clamp',
  omittedOnEdit: 'null',
  unknownIds: 'omit',
  undocumentedStatementDate: 'show',
} as const satisfies BillagainOptions;
