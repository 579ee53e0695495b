/** One call as the simulator saw it. Headers are not kept, so that credentials can't be. */
export interface Call {
  /** 1 for the first call of the process's simulator, rising; `clear` does not reset it. */
  readonly id: number;
  readonly method: string;
  /** Without the query and without the base path such as `/v1`. */
  readonly path: string;
  /** The query string as sent, without the question mark; empty when there is none. */
  readonly query: string;
  /** The body as sent, cut to its first 65,536 characters. */
  readonly body: string;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  /** The status answered; undefined while in progress, and for good when the socket was destroyed instead. */
  readonly status: number | undefined;
  readonly startedAtMs: number;
}

type Arrival = Omit<Call, 'id' | 'status' | 'startedAtMs'>;

const KEPT_CALLS = 10_000;
const KEPT_BODY_CHARACTERS = 65_536;

/** What a simulator was asked: the last 10,000 calls in full, and counts of all since the last `clear`. */
export class CallLog {
  /** A ring: `#oldest` is where the next call lands once it is full. */
  #ring: Call[] = [];
  #oldest = 0;
  #lastId = 0;
  /** Calls that left the ring, counted by method and path. */
  #departed = new Map<string, Map<string, number>>();
  #total = 0;
  #inProgress = 0;
  #maxConcurrent = 0;

  /** The last 10,000 calls since `clear`, oldest first, by arrival. */
  get calls(): readonly Call[] {
    return [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)];
  }

  /** The highest number of calls in progress at once since `clear`. */
  get maxConcurrent(): number {
    return this.#maxConcurrent;
  }

  /** How many calls since `clear`, also those that are no longer kept in full. */
  count(method?: string, path?: RegExp): number {
    if (method === undefined && path === undefined) return this.#total;
    let found = 0;
    for (const call of this.#ring) {
      if (method !== undefined && call.method !== method) continue;
      if (path === undefined || call.path.search(path) !== -1) found += 1;
    }
    for (const [departedMethod, paths] of this.#departed) {
      if (method !== undefined && departedMethod !== method) continue;
      for (const [departedPath, times] of paths) {
        if (path === undefined || departedPath.search(path) !== -1) found += times;
      }
    }
    return found;
  }

  /** Forgets all calls. Those in progress still end, and still count as concurrent. */
  clear(): void {
    this.#ring = [];
    this.#oldest = 0;
    this.#departed.clear();
    this.#total = 0;
    this.#maxConcurrent = this.#inProgress;
  }

  /** Records an arrival; the function it returns must be called once, when the call has ended. */
  begin(arrival: Arrival): (status: number | undefined) => void {
    this.#lastId += 1;
    const call = {
      ...arrival,
      body: arrival.body.slice(0, KEPT_BODY_CHARACTERS),
      id: this.#lastId,
      status: undefined as number | undefined,
      startedAtMs: Date.now(),
    };
    this.#total += 1;
    this.#inProgress += 1;
    if (this.#inProgress > this.#maxConcurrent) this.#maxConcurrent = this.#inProgress;
    if (this.#ring.length < KEPT_CALLS) {
      this.#ring.push(call);
    } else {
      this.#depart(this.#ring[this.#oldest]);
      this.#ring[this.#oldest] = call;
      this.#oldest = (this.#oldest + 1) % KEPT_CALLS;
    }
    return (status) => {
      this.#inProgress -= 1;
      call.status = status;
    };
  }

  #depart(call: Call | undefined): void {
    if (call === undefined) return;
    let paths = this.#departed.get(call.method);
    if (paths === undefined) {
      paths = new Map();
      this.#departed.set(call.method, paths);
    }
    paths.set(call.path, (paths.get(call.path) ?? 0) + 1);
  }
}
