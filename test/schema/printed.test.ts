import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { schemaText } from '../../scripts/schema-text.ts';
import { createSchema } from '../../src/resolvers/schema.ts';

it('is printed as it is', async () => {
  const printed = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
  const isCurrent = printed === schemaText(await createSchema());
  expect(isCurrent ? 'current' : 'schema/schema.graphql is stale: run `npm run print` and commit it').toBe('current');
});
