import { describe, expect, it } from '@jest/globals';
import type { Customer } from '../../src/model/customer.ts';
import { customerVersion } from '../../src/model/version.ts';
import { inputTables as billagainTables } from '../../src/vendors/billagain/input-tables.ts';
import { listInputs } from '../../src/vendors/printed-tables.ts';
import { inputTables as unipayTables } from '../../src/vendors/unipay/input-tables.ts';
import type { InputTable } from '../../src/vendors/writing.ts';

const CUSTOMER = { id: 'Customer:one:1', address: {}, billAgain: {} } as Customer;

/** The customer with another value at that path. */
function change(record: object, [name = '', ...rest]: readonly string[]): object {
  const value = (record as Record<string, object | undefined>)[name];
  return { ...record, [name]: rest.length > 0 ? change(value ?? {}, rest) : 'another value' };
}

describe("a customer's version", () => {
  it.each<[string, InputTable]>([
    ['BillAgain', billagainTables.changedCustomer],
    ['UniPay', unipayTables.customer.management.changedCustomer],
  ])('changes with each field that an update can write at %s', (_, table) => {
    const written = listInputs(table).filter(({ path, isKept }) => isKept && path !== 'id');
    const leaves = written.filter(({ path }) => !written.some((other) => other.path.startsWith(`${path}.`)));
    expect(leaves.length).toBeGreaterThan(10);
    for (const { path } of leaves) {
      const changed = change(CUSTOMER, path.split('.')) as Customer;
      expect([path, customerVersion(changed)]).not.toEqual([path, customerVersion(CUSTOMER)]);
    }
  });

  it('stays with whatever an update can not write', () => {
    const moved = { ...CUSTOMER, status: 'SUSPENDED', activeSubscriptionCount: 3, createdAt: 'now' } as Customer;
    expect(customerVersion(moved)).toBe(customerVersion(CUSTOMER));
  });
});
