import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/**
 * Characters of all documents kept. A document takes some hundred bytes for each at the worst, which is when every
 * character is a token or a comment.
 */
const MAX_CHARACTERS = 1_048_576;

/** Of one document: a larger one is parsed and validated again each time. */
const MAX_CHARACTERS_EACH = MAX_CHARACTERS / 8;

/**
 * Documents that have been parsed and validated, for Apollo Server. Its own store measures a document without the text
 * and the tokens that it holds on to, so that long comments would fill the memory.
 */
export function createDocumentStore() {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: MAX_CHARACTERS,
    maxEntrySize: MAX_CHARACTERS_EACH,
    sizeCalculation: ({ loc }) => (loc?.source.body.length ?? 0) + 1,
  });
  return {
    get: async (key: string) => documents.get(key),
    set: async (key: string, document: DocumentNode) => void documents.set(key, document),
    delete: async (key: string) => documents.delete(key),
  };
}
