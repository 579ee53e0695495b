/** Writes the tables of src/vendors/<dialect>/README.md: `npm run print`, which builds first, as Node runs TypeScript but no decorators. */
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';

// Not literals, so that the compiler needs no dist to check this file.
const dist = new URL('../dist/vendors/', import.meta.url).href;
const { printTables }: typeof import('../src/vendors/printed-tables.ts') = await import(`${dist}printed-tables.js`);
const { billagain }: typeof import('../src/vendors/billagain/index.ts') = await import(`${dist}billagain/index.js`);
const { unipay }: typeof import('../src/vendors/unipay/index.ts') = await import(`${dist}unipay/index.js`);

for (const { vendor, tables } of [billagain, unipay]) {
  const readme = new URL(`../src/vendors/${vendor.toLowerCase()}/README.md`, import.meta.url);
  writeFileSync(readme, printTables(readFileSync(readme, 'utf8'), tables));
}
