// Measures Gatehouse beside what it is compared with, both in one run on one machine:
// npm run bench [-- --only transport,…] [--quick] [--out FOLDER]
import { setMaxListeners } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeTestHome } from '../tools/testing/test-home.mjs';
import { Refusal, runTool } from '../tools/refusal.mjs';
import { parseArguments } from './arguments.mjs';
import { writeDocument } from './document.mjs';
import { Engines } from './engines.mjs';
import { groups } from './groups.mjs';
import { mergeResults, readResults, writeResults } from './results.mjs';
import { showTable } from './table.mjs';

await runTool(async () => {
  const { only, quick, files } = parseArguments(process.argv.slice(2), groups);
  const stopping = new AbortController();
  // Every process of a measurement ends by it.
  setMaxListeners(0, stopping.signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort());
  const say = (text) => console.error(text);
  const { home, ledger, remove } = await makeTestHome();
  const engines = new Engines({ env: process.env, home, ledger, say });
  try {
    let results = readResults(files.results);
    for (const group of groups.filter(({ name }) => only.includes(name))) {
      const begun = Date.now();
      say(`${group.name}: ${group.title}`);
      const measured = await group.run({ quick, home, engines, say, signal: stopping.signal });
      say(`${group.name}: ${Math.round((Date.now() - begun) / 1000)} s`);
      results = mergeResults(results, group.name, measured);
      showTable(group, measured);
    }
    for (const file of Object.values(files)) mkdirSync(dirname(file), { recursive: true });
    await writeResults(files.results, results);
    await writeDocument(files.document, results, groups, await engines.describe());
    console.log(`\nWritten: ${Object.values(files).join(', ')}`);
  } catch (error) {
    throw stopping.signal.aborted ? new Refusal('Stopped: nothing was written.') : error;
  } finally {
    await engines.stop();
    remove();
  }
});
