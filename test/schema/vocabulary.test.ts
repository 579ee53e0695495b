import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { createSchema } from '../../src/resolvers/schema.ts';
import { billagain } from '../../src/vendors/billagain/index.ts';
import { printVocabulary } from '../../src/vendors/printed-vocabulary.ts';
import { unipay } from '../../src/vendors/unipay/index.ts';

const dialects = [billagain, unipay];

it('the field map is printed as the mapping tables are', async () => {
  const printed = readFileSync(new URL('../../schema/vocabulary.md', import.meta.url), 'utf8');
  const isCurrent = printed === printVocabulary(await createSchema(), dialects);
  expect(isCurrent ? 'current' : 'schema/vocabulary.md is stale: run `npm run print` and commit it').toBe('current');
});

it('the field map shows each field beside what both vendors make of it', async () => {
  const printed = printVocabulary(await createSchema(), dialects);
  for (const row of [
    '| balance | Money | `Balance`, `CurrencyCode`: exact decimal, major units | `balance`: cents ÷ 100 |',
    '| address.postalCode | String | `ZipCode`: text | `zipCode`: text |',
    '| billAgain.card.lastFourDigits | String | `LastFourDigits`: cut to its last four digits | – |',
    '| taxNumber | String | `VatNo`: text | not kept by this vendor |',
    "| source | Source! | Billgraph's own | Billgraph's own |",
    '| firstName | String | scanned | `firstName`: text of up to 125 characters | `firstName`: text of up to 255 characters |',
    '| amount | Decimal | refused: no place at this vendor | `amount`: major units × 100 |',
    "| paymentCount | Int! | refused: this vendor can't do it | `length`: whole number from 1 to 1000 |",
    '| CUSTOMER_DELETE | Customers can be deleted for good (BillAgain only). | yes | no |',
  ]) {
    expect(printed).toContain(`\n${row}\n`);
  }
});

it('the field map has each field once, and one of each type that the tables map', async () => {
  const sections = printVocabulary(await createSchema(), dialects)
    .split('\n## ')
    .slice(2);
  expect(sections.map((section) => section.split('\n')[0])).toEqual([
    'Customer',
    'BillingSubscription',
    'CustomerFilter',
    'SubscriptionFilter',
    'CreateCustomerInput',
    'UpdateCustomerInput',
    'CreateSubscriptionInput',
    'UpdateSubscriptionInput',
    'CancelSubscriptionInput',
    'FreezeSubscriptionInput',
  ]);
  for (const section of sections) {
    const paths = [...section.matchAll(/^\| ([\w.]+) \|/gm)].map(([, path]) => path);
    expect(paths.length).toBeGreaterThan(3);
    expect(new Set(paths).size).toBe(paths.length);
  }
});
