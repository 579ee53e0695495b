import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Account, unipayDefaults } from '../model/account.ts';
import { baseUrl, type Check, firstMessage, isSpoken, limits, password, show, unipay, username } from './checks.ts';
import { Credentials } from './credentials.ts';

/** What an account has that states no limit of its own. */
export type VendorLimits = Pick<Account, 'timeoutMs' | 'concurrency' | 'maxResponseBytes'>;
type Environment = Readonly<Record<string, string | undefined>>;

const reference = z.union(
  [z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })],
  'must be a reference, { env: VARIABLE } or { file: PATH }: a secret itself is refused in this file',
);
type Reference = z.output<typeof reference>;

function credentialReferences<Key extends string>(...keys: Key[]) {
  const shape = Object.fromEntries(keys.map((key) => [key, reference])) as Record<Key, typeof reference>;
  // The keys that came are not named: in `{ name, s3cret }` YAML takes the secret for one.
  return z.strictObject(shape, `must hold ${keys.join(' and ')} and nothing else`);
}

const wordName = 'must be a name of letters, digits, "_" and "-" (it is a part of every id)';

const accountKeys = {
  name: z.string(wordName).regex(/^[\w-]+$/, wordName),
  url: baseUrl,
  timeoutMs: limits.timeoutMs.optional(),
  concurrency: limits.concurrency.optional(),
  maxResponseBytes: limits.maxResponseBytes.optional(),
};

const unipayKeys = {
  profile: unipay.profile.default(unipayDefaults.profile),
  format: unipay.format.default(unipayDefaults.format),
  requestFormat: unipay.requestFormat.default(unipayDefaults.requestFormat),
  formatSelection: unipay.formatSelection.default(unipayDefaults.formatSelection),
  pageSize: unipay.pageSize.default(unipayDefaults.pageSize),
  actionPath: unipay.actionPath.default(unipayDefaults.actionPath),
};

const accountEntry = z.discriminatedUnion(
  'dialect',
  [
    z.strictObject({
      ...accountKeys,
      dialect: z.literal('billagain'),
      credentials: credentialReferences('accountId', 'apiKey'),
    }),
    z
      .strictObject({
        ...accountKeys,
        ...unipayKeys,
        dialect: z.literal('unipay'),
        credentials: credentialReferences('username', 'password'),
      })
      .refine(isSpoken, { path: ['requestFormat'], message: 'must be json or xml unless profile is billing' }),
  ],
  'must be one of billagain, unipay',
);
type AccountEntry = z.output<typeof accountEntry>;

export interface AccountsFile {
  readonly accounts: readonly Account[];
  /** Variables that its credentials refer to; undefined where the file can't be read. */
  readonly referenced: ReadonlySet<string> | undefined;
}

export function readAccountsFile(
  path: string,
  env: Environment,
  vendorLimits: VendorLimits,
  problems: string[],
): AccountsFile {
  const entries = readEntries(path, problems);
  if (!entries) return { accounts: [], referenced: undefined };

  const accounts: Account[] = [];
  const referenced = new Set<string>();
  const names = new Set<string>();
  for (const [index, raw] of entries.entries()) {
    const name = accountKeys.name.safeParse(valueAt(raw, ['name'])).data;
    const whose = `ACCOUNTS_FILE ${path}: account ${name ?? `number ${index + 1}`}`;
    if (name && names.has(name)) problems.push(`${whose}: name must be unique; got ${show(name)} twice`);
    if (name) names.add(name);
    const credentials = valueAt(raw, ['credentials']);
    for (const each of typeof credentials === 'object' && credentials ? Object.values(credentials) : []) {
      const variable = valueAt(each, ['env']);
      if (typeof variable === 'string') referenced.add(variable);
    }

    const result = accountEntry.safeParse(raw);
    if (result.success) {
      const account = resolveAccount(result.data, vendorLimits, (key, target, check) =>
        resolveReference(target, check, path, env, (problem) =>
          problems.push(`${whose}: credentials.${key} ${problem}`),
        ),
      );
      if (account) accounts.push(account);
      continue;
    }
    for (const issue of result.error.issues) problems.push(`${whose}: ${describeIssue(issue, raw)}`);
  }
  return { accounts, referenced };
}

