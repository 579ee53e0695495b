import type { CodegenConfig } from '@graphql-codegen/cli';

const plugins = ['typescript-operations', 'typed-document-node'];

const config = {
  useTypeImports: true,
  skipTypename: true,
  enumType: 'string-literal',
  strictScalars: true,
  scalars: { ID: 'string', Date: 'string', DateTime: 'string', LocalDateTime: 'string', Decimal: 'string' },
};

/** Types every document in test/operations, and those of the client package: `npm run codegen`. */
export default {
  schema: 'schema/schema.graphql',
  generates: {
    'test/operations/documents.generated.ts': {
      documents: 'test/operations/*.graphql',
      plugins,
      // The text that is sent, typed: nothing has to be printed again to send it.
      config: { ...config, documentMode: 'string' },
    },
    'client/src/documents.generated.ts': {
      documents: 'client/operations/*.graphql',
      plugins,
      config,
    },
  },
} satisfies CodegenConfig;
