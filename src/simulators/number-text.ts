/**
 * A JSON number that keeps its text: `500.5000` stays `500.5000`, which a JavaScript number would write as `500.5`.
 * JSON.stringify writes it bare.
 */
export interface NumberText {
  readonly rawJSON: string;
}

// Node has both since version 21; TypeScript's library does not declare them yet.
const json = JSON as unknown as {
  rawJSON(text: string): NumberText;
  isRawJSON(value: unknown): value is NumberText;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
};

export function numberText(text: string): NumberText {
  return json.rawJSON(text);
}

export function isNumberText(value: unknown): value is NumberText {
  return json.isRawJSON(value);
}

/** JSON.parse, but a number that JavaScript would write differently (`1.50`, `1e3`, twenty digits) becomes NumberText. */
export function parseKeepingNumbers(text: string): unknown {
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? json.rawJSON(source) : value,
  );
}
