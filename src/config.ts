import { z } from 'zod';
import { FENCE_SECONDS } from './cache/cache.ts';
import { MAX_WAIT_MS, type RedisDurability } from './coordination/coordination.ts';
import { type Account, type UnipaySettings, unipayDefaults } from './model/account.ts';
import { accountIdentity } from './model/account-identity.ts';
import { readAccountsFile, type VendorLimits } from './settings/accounts-file.ts';
import {
  baseUrl,
  type Check,
  corsOrigins,
  firstMessage,
  inText,
  isSpoken,
  type LogLevel,
  limits,
  logLevel,
  oneOf,
  onOff,
  password,
  seconds,
  show,
  trueOrFalse,
  unipay,
  username,
  wholeNumber,
} from './settings/checks.ts';
import { Credentials } from './settings/credentials.ts';
import { type RedisAddress, redisAddress } from './settings/redis-address.ts';
import { readTrustedDocuments, type TrustedDocuments } from './settings/trusted-documents-file.ts';

export interface Config {
  readonly isProduction: boolean;
  readonly server: {
    readonly host: string;
    /** 0 takes a free one. */
    readonly port: number;
    readonly requestTimeoutMs: number;
    /** How long a stop waits for what is under way. */
    readonly stopTimeoutMs: number;
    /** Of one request's body. */
    readonly maxRequestBytes: number;
    /** Of one operation at /graphql. */
    readonly operationLimits: { readonly maxTokens: number; readonly maxFields: number; readonly maxIds: number };
    /** Text by id: the only documents that /graphql runs. Undefined = all. */
    readonly trustedDocuments: TrustedDocuments | undefined;
    /** Other sites whose pages may call the gateway from a browser. */
    readonly corsOrigins: readonly string[];
    readonly introspection: boolean;
    /** Do browsers get Sandbox and GraphiQL? */
    readonly explorer: boolean;
    /** Which of its schemas /graphql serves. */
    readonly schemaVariant: 'full' | 'partner';
    /** What a router must send to be answered as one; undefined where none is. */
    readonly subgraphSecret: string | undefined;
  };
  readonly log: { readonly level: LogLevel };
  /** In their configured order, which is the order of rows in a list over several accounts. Empty when simulators run. */
  readonly accounts: readonly Account[];
  readonly simulators: SimulatorSettings | undefined;
  /** What an account has that states no limit of its own; the simulators' accounts too. */
  readonly vendorLimits: VendorLimits;
  /** Rows that an account that can't filter is scanned for one page. */
  readonly scanLimitRows: number;
  readonly allowRawCardData: boolean;
  readonly cache: {
    /** 0 = nothing is cached; the two below are 0 as well then. */
    readonly ttlSeconds: number;
    readonly absentTtlSeconds: number;
    readonly staleSeconds: number;
    readonly staleAfterMs: number;
    readonly maxEntries: number;
  };
  /** Undefined = this process's memory. */
  readonly redis: RedisAddress | undefined;
  /** What has to hold locks and idempotency keys beside the Redis that is asked; undefined = nothing. */
  readonly redisDurability: RedisDurability | undefined;
}

export interface SimulatorSettings {
  /** Generated for each vendor. */
  readonly customers: number;
  /** How the simulated UniPay is spoken to. */
  readonly unipay: UnipaySettings;
}

/** Settings that can't be meant. Its message lists every problem, with no secret in it. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super([`The settings have ${problems.length} problem(s):`, ...problems].join('\n- '));
    this.problems = problems;
  }
}

// ── The settings: the one list that is read, checked and printed in the README.

export interface Setting {
  readonly variable: string;
  readonly meaning: string;
  /** As it would be written, or in words. */
  readonly default: string;
  /** Its value is in no message. */
  readonly secret?: boolean;
}

interface Definition<T> extends Omit<Setting, 'variable'> {
  readonly check: Check<T>;
  /** Is `default` a value, or words about what happens without one? */
  readonly hasDefault: boolean;
}

