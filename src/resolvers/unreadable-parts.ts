import type { GraphQLResolveInfo } from 'graphql';
import { MalformedAnswer } from '../errors.ts';
import type { PerhapsUnreadable, UnreadablePart } from '../model/unreadable.ts';
import { type GraphqlContext, reportFailure } from './context.ts';
import { findSelection } from './look-ahead.ts';

type OwnedRecord = PerhapsUnreadable & { readonly account: string };
type Path = readonly (string | number)[];

/** Where a row of a connection stands in the answer, as the operation may ask for it. */
export const placesInConnection = (index: number): readonly Path[] => [
  ['nodes', index],
  ['edges', index, 'node'],
];

/**
 * Tells, beside the answer, which of the fields that the operation asks for could not be read. `places` says where the field
 * that is being resolved has the record, if not in its own place.
 */
export function tellUnreadable<R extends OwnedRecord | null | undefined>(
  record: R,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
  places: readonly Path[] = [[]],
): R {
  if (record?.unreadable) tellUnreadableRows([record], context, info, () => places);
  return record;
}

/** The same of a member that was read by itself, for the field that is being resolved. */
export function tellUnreadableMember(
  { account, unreadable = [] }: OwnedRecord,
  member: string,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): void {
  const parts = unreadable.filter(({ path }) => path[0] === member);
  const within = parts.map(({ path, reason }) => ({ path: path.slice(1), reason }));
  tellUnreadable({ account, unreadable: within }, context, info);
}

/** The same of a list: once for each field, however many rows have it unreadable. */
export function tellUnreadableRows(
  rows: readonly object[],
  context: GraphqlContext,
  info: GraphQLResolveInfo,
  placesOf: (index: number) => readonly Path[],
): void {
  const told = new Map<
    string,
    { readonly part: UnreadablePart; readonly row: OwnedRecord; readonly path: Path; more: number }
  >();
  for (const [index, row] of rows.entries()) {
    if (!isUnreadableRecord(row)) continue;
    // Several of our fields may be read from one of the vendor's.
    const reasons = new Set<string>();
    for (const part of row.unreadable ?? []) {
      if (reasons.has(part.reason)) continue;
      const path = findFirst(info, placesOf(index), part.path);
      if (!path) continue;
      reasons.add(part.reason);
      const key = JSON.stringify([row.account, ...part.path]);
      const known = told.get(key);
      if (known) known.more += 1;
      else told.set(key, { part, row, path, more: 0 });
    }
  }
  for (const { part, row, path, more } of told.values()) {
    const others = more === 0 ? '' : `; and ${more} more of this list`;
    reportFailure(context, info, new MalformedAnswer(row.account, part.reason + others), path);
  }
}

function isUnreadableRecord(row: object): row is OwnedRecord {
  return 'unreadable' in row && 'account' in row;
}

function findFirst(info: GraphQLResolveInfo, places: readonly Path[], within: Path): Path | undefined {
  for (const place of places) {
    const path = findSelection(info, [...place, ...within]);
    if (path) return path;
  }
  return undefined;
}
