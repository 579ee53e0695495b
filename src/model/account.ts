import type { Vendor } from './vendor.ts';

export const CodecName = { json: 'json', xml: 'xml', xurl: 'xurl' } as const;
export type CodecName = keyof typeof CodecName;

/** One configured place to ask. Held by the process only: nothing of `credentials` is ever printed or stored. */
export interface Account {
  /** Unique; a part of every record's id, so it is a word without ":". */
  readonly name: string;
  readonly vendor: Vendor;
  /** Base URL without a trailing slash, e.g. https://api.billagain.com/v1 */
  readonly url: string;
  readonly credentials: { readonly username: string; readonly password: string };
  /** One attempt's limit, connecting included. */
  readonly timeoutMs: number;
  /** Calls under way at once, whoever asks. */
  readonly concurrency: number;
  readonly maxResponseBytes: number;
  /** UniPay only. */
  readonly unipay?: UnipaySettings;
}

/** What differs between UniPay's white-labelled deployments, and what its documents leave open. */
export interface UnipaySettings {
  /** `management` is seed 001 + 003, `billing` is seed 000. */
  readonly profile: 'management' | 'billing';
  /** What answers are asked for in. */
  readonly format: 'json' | 'xml';
  /** What bodies are sent in; xurl in the billing profile only. */
  readonly requestFormat: CodecName;
  /** How the answer's format is asked for: `/customers.xml` (documented for merchants), the Accept header, or both. */
  readonly formatSelection: 'suffix' | 'accept' | 'both';
  /** Rows asked for at once. 100 is the vendor's own default; no maximum is documented. */
  readonly pageSize: number;
  /** What follows a subscription's path to cancel or freeze it, {action} standing for the word. Inferred: no page shows one. */
  readonly actionPath: string;
}

/** What the vendor's own documents suggest where nothing is configured. */
export const unipayDefaults: UnipaySettings = {
  profile: 'management',
  format: 'json',
  requestFormat: 'json',
  formatSelection: 'both',
  pageSize: 100,
  actionPath: '/~{action}',
};
