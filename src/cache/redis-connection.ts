import { Cluster, type DNSLookupFunction, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from '../settings/redis-address.ts';

export interface RedisConnectionOptions {
  readonly address: RedisAddress;
  /** Told once for each change. The reason is a code such as ECONNREFUSED or WRONGPASS, never an address or a credential. */
  readonly onStateChange?: ((isReachable: boolean, reason: string | undefined) => void) | undefined;
}

/** ioredis's own default for a new connection is 10 s; commands are turned away meanwhile. */
const CONNECT_TIMEOUT_MS = 2_000;
/** A server that owes an answer for so long is taken for dead: its connection is replaced. */
const SILENCE_LIMIT_MS = 1_000;
const MAX_RECONNECT_DELAY_MS = 2_000;
/** For commands under way, and then for the socket, when we close. */
const CLOSE_TIMEOUT_MS = 200;
/** How soon a failover is noticed that no MOVED told us of. */
const SLOTS_REFRESH_INTERVAL_MS = 5_000;
/** A slot moves to one node; more redirections than these mean a cluster in disorder. */
const MAX_REDIRECTIONS = 4;

/**
 * A connection that reconnects for ever in the background and never makes a caller wait for it: while there is none,
 * every command rejects at once, and none is sent twice or kept for later.
 */
export class RedisConnection {
  readonly client: Redis | Cluster;
  readonly #onStateChange: RedisConnectionOptions['onStateChange'];
  #isReachable: boolean | undefined;
  #isClosed = false;
  #lastReason: string | undefined;

  constructor({ address, onStateChange }: RedisConnectionOptions) {
    this.#onStateChange = onStateChange;
    this.client = address.cluster ? openCluster(address) : openServer(address);
    this.client.on('ready', () => void this.#begin());
    this.client.on('close', () => this.#tell(false));
    // ioredis writes an error that nobody listens to, with its stack, to the console
    this.client.on('error', (error: unknown) => {
      this.#lastReason = reasonOf(error);
    });
  }

  get isCluster(): boolean {
    return this.client.isCluster;
  }

  isReady(): boolean {
    return this.client.status === 'ready' && this.#isReachable === true && !this.#isClosed;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    const wasReady = this.isReady();
    this.#isClosed = true;
    if (wasReady) await settledWithin(this.client.quit(), CLOSE_TIMEOUT_MS);
    if (this.client.status !== 'end') this.client.disconnect();
  }

  /**
   * ioredis connects to a cluster's node at its first command, which it turns away meanwhile. Not before "ready", as it makes
   * sure of the cluster over a node that it has not connected to yet.
   */
  async #begin(): Promise<void> {
    if (this.client instanceof Cluster) await Promise.all(this.client.nodes('master').map(connectNode));
    if (this.client.status === 'ready') this.#tell(true);
  }

  #tell(isReachable: boolean): void {
    if (this.#isClosed || this.#isReachable === isReachable) return;
    this.#isReachable = isReachable;
    this.#onStateChange?.(isReachable, isReachable ? undefined : (this.#lastReason ?? 'connection closed'));
    this.#lastReason = undefined;
  }
}

function serverOptions({ credentials, tls }: RedisAddress) {
  return {
    connectionName: 'billgraph',
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: CLOSE_TIMEOUT_MS,
    socketTimeout: SILENCE_LIMIT_MS,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // a former primary that has become a replica: its name leads to the new primary after reconnecting
    reconnectOnError: (error) => error.message.includes('READONLY'),
    // "" is no user name to ioredis, which then logs in as Redis's default user
    username: credentials?.username,
    password: credentials?.password,
    ...(tls ? { tls: {} } : {}),
  } satisfies RedisOptions;
}

function openServer(address: RedisAddress): Redis {
  return new Redis({
    ...serverOptions(address),
    host: address.host,
    port: address.port,
    db: address.database,
    enableOfflineQueue: false,
    retryStrategy: reconnectDelayMs,
  });
}

function openCluster(address: RedisAddress): Cluster {
  const cluster = new Cluster([{ host: address.host, port: address.port }], {
    enableOfflineQueue: false,
    clusterRetryStrategy: reconnectDelayMs,
    slotsRefreshInterval: SLOTS_REFRESH_INTERVAL_MS,
    maxRedirections: MAX_REDIRECTIONS,
    retryDelayOnFailover: 0, // never: the caller has gone on by then
    retryDelayOnClusterDown: 0,
    redisOptions: serverOptions(address),
    // a certificate names hosts, so they must not be turned into IP addresses first
    ...(address.tls ? { dnsLookup: keepHostName } : {}),
  });
  cluster.on('+node', (node: Redis) => {
    if (cluster.status === 'ready' && node.options.readOnly !== true) void connectNode(node);
  });
  return cluster;
}

/** Until it is connected to, or is found not to answer. */
async function connectNode(node: Redis): Promise<void> {
  if (node.status === 'ready') return;
  const settled = new Promise((resolve) => node.once('ready', resolve).once('close', resolve));
  if (node.status === 'wait') node.connect().catch(() => undefined);
  await settledWithin(settled, CONNECT_TIMEOUT_MS);
}

const keepHostName: DNSLookupFunction = (host, callback) => callback(null, host);

function reconnectDelayMs(attempt: number): number {
  const jitterMs = Math.random() * 100; // so that replicas don't come back all at once
  return Math.min(25 * 2 ** attempt, MAX_RECONNECT_DELAY_MS) + jitterMs;
}

/** An error of ioredis may carry the command that failed, AUTH with its password included, so only its code gets out. */
function reasonOf(error: unknown): string {
  const { code, message, lastNodeError } = error as { code?: unknown; message?: unknown; lastNodeError?: unknown };
  if (lastNodeError !== undefined && lastNodeError !== null) return reasonOf(lastNodeError);
  if (typeof code === 'string') return code;
  return /^[A-Z]{2,}\b/.exec(String(message))?.[0] ?? 'connection failed';
}

function settledWithin(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    work.then(end, end);
  });
}