function setting<T>(meaning: string, check: Check<T>, value: string | number): Definition<T> {
  return { meaning, check, default: String(value), hasDefault: true };
}

function optional<T>(meaning: string, check: Check<T>, without = '–'): Definition<T | undefined> {
  return { meaning, check, default: without, hasDefault: false };
}

function secret<T>(meaning: string, check: Check<T>, without = '–'): Definition<T | undefined> {
  return { ...optional(meaning, check, without), secret: true };
}

const definitions = {
  PORT: setting('Port to listen on; 0 takes a free one.', inText(wholeNumber(0, 65_535)), 4000),
  HOST: setting(
    'Address to listen on; the image sets 0.0.0.0.',
    z.string().regex(/^[\w.:-]+$/, 'must be a host name or an IP address'),
    '127.0.0.1',
  ),
  NODE_ENV: optional('`production` refuses to start simulators unasked.', z.string()),
  LOG_LEVEL: setting('fatal, error, warn, info, debug, trace or silent.', logLevel, 'info'),
  SIMULATORS: optional(
    'on or off: serve simulated vendors instead of accounts.',
    onOff,
    'on when no account is configured and NODE_ENV is not production',
  ),
  SIMULATOR_CUSTOMERS: setting(
    'Customers generated for each simulated vendor.',
    inText(wholeNumber(0, 1_000_000)),
    1000,
  ),
  BILLAGAIN_URL: optional('Base URL of account `billagain`, e.g. https://api.billagain.com/v1.', baseUrl),
  BILLAGAIN_ACCOUNT_ID: secret('Its account identifier.', username),
  BILLAGAIN_API_KEY: secret("Its account's API key.", password),
  UNIPAY_URL: optional('Base URL of account `unipay`, e.g. https://manager-stage.pepgate.com/api/v01.', baseUrl),
  UNIPAY_USERNAME: secret('Its service user.', username),
  UNIPAY_PASSWORD: secret("Its service user's password.", password),
  UNIPAY_PROFILE: setting(
    'management or billing: which of its two APIs the URL leads to.',
    unipay.profile,
    unipayDefaults.profile,
  ),
  UNIPAY_FORMAT: setting('json or xml: what its answers are asked for in.', unipay.format, unipayDefaults.format),
  UNIPAY_REQUEST_FORMAT: setting(
    'json, xml or, in the billing profile, xurl: what is sent to it.',
    unipay.requestFormat,
    unipayDefaults.requestFormat,
  ),
  UNIPAY_FORMAT_SELECTION: setting(
    "suffix (`/customers.xml`), accept (the header) or both: how the answer's format is asked for.",
    unipay.formatSelection,
    unipayDefaults.formatSelection,
  ),
  UNIPAY_PAGE_SIZE: setting('Rows asked for at once.', inText(unipay.pageSize), unipayDefaults.pageSize),
  UNIPAY_ACTION_PATH: setting(
    "What follows a subscription's path to cancel or freeze it; the vendor's pages show no example.",
    unipay.actionPath,
    unipayDefaults.actionPath,
  ),
  ACCOUNTS_FILE: optional(
    'YAML or JSON file that lists the accounts, instead of the BILLAGAIN_ and UNIPAY_ variables.',
    z.string(),
  ),
  VENDOR_TIMEOUT_MS: setting("One call's limit, connecting included.", inText(limits.timeoutMs), 5000),
  VENDOR_CONCURRENCY: setting('Calls to one account under way at once.', inText(limits.concurrency), 20),
  VENDOR_MAX_RESPONSE_BYTES: setting(
    "Largest answer that is read; a larger one is that call's error.",
    inText(limits.maxResponseBytes),
    16_777_216,
  ),
  SCAN_LIMIT_ROWS: setting(
    "Rows read for one page from an account that can't filter by itself.",
    inText(wholeNumber(1, 1_000_000)),
    2000,
  ),
  REQUEST_TIMEOUT_MS: setting("One GraphQL request's limit.", inText(wholeNumber(1, FENCE_SECONDS * 1000 - 1)), 10_000),
  STOP_TIMEOUT_MS: optional(
    'How long a stop waits for the requests and writes under way before it cuts them. The process exits at most 5 seconds after that.',
    inText(wholeNumber(0, 600_000)),
    'the longest that a write may take: REQUEST_TIMEOUT_MS, two VENDOR_TIMEOUT_MS and 12 seconds',
  ),
  REQUEST_MAX_BYTES: setting('Largest request body.', inText(wholeNumber(1024, 268_435_456)), 1_048_576),
  REQUEST_MAX_TOKENS: setting(
    'Words, numbers, texts and signs that a document may hold; 100 aliases of a whole customer take about 10000.',
    inText(wholeNumber(100, 1_000_000)),
    15_000,
  ),
  REQUEST_MAX_FIELDS: setting(
    'Fields that an answer may hold when every page in it is full, pages within pages multiplied.',
    inText(wholeNumber(100, 100_000_000)),
    1_000_000,
  ),
  REQUEST_MAX_IDS: setting(
    'Ids that the lists of ids of an operation may hold, all of its aliases together.',
    inText(wholeNumber(1000, 1_000_000)),
    12_000,
  ),
  TRUSTED_DOCUMENTS: optional(
    "JSON file of the only documents that /graphql runs: Apollo's persisted query manifest, or an object of documents by id. Introspection and /subgraph are not affected.",
    z.string(),
    'every document runs',
  ),
  REDIS_URL: secret(
    'Cache, idempotency keys and locks shared by replicas: redis://, rediss:// or redis+cluster://.',
    redisAddress,
    "this process's memory",
  ),
  REDIS_WAIT_REPLICAS: setting(
    'How many replicas of Redis must hold an idempotency key or a lock before anything is sent, so that a failover does not forget it. Each such write then waits for the slowest of them, and is refused while there are fewer.',
    inText(wholeNumber(0, 100)),
    0,
  ),
  REDIS_WAIT_DISK: setting(
    'on or off: must it be in the append-only files of the server, and of that many replicas, as well? Needs Redis 7.2 and `appendonly yes`; with `appendfsync everysec` each such write waits for up to a second.',
    onOff,
    'off',
  ),
  REDIS_WAIT_MS: setting('How long that may take.', inText(wholeNumber(1, MAX_WAIT_MS)), 500),
  CACHE_TTL_SECONDS: setting('How long a record is served without asking again; 0 = no cache.', seconds, 60),
  CACHE_ABSENT_TTL_SECONDS: setting(
    'The same for a record that the vendor does not have, and never longer than for one it has.',
    seconds,
    10,
  ),
  CACHE_STALE_SECONDS: setting(
    'How long after that it may be served while its vendor fails or takes too long; 0 = never.',
    seconds,
    300,
  ),
  CACHE_STALE_AFTER_MS: setting(
    "How long a vendor is waited for where there is such a record, and never longer than half of the request's remaining time; 0 = it is served at once, and read again for the next request.",
    inText(wholeNumber(0, FENCE_SECONDS * 1000 - 1)),
    2000,
  ),
  CACHE_MAX_ENTRIES: setting("Entries kept in this process's memory.", inText(wholeNumber(1, 10_000_000)), 50_000),
  CORS_ORIGINS: setting(
    "Comma-separated origins whose pages may call the gateway from a browser, or none. The default is Apollo's Sandbox and Studio.",
    corsOrigins,
    'https://studio.apollographql.com,https://sandbox.embed.apollographql.com',
  ),
  SCHEMA_VARIANT: setting(
    'full, or partner: /graphql then leaves out what is tagged `internal` in the schema.',
    oneOf('full', 'partner'),
    'full',
  ),
  SUBGRAPH_SECRET: secret(
    'Turns on /subgraph for a federation router: whoever sends it in the header Router-Authorization may use `_service`, `_entities` and tracing.',
    z.string().min(16, 'must have at least 16 characters'),
    'no /subgraph',
  ),
  ALLOW_RAW_CARD_DATA: setting(
    'true or false: may createCustomer carry whole card numbers to BillAgain? It brings the gateway into the scope of PCI DSS.',
    trueOrFalse,
    'false',
  ),
  INTROSPECTION: setting(
    'on or off: may clients ask for the schema? Off, errors suggest no names either.',
    onOff,
    'on',
  ),
  EXPLORER: setting(
    'on or off: does a browser get Apollo Sandbox on /graphql, and GraphiQL on /graphiql?',
    onOff,
    'on',
  ),
};

