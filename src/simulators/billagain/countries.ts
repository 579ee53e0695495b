export interface Country {
  readonly countryID: number;
  readonly code: string;
  readonly name: string;
  readonly currency: string;
  readonly offsetMinutes: number;
  readonly cities: readonly [readonly [city: string, state: string], ...(readonly [city: string, state: string])[]];
}

/** 71, ZA and South Africa belong together in seed 002. Every other id is made up here; names and codes are ISO 3166. */
export const COUNTRIES: readonly [Country, ...Country[]] = [
  {
    countryID: 71,
    code: 'ZA',
    name: 'South Africa',
    currency: 'ZAR',
    offsetMinutes: 120,
    cities: [
      ['Port Elizabeth', 'Eastern Cape'],
      ['Cape Town', 'Western Cape'],
      ['Johannesburg', 'Gauteng'],
      ['Durban', 'KwaZulu-Natal'],
    ],
  },
  {
    countryID: 1,
    code: 'US',
    name: 'United States',
    currency: 'USD',
    offsetMinutes: -300,
    cities: [
      ['Boston', 'Massachusetts'],
      ['St. Louis', 'Missouri'],
    ],
  },
  {
    countryID: 2,
    code: 'GB',
    name: 'United Kingdom',
    currency: 'GBP',
    offsetMinutes: 0,
    cities: [
      ['London', ''],
      ['Leeds', 'West Yorkshire'],
    ],
  },
  {
    countryID: 3,
    code: 'DE',
    name: 'Germany',
    currency: 'EUR',
    offsetMinutes: 60,
    cities: [
      ['Köln', 'Nordrhein-Westfalen'],
      ['München', 'Bayern'],
    ],
  },
  { countryID: 4, code: 'NA', name: 'Namibia', currency: 'NAD', offsetMinutes: 120, cities: [['Windhoek', 'Khomas']] },
  { countryID: 5, code: 'IN', name: 'India', currency: 'INR', offsetMinutes: 330, cities: [['Pune', 'Maharashtra']] },
  { countryID: 6, code: 'JP', name: 'Japan', currency: 'JPY', offsetMinutes: 540, cities: [['京都市', '京都府']] },
];

/** Seed 002 shows id 1 as "Eastern Cape" on customer 302 and as "Western Cape" in the create answer; this is the latter. */
export const COUNTRY_STATES: ReadonlyMap<number, string> = new Map([[1, 'Western Cape']]);
