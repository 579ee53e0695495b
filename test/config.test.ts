import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { InvalidConfig, printSettingsTable, readConfig, settings } from '../src/config.ts';

type Environment = Record<string, string | undefined>;

const billagain: Environment = {
  BILLAGAIN_URL: 'https://api.billagain.com/v1',
  BILLAGAIN_ACCOUNT_ID: '4711',
  BILLAGAIN_API_KEY: 'k3y-s3cret',
};
const unipay: Environment = {
  UNIPAY_URL: 'https://manager-stage.pepgate.com/api/v01',
  UNIPAY_USERNAME: 'api-billgraph',
  UNIPAY_PASSWORD: 'p4ss-s3cret',
};

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof InvalidConfig) return error.problems;
    throw error;
  }
  return [];
}

/** The only problem of settings that are meant to have one. */
function problemOf(env: Environment): string {
  const problems = problemsOf(env);
  expect(problems).toHaveLength(1);
  return problems[0] ?? '';
}

function writeFile(name: string, content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'billgraph-config-')), name);
  writeFileSync(path, content);
  return path;
}

describe('without any variable', () => {
  it('takes every default and runs the simulators', () => {
    expect(readConfig({})).toEqual({
      isProduction: false,
      server: {
        host: '127.0.0.1',
        port: 4000,
        requestTimeoutMs: 10_000,
        corsOrigins: ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'],
        introspection: true,
        explorer: true,
        schemaVariant: 'full',
        subgraphSecret: undefined,
        trustedDocuments: undefined,
        maxRequestBytes: 1_048_576,
        operationLimits: { maxTokens: 15_000, maxFields: 1_000_000 },
      },
      log: { level: 'info' },
      accounts: [],
      simulators: {
        customers: 1000,
        unipay: {
          profile: 'management',
          format: 'json',
          requestFormat: 'json',
          formatSelection: 'both',
          pageSize: 100,
          actionPath: '/~{action}',
        },
      },
      allowRawCardData: false,
      vendorLimits: { timeoutMs: 5000, concurrency: 20, maxResponseBytes: 16_777_216 },
      scanLimitRows: 2000,
      cache: { ttlSeconds: 60, absentTtlSeconds: 10, staleSeconds: 300, maxEntries: 50_000 },
      redis: undefined,
    });
  });

  it('counts an empty variable as unset', () => {
    expect(readConfig(Object.fromEntries(settings.map(({ variable }) => [variable, ''])))).toEqual(readConfig({}));
  });

  it("reads the process's environment unless it is given another", () => {
    const before = process.env.SCAN_LIMIT_ROWS;
    process.env.SCAN_LIMIT_ROWS = '77';
    try {
      expect(readConfig().scanLimitRows).toBe(77);
    } finally {
      if (before === undefined) delete process.env.SCAN_LIMIT_ROWS;
      else process.env.SCAN_LIMIT_ROWS = before;
    }
  });
});