type Variable = keyof typeof definitions;
type Values = { readonly [V in Variable]: (typeof definitions)[V] extends Definition<infer T> ? T : never };

export const settings: readonly Setting[] = Object.entries<Definition<unknown>>(definitions).map(
  ([variable, { meaning, default: value, secret: isSecret }]) => ({
    variable,
    meaning,
    default: value,
    ...(isSecret ? { secret: true } : {}),
  }),
);

/** The README's table, as Markdown. */
export function printSettingsTable(): string {
  const rows = settings.map(
    (row) => `| ${row.variable} | ${row.meaning}${row.secret ? ' Secret.' : ''} | ${row.default} |`,
  );
  return ['| variable | meaning | default |', '|---|---|---|', ...rows].join('\n');
}

// ── Reading

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and checks every setting. Throws one {@link InvalidConfig} with all problems. An empty variable counts as unset. */
export function readConfig(environment: Environment = process.env): Config {
  const env = Object.fromEntries(Object.entries(environment).filter(([, text]) => text));
  const problems: string[] = [];
  const values = readValues(env, problems);
  const vendorLimits: VendorLimits = {
    timeoutMs: values.VENDOR_TIMEOUT_MS,
    concurrency: values.VENDOR_CONCURRENCY,
    maxResponseBytes: values.VENDOR_MAX_RESPONSE_BYTES,
  };
  const unipaySettings: UnipaySettings = {
    profile: values.UNIPAY_PROFILE,
    format: values.UNIPAY_FORMAT,
    requestFormat: values.UNIPAY_REQUEST_FORMAT,
    formatSelection: values.UNIPAY_FORMAT_SELECTION,
    pageSize: values.UNIPAY_PAGE_SIZE,
    actionPath: values.UNIPAY_ACTION_PATH,
  };
  if (!isSpoken(unipaySettings)) {
    problems.push('UNIPAY_REQUEST_FORMAT must be json or xml unless UNIPAY_PROFILE is billing; got "xurl"');
  }

  const { accounts, referenced } = env.ACCOUNTS_FILE
    ? readAccountsFile(env.ACCOUNTS_FILE, env, vendorLimits, problems)
    : {
        accounts: readAccountVariables(env, values, vendorLimits, unipaySettings, problems),
        referenced: new Set<string>(),
      };
  if (referenced) refuseStrangers(env, referenced, problems);
  refuseTwins(accounts, problems);

  const trustedDocuments =
    values.TRUSTED_DOCUMENTS === undefined ? undefined : readTrustedDocuments(values.TRUSTED_DOCUMENTS, problems);

  const isProduction = values.NODE_ENV === 'production';
  const isAccountConfigured = ['ACCOUNTS_FILE', ...accountVariables].some((variable) => env[variable]);
  const simulate = values.SIMULATORS ?? (!isAccountConfigured && !isProduction);
  if (simulate && isAccountConfigured) {
    problems.push(
      'SIMULATORS must be off, or no account configured: simulated customers among real ones would be taken for them; got SIMULATORS=on and an account',
    );
  } else if (!simulate && !isAccountConfigured) {
    problems.push(
      'There must be a vendor to ask: set BILLAGAIN_URL, BILLAGAIN_ACCOUNT_ID and BILLAGAIN_API_KEY, ' +
        'or UNIPAY_URL, UNIPAY_USERNAME and UNIPAY_PASSWORD, or ACCOUNTS_FILE, ' +
        'or SIMULATORS=on to serve simulated vendors; got ' +
        (isProduction ? 'no account with NODE_ENV=production' : 'no account with SIMULATORS=off'),
    );
  }

  if (problems.length > 0) throw new InvalidConfig(problems);
  const ttlSeconds = values.CACHE_TTL_SECONDS;
  return {
    isProduction,
    server: {
      host: values.HOST,
      port: values.PORT,
      requestTimeoutMs: values.REQUEST_TIMEOUT_MS,
      stopTimeoutMs: values.STOP_TIMEOUT_MS ?? longestWriteMs(values.REQUEST_TIMEOUT_MS, accounts, vendorLimits),
      maxRequestBytes: values.REQUEST_MAX_BYTES,
      operationLimits: {
        maxTokens: values.REQUEST_MAX_TOKENS,
        maxFields: values.REQUEST_MAX_FIELDS,
        maxIds: values.REQUEST_MAX_IDS,
      },
      trustedDocuments,
      corsOrigins: values.CORS_ORIGINS,
      introspection: values.INTROSPECTION,
      explorer: values.EXPLORER,
      schemaVariant: values.SCHEMA_VARIANT,
      subgraphSecret: values.SUBGRAPH_SECRET,
    },
    log: { level: values.LOG_LEVEL },
    accounts,
    simulators: simulate ? { customers: values.SIMULATOR_CUSTOMERS, unipay: unipaySettings } : undefined,
    vendorLimits,
    scanLimitRows: values.SCAN_LIMIT_ROWS,
    allowRawCardData: values.ALLOW_RAW_CARD_DATA,
    cache: {
      ttlSeconds,
      absentTtlSeconds: Math.min(values.CACHE_ABSENT_TTL_SECONDS, ttlSeconds),
      staleSeconds: ttlSeconds === 0 ? 0 : values.CACHE_STALE_SECONDS,
      staleAfterMs: values.CACHE_STALE_AFTER_MS,
      maxEntries: values.CACHE_MAX_ENTRIES,
    },
    redis: values.REDIS_URL,
    redisDurability: readRedisDurability(values),
  };
}

