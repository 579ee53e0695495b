/** Writes the settings table into the README, between its markers: `npx node scripts/write-settings-table.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { printSettingsTable } from '../src/config.ts';

const readme = new URL('../README.md', import.meta.url);
const markers = /(<!-- settings -->\n).*?(<!-- \/settings -->)/s;
const text = readFileSync(readme, 'utf8');
if (!markers.test(text)) throw new Error('README.md must hold <!-- settings --> and <!-- /settings -->; got none');
writeFileSync(
  readme,
  text.replace(markers, (_all, before: string, after: string) => `${before}\n${printSettingsTable()}\n\n${after}`),
);
