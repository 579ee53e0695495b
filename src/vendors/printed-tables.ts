import type { Field } from './fields.ts';
import { absent, type FilterLine } from './filters.ts';
import type { OperationTable } from './operation.ts';
import type { DialectTables } from './vendor.ts';
import { type InputTable, isElsewhere, isLine } from './writing.ts';

/** A dialect's README with its tables put between their markers, in the place of what is there. */
export function printTables(readme: string, tables: DialectTables): string {
  const { customerFilters } = tables;
  const profiles = Object.entries(customerFilters);
  const vocabulary = [
    section('Customer', printFields(tables.customer)),
    section('Subscription', printFields(tables.subscription)),
    ...profiles.map(([profile, table]) =>
      section(`Customer filter${profiles.length > 1 ? `, ${profile} profile` : ''}`, printFilter(table)),
    ),
    section('Subscription filter', printFilter(tables.subscriptionFilter)),
  ];
  const withOperations = replaceBetween(readme, 'operations', printOperations(tables.operations));
  return replaceBetween(withOperations, 'vocabulary', vocabulary.join('\n\n'));
}

function replaceBetween(readme: string, name: string, printed: string): string {
  const [before, after] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [readme.indexOf(before), readme.indexOf(after)];
  if (start === -1 || end < start) throw new Error(`a dialect's README must hold ${before} and then ${after}`);
  return `${readme.slice(0, start + before.length)}\n\n${printed}\n\n${readme.slice(end)}`;
}

function section(title: string, table: string): string {
  return `### ${title}\n\n${table}`;
}

function printOperations(operations: OperationTable): string {
  return printTable(
    ['operation', 'class', 'method', 'path', 'source'],
    Object.entries(operations).map(([name, { operationClass, method, path, action, source }]) => [
      name,
      operationClass,
      method,
      action === undefined ? `\`${path}\`` : `\`${path}\`, action \`${action}\``,
      source,
    ]),
  );
}

function printFields(table: Readonly<Record<string, Field<unknown>>>): string {
  return printTable(['ours', 'theirs', 'conversion'], printLines(listFields(table)));
}

function printFilter(table: Readonly<Record<string, FilterLine<never>>>): string {
  return printTable(['ours', 'their parameter', 'what becomes of it'], printLines(listFilters(table)));
}

function printLines(lines: readonly MappedField[]): string[][] {
  return lines.map(({ path, names, conversion }) => [path, names.join(', ') || '–', conversion]);
}

/** One of our fields, as a mapping table has it. */
export interface MappedField {
  /** "address.line1". */
  readonly path: string;
  readonly names: readonly string[];
  readonly conversion: string;
  /** Has the vendor a place for it? */
  readonly isKept: boolean;
}

/** A field that is a record has a line for each of its members, too. */
export function listFields(table: Readonly<Record<string, Field<unknown>>>, prefix = ''): MappedField[] {
  return Object.entries(table).flatMap(([name, { names, conversion, members }]) => [
    { path: prefix + name, names, conversion, isKept: names.length > 0 },
    ...(members === undefined ? [] : listFields(members, `${prefix}${name}.`)),
  ]);
}

export function listFilters(table: Readonly<Record<string, FilterLine<never>>>): MappedField[] {
  return Object.entries(table).map(([path, line]) => ({
    path,
    names: line.name === undefined ? [] : [line.name],
    conversion: line.conversion,
    isKept: line !== absent,
  }));
}

export function listInputs(table: InputTable, prefix = ''): MappedField[] {
  return Object.entries(table).flatMap(([name, entry]) => {
    const path = prefix + name;
    if (isElsewhere(entry)) {
      const { names, conversion, members = {} } = entry;
      const inner = listInputs(members, `${path}.`);
      return [{ path, names, conversion, isKept: names.length + inner.length > 0 }, ...inner];
    }
    if (isLine(entry)) {
      const { conversion, isFixed = false } = entry;
      const names = entry.name === undefined ? [] : [entry.name];
      return [{ path, names, conversion, isKept: isFixed || names.length > 0 }];
    }
    const inner = listInputs(entry, `${path}.`);
    return [{ path, names: [], conversion: 'its fields, lying flat', isKept: inner.length > 0 }, ...inner];
  });
}

export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const printRow = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [printRow(head), `|${'---|'.repeat(head.length)}`, ...rows.map(printRow)].join('\n');
}
