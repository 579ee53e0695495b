import { readFileSync } from 'node:fs';

/** A vendor's own payload, as text. */
export function readFixture(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
}