describe('a single setting', () => {
  it('is taken over its default', () => {
    const config = readConfig({
      ...billagain,
      NODE_ENV: 'production',
      PORT: '0',
      HOST: '0.0.0.0',
      LOG_LEVEL: 'debug',
      REQUEST_TIMEOUT_MS: '59999',
      VENDOR_TIMEOUT_MS: '1',
      VENDOR_CONCURRENCY: '3',
      VENDOR_MAX_RESPONSE_BYTES: '2048',
      SCAN_LIMIT_ROWS: '5',
      CACHE_TTL_SECONDS: '7',
      CACHE_ABSENT_TTL_SECONDS: '6',
      CACHE_STALE_SECONDS: '0',
      CACHE_MAX_ENTRIES: '8',
      CORS_ORIGINS: 'https://partner.example, http://localhost:3000',
      INTROSPECTION: 'off',
    });
    expect(config).toMatchObject({
      isProduction: true,
      server: {
        port: 0,
        host: '0.0.0.0',
        requestTimeoutMs: 59_999,
        corsOrigins: ['https://partner.example', 'http://localhost:3000'],
        introspection: false,
      },
      log: { level: 'debug' },
      vendorLimits: { timeoutMs: 1, concurrency: 3, maxResponseBytes: 2048 },
      scanLimitRows: 5,
      cache: { ttlSeconds: 7, absentTtlSeconds: 6, staleSeconds: 0, maxEntries: 8 },
    });
    expect(config.accounts[0]).toMatchObject({ timeoutMs: 1, concurrency: 3, maxResponseBytes: 2048 });
  });

  it.each([
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '40.5', 'a whole number'],
    ['PORT', '-1', 'a whole number'],
    ['PORT', '0x10', 'a whole number'],
    ['HOST', 'http://localhost', 'a host name or an IP address'],
    ['LOG_LEVEL', 'loud', 'one of fatal, error, warn, info, debug, trace, silent'],
    ['SIMULATORS', 'yes', 'one of on, off'],
    ['SIMULATOR_CUSTOMERS', 'many', 'a whole number'],
    ['UNIPAY_FORMAT', 'xurl', 'one of json, xml'],
    ['UNIPAY_REQUEST_FORMAT', 'yaml', 'one of json, xml, xurl'],
    ['UNIPAY_PROFILE', 'manager', 'one of management, billing'],
    ['UNIPAY_FORMAT_SELECTION', 'header', 'one of suffix, accept, both'],
    ['UNIPAY_PAGE_SIZE', '0', 'a whole number from 1'],
    ['VENDOR_TIMEOUT_MS', '5s', 'a whole number'],
    ['VENDOR_CONCURRENCY', '0', 'a whole number from 1'],
    ['VENDOR_MAX_RESPONSE_BYTES', '1', 'a whole number from 1024'],
    ['SCAN_LIMIT_ROWS', '0', 'a whole number from 1'],
    ['REQUEST_TIMEOUT_MS', '60000', 'a whole number from 1 to 59999'],
    ['CACHE_TTL_SECONDS', '-1', 'a whole number from 0'],
    ['CACHE_ABSENT_TTL_SECONDS', 'x', 'a whole number from 0'],
    ['CACHE_STALE_SECONDS', '1.5', 'a whole number from 0'],
    ['CACHE_MAX_ENTRIES', '0', 'a whole number from 1'],
    ['CORS_ORIGINS', '*', 'a comma-separated list of origins'],
    ['CORS_ORIGINS', 'https://partner.example/path', 'a comma-separated list of origins'],
    ['INTROSPECTION', 'true', 'one of on, off'],
  ])('%s=%s is refused with what was expected and what came', (variable, text, expected) => {
    const problem = problemOf({ [variable]: text });
    expect(problem.startsWith(`${variable} must be `)).toBe(true);
    expect(problem).toContain(expected);
    expect(problem.endsWith(`; got ${JSON.stringify(text)}`)).toBe(true);
  });

  it('lets no page of another origin in with CORS_ORIGINS=none', () => {
    expect(readConfig({ CORS_ORIGINS: 'none' }).server.corsOrigins).toEqual([]);
  });

  it('never remembers an absent record longer than a present one', () => {
    expect(readConfig({ CACHE_TTL_SECONDS: '3' }).cache.absentTtlSeconds).toBe(3);
  });

  it('keeps nothing, stale or absent, with CACHE_TTL_SECONDS=0', () => {
    expect(readConfig({ CACHE_TTL_SECONDS: '0' }).cache).toMatchObject({
      ttlSeconds: 0,
      absentTtlSeconds: 0,
      staleSeconds: 0,
    });
  });
});

