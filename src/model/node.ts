import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType({
  description: 'Anything with a global id, which `node(id:)` reads again.',
  // The id names its type, so records need be no class instances.
  resolveType: (value: Node) => value.id.slice(0, value.id.indexOf(':')),
})
export abstract class Node {
  @Field(() => ID, { description: 'The global id, unique over all accounts and record types.' })
  id!: string;
}
