/** Which version of the white-labelled API speaks: `management` is seeds 001 and 003, `billing` is seed 000. */
export type Profile = 'management' | 'billing';

/**
 * Where UniPay's documents are silent the simulator asks instead of guessing: every field from `failureStatus` down
 * is one such silence, its default the documented hint or, without one, the answer that is hardest on a client.
 */
export interface UnipayOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Generated customers; the default is 250, two and a half pages of the default limit. */
  customers?: number;
  /** Equal seeds and equal `today` give equal rows. */
  seed?: number;
  profile?: Profile;
  /** Service users' names begin with `api-` (public: concepts/1). */
  username?: string;
  password?: string;
  /** Added to every answer, beside whatever a dial adds. */
  latencyMs?: number;
  /**
   * The vendor's own day, yyyy-MM-dd; billing dates are laid out around it. The default is the UTC day of the start
   * (UniPay's time zone is not documented), and it stands still from then on, so that lists do too.
   */
  today?: string;
  /** Merchant accounts the service user may use; it may have several (public: components/256). */
  accountIds?: readonly number[];

  /** HTTP status of an answer with a failureCode. Undocumented; on 200 only the body tells. */
  failureStatus?: 200 | 400 | 'by-letter';
  /** HTTP status for bad credentials. Undocumented; 401 is what HTTP authentication promises. */
  unauthorizedStatus?: 200 | 401 | 403;
  /** HTTP status of a create. Undocumented. */
  createdStatus?: 200 | 201;
  /**
   * How cancel and freeze ("Implicit: No") are written after the subscription's path. Undocumented; the tilde comes
   * from the notation of the vendor's own index of actions.
   */
  actionSpelling?: string;
  /** Suffixes are documented for merchants only (`/merchants/2000.xml`), Accept nowhere. */
  formatBy?: 'suffix' | 'accept' | 'both';
  /** The format of an answer when neither suffix nor Accept names one. Undocumented. */
  defaultFormat?: 'json' | 'xml';
  /** Scalars as attributes is what every documented field says; some deployments could differ. */
  xmlScalars?: 'attributes' | 'elements';
  /** Root element of one record. Undocumented; default `customer` or `subscription`, and `object` is as likely. */
  xmlRecordName?: string;
  /** Element around a list's rows, and a wrapped JSON list's name. Undocumented; default `customers`, `subscriptions`. */
  listName?: string;
  /** Root element of a failure. Undocumented; the error page's own word is "exception". */
  xmlFailureName?: string;
  /** A list in JSON: bare, or under the list's name. Undocumented. */
  jsonList?: 'array' | 'wrapped';
  /** The only machine sample (FeeCycle) shows a number as a string; the field tables say Integer. */
  jsonNumbers?: 'number' | 'string';
  /** The same sample's query string has a leading `?` and a trailing `&`. */
  xurlMarks?: 'bare' | 'sample';
  /** How text filters match, case ignored. Undocumented. */
  match?: 'exact' | 'prefix' | 'contains';
  /** What a parameter or body field outside the profile gives: a failure of this letter, or nothing. Undocumented. */
  unknownNames?: 'F' | 'U' | 'ignore';
  /** A ReadOnly field in a body, or a CreateOnly one on modify: a V failure, or silently no effect. Undocumented. */
  lockedFields?: 'refuse' | 'ignore';
  /** The merchant account of a customer created without `accountId`. The field says Required, so none by default. */
  defaultAccountId?: number;
  /** The highest `limit`. Undocumented, so none by default. */
  maximumLimit?: number;
  /** What happens above it. */
  aboveMaximumLimit?: 'clamp' | 'refuse';
  /** Where a find shows rows created since the start. Undocumented; `first` moves every offset on each create. */
  createdRows?: 'last' | 'first';
  /** Whether customers carry balance, status and createDate. They are in the data model, not surely in the API. */
  unconfirmedCustomerFields?: boolean;
  /** When a cancel or freeze of a later day shows in `status`; until then only pendingAdjustmentType tells. */
  adjustments?: 'on-date' | 'at-once';
}

type Optional = 'today' | 'xmlRecordName' | 'listName' | 'defaultAccountId' | 'maximumLimit';

/** The options with every default filled in. */
export type Settings = Required<Omit<UnipayOptions, Optional>> & {
  readonly today: string;
  readonly xmlRecordName: string | undefined;
  readonly listName: string | undefined;
  readonly defaultAccountId: number | undefined;
  readonly maximumLimit: number | undefined;
};

export function settle(options: UnipayOptions): Settings {
  return {
    port: options.port ?? 0,
    customers: options.customers ?? 250,
    seed: options.seed ?? 1,
    profile: options.profile ?? 'management',
    username: options.username ?? 'api-billgraph',
    password: options.password ?? 'simulated-password',
    latencyMs: options.latencyMs ?? 0,
    today: options.today ?? new Date().toISOString().slice(0, 10),
    accountIds: options.accountIds ?? [2001, 2002, 2003],
    failureStatus: options.failureStatus ?? 200,
    unauthorizedStatus: options.unauthorizedStatus ?? 401,
    createdStatus: options.createdStatus ?? 200,
    actionSpelling: options.actionSpelling ?? '/~{action}',
    formatBy: options.formatBy ?? 'both',
    defaultFormat: options.defaultFormat ?? 'json',
    xmlScalars: options.xmlScalars ?? 'attributes',
    xmlRecordName: options.xmlRecordName,
    listName: options.listName,
    xmlFailureName: options.xmlFailureName ?? 'exception',
    jsonList: options.jsonList ?? 'array',
    jsonNumbers: options.jsonNumbers ?? 'number',
    xurlMarks: options.xurlMarks ?? 'bare',
    match: options.match ?? 'exact',
    unknownNames: options.unknownNames ?? 'F',
    lockedFields: options.lockedFields ?? 'refuse',
    defaultAccountId: options.defaultAccountId,
    maximumLimit: options.maximumLimit,
    aboveMaximumLimit: options.aboveMaximumLimit ?? 'clamp',
    createdRows: options.createdRows ?? 'last',
    unconfirmedCustomerFields: options.unconfirmedCustomerFields ?? true,
    adjustments: options.adjustments ?? 'on-date',
  };
}