describe('REDIS_URL', () => {
  it.each([
    ['redis://localhost', { host: 'localhost', port: 6379, tls: false, cluster: false, database: 0 }],
    ['redis://[::1]:7000/2', { host: '::1', port: 7000, tls: false, cluster: false, database: 2 }],
    ['rediss://cache.example:6380', { host: 'cache.example', port: 6380, tls: true, cluster: false, database: 0 }],
    ['redis+cluster://node-1:7001', { host: 'node-1', port: 7001, tls: false, cluster: true, database: 0 }],
  ])('%s is read', (text, address) => {
    expect(readConfig({ REDIS_URL: text }).redis).toEqual({ ...address, credentials: undefined });
  });

  it('decodes its username and password', () => {
    const { redis } = readConfig({ REDIS_URL: 'redis://user:p%40ss@localhost' });
    expect(redis?.credentials?.username).toBe('user');
    expect(redis?.credentials?.password).toBe('p@ss');
  });

  it('takes a password alone', () => {
    const { redis } = readConfig({ REDIS_URL: 'redis://:pass@localhost' });
    expect(redis?.credentials?.username).toBe('');
    expect(redis?.credentials?.password).toBe('pass');
  });

  it.each([
    'localhost:6379',
    'http://:s3cret@localhost',
    'redis://',
    'redis://:s3cret@localhost/cache',
    'redis://:s3cret@localhost?family=6',
    'redis://:s3cret%E0%A4@localhost',
    'redis+cluster://:s3cret@localhost/1',
    'redis://:s3cret@a:1,b:2',
  ])('%s is refused, and not shown', (text) => {
    const problem = problemOf({ REDIS_URL: text });
    expect(problem).toContain('REDIS_URL must be redis://, rediss:// (TLS) or redis+cluster://');
    expect(problem.endsWith('; got a value that is not shown')).toBe(true);
    expect(problem).not.toContain('s3cret');
  });
});

