import { hash } from 'node:crypto';
import type { Field } from './fields.ts';
import { listFields } from './printed-tables.ts';

/**
 * Bump when the same lines of a table read other values than before, such as after a change of how card numbers are masked:
 * that alone the tables don't show.
 */
const READING = 1;

/**
 * Stands for what these tables make of a vendor's answers. A record that was cached under another shape is not read: it may
 * lack a field of ours, or hold another value in it.
 */
export function recordShape(...tables: readonly Readonly<Record<string, Field<unknown>>>[]): string {
  const lines = tables.map((table) =>
    listFields(table).map(({ path, names, conversion }) => [path, names, conversion]),
  );
  return hash('sha256', JSON.stringify([READING, lines]), 'base64url').slice(0, 12);
}
