import type { Dispatcher } from 'undici';
import { MalformedAnswer, type VendorError, VendorTimeout, VendorUnavailable } from '../errors.ts';
import { type Packing, readPacking, readText, unpack } from './answer-text.ts';
import type { Cancellation } from './cancellation.ts';
import { readRetryAfterMs } from './retry-after.ts';
import type { TransportResponse } from './transport.ts';
import { wireFailure } from './wire-failure.ts';

/** How one attempt ended. */
export type Outcome =
  | { readonly kind: 'ANSWERED'; readonly response: TransportResponse }
  | { readonly kind: 'FAILED'; readonly error: VendorError; readonly status: number | undefined }
  | { readonly kind: 'ABANDONED'; readonly sent: boolean; readonly status: number | undefined };

export interface ExchangeOptions {
  readonly account: string;
  readonly maxResponseBytes: number;
  /** Connecting and the whole answer included. */
  readonly limitMs: number;
}

/** Puts one request on the wire, once, and reads its answer. Never rejects. */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  options: ExchangeOptions,
  cancellation: Cancellation,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const handler = new ExchangeHandler(options, (outcome) => {
      cancellation.endStage();
      resolve(outcome);
    });
    cancellation.startStage(options.limitMs, (callerHasLeft) => handler.cut(callerHasLeft));
    if (!handler.isSettled) dispatcher.dispatch(request, handler);
  });
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  isSettled = false;
  readonly #options: ExchangeOptions;
  readonly #settle: (outcome: Outcome) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #status: number | undefined;
  #contentType: string | undefined;
  #packing: Packing = 'NONE';
  #retryAfterMs: number | undefined;
  readonly #chunks: Buffer[] = [];
  #isWhole = false;

  constructor(options: ExchangeOptions, settle: (outcome: Outcome) => void) {
    this.#options = options;
    this.#settle = settle;
  }

  get #sent(): boolean {
    return this.#controller !== undefined;
  }

  /** undici calls this right before it writes, so what fails earlier can't have reached the vendor. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.isSettled) {
      controller.abort(new Error('cut short while connecting'));
      return;
    }
    if (this.#sent) {
      // undici may take up an unanswered request again after some of its own resets; here each attempt is written once.
      this.#fail(new VendorUnavailable(this.#options.account, 'the connection was reset before an answer came'));
      controller.abort(new Error('already written'));
      return;
    }
    this.#controller = controller;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    const packing = readPacking(this.#options.account, all(headers['content-encoding']));
    if (packing instanceof MalformedAnswer) {
      this.#fail(packing);
      controller.abort(new Error('unread content encoding'));
      return;
    }
    this.#packing = packing;
    this.#contentType = single(headers['content-type']);
    this.#retryAfterMs = readRetryAfterMs(single(headers['retry-after']));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#isWhole = true;
    const bytes = join(this.#chunks);
    // Answers without a body, such as a 204, may name the encoding that one would have had.
    if (this.#packing === 'NONE' || bytes.length === 0) this.#answer(bytes);
    else void this.#unpack(bytes);
  }

  async #unpack(packed: Buffer): Promise<void> {
    const { account, maxResponseBytes } = this.#options;
    const bytes = await unpack(account, packed, maxResponseBytes);
    if (bytes instanceof MalformedAnswer) this.#fail(bytes);
    else this.#answer(bytes);
  }

  #answer(bytes: Buffer): void {
    const { account } = this.#options;
    const body = readText(account, bytes, this.#contentType);
    if (body instanceof MalformedAnswer) {
      this.#fail(body);
      return;
    }
    if (this.#status === undefined) {
      this.#fail(new MalformedAnswer(account, 'expected an answer with a status; got one without'));
      return;
    }
    const response: TransportResponse = {
      status: this.#status,
      contentType: readMediaType(this.#contentType),
      retryAfterMs: this.#retryAfterMs,
      body,
    };
    this.#end({ kind: 'ANSWERED', response });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.isSettled) return;
    const { account, maxResponseBytes } = this.#options;
    this.#fail(wireFailure(error, { account, maxResponseBytes, sent: this.#sent, status: this.#status }));
  }

  cut(callerHasLeft: boolean): void {
    const { account, limitMs } = this.#options;
    // It came in time, and is but being unpacked.
    if (this.#isWhole && !callerHasLeft) return;
    if (callerHasLeft) {
      this.#end({ kind: 'ABANDONED', sent: this.#sent, status: this.#status });
    } else {
      this.#fail(
        new VendorTimeout(account, `no answer within ${Math.ceil(limitMs)} ms`, { mayHaveArrived: this.#sent }),
      );
    }
    // Destroys the socket: a late answer must not be taken for the next request's.
    this.#controller?.abort(new Error('cut short'));
  }

  #fail(error: VendorError): void {
    this.#end({ kind: 'FAILED', error, status: this.#status });
  }

  #end(outcome: Outcome): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.#settle(outcome);
  }
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

function all(value: string | string[] | undefined): string {
  return typeof value === 'object' ? value.join() : (value ?? '');
}

function readMediaType(contentType = ''): string {
  const parameters = contentType.indexOf(';');
  return (parameters === -1 ? contentType : contentType.slice(0, parameters)).trim().toLowerCase();
}

function join(chunks: Buffer[]): Buffer {
  const [first = Buffer.alloc(0)] = chunks;
  return chunks.length <= 1 ? first : Buffer.concat(chunks);
}
