import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ledger } from '../launcher/ledger.mjs';
import { holderOf, takeLock } from '../launcher/lock.mjs';
import { root } from '../root.mjs';

/** Where tests keep their engines: beside the data of development, never in it. */
export const testFolder = resolve(root, '.gatehouse/test');

/** A home for one run of the tests, deleted after it: `{ home, ledger, remove }`. */
export async function makeTestHome() {
  mkdirSync(testFolder, { recursive: true });
  await removeLeftovers();
  const home = mkdtempSync(join(testFolder, 'run-'));
  const lock = takeLock(join(home, 'launcher.lock'));
  return {
    home,
    ledger: new Ledger(join(home, 'ledger.json')),
    remove() {
      lock.release();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Homes of runs that were killed: what still runs there is ended. */
async function removeLeftovers() {
  for (const name of readdirSync(testFolder)) {
    const home = join(testFolder, name);
    if (holderOf(join(home, 'launcher.lock')) || isBeginning(home)) continue;
    await new Ledger(join(home, 'ledger.json')).endLeftovers();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Made just now: its process may not have got to the lock. */
function isBeginning(home) {
  return !existsSync(join(home, 'launcher.lock')) && Date.now() - statSync(home).mtimeMs < 60_000;
}
