import { createMemoryCache } from './cache/memory.ts';
import { createRedisCache } from './cache/redis.ts';
import { SharedReads } from './cache/shared-reads.ts';
import { type Config, InvalidConfig } from './config.ts';
import { createMemoryCoordination } from './coordination/memory.ts';
import { createRedisCoordination } from './coordination/redis.ts';
import { createRedisPatience } from './coordination/redis-patience.ts';
import { Loaders } from './loaders/loaders.ts';
import { ReadThrough } from './loaders/read-through.ts';
import type { Account } from './model/account.ts';
import { accountIdentity } from './model/account-identity.ts';
import type { Vendor } from './model/vendor.ts';
import { createPartnerSchema } from './resolvers/partner-schema.ts';
import { createSchema } from './resolvers/schema.ts';
import { createSubgraphSchema } from './resolvers/subgraph.ts';
import { createApollo } from './server/apollo.ts';
import { createExampleOperations } from './server/example-operations.ts';
import { createHttp } from './server/http.ts';
import { findUnusableDocuments } from './server/trusted-documents.ts';
import { Shutdown } from './shutdown.ts';
import { startBillagain } from './simulators/billagain/server.ts';
import { startUnipay } from './simulators/unipay/server.ts';
import type { Log } from './telemetry/log.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createTransport } from './transport/create-transport.ts';
import type { Attempt } from './transport/transport.ts';
import { billagain } from './vendors/billagain/index.ts';
import { unipay } from './vendors/unipay/index.ts';
import type { Dialect, VendorAccount } from './vendors/vendor.ts';
import type { WriteParts } from './writes/execution.ts';
import { Invalidation } from './writes/invalidation.ts';
import { WritesUnderWay } from './writes/under-way.ts';
import { Writes } from './writes/writes.ts';

export interface Gateway {
  /** Where it serves, e.g. http://127.0.0.1:4000 */
  readonly url: string;
  /**
   * Takes no more requests, finishes those under way within STOP_TIMEOUT_MS, and lets go of everything. Rejects with what
   * could not be finished or let go of, when all the rest has been.
   */
  stop(): Promise<void>;
}

const DIALECTS: Readonly<Record<Vendor, Dialect>> = { BILLAGAIN: billagain, UNIPAY: unipay };

/** One tenant, until callers are told apart. */
const TENANT = 'default';

/** A cache that is slower than this is no help: the vendor is asked instead. */
const CACHE_TIMEOUT_MS = 50;

/** For each part that a stop lets go of, once nothing is under way any more. */
const CLOSE_TIMEOUT_MS = 1_000;

const HEALTH = { UP: 1, DEGRADED: 0.5, DOWN: 0 } as const;

