import { describe, expect, it } from '@jest/globals';
import { inputTables as billagainTables } from '../../src/vendors/billagain/input-tables.ts';
import { inputTables as unipayTables } from '../../src/vendors/unipay/input-tables.ts';
import {
  type Elsewhere,
  InputWriter,
  isElsewhere,
  isLine,
  type WriteLine,
  type WriteTable,
} from '../../src/vendors/writing.ts';

type Table = { readonly [name: string]: WriteLine<unknown> | Table | Elsewhere };

interface Entry {
  readonly path: readonly string[];
  readonly line: WriteLine<unknown> | Elsewhere;
}

/** Every field of an input, those of its parts too. */
function entriesOf(table: Table, path: readonly string[] = []): Entry[] {
  return Object.entries(table).flatMap(([name, entry]): Entry[] => {
    const itsPath = [...path, name];
    if (isElsewhere(entry) || isLine(entry)) return [{ path: itsPath, line: entry }];
    return entriesOf(entry, itsPath);
  });
}

function inputWith(path: readonly string[], value: unknown): object {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;
}

function write(table: Table, input: object, current?: object) {
  const writer = new InputWriter('acme', null);
  const written = writer.write(input, table as WriteTable<object>, [], current);
  return { written, problems: writer.problems.map(({ code, field }) => ({ code, field })) };
}

const { management, billing } = unipayTables.customer;
const INPUTS: [name: string, table: unknown, elsewhere: string][] = [
  // Beside each what is written by hand, so that no field can come to be forgotten there.
  [
    'BillAgain createCustomer',
    billagainTables.newCustomer,
    'kind displayName firstName lastName organizationName account billAgain.contact billAgain.subscriptions billAgain.paymentMethod',
  ],
  [
    'BillAgain updateCustomer',
    billagainTables.changedCustomer,
    'id expectedVersion kind displayName firstName lastName organizationName',
  ],
  ['BillAgain company', billagainTables.company, 'displayName'],
  ['BillAgain person', billagainTables.person, ''],
  ['BillAgain contact', billagainTables.contact, ''],
  ['BillAgain creditCard', billagainTables.creditCard, 'number expiryMonth expiryYear'],
  ['BillAgain component', billagainTables.component, ''],
  ['BillAgain inline subscription', billagainTables.inlineSubscription, 'components cycleMonths cycleDays'],
  [
    'BillAgain createSubscription',
    billagainTables.newSubscription,
    'account customerId billAgain cycleMonths cycleDays components',
  ],
  ['BillAgain subscription details', billagainTables.subscriptionDetails, ''],
  ['BillAgain cancelSubscription', billagainTables.cancellation, 'id mode'],
  ['UniPay management createCustomer', management.newCustomer, 'kind displayName account'],
  ['UniPay management updateCustomer', management.changedCustomer, 'id expectedVersion kind displayName'],
  ['UniPay billing createCustomer', billing.newCustomer, 'kind displayName account'],
  ['UniPay billing updateCustomer', billing.changedCustomer, 'id expectedVersion kind displayName'],
  ['UniPay createSubscription', unipayTables.newSubscription, 'account customerId'],
  ['UniPay updateSubscription', unipayTables.changedSubscription, 'id'],
  ['UniPay cancelSubscription', unipayTables.cancellation, 'id'],
  ['UniPay freezeSubscription', unipayTables.freeze, 'id'],
];

const words = (text: string) => text.split(' ').filter(Boolean).sort();

describe.each(INPUTS)('the table of %s', (_name, given, elsewhere) => {
  const table = given as Table;
  const entries = entriesOf(table);
  const lines = entries.flatMap(({ path, line }) => (isElsewhere(line) ? [] : [{ path, line }]));
  const withoutPlace = lines.filter(({ line }) => line.name === undefined);

  it('leaves no other field to be written by hand', () => {
    const byHand = entries.filter(({ line }) => isElsewhere(line)).map(({ path }) => path.join('.'));
    expect(byHand.sort()).toEqual(words(elsewhere));
  });

  it('refuses whatever has no place at the vendor, each field by its path', () => {
    for (const { path } of withoutPlace) {
      for (const value of ['x', 0, false, ['x'], { some: { thing: 0 } }]) {
        expect(write(table, inputWith(path, value))).toEqual({
          written: {},
          problems: [{ code: 'UNSUPPORTED_BY_VENDOR', field: path }],
        });
      }
    }
  });

  it('refuses all of them at once', () => {
    const input = withoutPlace.map(({ path }) => inputWith(path, 'x')).reduce(mergeInputs, {});
    expect(
      write(table, input)
        .problems.map(({ field }) => field?.join('.'))
        .sort(),
    ).toEqual(withoutPlace.map(({ path }) => path.join('.')).sort());
  });

  it('lets nothing be given for it', () => {
    for (const { path, line } of withoutPlace) {
      if (line.isFixed) continue;
      for (const value of [null, '', [], {}, { some: { thing: null } }, [{}]]) {
        expect(write(table, inputWith(path, value))).toEqual({ written: {}, problems: [] });
      }
    }
  });

  it('lets what is as it was be given back, whether or not it could be written', () => {
    for (const { path } of lines) {
      const input = inputWith(path, 'as it was');
      expect(write(table, input, input)).toEqual({ written: {}, problems: [] });
      expect(write(table, inputWith(path, ''), inputWith(path, null))).toEqual({ written: {}, problems: [] });
    }
  });

  it('refuses to empty what can be given only once', () => {
    for (const { path, line } of lines) {
      if (!line.isFixed) continue;
      const problems = [{ code: 'UNSUPPORTED_BY_VENDOR', field: path }];
      expect(write(table, inputWith(path, null), inputWith(path, 'there'))).toEqual({ written: {}, problems });
    }
  });

  it('writes each of the others under a name of its own', () => {
    const names = lines.flatMap(({ line }) => line.name ?? []);
    // A person's whole name and first name are one field: which of them is written is decided by hand.
    const shared = names.filter((name, index) => names.indexOf(name) !== index);
    expect(shared).toEqual(_name === 'BillAgain person' ? ['Name'] : []);
  });
});

function mergeInputs(left: object, right: object): object {
  const merged: Record<string, unknown> = { ...left };
  for (const [name, value] of Object.entries(right)) {
    const before = merged[name];
    merged[name] =
      typeof before === 'object' && before !== null && typeof value === 'object' && value !== null
        ? mergeInputs(before, value)
        : value;
  }
  return merged;
}
