import { addDays } from './calendar.ts';
import { draw, pick, pickWeighted } from './draw.ts';
import type { Settings } from './options.ts';

type Place = readonly [city: string, zipCode: string, countryCode: string, state?: string];

// biome-ignore format: a list of words reads better packed
const FIRST_NAMES = [
  'Ann', 'Robert', 'Maria', 'José', 'Wei', 'Olu', 'Søren', 'Priya', 'Thandi', 'Giulia', 'Ivan', 'Noor', 'Léa', 'Mihai',
] as const;
// biome-ignore format: a list of words reads better packed
const LAST_NAMES = [
  'Soap', "O'Brien", 'Müller', 'Nguyễn', 'van der Merwe', 'Garcia', 'Smith', 'Okafor', 'Łukasz', 'Rossi', 'Chen', 'Haddad',
  'Saint-Clair', 'Dlamini', 'Johnson', 'Ivanova', 'Kowalski', 'Park', 'Silva',
] as const;
/** With every character that a careless XML, JSON or URL writer trips over. */
// biome-ignore format: a list of words reads better packed
const ORGANIZATION_NAMES = [
  'Northwind', 'Müller & Söhne', '"Quick" Print', 'Smith, Smith & Sons', 'A<B> Testing', 'Café Zürich', '100% Fitness',
  'Blue+White', 'Rossi/Bianchi', 'Tail=Spin', "Baker's Dozen", '東京 Trading',
] as const;
const ORGANIZATION_FORMS = ['Inc', 'LLC', 'GmbH', 'Ltd', '(Pty) Ltd', 'Club'] as const;
const STREETS = ['Main St', 'Church Road', 'Rue de l’Église', 'Hauptstraße', 'Ocean Drive', 'Loop Street'] as const;
const PLACES: readonly [Place, ...Place[]] = [
  ['Austin', '73301', 'US', 'TX'],
  ['Boston', '02108', 'US', 'MA'],
  ['New York', '10001-1234', 'US', 'NY'],
  ['Toronto', 'M5H 2N2', 'CA', 'ON'],
  ['Sydney', '2000', 'AU', 'NSW'],
  ['Cape Town', '8001', 'ZA'],
  ['London', 'EC1A 1BB', 'GB'],
  ['Zürich', '8001', 'CH'],
  ['Kraków', '31-001', 'PL'],
];

/** A Active, I Inactive, C Cancelled, E Expired (public: objects/1808). */
const STATUSES = [
  ['A', 7],
  ['I', 1],
  ['C', 1],
  ['E', 1],
] as const;

type FieldOfId = (id: number) => string | number | undefined;

/**
 * Every field of the customers that are there at the start, each as a function of the id alone: a find over many
 * thousand rows computes only the fields that it filters by. In the documented order.
 */
export function generatedCustomerFields(settings: Settings): Readonly<Record<string, FieldOfId>> {
  const { seed, accountIds } = settings;
  const [firstAccountId = 2001, ...otherAccountIds] = accountIds;
  const chance = (id: number, salt: number): number => draw(seed, id, salt);

  const isOrganization = (id: number): boolean => chance(id, 1) < 0.3;
  const place = (id: number): Place | undefined => (chance(id, 2) < 0.8 ? pick(chance(id, 3), PLACES) : undefined);
  // An organization's names are those of its contact person.
  const hasPerson = (id: number): boolean => !isOrganization(id) || chance(id, 4) < 0.7;
  const firstName: FieldOfId = (id) =>
    hasPerson(id) && chance(id, 5) < 0.95 ? pick(chance(id, 6), FIRST_NAMES) : undefined;
  const lastName: FieldOfId = (id) => (hasPerson(id) ? pick(chance(id, 7), LAST_NAMES) : undefined);
  const unconfirmed = (field: FieldOfId): FieldOfId => (settings.unconfirmedCustomerFields ? field : () => undefined);

  return {
    id: (id) => id,
    // Defaults to the id (public: components/251).
    code: (id) => (chance(id, 8) < 0.6 ? String(id) : `C-${String(id).padStart(6, '0')}`),
    accountId: (id) => pick(chance(id, 9), [firstAccountId, ...otherAccountIds]),
    firstName,
    lastName,
    organizationName: (id) =>
      isOrganization(id)
        ? `${pick(chance(id, 10), ORGANIZATION_NAMES)} ${pick(chance(id, 11), ORGANIZATION_FORMS)}`
        : undefined,
    email: (id) =>
      chance(id, 12) < 0.85 ? `customer.${id}@${id % 7 === 0 ? 'Example.ORG' : 'example.com'}` : undefined,
    phone: (id) => (chance(id, 13) < 0.7 ? `+1-555-${String(id % 1_000_000).padStart(6, '0')}` : undefined),
    street: (id) => {
      const number = 1 + Math.floor(chance(id, 14) * 300);
      return place(id) && `${number} ${pick(chance(id, 15), STREETS)}`;
    },
    city: (id) => place(id)?.[0],
    state: (id) => place(id)?.[3],
    zipCode: (id) => place(id)?.[1],
    countryCode: (id) => place(id)?.[2],
    balance: unconfirmed((id) => {
      if (chance(id, 16) >= 0.4) return undefined;
      return pickWeighted(chance(id, 17), [
        [Math.floor(chance(id, 18) * 250_000), 8],
        [0, 1],
        [-Math.floor(chance(id, 18) * 9_000) - 1, 1],
      ]);
    }),
    status: unconfirmed((id) => (chance(id, 19) < 0.5 ? pickWeighted(chance(id, 20), STATUSES) : undefined)),
    createDate: unconfirmed(
      (id) => `${addDays('2019-01-01', Math.floor(chance(id, 21) * 2200))} ${timeOfDay(chance(id, 22))}`,
    ),
  };
}

/** HH:mm:ss. The zone is not documented, so none is meant. */
export function timeOfDay(drawn: number): string {
  return new Date(Math.floor(drawn * 86_400) * 1000).toISOString().slice(11, 19);
}
