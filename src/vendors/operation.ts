import { type RawValue, UnreadableBody } from '../codecs/codec.ts';
import { MalformedAnswer, VendorRecordNotFound } from '../errors.ts';
import type { CallContext, OperationClass, Transport, TransportRequest } from '../transport/transport.ts';

/** One thing a vendor can be asked. */
export interface Operation {
  readonly operationClass: OperationClass;
  readonly method: TransportRequest['method'];
  /** Below the base URL; {name} stands for an id. */
  readonly path: string;
  /** What stands behind the path where the method alone doesn't select it; how it is spelled is the account's setting. */
  readonly action?: string;
  /** Where it is documented, e.g. "seed 002". */
  readonly source: string;
}

export type OperationTable<Name extends string = string> = Readonly<Record<Name, Operation>>;

export interface RequestDescription {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | null;
  readonly body: string | null;
}

export interface Ask {
  /** For the names in the operation's path. */
  readonly ids?: Readonly<Record<string, string>>;
  /** Behind the path: a suffix, a query. */
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Null for an answer without a body, which only writes may have. */
export type Caller<Name extends string> = (name: Name, ask: Ask, context: CallContext) => Promise<RawValue>;

/** Sends a dialect's operations and decodes what comes back. */
export function createCaller<Name extends string>(
  account: string,
  transport: Transport,
  operations: OperationTable<Name>,
  decode: (body: string) => RawValue,
): Caller<Name> {
  const parts = new Map(Object.values<Operation>(operations).map(({ path }) => [path, splitPath(path)]));
  return async (name, { ids = {}, query = '', headers, body }, context) => {
    const { operationClass, method, path } = operations[name];
    const filled = fillPath(parts.get(path) as readonly string[], ids) + query;
    const request = { operation: name, operationClass, method, path: filled, headers };
    const response = await transport.send(body === undefined ? request : { ...request, body }, context);
    if (response.body === '' && operationClass !== 'SAFE') return null;
    try {
      return decode(response.body);
    } catch (error) {
      if (error instanceof UnreadableBody) throw new MalformedAnswer(account, `${name}: ${error.message}`);
      throw error;
    }
  };
}

/** What `call` would send, for a dry run. `maskedBody` is the body without its secrets. */
export function describeRequest(
  { method, path }: Operation,
  { ids = {}, query = '', headers, body }: Ask,
  maskedBody = body,
): RequestDescription {
  return {
    method,
    path: fillPath(splitPath(path), ids) + query,
    contentType: body === undefined ? null : (headers['content-type'] ?? null),
    body: maskedBody ?? null,
  };
}

/** What is written out and, at every other place, the name of an id. */
function splitPath(path: string): readonly string[] {
  return path.split(/\{([\w-]+)\}/);
}

/** Ids have been checked before; encoding them costs nothing and leaves no way out of their place. */
function fillPath(parts: readonly string[], ids: Readonly<Record<string, string>>): string {
  let path = '';
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] as string;
    if (index % 2 === 0) {
      path += part;
      continue;
    }
    const id = ids[part];
    if (id === undefined) throw new Error(`a path needs ${part}`);
    path += encodeURIComponent(id);
  }
  return path;
}

/** Null for what the vendor says it doesn't know. */
export function orNull<T>(answer: Promise<T>): Promise<T | null> {
  return answer.catch((error: unknown) => {
    if (error instanceof VendorRecordNotFound) return null;
    throw error;
  });
}
