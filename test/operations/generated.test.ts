import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('types every document as it is', () => {
  const bin = 'node_modules/@graphql-codegen/cli/esm/bin.js';
  const options = ['--config', 'codegen.ts', '--check'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...options], { cwd: root, encoding: 'utf8' });
  const outcome =
    status === 0 ? 'current' : `stale or wrong: run \`npm run codegen\` and commit it\n${stdout}${stderr}`;
  expect(outcome).toBe('current');
});
