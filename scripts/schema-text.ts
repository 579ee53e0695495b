import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';

/** What schema/schema.graphql holds: sorted, so that moving code about changes nothing in it. */
export function schemaText(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