describe('the accounts of variables', () => {
  it('are billagain and unipay, in this order', () => {
    const config = readConfig({
      ...unipay,
      ...billagain,
      UNIPAY_FORMAT: 'xml',
      UNIPAY_REQUEST_FORMAT: 'xurl',
      UNIPAY_PROFILE: 'billing',
      UNIPAY_FORMAT_SELECTION: 'accept',
      UNIPAY_PAGE_SIZE: '50',
    });
    expect(config.simulators).toBeUndefined();
    expect(config.accounts).toMatchObject([
      { name: 'billagain', vendor: 'BILLAGAIN', url: 'https://api.billagain.com/v1' },
      {
        name: 'unipay',
        vendor: 'UNIPAY',
        url: 'https://manager-stage.pepgate.com/api/v01',
        unipay: { profile: 'billing', format: 'xml', requestFormat: 'xurl', formatSelection: 'accept', pageSize: 50 },
      },
    ]);
    expect(config.accounts.map(({ credentials }) => [credentials.username, credentials.password])).toEqual([
      ['4711', 'k3y-s3cret'],
      ['api-billgraph', 'p4ss-s3cret'],
    ]);
    expect(config.accounts[0]).not.toHaveProperty('unipay');
  });

  it('need all three of their variables: a missing one is named', () => {
    const problem = problemOf({ ...billagain, BILLAGAIN_API_KEY: '' });
    expect(problem).toContain('BILLAGAIN_API_KEY must be set as well');
    expect(problem).toContain('got BILLAGAIN_URL and BILLAGAIN_ACCOUNT_ID only');
    expect(problemOf({ UNIPAY_PASSWORD: 'p4ss-s3cret' })).toContain('UNIPAY_URL and UNIPAY_USERNAME must be set');
  });

  it.each(['http://localhost:4001/v1', 'http://127.0.0.1:4001/v1', 'http://127.8.9.10/v1', 'http://[::1]:4001/v1'])(
    'may be asked over plain http at %s',
    (url) => {
      expect(readConfig({ ...billagain, BILLAGAIN_URL: url }).accounts[0]?.url).toBe(url);
    },
  );

  it.each([
    'http://api.sandbox.billagain.com/v1',
    'http://127.0.0.1.example.com/v1',
    'http://localhost.example.com/v1',
    'http://10.0.0.1/v1',
    'http://0.0.0.0/v1',
  ])('may not be asked over plain http at %s', (url) => {
    const problem = problemOf({ ...billagain, BILLAGAIN_URL: url });
    expect(problem).toContain('BILLAGAIN_URL must start with https://');
    expect(problem).toContain(`got "${url}"`);
  });

  it.each([
    ['https://user:s3cret@api.billagain.com/v1', 'must hold no credentials'],
    ['https://s3cret@api.billagain.com/v1', 'must hold no credentials'],
    ['https://api.billagain.com/v1?key=s3cret', 'must have no query and no fragment'],
    ['https://api.billagain.com/v1#s3cret', 'must have no query and no fragment'],
    ['https://api.billagain.com/v1?', 'must have no query and no fragment'],
    ['ftp://s3cret', 'must be a URL such as'],
    ['s3cret', 'must be a URL such as'],
    ['api-user:s3cret@api.billagain.com', 'must be a URL such as'],
  ])('refuse the URL %s, without showing what may be a secret', (url, expected) => {
    const problem = problemOf({ ...unipay, UNIPAY_URL: url });
    expect(problem).toContain(`UNIPAY_URL ${expected}`);
    expect(problem).not.toContain('s3cret');
  });

  it("lose their URL's trailing slashes", () => {
    const { accounts } = readConfig({ ...billagain, BILLAGAIN_URL: 'https://API.billagain.com/v1//' });
    expect(accounts[0]?.url).toBe('https://api.billagain.com/v1');
  });

  it('refuse credentials that HTTP Basic cannot carry, without showing them', () => {
    const problems = problemsOf({ ...billagain, BILLAGAIN_ACCOUNT_ID: '47:11', BILLAGAIN_API_KEY: 'k3y-s3cret\n' });
    expect(problems).toEqual([
      'BILLAGAIN_ACCOUNT_ID must hold no ":" and no control character, such as a line break; got a value that is not shown',
      'BILLAGAIN_API_KEY must hold no control character, such as a line break; got a value that is not shown',
    ]);
  });

  it('take xurl bodies in the billing profile only', () => {
    expect(problemOf({ ...unipay, UNIPAY_REQUEST_FORMAT: 'xurl' })).toContain(
      'UNIPAY_REQUEST_FORMAT must be json or xml unless UNIPAY_PROFILE is billing; got "xurl"',
    );
  });
});

describe('an unknown variable', () => {
  it.each(['BILLAGAIN_APIKEY', 'UNIPAY_PASSWROD', 'BILLAGAIN_FORMAT'])('%s is refused as a typo', (variable) => {
    const problem = problemOf({ ...billagain, [variable]: 's3cret' });
    expect(problem).toContain(`${variable} is not a setting`);
    expect(problem).toContain(variable.startsWith('UNIPAY') ? 'UNIPAY_PASSWORD' : 'BILLAGAIN_API_KEY');
    expect(problem).not.toContain('s3cret');
  });

  it('is nobody’s business with another prefix, or when Kubernetes sets it for a service of that name', () => {
    expect(
      problemsOf({
        ...billagain,
        UNRELATED: '1',
        UNIPAY_SERVICE_HOST: '10.0.0.1',
        UNIPAY_SERVICE_PORT: '80',
        UNIPAY_SERVICE_PORT_HTTP: '80',
        UNIPAY_PORT: 'tcp://10.0.0.1:80',
        UNIPAY_PORT_80_TCP: 'tcp://10.0.0.1:80',
        UNIPAY_PORT_80_TCP_ADDR: '10.0.0.1',
      }),
    ).toEqual([]);
  });
});

