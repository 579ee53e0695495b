import { numberText } from '../number-text.ts';
import { hash32, Random } from '../random.ts';
import { COUNTRIES, COUNTRY_STATES, type Country } from './countries.ts';
import { type CustomerRow, type CustomField, computeStatus, type Text } from './customer.ts';
import { writeInstant } from './date.ts';
import { countSubscriptions } from './generated-subscriptions.ts';

/** Above every id in seed 002, with room below it for created customers. */
export const FIRST_GENERATED_ID = 100_001;

/** The generated world does not depend on the clock: it ends here. */
const NEWEST_MS = Date.UTC(2026, 0, 1);
/** After the newest customer of seed 002, 2016-09-27. */
const OLDEST_MS = Date.UTC(2016, 9, 1);
const MAX_STEP_MS = 45 * 60_000;

/** Rows that are asked for again are not computed again; about 30 MB at most. */
const KEPT_TEXTS = 20_000;

// Each part of a row draws from a series of its own, so that a change to one leaves the others as they were.
const SALT = { row: 1, customFields: 2, token: 3, shuffle: 4 } as const;

/** Customers that are computed when asked for, the same at each start, and never stored. Higher ids are newer. */
export class GeneratedCustomers {
  readonly seed: number;
  readonly count: number;
  readonly #customFieldKeys: readonly [string, ...string[]];
  readonly #stepMs: number;
  readonly #texts = new Map<number, string>();

  constructor(seed: number, count: number, customFieldKeys: readonly [string, ...string[]]) {
    this.seed = seed;
    this.count = count;
    this.#customFieldKeys = customFieldKeys;
    // Up to 110,000 rows the date of a row does not depend on how many there are.
    this.#stepMs = Math.max(2, Math.min(MAX_STEP_MS, Math.floor((NEWEST_MS - OLDEST_MS) / Math.max(1, count))));
  }

  has(id: number): boolean {
    return id >= FIRST_GENERATED_ID && id < FIRST_GENERATED_ID + this.count;
  }

  row(id: number): CustomerRow {
    const random = new Random(this.seed, id, SALT.row);
    const country = random.percent(60) ? COUNTRIES[0] : random.pick(COUNTRIES);
    const person = drawPerson(random);
    const address = drawAddress(random, country);
    const standing = this.#drawStanding(random, id, country);
    const mail = `${person.mailbox}.${id}@${random.pick(MAIL_HOSTS)}`;
    const phone = drawPhone(random);
    return {
      customerID: id,
      Reference: drawReference(random, id),
      isCompany: person.isCompany,
      Name: person.name,
      LastName: person.lastName,
      RegistrationNumber: person.isCompany
        ? random.pick([`20${random.digits(2)}/${random.digits(6)}/07`, random.digits(3)])
        : null,
      Company: person.company,
      Email: sometimesAbsent(random, 5, mail),
      EmailCC: random.percent(20) ? `cc.${mail}` : random.pick(['', null]),
      Cell: sometimesAbsent(random, 10, phone),
      Tel: random.percent(50) ? phone : drawPhone(random),
      Fax: random.percent(15) ? drawPhone(random) : random.pick(['', null]),
      VatNo: random.percent(40) ? random.pick([random.digits(10), `${country.code}${random.digits(9)}`]) : null,
      ...address,
      PrimaryGatewayID: random.pick([97, 99, null]),
      CurrencyCode: random.percent(95) ? country.currency : random.pick(['USD', 'EUR', 'ZAR']),
      ...standing,
    };
  }

  /** The row as JSON. */
  text(id: number): string {
    const kept = this.#texts.get(id);
    if (kept !== undefined) return kept;
    const text = JSON.stringify(this.row(id));
    if (this.#texts.size >= KEPT_TEXTS) {
      for (const oldest of this.#texts.keys()) {
        this.#texts.delete(oldest);
        break;
      }
    }
    this.#texts.set(id, text);
    return text;
  }

