import type { VendorRequest } from '../simulator.ts';
import { malformed, unsupported } from './failure.ts';
import { readJson, writeJsonList, writeJsonRecord } from './json.ts';
import type { Settings } from './options.ts';
import type { RawFields, Row } from './row.ts';
import { readXml, writeXmlList, writeXmlRecord } from './xml.ts';
import { readXurl, writeXurl } from './xurl.ts';

export type Format = 'json' | 'xml' | 'xurl';

/** What a resource's records are called where a format needs a name. */
export type RecordName = 'customer' | 'subscription';

/** What an action answers, before it has a format. */
export type Outcome =
  | { readonly kind: 'record'; readonly name: RecordName; readonly row: Row; readonly isCreated?: true }
  | { readonly kind: 'list'; readonly name: RecordName; readonly rows: readonly Row[] }
  | { readonly kind: 'failure'; readonly row: Row };

const FORMAT_BY_MEDIA_TYPE: Readonly<Record<string, Format>> = {
  'application/json': 'json',
  'application/xml': 'xml',
  'text/xml': 'xml',
  'application/x-www-form-urlencoded': 'xurl',
};

const CONTENT_TYPE: Readonly<Record<Format, string>> = {
  json: 'application/json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  xurl: 'application/x-www-form-urlencoded; charset=utf-8',
};

const mediaType = (header: string): string => (header.split(';')[0] ?? '').trim().toLowerCase();

function formatOfAccept(accept: string | undefined): Format | undefined {
  return (accept ?? '')
    .split(',')
    .map((range) => ({
      format: FORMAT_BY_MEDIA_TYPE[mediaType(range)],
      quality: Number(/;\s*q=([\d.]+)/i.exec(range)?.[1] ?? 1),
    }))
    .filter(({ format, quality }) => format !== undefined && quality > 0)
    .sort((a, b) => b.quality - a.quality)[0]?.format;
}

/** The path without its suffix, and the format asked for; where both ways are open, the suffix wins. */
export function readAnswerFormat(
  request: Pick<VendorRequest, 'path' | 'headers'>,
  settings: Settings,
): { readonly path: string; readonly format: Format } {
  const suffix = settings.formatBy === 'accept' ? undefined : /\.(json|xml|xurl)$/.exec(request.path)?.[1];
  const path = suffix === undefined ? request.path : request.path.slice(0, -suffix.length - 1);
  const accepted = settings.formatBy === 'suffix' ? undefined : formatOfAccept(request.headers.accept);
  return { path, format: (suffix as Format | undefined) ?? accepted ?? settings.defaultFormat };
}

/** The fields of a create or modify. Which formats an action consumes is in the seeds, action by action. */
export function readBody(
  request: VendorRequest,
  consumes: readonly Format[],
  name: RecordName,
  settings: Settings,
): RawFields {
  const contentType = request.headers['content-type'];
  if (request.body === '') {
    // "query" may also mean the query string itself.
    if (consumes.includes('xurl') && request.query.size > 0) return readXurl(request.query.toString());
    throw malformed('A body is required.');
  }
  const format = contentType === undefined ? undefined : FORMAT_BY_MEDIA_TYPE[mediaType(contentType)];
  if (format === undefined || !consumes.includes(format)) {
    throw unsupported(`This action consumes ${consumes.join(', ')}.`);
  }
  if (format === 'json') return readJson(request.body);
  if (format === 'xurl') return readXurl(request.body);
  // The actions call their parameter "object" (seeds 000, 001, 003), the component pages also "customer".
  return readXml(request.body, [settings.xmlRecordName ?? name, name, 'object'], settings.xmlScalars);
}

export function writeOutcome(
  outcome: Outcome,
  format: Format,
  settings: Settings,
): { readonly body: string; readonly contentType: string } {
  return { body: writeBody(outcome, format, settings), contentType: CONTENT_TYPE[format] };
}

function writeBody(outcome: Outcome, format: Format, settings: Settings): string {
  if (outcome.kind === 'list') {
    const listName = settings.listName ?? `${outcome.name}s`;
    const recordName = settings.xmlRecordName ?? outcome.name;
    return format === 'xml'
      ? writeXmlList(listName, recordName, outcome.rows, settings.xmlScalars)
      : writeJsonList(listName, outcome.rows, settings);
  }
  const rootName = outcome.kind === 'failure' ? settings.xmlFailureName : (settings.xmlRecordName ?? outcome.name);
  if (format === 'xml') return writeXmlRecord(rootName, outcome.row, settings.xmlScalars);
  if (format === 'xurl') return writeXurl(outcome.row, settings.xurlMarks);
  return writeJsonRecord(outcome.row, settings.jsonNumbers);
}
