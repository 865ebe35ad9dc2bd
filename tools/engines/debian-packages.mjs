// Packages of Debian and Ubuntu, downloaded and unpacked below a folder: no root, nothing installed, no system service.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const maxBuffer = 2 ** 24;

/** Whether this system has the tools. */
export async function canUnpack() {
  const tools = [run('apt-get', ['--version']), run('dpkg', ['--version'])];
  return (await Promise.allSettled(tools)).every(({ status }) => status === 'fulfilled');
}

/** `LD_LIBRARY_PATH` for what was unpacked. */
export function libraryPath(folder) {
  const libraries = join(folder, 'usr/lib');
  if (!existsSync(libraries)) return '';
  const triplets = readdirSync(libraries).map((name) => join(libraries, name));
  return [...triplets, libraries].join(':');
}

/** Downloads and unpacks; throws with what apt said. */
export async function unpackPackages(folder, packages) {
  const work = `${folder}.making`;
  rmSync(work, { recursive: true, force: true });
  for (const path of ['state/lists/partial', 'cache/archives/partial', 'root']) {
    mkdirSync(join(work, path), { recursive: true });
  }
  try {
    const options = [
      `Dir::State=${work}/state`,
      'Dir::State::status=/var/lib/dpkg/status',
      `Dir::Cache=${work}/cache`,
      'Debug::NoLocking=1',
      'APT::Sandbox::User=',
      'Acquire::Retries=1',
      'Acquire::http::Timeout=30',
      'Acquire::https::Timeout=30',
    ].flatMap((option) => ['-o', option]);
    // One of many sources may be away; what matters is whether the packages are found.
    const updated = await run('apt-get', [...options, 'update'], { cwd: work, maxBuffer }).catch(
      (error) => error,
    );
    await run('apt-get', [...options, 'download', ...packages], { cwd: work, maxBuffer }).catch((error) => {
      throw new Error([updated.stderr, error.stderr || error.message].filter(Boolean).join('\n').trim());
    });
    for (const name of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg', ['-x', join(work, name), join(work, 'root')]);
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(work, 'root'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
