import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType({
  description: 'Anything with a global id, which `node(id:)` reads again.',
  resolveType: nodeTypeName,
})
export abstract class Node {
  @Field(() => ID, { description: 'The global id, unique over all accounts and record types.' })
  id!: string;
}

/** The id names its type, so records need be no class instances. */
export function nodeTypeName({ id }: Node): string {
  return id.slice(0, id.indexOf(':'));
}
