import { createHash } from 'node:crypto';
import type { Customer } from './customer.ts';

/** What updateCustomer can change. The rest, such as the balance, moves without anybody having changed the customer. */
const VERSIONED = [
  ...(['reference', 'kind', 'displayName', 'firstName', 'lastName', 'organizationName', 'registrationNumber'] as const),
  ...(['taxNumber', 'taxExempt', 'email', 'emailCc', 'phone', 'mobilePhone', 'fax', 'currencyCode'] as const),
  ...(['paymentMethod', 'sendsInvoices', 'sendsStatements', 'statementDay', 'gatewayId'] as const),
] satisfies readonly (keyof Customer)[];

/** A hash of the record as it was read, for `expectedVersion`. */
export function customerVersion(customer: Customer): string {
  const { line1, line2, city, region, postalCode, country } = customer.address;
  const { company = null, taxCountryId = null, taxRegionId = null } = customer.billAgain ?? {};
  const parts = [
    ...VERSIONED.map((name) => customer[name]),
    ...[line1, line2, city, region, postalCode, country, company, taxCountryId, taxRegionId],
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);
}
