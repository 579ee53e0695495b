import { z } from 'zod';
import { Credentials } from './credentials.ts';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** The host is one node of a cluster, which names the others. */
  readonly cluster: boolean;
  readonly database: number;
  /** The username is "" where only a password is given. */
  readonly credentials: Credentials | undefined;
}

function decodeUserInfo(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

export const redisAddress = z.string().transform((text, context): RedisAddress => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const redisUsername = decodeUserInfo(url?.username ?? '');
  const redisPassword = decodeUserInfo(url?.password ?? '');
  const cluster = url?.protocol === 'redis+cluster:';
  const path = cluster ? /^\/?0?$/ : /^\/?\d{0,5}$/;
  if (
    !url?.hostname ||
    !/^(rediss?|redis\+cluster):$/.test(url.protocol) ||
    !path.test(url.pathname) ||
    /[?#]/.test(text) ||
    redisUsername === undefined ||
    redisPassword === undefined
  ) {
    context.addIssue(
      'must be redis://, rediss:// (TLS) or redis+cluster://, then [username:password@]host[:port][/database], ' +
        'percent-encoded, without a query; a cluster has no databases',
    );
    return z.NEVER;
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 6379),
    tls: url.protocol === 'rediss:',
    cluster,
    database: Number(url.pathname.slice(1)),
    credentials: redisUsername || redisPassword ? new Credentials(redisUsername, redisPassword) : undefined,
  };
});