describe('the simulators', () => {
  it('stay off once an account is configured', () => {
    expect(readConfig(billagain).simulators).toBeUndefined();
  });

  it('are refused beside an account', () => {
    expect(problemOf({ ...billagain, SIMULATORS: 'on' })).toContain('SIMULATORS must be off, or no account configured');
  });

  it('do not start by themselves in production, and the refusal says what to set', () => {
    const problem = problemOf({ NODE_ENV: 'production' });
    for (const variable of ['BILLAGAIN_API_KEY', 'UNIPAY_PASSWORD', 'ACCOUNTS_FILE', 'SIMULATORS=on']) {
      expect(problem).toContain(variable);
    }
    expect(problem).toContain('NODE_ENV=production');
  });

  it('run in production when asked for', () => {
    expect(readConfig({ NODE_ENV: 'production', SIMULATORS: 'on' }).simulators).toBeDefined();
  });

  it('leave nothing to ask when they are off and no account is configured', () => {
    expect(problemOf({ SIMULATORS: 'off' })).toContain('got no account with SIMULATORS=off');
  });

  it("take the number of customers and the simulated UniPay's settings", () => {
    expect(readConfig({ SIMULATOR_CUSTOMERS: '12', UNIPAY_FORMAT: 'xml' }).simulators).toMatchObject({
      customers: 12,
      unipay: { format: 'xml' },
    });
  });
});

const accountsFile = `
accounts:
  - name: billagain-eu
    dialect: billagain
    url: https://api.billagain.com/v1/
    credentials:
      accountId: { env: EU_ACCOUNT_ID }
      apiKey: { file: api-key }
  - name: unipay_1
    dialect: unipay
    url: https://manager-stage.pepgate.com/api/v01
    credentials:
      username: { env: UNIPAY_USERNAME }
      password: { env: ONE_PASSWORD }
    timeoutMs: 700
    concurrency: 2
    maxResponseBytes: 4096
    profile: billing
    format: xml
    requestFormat: xurl
    formatSelection: suffix
    pageSize: 30
`;
const accountsEnvironment = { EU_ACCOUNT_ID: '4711', UNIPAY_USERNAME: 'api-one', ONE_PASSWORD: 'p4ss-s3cret' };

function writeAccounts(content = accountsFile, apiKey = 'k3y-s3cret\n'): string {
  const path = writeFile('accounts.yaml', content);
  writeFileSync(join(path, '..', 'api-key'), apiKey);
  return path;
}

describe("Redis's durability", () => {
  it('is asked for by replicas, by append-only files or by both', () => {
    const durabilityOf = (env: Environment) => readConfig(env).redisDurability;
    expect(durabilityOf({})).toBeUndefined();
    expect(durabilityOf({ REDIS_WAIT_MS: '20' })).toBeUndefined();
    expect(durabilityOf({ REDIS_WAIT_REPLICAS: '2' })).toEqual({ replicas: 2, onDisk: false, timeoutMs: 500 });
    expect(durabilityOf({ REDIS_WAIT_DISK: 'on', REDIS_WAIT_MS: '20' })).toEqual({
      replicas: 0,
      onDisk: true,
      timeoutMs: 20,
    });
    expect(problemOf({ REDIS_WAIT_MS: '901' })).toContain('REDIS_WAIT_MS must be a whole number from 1 to 900');
  });
});

