import type { CallLog } from './call-log.ts';
import type { Dial, Dials } from './dials.ts';
import type { VendorAnswer } from './simulator.ts';

/** Where people, and tests in other processes, turn the dials and read the call log. No password, never logged. */
export const CONTROL_PATH = '/_simulator';

/** `path` is what follows CONTROL_PATH. */
export function answerControl(method: string, path: string, body: string, dials: Dials, calls: CallLog): VendorAnswer {
  switch (`${method} ${path}`) {
    case 'GET /calls':
      return json(200, { total: calls.count(), maxConcurrent: calls.maxConcurrent, calls: calls.calls });
    case 'DELETE /calls':
      calls.clear();
      return { status: 204 };
    case 'GET /dials':
      return json(200, dials.list().map(writeDial));
    case 'PUT /dials':
      return setDials(body, dials);
    case 'DELETE /dials':
      dials.clear();
      return { status: 204 };
    default:
      return json(404, {
        error: `expected GET or DELETE ${CONTROL_PATH}/calls, or GET, PUT or DELETE ${CONTROL_PATH}/dials; got ${method} ${CONTROL_PATH}${path}`,
      });
  }
}

function setDials(body: string, dials: Dials): VendorAnswer {
  let read: Dial[];
  try {
    read = readDials(body);
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : String(error) });
  }
  dials.set(...read);
  return json(200, dials.list().map(writeDial));
}

const isText = (value: unknown) => typeof value === 'string';
const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;

/** What a dial may hold in JSON. `rewrite` is missing: a function does not travel. */
const DIAL_FIELDS: Readonly<Record<string, { readonly expected: string; isValid(value: unknown): boolean }>> = {
  method: { expected: 'text', isValid: isText },
  path: { expected: 'text, the source of a regular expression', isValid: isText },
  times: { expected: 'a whole number', isValid: isCount },
  latencyMs: { expected: 'a whole number', isValid: isCount },
  status: {
    expected: 'a whole number from 200 to 599',
    isValid: (value) => isCount(value) && Number(value) >= 200 && Number(value) <= 599,
  },
  body: { expected: 'text', isValid: isText },
  contentType: { expected: 'text', isValid: isText },
  retryAfterSeconds: { expected: 'a whole number', isValid: isCount },
  drop: { expected: '"before" or "after"', isValid: (value) => value === 'before' || value === 'after' },
  truncateBytes: { expected: 'a whole number', isValid: isCount },
};

function readDials(body: string): Dial[] {
  const list: unknown = JSON.parse(body);
  if (!Array.isArray(list)) throw new Error('dials must be a JSON array of objects');
  return list.map((entry: unknown, index) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
      throw new Error(`dial ${index} must be an object; got ${JSON.stringify(entry)}`);
    }
    for (const [name, value] of Object.entries(entry)) {
      const field = Object.hasOwn(DIAL_FIELDS, name) ? DIAL_FIELDS[name] : undefined;
      if (field === undefined) {
        throw new Error(`dial ${index}: expected ${Object.keys(DIAL_FIELDS).join(', ')}; got "${name}"`);
      }
      if (!field.isValid(value)) {
        throw new Error(`dial ${index}: ${name} must be ${field.expected}; got ${JSON.stringify(value)}`);
      }
    }
    const { path, ...rest } = entry as Omit<Dial, 'path'> & { path?: string };
    return path === undefined ? rest : { ...rest, path: new RegExp(path) };
  });
}

function writeDial(dial: Dial): object {
  const { path, rewrite, ...rest } = dial;
  return {
    ...rest,
    ...(path && { path: path.source }),
    ...(rewrite && { rewrite: 'set in process' }),
  };
}

function json(status: number, value: unknown): VendorAnswer {
  return { status, body: JSON.stringify(value) };
}
