// `npm ci` fails on another platform when the lock file does not name that platform's packages, and elsewhere
// than here when it names the host they came from. node tools/check-lockfile.mjs [package-lock.json]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const path = process.argv[2] ?? join(root, 'package-lock.json');
const { packages = {} } = JSON.parse(readFileSync(path, 'utf8'));

const faults = Object.entries(packages).flatMap(([name, entry]) => [
  ...missingPackages(name, entry),
  ...(/^\w+:\/\//.test(entry.resolved ?? '') ? [`${name}: "resolved" names a host: ${entry.resolved}`] : []),
  ...(name.includes('node_modules/') && !entry.link && !entry.integrity
    ? [`${name}: has no "integrity"`]
    : []),
]);

if (!packages['']) faults.push('It names no packages.');

for (const fault of faults) console.error(fault);
if (faults.length > 0) {
  console.error(
    `\n${path}: ${faults.length} faults. See docs/dependencies.md on pinning a package with all its platforms.`,
  );
  process.exitCode = 1;
} else {
  console.log(`${path}: ${Object.keys(packages).length} entries, every platform's packages named, no host.`);
}

/** Optional dependencies that the lock file does not name, or names in another version than the one asked for. */
function missingPackages(name, entry) {
  return Object.entries(entry.optionalDependencies ?? {}).flatMap(([dependency, wanted]) => {
    const found = resolveFrom(name, dependency);
    const asker = name === '' ? 'package.json' : name;
    if (!found) return [`${asker}: optional ${dependency}@${wanted} is not in the lock file`];
    const exact = /^\d+\.\d+\.\d+\S*$/.test(wanted);
    if (!exact || found.version === wanted) return [];
    return [`${asker}: optional ${dependency}@${wanted} is in the lock file as ${found.version}`];
  });
}

/** As Node looks for a package: beside the one that asks, then further up. */
function resolveFrom(name, dependency) {
  for (let folder = name; ; folder = parentOf(folder)) {
    const found = packages[`${folder ? `${folder}/` : ''}node_modules/${dependency}`];
    if (found) return found.link ? packages[found.resolved] : found;
    if (folder === '') return undefined;
  }
}

function parentOf(folder) {
  const nested = folder.lastIndexOf('/node_modules/');
  return nested < 0 ? '' : folder.slice(0, nested);
}