describe('ACCOUNTS_FILE', () => {
  it('lists accounts in their order, with credentials from variables and files', () => {
    const { accounts, simulators } = readConfig({
      ...accountsEnvironment,
      ACCOUNTS_FILE: writeAccounts(),
      VENDOR_TIMEOUT_MS: '900',
    });
    expect(simulators).toBeUndefined();
    expect(accounts).toMatchObject([
      {
        name: 'billagain-eu',
        vendor: 'BILLAGAIN',
        url: 'https://api.billagain.com/v1',
        timeoutMs: 900,
        concurrency: 20,
        maxResponseBytes: 16_777_216,
      },
      {
        name: 'unipay_1',
        vendor: 'UNIPAY',
        timeoutMs: 700,
        concurrency: 2,
        maxResponseBytes: 4096,
        unipay: { profile: 'billing', format: 'xml', requestFormat: 'xurl', formatSelection: 'suffix', pageSize: 30 },
      },
    ]);
    expect(accounts.map(({ credentials }) => [credentials.username, credentials.password])).toEqual([
      ['4711', 'k3y-s3cret'],
      ['api-one', 'p4ss-s3cret'],
    ]);
  });

  it('may be JSON, and leaves out what has a default', () => {
    const account = {
      name: 'u',
      dialect: 'unipay',
      url: unipay.UNIPAY_URL,
      credentials: { username: { env: 'U' }, password: { env: 'P' } },
    };
    const path = writeFile('accounts.json', JSON.stringify({ accounts: [account] }));
    expect(readConfig({ ACCOUNTS_FILE: path, U: 'u', P: 'p' }).accounts[0]?.unipay).toEqual({
      profile: 'management',
      format: 'json',
      requestFormat: 'json',
      formatSelection: 'both',
      pageSize: 100,
      actionPath: '/~{action}',
    });
  });

  it('refuses a secret itself, and does not repeat it', () => {
    const path = writeAccounts(accountsFile.replace('{ file: api-key }', 'k3y-s3cret'));
    expect(problemOf({ ...accountsEnvironment, ACCOUNTS_FILE: path })).toBe(
      `ACCOUNTS_FILE ${path}: account billagain-eu: credentials.apiKey must be a reference, { env: VARIABLE } or { file: PATH }: a secret itself is refused in this file`,
    );
  });

  it.each([
    ['name: billagain-eu', 'name: "a:b"', 'account number 1: name must be a name of letters'],
    ['name: billagain-eu', '', 'account number 1: name must be a name of letters'],
    ['name: billagain-eu', 'name: unipay_1', 'account unipay_1: name must be unique'],
    ['dialect: billagain', 'dialect: stripe', 'dialect must be one of billagain, unipay; got "stripe"'],
    ['url: https://api.billagain.com/v1/', 'url: http://api.billagain.com', 'url must start with https://'],
    ['url: https://api.billagain.com/v1/', 'url: https://me:s3cret@host', 'url must hold no credentials'],
    ['url: https://api.billagain.com/v1/', '', 'url must be a URL such as https://api.billagain.com/v1; got nothing'],
    ['{ env: EU_ACCOUNT_ID }', '{ env: ABSENT }', 'credentials.accountId refers to variable ABSENT, which must be set'],
    [
      '{ file: api-key }',
      '{ file: absent }',
      'credentials.apiKey refers to file absent, which must be readable; got ENOENT',
    ],
    ['apiKey: { file: api-key }', 's3cret: x', 'credentials must hold accountId and apiKey and nothing else'],
    ['{ file: api-key }', '{ file: api-key, env: A }', 'credentials.apiKey must be a reference'],
    [
      'timeoutMs: 700',
      'timeoutMs: soon',
      'account unipay_1: timeoutMs must be a whole number from 1 to 600000; got "soon"',
    ],
    ['concurrency: 2', 'concurrency: 0', 'concurrency must be a whole number from 1'],
    ['maxResponseBytes: 4096', 'maxResponseBytes: 1.5', 'maxResponseBytes must be a whole number'],
    [
      'profile: billing',
      'profile: management',
      'requestFormat must be json or xml unless profile is billing; got "xurl"',
    ],
    ['format: xml', 'format: xurl', 'format must be one of json, xml; got "xurl"'],
    ['formatSelection: suffix', 'formatSelection: header', 'formatSelection must be one of suffix, accept, both'],
    ['pageSize: 30', 'pageSize: 0', 'pageSize must be a whole number from 1'],
    ['pageSize: 30', 'pagesize: 30', "pagesize is not a key of this dialect's accounts"],
    ['dialect: billagain', 'dialect: billagain\n    format: xml', "format is not a key of this dialect's accounts"],
  ])('names file, account and key when «%s» is «%s»', (right, wrong, expected) => {
    const path = writeAccounts(accountsFile.replace(right, wrong));
    const problem = problemsOf({ ...accountsEnvironment, ACCOUNTS_FILE: path }).join('\n');
    expect(problem).toContain(`ACCOUNTS_FILE ${path}: account `);
    expect(problem).toContain(expected);
    expect(problem).not.toContain('s3cret');
  });

  it('refuses two names for one vendor account, whatever profile they give it, beside all other problems', () => {
    const unipayAt = (name: string, url: string, profile: string, username = 'UNIPAY_USERNAME') =>
      `  - { name: ${name}, dialect: unipay, url: "${url}", profile: ${profile}, credentials: { username: { env: ${username} }, password: { env: ONE_PASSWORD } } }\n`;
    const url = 'https://manager-stage.pepgate.com/api/v01';
    const accounts = [
      unipayAt('first', url, 'billing'),
      unipayAt('second', 'https://MANAGER-STAGE.pepgate.com:443/api/v01/', 'management'),
      unipayAt('elsewhere', `${url}/other`, 'billing'),
      unipayAt('another-user', url, 'billing', 'EU_ACCOUNT_ID'),
    ];
    const path = writeAccounts(`accounts:\n${accounts.join('')}`);
    const problems = problemsOf({ ...accountsEnvironment, ACCOUNTS_FILE: path, PORT: 'no' });
    expect(problems).toEqual([
      expect.stringMatching(/^PORT must be/),
      'Each vendor account must be configured once; got first and second with one vendor, base URL and user',
    ]);
  });

  it('refuses an empty secret file, and one of several lines', () => {
    const withApiKey = (apiKey: string) =>
      problemOf({ ...accountsEnvironment, ACCOUNTS_FILE: writeAccounts(accountsFile, apiKey) });
    expect(withApiKey('\n')).toContain('credentials.apiKey refers to file api-key, which must not be empty');
    const several = withApiKey('s3cret\nother');
    expect(several).toContain('credentials.apiKey refers to file api-key, which must hold no control character');
    expect(several).not.toContain('s3cret');
  });

  it.each([
    ['accounts: [', 'must be YAML or JSON; got BAD_INDENT in line 1'],
    ['accounts:\n  - s3cret: *s3cret\n', 'must be YAML or JSON; got an alias (*) without its anchor (&)'],
    ['accounts: []', 'must hold one key, accounts, with a list of at least one account'],
    ['- name: s3cret', 'must hold one key, accounts'],
    ['accounts: [s3cret]', 'account number 1: must be an object'],
  ])('refuses a file that holds «%s»', (content, expected) => {
    const path = writeFile('accounts.yaml', content);
    expect(problemOf({ ACCOUNTS_FILE: path })).toContain(expected);
  });

  it('refuses a file that is not there', () => {
    expect(problemOf({ ACCOUNTS_FILE: '/absent/accounts.yaml' })).toBe(
      'ACCOUNTS_FILE /absent/accounts.yaml: must be a readable file; got ENOENT',
    );
  });

  it('stands alone: account variables beside it are refused unless it refers to them', () => {
    const path = writeAccounts();
    const problems = problemsOf({ ...accountsEnvironment, ...billagain, UNIPAY_FORMAT: 'xml', ACCOUNTS_FILE: path });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'BILLAGAIN_URL',
      'BILLAGAIN_ACCOUNT_ID',
      'BILLAGAIN_API_KEY',
      'UNIPAY_FORMAT',
    ]);
    expect(problems[0]).toContain('must not be set beside ACCOUNTS_FILE');
  });

  it('may refer to variables that start like a vendor’s settings', () => {
    const path = writeAccounts(accountsFile.replace('EU_ACCOUNT_ID', 'BILLAGAIN_EU_ACCOUNT_ID'));
    expect(problemsOf({ ...accountsEnvironment, BILLAGAIN_EU_ACCOUNT_ID: '1', ACCOUNTS_FILE: path })).toEqual([]);
  });

  it('refuses simulators beside it', () => {
    const problem = problemOf({ ...accountsEnvironment, ACCOUNTS_FILE: writeAccounts(), SIMULATORS: 'on' });
    expect(problem).toContain('SIMULATORS must be off');
  });
});

