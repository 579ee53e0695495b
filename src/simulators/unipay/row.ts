/** A record as it stands on the wire: scalars only, in the documented order, an absent field simply not there. */
export type Row = Readonly<Record<string, string | number>>;

/** Fields as a request brought them: XML and query strings know text only, JSON also numbers and null. */
export type RawFields = ReadonlyMap<string, string | number | null>;

/** Null and the empty text both mean "no value"; whether UniPay tells them apart is not documented. */
export function isBlank(raw: string | number | null | undefined): boolean {
  return raw === undefined || raw === null || raw === '';
}

/** `row` with `changes` over it; undefined takes a field away. */
export function changed(row: Row, changes: Readonly<Record<string, string | number | undefined>>): Row {
  const result: Record<string, string | number> = {};
  for (const [name, value] of Object.entries({ ...row, ...changes })) if (value !== undefined) result[name] = value;
  return result;
}
