/** One rule that changes how a simulator answers. The first rule that matches a call applies to it, alone. */
export interface Dial {
  /** As sent, for example `PUT`. Absent: any. */
  readonly method?: string;
  /** Tested against the path without its query and without the base path such as `/v1`. Absent: any. */
  readonly path?: RegExp;
  /** Applies to so many calls, then wears out. Absent: for good. */
  readonly times?: number;
  /** Waits so long before the request takes effect. */
  readonly latencyMs?: number;
  /** Answers this status, and the request takes no effect. */
  readonly status?: number;
  /** Goes with `status` (200 when that is absent). Default: an error in the vendor's shape. */
  readonly body?: string;
  readonly contentType?: string;
  /** Sends Retry-After; `status` is then 429 unless given. */
  readonly retryAfterSeconds?: number;
  /** Destroys the socket before the request takes effect, or after it did but before a byte of the answer. */
  readonly drop?: 'before' | 'after';
  /** Announces the whole body, sends so many bytes of it, then destroys the socket. */
  readonly truncateBytes?: number;
  /** Changes the answer's body before it is sent. In-process only: functions do not travel over HTTP. */
  readonly rewrite?: (body: string) => string;
}

/** The rules in force at one simulator. */
export class Dials {
  #rules: { readonly dial: Dial; left: number }[] = [];

  /** Replaces all rules. */
  set(...dials: Dial[]): void {
    this.#rules = dials.map((dial) => ({ dial, left: dial.times ?? Number.POSITIVE_INFINITY }));
  }

  /** Puts a rule behind those that are already there. */
  add(dial: Dial): void {
    this.#rules.push({ dial, left: dial.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The rules that have not worn out, with the calls that each has left in `times`. */
  list(): readonly Dial[] {
    return this.#rules
      .filter(({ left }) => left > 0)
      .map(({ dial, left }) => (dial.times === undefined ? dial : { ...dial, times: left }));
  }

  /** The first rule that matches the call, worn by one. */
  take(method: string, path: string): Dial | undefined {
    for (const rule of this.#rules) {
      const { dial } = rule;
      if (rule.left <= 0) continue;
      if (dial.method !== undefined && dial.method !== method) continue;
      // search() and not test(): it ignores the lastIndex that a /g or /y expression carries from call to call.
      if (dial.path !== undefined && path.search(dial.path) === -1) continue;
      rule.left -= 1;
      return dial;
    }
    return undefined;
  }
}
