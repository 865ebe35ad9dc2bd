import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identify, isRunning } from './identity.mjs';

/** The running process that holds a lock file, as `{ pid, started }`, or undefined. */
export function holderOf(path) {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8'));
    return isRunning(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes a lock file for this process, also from a process that is gone.
 * Answers `{ release }`, or `{ holder }` when a running process has it.
 */
export function takeLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(identify(process.pid)), { mode: 0o600 });
  try {
    for (;;) {
      try {
        linkSync(mine, path); // complete as soon as it is there, and only one can win
        return { release: () => rmSync(path, { force: true }) };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = holderOf(path);
      if (holder) return { holder };
      setAside(path);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Removes a lock left behind; if it turns out to be somebody's new one, gives it back. */
function setAside(path) {
  const aside = `${path}.${process.pid}.left`;
  try {
    renameSync(path, aside);
    if (holderOf(aside)) linkSync(aside, path);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}
