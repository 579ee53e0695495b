import { readFileSync } from 'node:fs';
import { GraphQLError, Kind, parse } from 'graphql';
import { z } from 'zod';
import { show } from './checks.ts';

/** The documents that clients may run: text by id. */
export type TrustedDocuments = ReadonlyMap<string, string>;

// Written by @apollo/generate-persisted-query-manifest; what else it says of an operation is not needed here.
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest', 'must be "apollo-persisted-query-manifest"'),
  version: z.literal(1, 'must be 1'),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
});

// Written by graphql-codegen's client preset as persisted-documents.json.
const plainManifest = z.record(z.string().min(1), z.string().min(1));

const EXPECTED = "must be Apollo's persisted query manifest (version 1) or an object of documents by their ids";

/** Undefined where the file can't be used; `problems` then says why. */
export function readTrustedDocuments(path: string, problems: string[]): TrustedDocuments | undefined {
  const whose = `TRUSTED_DOCUMENTS ${path}`;
  const entries = readEntries(path, (problem) => problems.push(`${whose}: ${problem}`));
  if (!entries) return undefined;
  const documents = new Map<string, string>();
  for (const [id, text] of entries) {
    const known = documents.get(id);
    if (known !== undefined && known !== text)
      problems.push(`${whose}: id ${show(id)} must name one document; got two`);
    documents.set(id, text);
    const fault = findFault(text);
    if (fault) problems.push(`${whose}: document ${show(id)} ${fault}`);
  }
  if (documents.size === 0) problems.push(`${whose}: must hold at least one document; got none`);
  return documents;
}

function readEntries(path: string, refuse: (problem: string) => void): (readonly [string, string])[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = typeof error === 'object' && error && 'code' in error ? error.code : 'an error';
    return void refuse(`must be a readable file; got ${code}`);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return void refuse('must be JSON; got text that is not');
  }
  if (typeof content === 'object' && content !== null && 'format' in content) {
    const result = apolloManifest.safeParse(content);
    if (result.success) return result.data.operations.map(({ id, body }) => [id, body]);
    for (const issue of result.error.issues)
      refuse(`${issue.path.join('.')} is not valid (${issue.message}): it ${EXPECTED}`);
    return undefined;
  }
  const result = plainManifest.safeParse(content);
  if (result.success) return Object.entries(result.data);
  return void refuse(`${EXPECTED}; got ${describe(content)}`);
}

function describe(content: unknown): string {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return show(content);
  const [id, value] =
    Object.entries(content).find(([key, text]) => key === '' || typeof text !== 'string' || text === '') ?? [];
  return `${show(value)} as the document of ${show(id)}`;
}

/** What stands against running it, whatever the schema is. */
function findFault(text: string): string | undefined {
  try {
    const { definitions } = parse(text, { noLocation: true });
    const hasOperation = definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    return hasOperation ? undefined : 'must hold an operation; got fragments only';
  } catch (error) {
    const [place] = error instanceof GraphQLError ? (error.locations ?? []) : [];
    return `must be a GraphQL document; got a mistake${place ? ` in line ${place.line}, column ${place.column}` : ''}`;
  }
}
