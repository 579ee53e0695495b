import { UnreadableBody } from '../codecs/codec.ts';
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

/** Asks for what is only read. Rejects with a {@link MalformedAnswer} where the answer can't be decoded. */
export type Caller<Name extends string, Body> = (name: Name, ask: Ask, context: CallContext) => Promise<Body>;

/** What came back of a write that the vendor did not say no to. */
export interface WriteAnswer<Body> {
  readonly status: number;
  /** Undefined where there is none. One that can't be decoded is the error: whether that matters depends on the write. */
  readonly body: Body | MalformedAnswer | undefined;
}

/** Sends a write. */
export type Sender<Name extends string, Body> = (
  name: Name,
  ask: Ask,
  context: CallContext,
) => Promise<WriteAnswer<Body>>;

/** A dialect's operations, to be asked for and decoded. */
export function createCalls<Name extends string, Body>(
  account: string,
  transport: Transport,
  operations: OperationTable<Name>,
  decode: (body: string) => Body,
): { readonly call: Caller<Name, Body>; readonly send: Sender<Name, Body> } {
  const parts = new Map(Object.values<Operation>(operations).map(({ path }) => [path, splitPath(path)]));

  function exchange(name: Name, { ids = {}, query = '', headers, body }: Ask, context: CallContext) {
    const { operationClass, method, path } = operations[name];
    const filled = fillPath(parts.get(path) as readonly string[], ids) + query;
    const request = { operation: name, operationClass, method, path: filled, headers };
    return transport.send(body === undefined ? request : { ...request, body }, context);
  }

  function read(name: Name, body: string): Body | MalformedAnswer {
    try {
      return decode(body);
    } catch (error) {
      if (error instanceof UnreadableBody) return new MalformedAnswer(account, `${name}: ${error.message}`);
      throw error;
    }
  }

  return {
    async call(name, ask, context) {
      const body = read(name, (await exchange(name, ask, context)).body);
      if (body instanceof MalformedAnswer) throw body;
      return body;
    },
    async send(name, ask, context) {
      const { status, body } = await exchange(name, ask, context);
      return { status, body: body.trim() === '' ? undefined : read(name, body) };
    },
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

/** Undefined for what the vendor says it doesn't know: unlike null, no body is decoded to it. */
export function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof VendorRecordNotFound) return undefined;
    throw error;
  });
}
