/** Writes schema/vocabulary.md: `npm run print`, which builds first, as Node runs TypeScript but no decorators. */
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';

// Not literals, so that the compiler needs no dist to check this file.
const dist = new URL('../dist/', import.meta.url).href;
const { createSchema }: typeof import('../src/resolvers/schema.ts') = await import(`${dist}resolvers/schema.js`);
const { printVocabulary }: typeof import('../src/vendors/printed-vocabulary.ts') = await import(
  `${dist}vendors/printed-vocabulary.js`
);
const { billagain }: typeof import('../src/vendors/billagain/index.ts') = await import(
  `${dist}vendors/billagain/index.js`
);
const { unipay }: typeof import('../src/vendors/unipay/index.ts') = await import(`${dist}vendors/unipay/index.js`);

const text = printVocabulary(await createSchema(), [billagain, unipay]);
writeFileSync(new URL('../schema/vocabulary.md', import.meta.url), text);
