import { fileURLToPath } from 'node:url';
import graphql from '@graphql-eslint/eslint-plugin';

const schema = fileURLToPath(new URL('../../schema/schema.graphql', import.meta.url));

/** What schema-recommended and schema-relay ask of the schema: each rule is on, three of them with an option. */
export default [
  {
    files: ['**/*.graphql'],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema } } },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      ...graphql.configs['flat/schema-relay'].rules,
      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          exceptions: {
            // Answers, which nobody asks for again.
            suffixes: ['Payload', 'Connection', 'Edge'],
            types: [
              // Parts of a record: they are read with it and have no identity of their own at either vendor.
              'Address',
              'BillAgainDetails',
              'CardSummary',
              'CustomField',
              'Money',
              'Source',
              // Known by the name it is configured under, which is no global id.
              'BillingAccount',
              // Parts of an answer. PageInfo is Relay's own.
              'AccountCompleteness',
              'PageInfo',
              'PlannedRequest',
              'UserError',
            ],
          },
        },
      ],
      // Neither vendor pages backwards, so that `last` and `before` would read whole lists. The rule's own text allows
      // forward arguments alone.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      // Relay's specification speaks of a connection's edges alone. Lists of parts (custom fields, components, errors) and a
      // connection's `nodes` have no pages to have edges for.
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
    },
  },
];
