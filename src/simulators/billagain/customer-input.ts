import { COUNTRIES, COUNTRY_STATES } from './countries.ts';
import type { CustomerRow } from './customer.ts';
import type { Input } from './input.ts';
import { Refusal } from './refusal.ts';

/** What create and edit have in common: seed 002's 26 input fields, under the names that reads give them. */
export type CustomerChanges = Omit<
  CustomerRow,
  | 'customerID'
  | 'CreatedDate'
  | 'isSuspended'
  | 'isActive'
  | 'comp_status'
  | 'SuspendedDate'
  | 'ActiveSubs'
  | 'Balance'
  | 'StatementLastSentDate'
  | 'PrimaryPaymentMethodInfo'
>;

/** In the order of seed 002's reads. What is left out is null. */
export function readCustomerInput(input: Input): CustomerChanges {
  const country = readCountry(input);
  const countryStateID = input.wholeNumber('countryStateID');
  return {
    Reference: input.text('Reference'),
    isCompany: input.boolean('isCompany'),
    Name: input.text('Name'),
    LastName: input.text('LastName'),
    RegistrationNumber: input.text('RegistrationNumber'),
    Company: input.text('Company'),
    Email: input.text('Email'),
    EmailCC: input.text('EmailCC'),
    Cell: input.text('Cell'),
    Tel: input.text('Tel'),
    Fax: input.text('Fax'),
    VatNo: input.text('VatNo'),
    Address1: input.text('Address1'),
    Address2: input.text('Address2'),
    City: input.text('City'),
    State: input.text('State'),
    Country: country.Country,
    countryID: country.countryID,
    CountryState: countryStateID === null ? '' : (COUNTRY_STATES.get(countryStateID) ?? ''),
    countryStateID,
    ZipCode: input.text('ZipCode'),
    PrimaryGatewayID: input.wholeNumber('PrimaryGatewayID'),
    CurrencyCode: readCurrency(input),
    isWaiveTaxes: readRequiredBoolean(input, 'isWaiveTaxes'),
    // Not held to the documented five: customer 300 has bank_account, and an edit has to be able to send back what it read.
    PaymentMethod: input.text('PaymentMethod'),
    autoSendInvoice: input.boolean('autoSendInvoice'),
    autoSendStatement: input.boolean('autoSendStatement'),
    StatementDate: readStatementDay(input),
  };
}

/** Which input fields decide a field of the row, where the names differ. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  Country: ['countryID', 'CountryCode'],
  countryID: ['countryID', 'CountryCode'],
  CountryState: ['countryStateID'],
  StatementDate: ['StatementDay'],
};

/** Only the fields that the request holds, for a vendor that leaves the others alone. */
export function keepGiven(changes: CustomerChanges, input: Input): Partial<CustomerChanges> {
  return Object.fromEntries(
    Object.entries(changes).filter(([name]) => (SOURCES[name] ?? [name]).some((source) => input.has(source))),
  );
}

function readCountry(input: Input): Pick<CustomerRow, 'Country' | 'countryID'> {
  const id = input.wholeNumber('countryID');
  const code = input.text('CountryCode');
  // Both are given in the example and agree; what happens when they do not is unknown.
  const country = COUNTRIES.find((known) => (id === null ? known.code === code : known.countryID === id));
  return { Country: country?.name ?? null, countryID: id ?? country?.countryID ?? null };
}

function readCurrency(input: Input): string {
  const currency = input.text('CurrencyCode');
  if (currency !== null && /^[A-Z]{3}$/.test(currency)) return currency;
  throw new Refusal(400, 'CurrencyCode is required: 3 letters');
}

function readRequiredBoolean(input: Input, name: string): boolean {
  const value = input.boolean(name);
  if (value !== null) return value;
  throw new Refusal(400, `${name} is required: true or false`);
}

/** "Valid options is 1-25 or leave null for last day of month" (seed 002, create). */
function readStatementDay(input: Input): number | null {
  const day = input.wholeNumber('StatementDay');
  if (day === null || (day >= 1 && day <= 25)) return day;
  throw new Refusal(400, 'StatementDay must be 1 to 25, or null');
}
