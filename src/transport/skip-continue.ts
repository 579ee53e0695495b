import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/** Not of 101, which is an answer: the connection is no longer HTTP after it. */
const INTERIM_START = /^HTTP\/1\.[01] 1(?!01)\d\d/;
const SAMPLE_START = 'HTTP/1.1 100';
const END = '\r\n\r\n';
/** A longer head is left to undici, which refuses it. */
const MAX_HEAD_BYTES = 16_384;

/**
 * undici's connector, of whose sockets no interim answer is read.
 *
 * A server may send a `100 Continue` that nobody asked for, and a client is to skip it (RFC 9110, 15.2); undici takes it for
 * a broken answer and ends the connection, without an option to say otherwise. It skips the other interim answers by itself,
 * but a `100 Continue` may follow them, so they are skipped here too.
 * Holds for one request at a time on a connection: what comes first after a write is where an answer starts.
 */
export function connectSkippingContinue(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (target, callback) =>
    connect(target, (...[error, socket]) => {
      if (error === null) callback(null, skipContinue(socket));
      else callback(error, null);
    });
}

/** undici takes what comes by `read()`, always whole. */
function skipContinue<S extends Socket>(socket: S): S {
  let isAtStart = false;
  let head: Buffer | undefined;
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  const read = socket.read.bind(socket);

  socket.write = (...args: unknown[]) => {
    isAtStart = true;
    return write(...args);
  };
  socket.read = (size?: number): Buffer | null => {
    let chunk: Buffer | null = read(size);
    while (isAtStart && chunk !== null) {
      const bytes: Buffer = head === undefined ? chunk : Buffer.concat([head, chunk]);
      head = undefined;
      const rest = afterInterim(bytes);
      if (rest === bytes) {
        isAtStart = false;
        return bytes;
      }
      if (rest === undefined) head = bytes;
      chunk = rest === undefined || rest.length === 0 ? read(size) : rest;
    }
    return chunk;
  };
  return socket;
}

/** What follows an interim answer; the bytes themselves where they are none, undefined where they may yet become one. */
function afterInterim(bytes: Buffer): Buffer | undefined {
  const start = bytes.toString('latin1', 0, SAMPLE_START.length);
  if (!INTERIM_START.test(start + SAMPLE_START.slice(start.length))) return bytes;
  const end = bytes.indexOf(END);
  if (end >= 0) return bytes.subarray(end + END.length);
  return bytes.length < MAX_HEAD_BYTES ? undefined : bytes;
}
