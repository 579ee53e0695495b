import { pino } from 'pino';

/** One JSON line an event. Callers name the fields they log: never a body, a URL, a variable or a header. */
export type Log = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
