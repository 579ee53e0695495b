/** Called once, when the signal aborts. */
type Listener = () => void;

interface Listeners {
  readonly all: Set<Listener>;
  readonly tell: () => void;
}

const listenersOf = new WeakMap<AbortSignal, Listeners>();

/**
 * Many calls wait on one request's signal. Node keeps a signal's listeners in a list that it searches for each that is removed,
 * and warns of a leak where there are many; so all of ours share one.
 */
export function listen(signal: AbortSignal, listener: Listener): void {
  let listeners = listenersOf.get(signal);
  if (listeners === undefined) {
    const all = new Set<Listener>();
    listeners = { all, tell: () => tellAll(all) };
    listenersOf.set(signal, listeners);
    signal.addEventListener('abort', listeners.tell);
  }
  listeners.all.add(listener);
}

/** Leaves nothing on the signal when nobody listens any more. */
export function unlisten(signal: AbortSignal, listener: Listener): void {
  const listeners = listenersOf.get(signal);
  if (!listeners?.all.delete(listener) || listeners.all.size > 0) return;
  signal.removeEventListener('abort', listeners.tell);
  listenersOf.delete(signal);
}

function tellAll(all: ReadonlySet<Listener>): void {
  for (const listener of all) listener();
}