/** The file's list, its entries unchecked. What its reader says is not passed on: it quotes the file. */
function readEntries(path: string, problems: string[]): readonly unknown[] | undefined {
  const refuse = (problem: string) => {
    problems.push(`ACCOUNTS_FILE ${path}: ${problem}`);
    return undefined;
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return refuse(`must be a readable file; got ${errorCode(error)}`);
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [mistake] = document.errors;
  if (mistake) {
    return refuse(`must be YAML or JSON; got ${mistake.code} in line ${lineCounter.linePos(mistake.pos[0]).line}`);
  }
  let content: unknown;
  try {
    content = document.toJS();
  } catch {
    return refuse('must be YAML or JSON; got an alias (*) without its anchor (&)');
  }
  const list = z.strictObject({ accounts: z.array(z.unknown()).min(1) }).safeParse(content);
  return list.success ? list.data.accounts : refuse('must hold one key, accounts, with a list of at least one account');
}

function describeIssue(issue: z.core.$ZodIssue, raw: unknown): string {
  const key = issue.path.join('.');
  if (issue.path[0] === 'credentials') return `${key} ${issue.message}`;
  if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')} is not a key of this dialect's accounts`;
  if (key === '') return `must be an object; got ${show(raw)}`;
  return `${key} ${issue.message}; got ${show(valueAt(raw, issue.path), key === 'url')}`;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    raw,
  );
}

type Resolve = (key: string, target: Reference, check: Check<string>) => string | undefined;

function resolveAccount(entry: AccountEntry, vendorLimits: VendorLimits, resolve: Resolve): Account | undefined {
  const [user, key] =
    entry.dialect === 'billagain'
      ? [
          resolve('accountId', entry.credentials.accountId, username),
          resolve('apiKey', entry.credentials.apiKey, password),
        ]
      : [
          resolve('username', entry.credentials.username, username),
          resolve('password', entry.credentials.password, password),
        ];
  if (user === undefined || key === undefined) return undefined;
  const account = {
    name: entry.name,
    url: entry.url,
    credentials: new Credentials(user, key),
    timeoutMs: entry.timeoutMs ?? vendorLimits.timeoutMs,
    concurrency: entry.concurrency ?? vendorLimits.concurrency,
    maxResponseBytes: entry.maxResponseBytes ?? vendorLimits.maxResponseBytes,
  };
  if (entry.dialect === 'billagain') return { ...account, vendor: 'BILLAGAIN' };
  const { profile, format, requestFormat, formatSelection, pageSize, actionPath } = entry;
  const unipay = { profile, format, requestFormat, formatSelection, pageSize, actionPath };
  return { ...account, vendor: 'UNIPAY', unipay };
}

function resolveReference(
  target: Reference,
  check: Check<string>,
  accountsFile: string,
  env: Environment,
  refuse: (problem: string) => void,
): string | undefined {
  let text: string | undefined;
  let from: string;
  if ('env' in target) {
    from = `variable ${target.env}`;
    text = env[target.env];
    if (text === undefined) return void refuse(`refers to ${from}, which must be set`);
  } else {
    from = `file ${target.file}`;
    try {
      // A mounted secret usually ends in a line break that is not a part of it.
      text = readFileSync(resolve(dirname(accountsFile), target.file), 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      return void refuse(`refers to ${from}, which must be readable; got ${errorCode(error)}`);
    }
    if (text === '') return void refuse(`refers to ${from}, which must not be empty`);
  }
  const result = check.safeParse(text);
  if (result.success) return result.data;
  return void refuse(`refers to ${from}, which ${firstMessage(result.error)}`);
}

function errorCode(error: unknown): string {
  return String(valueAt(error, ['code']) ?? 'an error');
}
