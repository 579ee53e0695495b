/**
 * A processor for the server under measurement, and others for vendors and load, as if they were other machines. Left to
 * itself the kernel keeps processes that wake each other on one processor, some pairs and not others, for minutes on end:
 * whichever arm had the luck was a fifth faster.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export type Role = 'SERVER' | 'OTHERS';

/** By role, as taskset writes lists of processors; undefined where processes can't be told where to run. */
const processors: Readonly<Record<Role, string>> | undefined = divide();

export const arePinned = processors !== undefined;

/** The command that runs this one in its role's place. */
export function inPlace(role: Role, command: readonly string[]): string[] {
  return processors === undefined ? [...command] : ['taskset', '-c', processors[role], ...command];
}

/** Moves this process and all of its threads. */
export function takePlace(role: Role): void {
  if (processors !== undefined) execFileSync('taskset', ['-a', '-c', '-p', processors[role], String(process.pid)]);
}

function divide(): Readonly<Record<Role, string>> | undefined {
  try {
    execFileSync('taskset', ['--version']);
    const allowed = /^Cpus_allowed_list:\s+(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
    const [server, ...others] = allowed.split(',').flatMap(readRange);
    return server === undefined || others.length === 0 ? undefined : { SERVER: `${server}`, OTHERS: others.join() };
  } catch {
    return undefined;
  }
}

/** "2-4" → 2, 3, 4 */
function readRange(range: string): number[] {
  const [first = Number.NaN, last = first] = range.split('-').map(Number);
  return Number.isNaN(first) ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
