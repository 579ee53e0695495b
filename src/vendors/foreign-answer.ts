import type { TransportResponse } from '../transport/transport.ts';

/** A proxy's or a login form's, never an API's. */
export function isHtml(body: string): boolean {
  return /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:!doctype\s+)?html\b/i.test(body);
}

/** What kind of thing answered in a vendor's place, without a word of it: it may hold people's data. */
export function describeForeign({ body, contentType }: TransportResponse): string {
  const start = body.trimStart()[0];
  if (start === undefined) return 'an empty body';
  if (isHtml(body)) return 'an HTML page';
  if (start === '{') return 'a JSON record of another form';
  if (start === '[') return 'a JSON list';
  if (start === '<') return 'markup of another form';
  return contentType === 'text/plain' ? 'text/plain' : 'text of another kind';
}
