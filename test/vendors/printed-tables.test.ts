import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { billagain } from '../../src/vendors/billagain/index.ts';
import { printTables } from '../../src/vendors/printed-tables.ts';
import { unipay } from '../../src/vendors/unipay/index.ts';

describe.each([billagain, unipay])("$vendor's README", ({ vendor, tables }) => {
  const readme = readFileSync(new URL(`../../src/vendors/${vendor.toLowerCase()}/README.md`, import.meta.url), 'utf8');
  const printed = printTables(readme, tables);

  it('holds the tables as the code has them; `npm run print` writes them', () => {
    expect(printed).toBe(readme);
  });

  it('has a row for each operation, each field, and each filter', () => {
    for (const [name, { operationClass, method, path, action, source }] of Object.entries(tables.operations)) {
      const where = action === undefined ? `\`${path}\`` : `\`${path}\`, action \`${action}\``;
      expect(printed).toContain(`| ${name} | ${operationClass} | ${method} | ${where} | ${source} |`);
    }
    const [, customer = '', subscription = ''] = printed.split(/^### (?:Customer|Subscription)$/m);
    for (const name of Object.keys(tables.customer)) expect(customer).toContain(`| ${name} | `);
    for (const name of Object.keys(tables.subscription)) expect(subscription).toContain(`| ${name} | `);
    for (const part of ['address.line1', 'address.countryCode']) expect(customer).toContain(`| ${part} | `);
    for (const line of Object.values(tables.subscriptionFilter)) expect(printed).toContain(`| ${line.conversion} |`);
  });

  it('is told apart from one without the markers', () => {
    expect(() => printTables('# A dialect', tables)).toThrow(
      'must hold <!-- operations --> and then <!-- /operations -->',
    );
  });
});