describe('all problems', () => {
  const env = {
    PORT: 'x',
    LOG_LEVEL: 'loud',
    BILLAGAIN_URL: 'http://api.billagain.com',
    BILLAGAIN_ACCOUNT_ID: '4711:s3cret',
    BILLAGAIN_APIKEY: 's3cret',
    UNIPAY_PASSWORD: 's3cret\r',
    UNIPAY_REQUEST_FORMAT: 'xurl',
    REDIS_URL: 'redis://:s3cret@',
    SIMULATORS: 'on',
  };

  it('are told at once', () => {
    const problems = problemsOf(env).map((problem) => problem.split(' must')[0]?.split(' is not')[0]);
    expect(problems.sort()).toEqual([
      'BILLAGAIN_ACCOUNT_ID',
      'BILLAGAIN_APIKEY',
      'BILLAGAIN_API_KEY',
      'BILLAGAIN_URL',
      'LOG_LEVEL',
      'PORT',
      'REDIS_URL',
      'SIMULATORS',
      'UNIPAY_PASSWORD',
      'UNIPAY_REQUEST_FORMAT',
      'UNIPAY_URL and UNIPAY_USERNAME',
    ]);
  });

  it('are in one message, a line each, without a secret', () => {
    expect.assertions(2);
    try {
      readConfig(env);
    } catch (error) {
      const message = error instanceof InvalidConfig ? error.message : '';
      expect(message.split('\n')).toHaveLength(12);
      expect(inspect(error)).not.toContain('s3cret');
    }
  });
});