  customFields(id: number): CustomField[] {
    const random = new Random(this.seed, id, SALT.customFields);
    if (random.percent(8)) return [];
    const fields = this.#customFieldKeys
      .slice(0, 1 + random.below(this.#customFieldKeys.length))
      .map((Key) => ({ Key, Value: random.pick(CUSTOM_FIELD_VALUES) }));
    // A label twice, with another value: nothing documents that labels are unique.
    if (random.percent(5)) {
      fields.push({ Key: random.pick(this.#customFieldKeys), Value: random.pick(CUSTOM_FIELD_VALUES) });
    }
    return fields;
  }

  /** The generated customer that has this reference. */
  idOfReference(reference: string): number | undefined {
    const id = Number(/^(?:BA-|77)(\d+)$/.exec(reference)?.[1]);
    return this.has(id) && this.row(id).Reference === reference ? id : undefined;
  }

  /** A number by which ids can be put into an order that has nothing to do with them. */
  rank(id: number): number {
    return hash32(this.seed, id, SALT.shuffle);
  }

  /** CreatedDate to PrimaryPaymentMethodInfo: what the account did, not who the customer is. */
  #drawStanding(random: Random, id: number, country: Country) {
    const index = id - FIRST_GENERATED_ID;
    const createdMs = OLDEST_MS + index * this.#stepMs + random.below(this.#stepMs - 1);
    const write = (ms: number) => writeInstant(ms, country.offsetMinutes, random.digits(4));
    const CreatedDate = write(createdMs);
    const isSuspended = random.percent(4);
    const isActive = !random.percent(5);
    const SuspendedDate = isSuspended ? write(createdMs + random.below(NEWEST_MS - createdMs)) : null;
    const PaymentMethod = random.percent(8) ? null : random.pick(PAYMENT_METHODS);
    const autoSendStatement = random.percent(30);
    return {
      CreatedDate,
      isSuspended,
      isActive,
      comp_status: computeStatus({ isActive, isSuspended }),
      isWaiveTaxes: random.percent(15),
      SuspendedDate,
      PaymentMethod,
      ActiveSubs: countSubscriptions(this.seed, id).active,
      Balance: drawBalance(random),
      autoSendInvoice: random.percent(60),
      autoSendStatement,
      StatementDate: autoSendStatement ? random.pick([1, 15, 25, null]) : null,
      StatementLastSentDate: autoSendStatement ? write(NEWEST_MS - random.below(31 * 86_400_000)) : null,
      PrimaryPaymentMethodInfo:
        PaymentMethod === null ? null : { paymentMethodID: 1_000_000 + index, Token: drawToken(this.seed, id) },
    };
  }
}

const FIRST_NAMES = [
  'Amahle',
  'Brielle',
  'Chloë',
  'Daniel',
  'Emma',
  'François',
  'Grace',
  'Hiro',
  'Ingrid',
  'João',
] as const;
const LAST_NAMES = ["O'Brien", 'Nkosi', 'van der Merwe', 'Müller', 'Smith-Jones', 'Đorđević', '田中', 'Patel'] as const;
const COMPANY_NAMES = [
  'Karoo Coffee',
  'Nkosi & Sons',
  'Blue "Crane" Travel',
  'Tafelberg',
  'Umhlanga <Media>',
  '京都電子',
] as const;
const COMPANY_KINDS = ['(Pty) Ltd', 'CC', 'Inc', 'GmbH', 'Ltd '] as const;
const STREETS = ['Pickering Street', 'Long Street', 'Bahnhofstraße', 'Main Rd', "King's Court"] as const;
const MAIL_HOSTS = ['example.com', 'example.org', 'example.net'] as const;
/** The documented five, and bank_account, which only customer 300 shows. */
const PAYMENT_METHODS = ['credit_card', 'debit_order', 'eft', 'cash', 'cheque', 'bank_account'] as const;
const CUSTOM_FIELD_VALUES = [
  '0-50000',
  '50000-100000',
  'English:Spanish',
  'Yes',
  'No',
  '',
  null,
  'https://example.com/a:b',
] as const;

function drawPerson(random: Random) {
  if (random.percent(45)) {
    const name = `${random.pick(COMPANY_NAMES)} ${random.pick(COMPANY_KINDS)}`;
    // Both belong to individuals, says the documentation; customer 300 is a company and has them.
    const hasOddFields = random.percent(5);
    return {
      isCompany: true,
      name,
      lastName: hasOddFields ? random.digits(4) : null,
      company: hasOddFields ? random.digits(3) : null,
      mailbox: 'accounts',
    };
  }
  const first = random.pick(FIRST_NAMES);
  const last = random.pick(LAST_NAMES);
  const company = random.percent(20) ? random.pick(COMPANY_NAMES) : null;
  // Customer 302 is an individual with its whole name in Name.
  return random.percent(25)
    ? { isCompany: false, name: `${first} ${last}`, lastName: random.pick([null, '']), company, mailbox: 'me' }
    : { isCompany: false, name: first, lastName: last, company, mailbox: 'post' };
}

function drawAddress(random: Random, country: Country) {
  const Country = country.name;
  const { countryID } = country;
  if (random.percent(6)) {
    const place = { Address1: '', Address2: '', City: '', State: '', Country, countryID };
    return { ...place, CountryState: '', countryStateID: null, ZipCode: '' };
  }
  const [City, State] = random.pick(country.cities);
  const countryStateID = random.pick<'1' | 1 | null>(['1', 1, null, null]);
  return {
    Address1: `${1 + random.below(400)} ${random.pick(STREETS)}`,
    Address2: random.pick(['Newton Park', '', null]),
    City,
    State,
    Country,
    countryID,
    CountryState: countryStateID === null ? '' : (COUNTRY_STATES.get(1) ?? ''),
    countryStateID,
    ZipCode: random.pick([random.digits(4), random.digits(5), `0${random.digits(3)}`]),
  };
}

/** `idOfReference` is its way back. */
function drawReference(random: Random, id: number): Text {
  if (random.percent(10)) return random.pick([null, '']);
  return random.percent(50) ? `BA-${id}` : `77${id}`;
}

function drawPhone(random: Random): string {
  return `+${random.digits(3)}-${random.digits(2)}-${random.digits(7)}`;
}

function drawBalance(random: Random) {
  if (random.percent(30)) return 0;
  const sign = random.percent(10) ? '-' : '';
  const fraction = random.pick([`${random.digits(2)}00`, '0000', '5000', random.digits(4)]);
  return numberText(`${sign}${1 + random.below(25_000)}.${fraction}`);
}

/** In so many of a hundred rows, one of the vendor's two ways of saying "none". */
function sometimesAbsent(random: Random, percent: number, value: string): Text {
  return random.percent(percent) ? random.pick(['', null]) : value;
}

function drawToken(seed: number, id: number): string {
  const hex = [0, 1, 2, 3]
    .map((part) =>
      hash32(seed, id, SALT.token + part * 16)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
