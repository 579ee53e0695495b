const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Regions of the CLDR that are no country of ISO 3166-1: its private, grouping and exceptionally reserved codes. */
const NO_COUNTRIES = new Set(['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'XA', 'XB', 'ZZ']);

/** Withdrawn codes share their name with the one that took their place: FX is France, too. */
function isCurrent(code: string): boolean {
  return new Intl.Locale(`und-${code}`).region === code;
}

/** "Bosnia & Herzegovina" and "Bosnia and Herzegovina", "Côte d’Ivoire" and "Cote d'Ivoire" are one spelling. */
function fold(name: string): string {
  const plain = name.trim().toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  return plain
    .replace(/’/g, "'")
    .replace(/&/g, 'and')
    .replace(/\bst\./g, 'saint')
    .replace(/\s+/g, ' ');
}

/** English name, long or short → alpha-2 code, by the Unicode CLDR that the runtime ships. */
const codesByName = new Map<string, string>();
for (const style of ['short', 'long'] as const) {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none', style });
  for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
    const name = names.of(code);
    // Also as it is written there, so that the usual spelling is found without folding it.
    if (name !== undefined && !NO_COUNTRIES.has(code) && isCurrent(code)) {
      codesByName.set(name, code).set(fold(name), code);
    }
  }
}

/** Null where the name isn't one that the CLDR knows: a guess would be worse. */
export function countryCodeOf(name: string): string | null {
  return codesByName.get(name) ?? codesByName.get(fold(name)) ?? null;
}