/** Settings in, running gateway out. The only file that knows every part. */
export async function startGateway(config: Config, log: Log, auditLog: Log = log): Promise<Gateway> {
  const { introspection, explorer, schemaVariant, subgraphSecret, operationLimits, trustedDocuments } = config.server;
  const schema = await createSchema();
  const publicSchema = schemaVariant === 'partner' ? createPartnerSchema(schema) : schema;
  const problems = findUnusableDocuments(publicSchema, trustedDocuments ?? new Map(), operationLimits.maxTokens);
  if (problems.length > 0) throw new InvalidConfig(problems);

  const simulators = config.simulators && (await startSimulators(config.simulators, config.vendorLimits));
  const cache = config.redis
    ? createRedisCache({ address: config.redis, commandTimeoutMs: CACHE_TIMEOUT_MS, onStateChange: tellCacheState })
    : createMemoryCache({ maxEntries: config.cache.maxEntries });
  function tellCacheState(isReachable: boolean, reason: string | undefined): void {
    if (isReachable) log.info('the cache is reachable');
    else log.warn({ reason }, 'the cache is not reachable: answers are slower until it is');
  }

  const accounts = new Map<string, VendorAccount>();
  const metrics = createMetrics({
    accountHealth: () => [...accounts.values()].map((account) => [account.name, HEALTH[account.health()]] as const),
    isCacheReachable: () => cache.isReachable(),
  });

  function onAttempt(attempt: Attempt): void {
    metrics.countAttempt(attempt);
    const { account, operation, durationMs, status, error } = attempt;
    const line = { account, operation, attempt: attempt.attempt, status, durationMs: Math.round(durationMs) };
    if (error) {
      const { code, message, wireCode } = error;
      log.warn({ ...line, code, reason: message, wireCode }, 'vendor call failed');
    } else {
      log.debug(line, 'vendor call');
    }
  }

  const patience = config.redis ? createRedisPatience({ address: config.redis }) : undefined;
  for (const account of simulators?.accounts ?? config.accounts) {
    const dialect = DIALECTS[account.vendor];
    const transport = createTransport(account, {
      readFailure: (response, request) => dialect.readFailure(account.name, request, response),
      onAttempt,
      sharedPatience: patience?.of(accountIdentity(account)),
    });
    const onUnreadable = (field: string) => metrics.countUnreadableField(account.name, field);
    accounts.set(account.name, dialect.connect(account, transport, onUnreadable));
  }

  const shared = new SharedReads();
  const cacheSettings = { ...config.cache, isShared: config.redis !== undefined };
  const reads = new ReadThrough(cache, shared, cacheSettings);
  const loaderParts = { accounts, reads, scanLimitRows: config.scanLimitRows };
  const configured = new Map((simulators?.accounts ?? config.accounts).map((account) => [account.name, account]));
  const accountOf = (name: string) => configured.get(name) as Account;
  const coordination = config.redis
    ? createRedisCoordination({ address: config.redis, durability: config.redisDurability })
    : createMemoryCoordination();
  const underWay = new WritesUnderWay();
  const writeParts: WriteParts = {
    accounts,
    coordination,
    invalidation: new Invalidation(cache, shared, cacheSettings),
    audit: (line) => auditLog.info(line, 'write'),
    underWay,
    allowRawCardData: config.allowRawCardData,
    fingerprintSecretOf: (name) => accountOf(name).credentials.password,
    timeoutMsOf: (name) => accountOf(name).timeoutMs,
  };
  const examples = explorer
    ? () => createExampleOperations([...configured.values()], publicSchema, new Date())
    : undefined;
  const common = { introspection, ttlSeconds: config.cache.ttlSeconds, log, metrics };
  const apollo = createApollo({
    ...common,
    face: 'public',
    examples,
    limits: operationLimits,
    trustedDocuments,
    schema: publicSchema,
  });
  const subgraph =
    subgraphSecret === undefined
      ? undefined
      : {
          apollo: createApollo({
            ...common,
            face: 'router',
            examples: undefined,
            limits: undefined,
            trustedDocuments: undefined,
            schema: createSubgraphSchema(schema),
          }),
          secret: subgraphSecret,
        };
  await Promise.all([apollo.start(), subgraph?.apollo.start()]);

  let isReady = false;
  const http = await createHttp({
    apollo,
    subgraph,
    examples,
    corsOrigins: config.server.corsOrigins,
    requestTimeoutMs: config.server.requestTimeoutMs,
    stopTimeoutMs: config.server.stopTimeoutMs,
    onCut: (requestCount) =>
      log.error({ requestCount }, 'requests were cut: STOP_TIMEOUT_MS was over before they ended'),
    maxRequestBytes: config.server.maxRequestBytes,
    metrics,
    createContext: (call) => {
      const context = { ...call, tenant: TENANT };
      const loaders = new Loaders(loaderParts, context);
      const writes = new Writes(writeParts, context, loaders);
      return { startedAtMs: performance.now(), loaders, writes, partialFailures: [], carriedOut: new Map() };
    },
    readiness: () => ({
      isReady,
      accounts: Object.fromEntries([...accounts.values()].map((account) => [account.name, account.health()])),
      cache: cache.isReachable() ? 'reachable' : 'unreachable',
    }),
  });
  const url = await http.listen({ host: config.server.host, port: config.server.port });
  isReady = true;

  return {
    url,
    async stop() {
      isReady = false;
      const { stopTimeoutMs } = config.server;
      const stopAtMs = performance.now() + stopTimeoutMs;
      const shutdown = new Shutdown();
      // It waits for the requests under way until its time is over, and then closes.
      await shutdown.stop(stopTimeoutMs + CLOSE_TIMEOUT_MS, { 'the HTTP server': () => http.close() });
      await shutdown.stop(CLOSE_TIMEOUT_MS, {
        'Apollo Server': () => apollo.stop(),
        "the subgraph's Apollo Server": () => subgraph?.apollo.stop(),
      });
      // A client that has left does not wait for its write any more, and the write goes on.
      const writeTimeoutMs = Math.ceil(Math.max(0, stopAtMs - performance.now()));
      await shutdown.stop(writeTimeoutMs, { 'a write under way': () => underWay.ended() });
      shared.stop();
      await shutdown.stop(
        CLOSE_TIMEOUT_MS,
        Object.fromEntries([...accounts.values()].map((account) => [`account ${account.name}`, () => account.close()])),
      );
      await shutdown.stop(CLOSE_TIMEOUT_MS, {
        'the cache': () => cache.close(),
        'the locks and idempotency keys': () => coordination.close(),
        'the wish for patience over replicas': () => patience?.close(),
        'the simulators': () => simulators?.stop(),
      });
      shutdown.end();
    },
  };
}

/** Both vendors' simulators, and the accounts that lead to them. */
async function startSimulators(
  { customers, unipay: unipaySettings }: NonNullable<Config['simulators']>,
  limits: Config['vendorLimits'],
) {
  const [billagainServer, unipayServer] = await Promise.all([
    startBillagain({ customers }),
    startUnipay({ customers, profile: unipaySettings.profile }),
  ]);
  const accounts: Account[] = [
    {
      name: 'billagain',
      vendor: 'BILLAGAIN',
      url: billagainServer.url,
      credentials: { username: billagainServer.accountId, password: billagainServer.apiKey },
      ...limits,
    },
    {
      name: 'unipay',
      vendor: 'UNIPAY',
      url: unipayServer.url,
      credentials: { username: unipayServer.settings.username, password: unipayServer.settings.password },
      unipay: unipaySettings,
      ...limits,
    },
  ];
  return { accounts, stop: () => Promise.all([billagainServer.close(), unipayServer.close()]) };
}
