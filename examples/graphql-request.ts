import { request } from 'graphql-request';
import { CustomerDetailsDocument, UpdateCustomerDocument } from '../client/src/index.ts';

/** Changes a customer only if nobody else has since it was read. */
export async function run(url: string) {
  const id = 'Customer:billagain:302';
  const { customer } = await request(url, CustomerDetailsDocument, { id });
  if (!customer) throw new Error(`${id} is gone`);
  const input = { id, expectedVersion: customer.version, phone: '+27 41 555 0100' };

  const first = await request(url, UpdateCustomerDocument, { input });
  const second = await request(url, UpdateCustomerDocument, { input });
  return {
    changedVersion: first.updateCustomer?.customer?.version !== customer.version,
    errorsOfFirst: first.updateCustomer?.userErrors.map(({ code }) => code),
    errorsOfSecond: second.updateCustomer?.userErrors.map(({ code }) => code),
  };
}