/** What a write does besides: its outcome is looked for and its record read back, 5 seconds each, and caches are told. */
const AFTER_WRITE_MS = 12_000;

/** Sent at the end of its request's time, after a call's time in the account's queue. */
function longestWriteMs(requestTimeoutMs: number, accounts: readonly Account[], { timeoutMs }: VendorLimits): number {
  const longestCallMs = Math.max(timeoutMs, ...accounts.map((account) => account.timeoutMs));
  return requestTimeoutMs + 2 * longestCallMs + AFTER_WRITE_MS;
}

function readRedisDurability(values: Values): RedisDurability | undefined {
  const [replicas, onDisk] = [values.REDIS_WAIT_REPLICAS, values.REDIS_WAIT_DISK];
  return replicas > 0 || onDisk ? { replicas, onDisk, timeoutMs: values.REDIS_WAIT_MS } : undefined;
}

/** A wrong value is a problem, and its default stands in for it so that the other checks can go on. */
function readValues(env: Environment, problems: string[]): Values {
  const entries = Object.entries<Definition<unknown>>(definitions).map(([variable, definition]) => {
    const fallback = definition.hasDefault ? definition.check.parse(definition.default) : undefined;
    const text = env[variable];
    if (text === undefined) return [variable, fallback];
    const result = definition.check.safeParse(text);
    if (result.success) return [variable, result.data];
    const came = definition.secret ? 'a value that is not shown' : show(text, definition.check === baseUrl);
    problems.push(`${variable} ${firstMessage(result.error)}; got ${came}`);
    return [variable, fallback];
  });
  return Object.fromEntries(entries) as Values;
}