describe('credentials', () => {
  const config = readConfig({ ...billagain, ...unipay, REDIS_URL: 'redis://user:r3dis-s3cret@localhost' });

  it('are in no print of the configuration', () => {
    const prints = [
      JSON.stringify(config),
      inspect(config, { depth: null, showHidden: true, getters: true }),
      inspect(config.accounts[0]?.credentials, { customInspect: false, showHidden: true }),
      JSON.stringify({ ...config.accounts[0]?.credentials, ...config.redis?.credentials }),
      String(config.redis?.credentials),
    ];
    for (const print of prints) expect(print).not.toContain('s3cret');
    expect(prints[0]).toContain('[secret]');
    expect(prints[1]).toContain('[secret]');
  });

  it('are there for whoever asks by name', () => {
    expect(config.accounts[1]?.credentials.password).toBe('p4ss-s3cret');
    expect(config.redis?.credentials?.password).toBe('r3dis-s3cret');
  });
});

describe('the settings table', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

  it('stands in the README as the settings say: run scripts/write-settings-table.ts when it does not', () => {
    const between = /<!-- settings -->\n\n(.*?)\n\n<!-- \/settings -->/s.exec(readme)?.[1];
    expect(between).toBe(printSettingsTable());
  });

  it('has a row of three cells for every setting', () => {
    const rows = printSettingsTable().split('\n').slice(2);
    expect(rows).toHaveLength(settings.length);
    for (const row of rows) expect(row.split('|')).toHaveLength(5);
  });

  it('marks what is secret', () => {
    expect(settings.filter(({ secret }) => secret).map(({ variable }) => variable)).toEqual([
      'BILLAGAIN_ACCOUNT_ID',
      'BILLAGAIN_API_KEY',
      'UNIPAY_USERNAME',
      'UNIPAY_PASSWORD',
      'REDIS_URL',
      'SUBGRAPH_SECRET',
    ]);
  });
});
