import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';

const root = new URL('../..', import.meta.url);
const SCHEMA = 'schema/schema.graphql';

/** Changes that are looked at: a release's worth, as each is compared anew in every run. */
const CHANGES = 20;

interface Version {
  readonly name: string;
  readonly text: string;
}

function git(...args: string[]): string {
  // What git complains of is a part of the error; a hook's variables would lead it to another repository.
  const { GIT_DIR: _, GIT_INDEX_FILE: __, GIT_WORK_TREE: ___, ...env } = process.env;
  return execFileSync('git', args, { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The schema as it is and as it was, newest first, and why there is no more of it. */
function readVersions(): { readonly versions: readonly Version[]; readonly missing: string | undefined } {
  const current = { name: 'the working tree', text: readFileSync(new URL(SCHEMA, root), 'utf8') };
  let isShallow: boolean;
  try {
    isShallow = git('rev-parse', '--is-shallow-repository').trim() === 'true';
  } catch {
    return { versions: [current], missing: 'there is no git, or no repository' };
  }
  // Along first parents, each version is what the next was made from; a merge is one change.
  const commits = git('log', '--first-parent', `--max-count=${CHANGES}`, '--format=%h', '--', SCHEMA)
    .split('\n')
    .filter(Boolean);
  const committed = commits.map((commit) => ({ name: commit, text: git('show', `${commit}:${SCHEMA}`) }));
  const missing = isShallow ? 'the clone is shallow: fetch its whole history' : undefined;
  return { versions: [current, ...committed], missing };
}

/** Changes that decisions name in lines of the form `Breaking: Customer.field`. */
function readAllowed(decisions: string): ReadonlySet<string> {
  return new Set([...decisions.matchAll(/^Breaking: `?([^\s`]+)`?/gm)].map(([, path]) => path ?? ''));
}

/** What would break a client that was written for the schema before, unless it is allowed. */
async function findBreaks(before: string, after: string, decisions: string): Promise<string[]> {
  const allowed = readAllowed(decisions);
  const read = (text: string) => buildSchema(text, { assumeValidSDL: true });
  const changes = await diff(read(before), read(after));
  return changes
    .filter(({ criticality, path }) => criticality.level === CriticalityLevel.Breaking && !allowed.has(path ?? ''))
    .map(({ message, path }) => `${message}: allow it by a line "Breaking: ${path}" in DECISIONS.md, with the reason`);
}

describe('the schema', () => {
  it('breaks no client from one commit to the next, but where DECISIONS.md says so', async () => {
    const decisions = readFileSync(new URL('DECISIONS.md', root), 'utf8');
    const { versions, missing } = readVersions();
    if (missing)
      process.stderr.write(`${SCHEMA} is compared with ${versions.length - 1} earlier version(s): ${missing}\n`);
    const found: string[] = [];
    for (const [index, before] of versions.slice(1).entries()) {
      const after = versions[index];
      if (!after || after.text === before.text) continue;
      const breaks = await findBreaks(before.text, after.text, decisions);
      found.push(...breaks.map((each) => `${before.name} → ${after.name}: ${each}`));
    }
    expect(found).toEqual([]);
  });
});

describe('a change', () => {
  const before =
    'type Query { customer(id: ID): Customer } type Customer { id: ID! name: String kind: Kind } enum Kind { A B }';

  async function breaksOf(change: (text: string) => string, decisions = ''): Promise<string[]> {
    return (await findBreaks(before, change(before), decisions)).map(
      (text) => /"Breaking: (.*)"/.exec(text)?.[1] ?? text,
    );
  }

  it.each([
    ['a field goes', (text: string) => text.replace('name: String', ''), 'Customer.name'],
    ['a type changes', (text: string) => text.replace('name: String', 'name: Int'), 'Customer.name'],
    ['a value may become null', (text: string) => text.replace('id: ID!', 'id: ID'), 'Customer.id'],
    ['a word goes', (text: string) => text.replace('A B', 'A'), 'Kind.B'],
    [
      'an argument is required',
      (text: string) => text.replace('(id: ID)', '(id: ID, account: ID!)'),
      'Query.customer.account',
    ],
    ['an argument goes', (text: string) => text.replace('(id: ID)', ''), 'Query.customer.id'],
  ])('breaks clients when %s', async (_, change, path) => {
    expect(await breaksOf(change)).toEqual([path]);
    expect(await breaksOf(change, `…\n\nBreaking: ${path}\n`)).toEqual([]);
    expect(await breaksOf(change, `…\n\nBreaking: ${path}s\n`)).toEqual([path]);
  });

  it('breaks nobody when it only adds, deprecates or describes', async () => {
    const change = (text: string) =>
      text
        .replace('name: String', '"The name." name: String @deprecated(reason: "Use id.") title: String')
        .replace('(id: ID)', '(id: ID, account: ID)')
        .replace('A B', 'A B C');
    expect(await breaksOf(change)).toEqual([]);
  });
});
