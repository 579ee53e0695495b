import { Directive } from 'type-graphql';

/*
 * What the schema says to routers and contracts, in the directives of Apollo Federation (https://specs.apollo.dev/federation)
 * and Apollo's @cacheControl. They show in schema/subgraph.graphql only.
 */

/** The least of these over all that an operation asks for is how long its answer may be kept, in seconds: by its reader alone. */
export function CacheHint(maxAgeSeconds: number) {
  return Directive(`@cacheControl(maxAge: ${maxAgeSeconds})`);
}

/** As long as what it belongs to. */
export const InheritedCacheHint = Directive('@cacheControl(inheritMaxAge: true)');

/** One unit is one call to a vendor. */
export function VendorCalls(weight: number) {
  return Directive(`@cost(weight: ${weight})`);
}

/** A connection, whose `first` says how many rows it brings. */
export const Paged = Directive(
  '@listSize(slicingArguments: ["first"], assumedSize: 25, sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)',
);

/** Left out of the contract with partners: the vendors' inner matters, and what only the account's owner should do. */
export const Internal = Directive('@tag(name: "internal")');

/** Meant for partners. */
export const Partner = Directive('@tag(name: "partner")');

/** A value that other subgraphs may define as well. */
export const Shareable = Directive('@shareable');

export function Key(fields: string) {
  return Directive(`@key(fields: "${fields}")`);
}
