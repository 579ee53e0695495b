import { malformed } from './failure.ts';
import type { Settings } from './options.ts';
import type { RawFields, Row } from './row.ts';

function numbersAs(row: Row, numbers: Settings['jsonNumbers']): Row {
  if (numbers === 'number') return row;
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));
}

export function writeJsonRecord(row: Row, numbers: Settings['jsonNumbers']): string {
  return JSON.stringify(numbersAs(row, numbers));
}

export function writeJsonList(listName: string, rows: readonly Row[], settings: Settings): string {
  const list = rows.map((row) => numbersAs(row, settings.jsonNumbers));
  return JSON.stringify(settings.jsonList === 'array' ? list : { [listName]: list });
}

/** The fields of a request: one flat object. */
export function readJson(body: string): RawFields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw malformed('The body is not JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw malformed('The body must be a JSON object.');
  }
  const fields = new Map<string, string | number | null>();
  for (const [name, value] of Object.entries(parsed)) {
    if (value !== null && typeof value !== 'string' && typeof value !== 'number') {
      throw malformed(`${name} must be text or a number.`);
    }
    fields.set(name, value);
  }
  return fields;
}
