import { createHash } from 'node:crypto';

/** A content security policy's directives, e.g. `'script-src': ["'self'"]`. */
export type Directives = Readonly<Record<string, readonly string[]>>;

/** The headers of a page that people open: it may load what the directives name and nothing else, and no site may frame it. */
export function pageHeaders(directives: Directives): Readonly<Record<string, string>> {
  const policy = {
    'default-src': ["'none'"],
    ...directives,
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  };
  return {
    'content-security-policy': Object.entries(policy)
      .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
      .join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cache-control': 'no-cache',
  };
}

/** Lets one inline script or style through, and no other. */
export function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** JSON for a `<script type="application/json">`, which is data: no policy keeps it from its page, and no text in it ends it. */
export function dataBlock(id: string, data: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}
