const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Lower-case English name → alpha-2 code, by the Unicode CLDR that the runtime ships. */
const codesByName = new Map(
  letters
    .flatMap((first) => letters.map((second) => first + second))
    .flatMap((code): [string, string][] => {
      const name = names.of(code);
      return name === undefined ? [] : [[name.toLowerCase(), code]];
    }),
);

/** Null where the name isn't one that the CLDR knows: a guess would be worse. */
export function countryCodeOf(name: string): string | null {
  return codesByName.get(name.trim().toLowerCase()) ?? null;
}
