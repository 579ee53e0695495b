/** A field of a record that the vendor gave in a form that nobody here can read. Kept with the record, in caches too. */
export interface UnreadablePart {
  /** Our names for it, from the record on, such as ["address", "city"]. A list's items have no place of their own. */
  readonly path: readonly string[];
  /** The vendor's name, what was expected and what kind of thing came; never a value. */
  readonly reason: string;
}

/** A record with what of it could not be read: null, an empty list or UNKNOWN stands there instead. */
export interface PerhapsUnreadable {
  readonly unreadable?: readonly UnreadablePart[];
}

/** What of a record is unreadable at a place of it, or around it. */
export function findUnreadable(
  { unreadable }: PerhapsUnreadable,
  place: readonly string[],
): UnreadablePart | undefined {
  return unreadable?.find(({ path }) => place.every((name, index) => path[index] === name || index >= path.length));
}

/** Is what the record holds there no answer of the vendor's? */
export function isUnreadable(record: PerhapsUnreadable, ...place: readonly string[]): boolean {
  return findUnreadable(record, place) !== undefined;
}
