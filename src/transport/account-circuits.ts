import { CallWindow } from './call-window.ts';
import {
  type Admission,
  CIRCUIT_DEFAULTS,
  CircuitBreaker,
  type CircuitBreakerOptions,
  isFailing,
  type Verdict,
} from './circuit-breaker.ts';
import type { Health } from './transport.ts';

/**
 * A circuit for each of an account's operations: a vendor may fail at one and be well at the others, which must go on then.
 *
 * All open at once when the vendor as a whole is away: when most calls found no connection, or when of several operations
 * each mostly fails. Then each operation has a trial of its own, and the first that succeeds closes the circuits that did not
 * open by themselves.
 */
export class AccountCircuits {
  readonly #options: CircuitBreakerOptions;
  readonly #circuits = new Map<string, CircuitBreaker>();
  /** Failures to connect among all calls. */
  readonly #connections: CallWindow;
  /** Those that opened with all others, not by their own calls; undefined while the vendor as a whole is not away. */
  #openedTogether: Set<CircuitBreaker> | undefined;

  constructor(options: Partial<CircuitBreakerOptions> = {}) {
    this.#options = { ...CIRCUIT_DEFAULTS, ...options };
    this.#connections = new CallWindow(this.#options.windowMs);
  }

  /** DOWN when nothing that was asked for lately is to be had, DEGRADED when some of it is not. */
  get health(): Health {
    let areAllRefused = true;
    let isAnyOpen = this.#openedTogether !== undefined;
    for (const circuit of this.#circuits.values()) {
      const { health } = circuit;
      if (health !== 'UP') isAnyOpen = true;
      // One that is closed and was not asked for lately says nothing.
      if (health === 'DEGRADED' || (health === 'UP' && circuit.recent.calls > 0)) areAllRefused = false;
    }
    if (!isAnyOpen) return 'UP';
    return areAllRefused ? 'DOWN' : 'DEGRADED';
  }

  isRefusing(operation: string): boolean {
    return this.#circuit(operation).isRefusing;
  }

  /** Undefined when refused; otherwise `record` must follow. */
  admit(operation: string): Admission | undefined {
    return this.#circuit(operation).admit();
  }

  record(operation: string, admission: Admission, verdict: Verdict): void {
    const circuit = this.#circuit(operation);
    circuit.record(admission, verdict);
    if (verdict === 'UNKNOWN') return;
    if (admission === 'TRIAL') this.#recordTrial(circuit, verdict);
    else this.#recordCall(verdict);
  }

  #recordTrial(circuit: CircuitBreaker, verdict: Verdict): void {
    if (verdict === 'SUCCESS') this.#closeTogether();
    else if (verdict === 'FAILURE') this.#openedTogether?.delete(circuit);
    else if (this.#openedTogether !== undefined) this.#openTogether();
  }

  #recordCall(verdict: Verdict): void {
    // A call from before they opened says nothing new.
    if (this.#openedTogether !== undefined) return;
    this.#connections.record(verdict === 'UNREACHABLE');
    if (verdict !== 'SUCCESS' && this.#isAway()) this.#openTogether();
  }

  #isAway(): boolean {
    if (isFailing(this.#connections.counts(), this.#options)) return true;
    const { minimumCalls, failureRatio } = this.#options;
    let evidence = 0;
    for (const { recent } of this.#circuits.values()) {
      if (recent.calls === 0) continue;
      if (recent.failures / recent.calls <= failureRatio) return false;
      // One operation alone, however often it is asked for, says nothing of the others.
      evidence += Math.min(recent.calls, minimumCalls / 2);
    }
    return evidence >= minimumCalls;
  }

  #openTogether(): void {
    this.#openedTogether ??= new Set();
    for (const circuit of this.#circuits.values()) {
      if (circuit.health === 'UP' || this.#openedTogether.has(circuit)) this.#openWithOthers(circuit);
    }
  }

  #openWithOthers(circuit: CircuitBreaker): void {
    circuit.open();
    this.#openedTogether?.add(circuit);
  }

  #closeTogether(): void {
    for (const circuit of this.#openedTogether ?? []) circuit.close();
    this.#openedTogether = undefined;
    this.#connections.clear();
  }

  #circuit(operation: string): CircuitBreaker {
    let circuit = this.#circuits.get(operation);
    if (circuit === undefined) {
      circuit = new CircuitBreaker(this.#options);
      this.#circuits.set(operation, circuit);
      if (this.#openedTogether !== undefined) this.#openWithOthers(circuit);
    }
    return circuit;
  }
}
