/** A value as a vendor wrote it, before any field's meaning is applied to it. */
export type RawValue = string | number | boolean | null | RawRecord | readonly RawValue[];
export interface RawRecord {
  readonly [name: string]: RawValue | undefined;
}

/**
 * One way of writing records as text. Encoding and decoding are two choices: an account may send one format and ask for another.
 *
 * No number passes through a float that could change it: one of more than 15 significant digits is decoded to its
 * source text. XML and xurl know no types, so every scalar they decode is a string.
 */
export interface Codec {
  readonly name: 'json' | 'xml' | 'xurl';
  /** Sent as Content-Type with a body, and as Accept to ask for this format. */
  readonly contentType: string;
  /** `rootName` names XML's root element; the others have none. An undefined member is left out, null is written as the format can. */
  encode(record: RawRecord, rootName: string): string;
  /**
   * Throws {@link UnreadableBody} for anything that isn't a whole document of this format. A document may nest as deep as
   * its format's parser bears: whoever walks a decoded value counts the levels.
   */
  decode(text: string): RawValue;
}

/** The message says what was expected and what came, never the body itself: it may hold people's data. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody';
}

/** A record holds what the format can't carry. The message names the field, never its value. */
export class UnwritableValue extends Error {
  override readonly name = 'UnwritableValue';
}