// ── Accounts by variables

const billagainVariables = ['BILLAGAIN_URL', 'BILLAGAIN_ACCOUNT_ID', 'BILLAGAIN_API_KEY'] as const;
const unipayVariables = ['UNIPAY_URL', 'UNIPAY_USERNAME', 'UNIPAY_PASSWORD'] as const;
const accountVariables = [...billagainVariables, ...unipayVariables];

function readAccountVariables(
  env: Environment,
  values: Values,
  vendorLimits: VendorLimits,
  unipaySettings: UnipaySettings,
  problems: string[],
): Account[] {
  for (const together of [billagainVariables, unipayVariables]) {
    const missing = together.filter((variable) => env[variable] === undefined);
    if (missing.length === 0 || missing.length === together.length) continue;
    const given = together.filter((variable) => env[variable] !== undefined);
    problems.push(
      `${missing.join(' and ')} must be set as well: ${together.join(', ')} belong together; got ${given.join(' and ')} only`,
    );
  }
  const accounts: Account[] = [];
  if (values.BILLAGAIN_URL && values.BILLAGAIN_ACCOUNT_ID && values.BILLAGAIN_API_KEY) {
    accounts.push({
      name: 'billagain',
      vendor: 'BILLAGAIN',
      url: values.BILLAGAIN_URL,
      credentials: new Credentials(values.BILLAGAIN_ACCOUNT_ID, values.BILLAGAIN_API_KEY),
      ...vendorLimits,
    });
  }
  if (values.UNIPAY_URL && values.UNIPAY_USERNAME && values.UNIPAY_PASSWORD) {
    accounts.push({
      name: 'unipay',
      vendor: 'UNIPAY',
      url: values.UNIPAY_URL,
      credentials: new Credentials(values.UNIPAY_USERNAME, values.UNIPAY_PASSWORD),
      ...vendorLimits,
      unipay: unipaySettings,
    });
  }
  return accounts;
}

