// Packages are installed when the lock file is another than that they were installed from: a stamp in
// node_modules tells.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../refusal.mjs';
import { root } from '../root.mjs';

const stamp = join(root, 'node_modules/.gatehouse-stamp');

/** Runs `npm ci` when it is needed. `mayReplace()` is asked first when packages are there already. */
export async function installPackages({ say, mayReplace }) {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const current = `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
  if (read(stamp) === current) return;
  if (!agrees(JSON.parse(lock))) {
    const installed = existsSync(join(root, 'node_modules'));
    if (installed) mayReplace();
    say(`${installed ? 'The lock file has changed' : 'No packages yet'}: npm ci (about a minute, 70 MB)`);
    await npmCi(say);
  }
  writeFileSync(stamp, current);
}

/** Whether npm, called by hand, has installed just what the lock file names. */
function agrees(lock) {
  const installed = JSON.parse(read(join(root, 'node_modules/.package-lock.json')) ?? '{}').packages ?? {};
  return Object.entries(lock.packages).every(([path, entry]) => {
    if (!path.startsWith('node_modules/') || (entry.optional && !installed[path])) return true;
    return installed[path]?.version === entry.version && installed[path]?.integrity === entry.integrity;
  });
}

async function npmCi(say) {
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm ? [process.execPath, npm] : ['npm'];
  // Also what the caller's NODE_ENV or settings leave out: the build needs it. No install scripts: none is needed
  // (the links of PostgreSQL's libraries are made here), and some compile, which a machine may not be able to.
  const options = [
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const args = [...first, 'ci', ...options];
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (bytes) => {
    complaints += bytes;
    process.stderr.write(bytes);
  });
  const began = Date.now();
  const progress = setInterval(
    () => say(`… installing, ${Math.round((Date.now() - began) / 1000)} s`),
    10_000,
  );
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', resolve);
  });
  clearInterval(progress);
  if (code !== 0) throw new Refusal(`npm ci failed. ${explain(complaints)}`);
}

function explain(complaints) {
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/.test(complaints)
  ) {
    return 'The package registry cannot be reached: check the network, or the proxy and registry in your npm settings (npm config list).';
  }
  if (/certificate|UNABLE_TO_VERIFY|SELF_SIGNED/.test(complaints)) {
    return "The registry's certificate is not trusted by this Node: set NODE_EXTRA_CA_CERTS, or NODE_OPTIONS=--use-system-ca.";
  }
  if (/EUSAGE/.test(complaints))
    return 'package.json and package-lock.json do not fit each other: run npm install.';
  if (/EACCES|EPERM/.test(complaints)) {
    return 'node_modules belongs to another user: remove it, or run as that user.';
  }
  if (/ENOSPC/.test(complaints)) return 'The disk is full.';
  return 'What npm said is above.';
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
