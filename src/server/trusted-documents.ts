import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import {
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { GraphqlContext } from '../resolvers/context.ts';
import type { TrustedDocuments } from '../settings/trusted-documents-file.ts';
import { limitAliases } from './operation-limits.ts';
import { refusal } from './refusal.ts';

/** Those that the server has, too. */
const RULES = [...specifiedRules, limitAliases];

/** What stands against documents that are to be trusted: one line for each mistake, with its document's id. */
export function findUnusableDocuments(schema: GraphQLSchema, documents: TrustedDocuments, maxTokens: number): string[] {
  return [...documents].flatMap(([id, text]) => {
    const whose = `TRUSTED_DOCUMENTS: document ${JSON.stringify(id)}`;
    try {
      return validate(schema, parse(text, { maxTokens }), RULES).map(({ message }) => `${whose}: ${message}`);
    } catch (error) {
      return [`${whose}: ${error instanceof Error ? error.message : 'can not be read'}`];
    }
  });
}

/**
 * Runs these documents only, asked for by id or by their text, to the letter. Introspection is no document of a client's
 * and stays what INTROSPECTION makes it.
 *
 * Apollo Server lets a plugin refuse from `didResolveOperation` on, when a document has been parsed, validated and kept.
 * A refused one is therefore exchanged beforehand for one that costs nothing.
 */
export function runTrustedDocumentsOnly(
  documents: TrustedDocuments,
  introspection: boolean,
): ApolloServerPlugin<GraphqlContext> {
  const texts = new Set(documents.values());

  function choose(id: string | undefined, text: string | undefined): string | GraphQLError {
    const named = id === undefined ? undefined : readDocument(documents, id);
    if (text === undefined) {
      return named ?? refusal('FORBIDDEN', 'this gateway runs trusted documents only, and has none with this id', 403);
    }
    if (!texts.has(text)) {
      return unlisted();
    }
    if (named === undefined || named === text) return text;
    return refusal('BAD_USER_INPUT', 'the id and the text must be of one document; got those of two');
  }

  return {
    async requestDidStart({ request }) {
      const id = readDocumentId(request);
      if (id === undefined && request.query === undefined) return;
      // Answered above: Apollo Server would look the id up among its own.
      const { persistedQuery: _, ...extensions } = request.extensions ?? {};
      request.extensions = extensions;
      if (introspection && request.query !== undefined && mayIntrospect(request.query) && !texts.has(request.query)) {
        return { didResolveOperation: async ({ operation }) => refuseUnlessIntrospection(operation) };
      }
      const chosen = choose(id, request.query);
      if (typeof chosen === 'string') {
        request.query = chosen;
        return;
      }
      request.query = '{ __typename }';
      delete request.operationName;
      return {
        async didResolveOperation() {
          throw chosen;
        },
      };
    },
  };
}

/** GraphQL over HTTP names an id's algorithm before it (`sha256:…`); manifests don't. */
function readDocument(documents: TrustedDocuments, id: string): string | undefined {
  return documents.get(id) ?? documents.get(id.replace(/^sha256:/, ''));
}

/** As GraphQL over HTTP's appendix on persisted documents has it, or as Apollo's clients send it. */
function readDocumentId({ extensions, http }: GraphQLRequest): string | undefined {
  const apollo: unknown = extensions?.persistedQuery;
  const candidates = [
    read(http?.body, 'documentId'),
    http?.method === 'GET' ? new URLSearchParams(http.search).get('documentId') : undefined,
    read(apollo, 'sha256Hash'),
  ];
  return candidates.find((id) => typeof id === 'string');
}

function read(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, key) : undefined;
}

function unlisted(): GraphQLError {
  return refusal('FORBIDDEN', 'this gateway runs trusted documents only, and this is none of them', 403);
}

function mayIntrospect(text: string): boolean {
  return /\b__(schema|type)\b/.test(text);
}

function refuseUnlessIntrospection(operation: OperationDefinitionNode | undefined): void {
  const isIntrospection =
    operation?.operation === 'query' &&
    operation.selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
    );
  if (!isIntrospection) throw unlisted();
}
