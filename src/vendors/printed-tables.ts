import type { Field } from './fields.ts';
import type { FilterLine } from './filters.ts';
import type { OperationTable } from './operation.ts';
import type { DialectTables } from './vendor.ts';

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
    Object.entries(operations).map(([name, { operationClass, method, path, source }]) => [
      name,
      operationClass,
      method,
      `\`${path}\``,
      source,
    ]),
  );
}

function printFields(table: Readonly<Record<string, Field<unknown>>>): string {
  return printTable(['ours', 'theirs', 'conversion'], listFields(table, ''));
}

/** A field that is a record has a row for each of its members, too. */
function listFields(table: Readonly<Record<string, Field<unknown>>>, prefix: string): string[][] {
  return Object.entries(table).flatMap(([name, { names, conversion, members }]) => [
    [prefix + name, names.join(', ') || '–', conversion],
    ...(members === undefined ? [] : listFields(members, `${prefix}${name}.`)),
  ]);
}

function printFilter(table: Readonly<Record<string, FilterLine<never>>>): string {
  return printTable(
    ['ours', 'their parameter', 'what becomes of it'],
    Object.entries(table).map(([name, line]) => [name, line.name ?? '–', line.conversion]),
  );
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const printRow = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [printRow(head), `|${'---|'.repeat(head.length)}`, ...rows.map(printRow)].join('\n');
}
