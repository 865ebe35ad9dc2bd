// Makes a fresh clone ready to run: packages, build, engines. Needs nothing but Node; does nothing twice.
// `npm start` and `npm test` call it first.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareEngines } from './engines/engines.mjs';
import { holderOf, takeLock } from './launcher/lock.mjs';
import { Refusal, runTool } from './refusal.mjs';
import { homeOf, loadDotEnv, root } from './root.mjs';
import { installPackages } from './setup/node-modules.mjs';

const OLDEST_NODE = [20, 19];
const began = Date.now();
const say = (text) => console.log(`setup: ${text}`);

await runTool(async () => {
  demandNode();
  loadDotEnv();
  const lock = await waitForLock();
  try {
    await installPackages({ say, mayReplace: demandNoLauncher });
    build();
    const engines = await prepareEngines({ env: process.env, home: homeOf(), say });
    say(`ready in ${((Date.now() - began) / 1000).toFixed(1)} s: ${engines.postgres}, ${engines.redis}`);
  } finally {
    lock.release();
  }
});

function demandNode() {
  if (process.platform === 'win32')
    throw new Refusal('Gatehouse runs on Linux and macOS; on Windows use WSL.');
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new Refusal(`Gatehouse needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.version}.`);
}

/** `npm start` and `npm test` may be called at the same time. */
async function waitForLock() {
  for (let told = false; ; told = true) {
    const lock = takeLock(resolve(root, '.gatehouse/setup.lock'));
    if (lock.release) return lock;
    if (!told) say(`another setup (process ${lock.holder.pid}) is at work: waiting for it`);
    await sleep(200);
  }
}

function demandNoLauncher() {
  const launcher = holderOf(join(homeOf(), 'launcher.lock'));
  if (!launcher) return;
  throw new Refusal(
    `The packages have to be installed again, but a launcher (process ${launcher.pid}) runs with them. Stop it first.`,
  );
}

/** Compiles what is out of date. */
function build() {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const built = spawnSync(process.execPath, [compiler, '-b'], { cwd: root, stdio: 'inherit' });
  if (built.status !== 0) throw new Refusal('The build failed: see above.');
}
