/** Writes schema/schema.graphql and schema/subgraph.graphql: `npm run print`, which builds first, as Node runs TypeScript but no decorators. */
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { schemaText } from './schema-text.ts';

// Not literals, so that the compiler needs no dist to check this file.
const built = (name: string) => new URL(`../dist/resolvers/${name}.js`, import.meta.url).href;
const { createSchema }: typeof import('../src/resolvers/schema.ts') = await import(built('schema'));
const { subgraphText }: typeof import('../src/resolvers/subgraph.ts') = await import(built('subgraph'));

const schema = await createSchema();
writeFileSync(new URL('../schema/schema.graphql', import.meta.url), schemaText(schema));
writeFileSync(new URL('../schema/subgraph.graphql', import.meta.url), subgraphText(schema));
