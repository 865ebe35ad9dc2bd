// Shows when a provider's status flaps, and how soon a dead one is noticed, by each rule: `npm run simulate`.
// Writes the table of docs/provider-health.md and docs/provider-health.svg. The same numbers come out each time.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { runTool } from './refusal.mjs';
import { root } from './root.mjs';
import { plotOf } from './simulate/plot.mjs';
import { simulateRows } from './simulate/rows.mjs';
import { tableOf } from './simulate/table.mjs';

const PLACE = /(<!-- simulation -->\n)[^]*(\n<!-- \/simulation -->)/;

await runTool(async () => {
  const rows = simulateRows();
  const table = tableOf(rows);
  const file = join(root, 'docs/provider-health.md');
  const text = readFileSync(file, 'utf8').replace(
    PLACE,
    (_, before, after) => `${before}\n${table}\n${after}`,
  );
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
  writeFileSync(join(root, 'docs/provider-health.svg'), plotOf(rows));
  console.log(table);
});
