import { describe, expect, it } from '@jest/globals';
import { countryCodeOf } from '../../src/model/countries.ts';

describe("a country's code", () => {
  it.each([
    ['South Africa', 'ZA'],
    ['  south AFRICA ', 'ZA'],
    ['United States', 'US'],
    ['United Kingdom', 'GB'],
    ['Germany', 'DE'],
    ['Côte d’Ivoire', 'CI'],
  ])('of %s is %s', (name, code) => {
    expect(countryCodeOf(name)).toBe(code);
  });

  it.each(['', 'ZA', 'Atlantis', 'World', 'Europe'])('of %p is not guessed', (name) => {
    expect(countryCodeOf(name)).toBeNull();
  });
});
