import { z } from 'zod';
import type { UnipaySettings } from '../model/account.ts';

/** What a value must be, said by its message. Variables and ACCOUNTS_FILE share these. */
export type Check<T> = z.ZodType<T, string>;

export function wholeNumber(least: number, most: number) {
  const expected = `must be a whole number from ${least} to ${most}`;
  return z.int(expected).min(least, expected).max(most, expected);
}

/** The same number from a variable's text. Anything but digits becomes NaN, which no number check lets through. */
export function inText(number: z.ZodType<number, number>) {
  return z
    .string()
    .transform((text) => (/^\d+$/.test(text) ? Number(text) : Number.NaN))
    .pipe(number);
}

export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, `must be one of ${words.join(', ')}`);
}

export const onOff = oneOf('on', 'off').transform((word) => word === 'on');

export const trueOrFalse = oneOf('true', 'false').transform((word) => word === 'true');

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

const urlOfVendor = 'must be a URL such as https://api.billagain.com/v1';

function findUrlFault(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return urlOfVendor;
  if (url.username || url.password) return 'must hold no credentials: they have settings of their own';
  if (/[?#]/.test(text)) return 'must have no query and no fragment';
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return 'must start with https://, as credentials are sent to it: http:// is for loopback only';
  }
  return undefined;
}

export const baseUrl = z.string(urlOfVendor).transform((text, context) => {
  const fault = findUrlFault(text);
  if (fault === undefined) return new URL(text).href.replace(/\/+$/, '');
  context.addIssue(fault);
  return z.NEVER;
});

// RFC 7617: the username ends at the first colon, and neither part may hold control characters.
export const username = z
  .string()
  .regex(/^[^:\p{Cc}]+$/u, 'must hold no ":" and no control character, such as a line break');
export const password = z.string().regex(/^\P{Cc}+$/u, 'must hold no control character, such as a line break');

export const seconds = inText(wholeNumber(0, 2_592_000));

export const corsOrigins = z.string().transform((text, context) => {
  if (text === 'none') return [];
  const origins = text.split(',').map((origin) => origin.trim());
  if (origins.every((origin) => /^https?:/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin))
    return origins;
  context.addIssue(
    'must be "none" or a comma-separated list of origins such as https://partner.example, without a path or *',
  );
  return z.NEVER;
});

// pino's levels
export const logLevel = oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent');
export type LogLevel = z.output<typeof logLevel>;

export const limits = {
  timeoutMs: wholeNumber(1, 600_000),
  concurrency: wholeNumber(1, 10_000),
  maxResponseBytes: wholeNumber(1024, 268_435_456),
};

export const unipay = {
  profile: oneOf('management', 'billing'),
  format: oneOf('json', 'xml'),
  requestFormat: oneOf('json', 'xml', 'xurl'),
  formatSelection: oneOf('suffix', 'accept', 'both'),
  pageSize: wholeNumber(1, 10_000),
  actionPath: z.string().regex(/^[/~][\w/~-]*\{action\}$/, 'must be a path that ends in {action}, such as /~{action}'),
};

/** Seed 001 and 003 name json and xml as what is taken; only seed 000 names query, which is xurl. */
export function isSpoken(settings: Pick<UnipaySettings, 'profile' | 'requestFormat'>): boolean {
  return settings.requestFormat !== 'xurl' || settings.profile === 'billing';
}

export function firstMessage(error: z.ZodError): string {
  return error.issues[0]?.message ?? 'is not valid';
}

/** What came, cut to a line. A URL is shown only where nothing in it can be a secret. */
export function show(value: unknown, isUrl = false): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, 80) : value);
  return !isUrl || /^"https?:\/\/[\w.:/[\]-]*"$/.test(text) ? text : 'a value that is not shown';
}
