/** Writes schema/schema.graphql: `npm run print`, which builds first, as Node runs TypeScript but no decorators. */
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { schemaText } from './schema-text.ts';

// Not a literal, so that the compiler needs no dist to check this file.
const built = new URL('../dist/resolvers/schema.js', import.meta.url).href;
const { createSchema }: typeof import('../src/resolvers/schema.ts') = await import(built);

writeFileSync(new URL('../schema/schema.graphql', import.meta.url), schemaText(await createSchema()));
