/** The field map: each field of the schema beside what it is at each vendor, for somebody who knows billing and not us. */
import {
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import type { Vendor } from '../model/vendor.ts';
import { listFields, listFilters, listInputs, type MappedField, printTable } from './printed-tables.ts';
import type { Dialect, DialectTables, InputTables } from './vendor.ts';

const VENDOR_NAMES: Readonly<Record<Vendor, string>> = { BILLAGAIN: 'BillAgain', UNIPAY: 'UniPay' };

const INPUTS: Readonly<Record<keyof InputTables, string>> = {
  CreateCustomerInput: 'createCustomer',
  UpdateCustomerInput: 'updateCustomer',
  CreateSubscriptionInput: 'createSubscription',
  UpdateSubscriptionInput: 'updateSubscription',
  CancelSubscriptionInput: 'cancelSubscription',
  FreezeSubscriptionInput: 'freezeSubscription',
};

const INTRODUCTION = `# The vocabulary

What each field of [the schema](schema.graphql) is at each vendor, printed by \`npm run print\` from the very tables that the code
converts by. Each cell names the vendor's own fields and then what is done with them: "\`Tel\`: text" is the vendor's field Tel,
passed on as it is; "A → ACTIVE" is the vendor's word and ours, and the other way round in what is written. Names with a dot lie
within one another, and a record's fields within the record. Where the vendor has nothing, the cell says what happens instead; –
stands for a part of what isn't there at all, "Billgraph's own" for what no vendor decides: ids, freshness, ways to other records.

UniPay is run under many brand names, in two profiles: *management* and *billing*. They differ where a table has a column for each.`;

/** One account's way of having a type: a dialect, or one of its profiles where they differ. */
interface Column {
  readonly title: string;
  /** By path; undefined where the vendor has no such type at all. */
  readonly fields: ReadonlyMap<string, MappedField> | undefined;
}

/** What schema/vocabulary.md holds. */
export function printVocabulary(schema: GraphQLSchema, dialects: readonly Dialect[]): string {
  const print = (typeName: string, list: (tables: DialectTables) => ByProfile) =>
    printType(
      schema,
      typeName,
      dialects.flatMap((dialect) => columnsOf(dialect, list)),
    );
  const inputs = Object.entries(INPUTS) as [keyof InputTables, string][];
  const sections = [
    INTRODUCTION,
    '## What each vendor can do',
    "What a vendor can't do is refused before any call, never answered with nothing.",
    printCapabilities(schema, dialects),
    '## Customer',
    print('Customer', ({ customer }) => ({ all: listFields(customer) })),
    '## BillingSubscription',
    print('BillingSubscription', ({ subscription }) => ({ all: listFields(subscription) })),
    '## CustomerFilter',
    'A filter that the vendor has is sent to it; "scanned" ones are looked for in its rows, up to a limit.',
    print('CustomerFilter', ({ customerFilters }) => mapProfiles(customerFilters, listFilters)),
    '## SubscriptionFilter',
    print('SubscriptionFilter', ({ subscriptionFilter }) => ({ all: listFilters(subscriptionFilter) })),
    ...inputs.flatMap(([input, mutation]) => [
      `## ${input}`,
      `The input of \`${mutation}\`. What a vendor has no place for is refused, naming the field; nothing is dropped on the way.`,
      print(input, (tables) => mapProfiles(tables.inputs, ({ [input]: table }) => table && listInputs(table))),
    ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

type ByProfile = Readonly<Record<string, readonly MappedField[] | null>>;

function mapProfiles<T>(
  profiles: Readonly<Record<string, T>>,
  list: (table: T) => readonly MappedField[] | null,
): ByProfile {
  return Object.fromEntries(Object.entries(profiles).map(([profile, table]) => [profile, list(table)]));
}

/** Profiles that have the same share a column. */
function columnsOf({ vendor, tables }: Dialect, list: (tables: DialectTables) => ByProfile): Column[] {
  const profiles = Object.entries(list(tables));
  const isSame = new Set(profiles.map(([, fields]) => JSON.stringify(fields))).size === 1;
  return (isSame ? profiles.slice(0, 1) : profiles).map(([profile, fields]) => ({
    title: isSame ? VENDOR_NAMES[vendor] : `${VENDOR_NAMES[vendor]}, ${profile}`,
    fields: fields === null ? undefined : new Map(fields.map((field) => [field.path, field])),
  }));
}

function printCapabilities(schema: GraphQLSchema, dialects: readonly Dialect[]): string {
  const type = schema.getType('Capability');
  if (!isEnumType(type)) throw new Error(`Capability must be an enum; got ${type}`);
  return printTable(
    ['capability', 'meaning', ...dialects.map(({ vendor }) => VENDOR_NAMES[vendor])],
    type
      .getValues()
      .map(({ name, value, description }) => [
        name,
        description ?? '',
        ...dialects.map(({ tables }) => (tables.capabilities.has(value) ? 'yes' : 'no')),
      ]),
  );
}

function printType(schema: GraphQLSchema, typeName: string, columns: readonly Column[]): string {
  return printTable(
    ['field', 'GraphQL type', ...columns.map(({ title }) => title)],
    listRows(schema, typeName, columns, ''),
  );
}

function listRows(schema: GraphQLSchema, typeName: string, columns: readonly Column[], prefix: string): string[][] {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInputObjectType(type)) throw new Error(`${typeName} must have fields; got ${type}`);
  return Object.values(type.getFields()).flatMap((field) => {
    const path = prefix + field.name;
    const fieldType: GraphQLType = field.type;
    const isMapped = columns.some(({ fields }) => fields?.has(path));
    const hasMembers = columns.some(({ fields }) =>
      [...(fields?.keys() ?? [])].some((key) => key.startsWith(`${path}.`)),
    );
    const cells = columns.map((column) => (isMapped ? printCell(column, path) : "Billgraph's own"));
    return [
      [path, String(fieldType), ...cells],
      ...(hasMembers ? listRows(schema, getNamedType(fieldType).name, columns, `${path}.`) : []),
    ];
  });
}

function printCell({ fields }: Column, path: string): string {
  if (fields === undefined) return "refused: this vendor can't do it";
  const field = fields.get(path);
  if (field === undefined) return '–';
  const names = field.names.map((name) => `\`${name}\``).join(', ');
  return names === '' ? field.conversion : `${names}: ${field.conversion}`;
}