/** What is written under one name would not be forgotten under the other. UniPay's profile makes no other account of a URL. */
function refuseTwins(accounts: readonly Account[], problems: string[]): void {
  const names = new Map<string, string>();
  for (const { unipay: _, ...account } of accounts) {
    const identity = accountIdentity(account);
    const first = names.get(identity);
    if (first !== undefined && first !== account.name) {
      problems.push(
        `Each vendor account must be configured once; got ${first} and ${account.name} with one vendor, base URL and user`,
      );
    }
    names.set(identity, first ?? account.name);
  }
}

/** A vendor's variable that nothing reads is a typo, or an account that would silently be missing. */
function refuseStrangers(env: Environment, referenced: ReadonlySet<string>, problems: string[]): void {
  // Kubernetes and Docker set these for a service of that name (UNIPAY_SERVICE_HOST, UNIPAY_PORT_8080_TCP_ADDR).
  const serviceLink = /_SERVICE_(HOST|PORT)(_\w+)?$|_PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$/;
  for (const variable of Object.keys(env)) {
    const prefix = /^(BILLAGAIN|UNIPAY)_/.exec(variable)?.[0];
    if (!prefix || referenced.has(variable)) continue;
    if (variable in definitions) {
      if (env.ACCOUNTS_FILE) {
        problems.push(
          `${variable} must not be set beside ACCOUNTS_FILE, which lists every account with its settings, unless the file refers to it`,
        );
      }
    } else if (!serviceLink.test(variable)) {
      const known = Object.keys(definitions).filter((name) => name.startsWith(prefix));
      problems.push(`${variable} is not a setting; those that start so are ${known.join(', ')}`);
    }
  }
}
