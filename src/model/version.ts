import { createHash } from 'node:crypto';
import type { Customer } from './customer.ts';
import type { UpdateCustomerInput } from './customer-input.ts';

/** One line for every field of an update, leave one out and it doesn't compile: false for what no record shows. */
type Writable<I, R> = {
  readonly [K in keyof I]-?: K extends keyof R
    ? NonNullable<I[K]> extends object
      ? Writable<NonNullable<I[K]>, NonNullable<R[K]>>
      : true
    : false;
};

/** What updateCustomer can change. The rest, such as the balance, moves without anybody having changed the customer. */
const WRITABLE: Writable<UpdateCustomerInput, Customer> = {
  id: true,
  expectedVersion: false,
  reference: true,
  kind: true,
  displayName: true,
  firstName: true,
  lastName: true,
  organizationName: true,
  registrationNumber: true,
  taxNumber: true,
  taxExempt: true,
  email: true,
  emailCc: true,
  phone: true,
  mobilePhone: true,
  fax: true,
  address: { line1: true, line2: true, city: true, region: true, postalCode: true, countryCode: true },
  currencyCode: true,
  paymentMethod: true,
  sendsInvoices: true,
  sendsStatements: true,
  statementDay: true,
  gatewayId: true,
  billAgain: { company: true, taxCountryId: true, taxRegionId: true },
};

/** A hash of the record as it was read, its statementDay included, for `expectedVersion`. */
export function customerVersion(customer: Customer): string {
  const values = listValues(customer, WRITABLE);
  return createHash('sha256').update(JSON.stringify(values)).digest('base64url').slice(0, 16);
}

function listValues(record: object | null, table: object): unknown[] {
  return Object.entries(table).flatMap(([name, entry]) => {
    const value = (record as Partial<Record<string, unknown>> | null)?.[name] ?? null;
    if (typeof entry === 'object') return listValues(value as object | null, entry);
    return entry ? [value] : [];
  });
}
