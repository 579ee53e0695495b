const WHOLE_NUMBER = new Intl.NumberFormat('en-US');

/** "1,204 characters". */
export function countCharacters(count: number): string {
  return `${WHOLE_NUMBER.format(count)} ${count === 1 ? 'character' : 'characters'}`;
}

/** What came, told without a word of it: the body may hold people's data. */
export function describeBody(text: string): string {
  const start = text.trimStart()[0];
  if (start === undefined) return 'an empty body';
  // A proxy's HTML error page where JSON was asked for is the most usual surprise.
  if (start === '<') return `${countCharacters(text.length)} of markup`;
  if (start === '{' || start === '[') return `${countCharacters(text.length)} that begin like JSON`;
  return `${countCharacters(text.length)} of another kind`;
}
