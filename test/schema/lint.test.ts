import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const eslint = `${root}test/schema-lint/node_modules/eslint/bin/eslint.js`;

interface Complaint {
  readonly ruleId: string | null;
  readonly line: number;
  readonly message: string;
}

beforeAll(() => {
  if (existsSync(eslint)) return;
  throw new Error(
    'test/schema-lint needs packages of its own: run `npm ci --prefix test/schema-lint`, or `npm run check`, which does',
  );
});

/** Of a file below the project's folder, or of a text that stands for one. */
async function lint(path: string, text?: string): Promise<string[]> {
  const config = ['--config', 'test/schema-lint/eslint.config.js', '--format', 'json'];
  const what = text === undefined ? [path] : ['--stdin', '--stdin-filename', path];
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(process.execPath, [eslint, ...config, ...what], { cwd: root }, (error, stdout, stderr) => {
      // 1 is the exit status for complaints; anything else didn't lint.
      if (error && error.code !== 1) reject(new Error(`eslint must run; got ${stderr}`));
      else resolve(stdout);
    });
    child.stdin?.end(text ?? '');
  });
  const files = JSON.parse(output) as { readonly messages: readonly Complaint[] }[];
  return files.flatMap(({ messages }) =>
    messages.map(({ ruleId, line, message }) => `${line}: ${message} (${ruleId})`),
  );
}

describe('the schema, by graphql-eslint', () => {
  it('keeps schema-recommended and schema-relay, but for what test/schema-lint/eslint.config.js excuses with a reason', async () => {
    expect(await lint('schema/schema.graphql')).toEqual([]);
  });

  it('would be told what it breaks', async () => {
    const text = 'type coupon { Code: String }\n\n"""A page."""\ntype CouponConnection { edges: [String!]! }\n';
    const complaints = await lint('schema/other.graphql', text);
    for (const rule of ['require-description', 'naming-convention', 'relay-connection-types']) {
      expect(complaints.join('\n')).toContain(`(@graphql-eslint/${rule})`);
    }
  });
});
