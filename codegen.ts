import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types every document in test/operations: `npm run codegen`. */
export default {
  schema: 'schema/schema.graphql',
  documents: 'test/operations/*.graphql',
  generates: {
    'test/operations/documents.generated.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        // The text that is sent, typed: nothing has to be printed again to send it.
        documentMode: 'string',
        useTypeImports: true,
        skipTypename: true,
        enumType: 'string-literal',
        strictScalars: true,
        scalars: { ID: 'string', Date: 'string', DateTime: 'string', LocalDateTime: 'string', Decimal: 'string' },
      },
    },
  },
} satisfies CodegenConfig;
