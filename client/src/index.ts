/** Every document of operations/, typed, and the types of the schema that they use. */
export * from './documents.generated.ts';
