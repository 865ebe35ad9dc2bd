import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { Refusal } from '../refusal.mjs';
import { root } from '../root.mjs';
import { canUnpack } from './debian-packages.mjs';
import { unpackedRedis, unpackRedis } from './redis-package.mjs';

/** XAUTOCLAIM, which the transport needs, came with 6.2. */
const OLDEST = [6, 2];

const WAYS_OUT =
  'Start one (`docker compose up redis`), install one (`brew install redis`, `apt-get install redis-server`), ' +
  'or set REDIS_URL to one that runs.';

/**
 * A Redis server to run, the first that applies: on the PATH, unpacked earlier, unpacked now.
 * Answers `{ command, argv0, env, version, origin }`.
 */
export async function findRedisServer({ home, say }) {
  const tooOld = [];
  for (const name of ['redis-server', 'valkey-server']) {
    const server = withVersion({ command: name, argv0: name, env: {} });
    if (server && isNewEnough(server.version)) return { ...server, origin: `${name} on the PATH` };
    if (server) tooOld.push(`${name} on the PATH is ${server.version}`);
  }
  const folder = resolve(home, 'engines/redis');
  const unpacked = fromFolder(folder) ?? fromFolder(resolve(root, '.gatehouse/engines/redis'));
  if (unpacked) return unpacked;

  const why = [`No redis-server or valkey-server ${OLDEST.join('.')} or newer on the PATH`, ...tooOld].join(
    '; ',
  );
  if (!(await canUnpack())) {
    throw new Refusal(`${why}, and this is no Debian or Ubuntu whose package could be fetched.\n${WAYS_OUT}`);
  }
  say(`${why}: fetching the distribution's package (3 MB, unpacked in ${folder}, nothing is installed)`);
  try {
    await unpackRedis(folder);
  } catch (error) {
    throw new Refusal(`${why}, and its package could not be fetched:\n${error.message}\n${WAYS_OUT}`);
  }
  const fetched = fromFolder(folder);
  if (fetched) return fetched;
  throw new Refusal(`${why}, and that of the distribution does not run here or is older.\n${WAYS_OUT}`);
}

function fromFolder(folder) {
  const found = unpackedRedis(folder);
  const server = found && withVersion(found);
  return server && isNewEnough(server.version) ? { ...server, origin: `unpacked in ${folder}` } : undefined;
}

function withVersion(server) {
  try {
    const options = {
      argv0: server.argv0,
      env: { ...process.env, ...server.env },
      encoding: 'utf8',
      stdio: 'pipe',
    };
    const version = execFileSync(server.command, ['--version'], options).match(/v=(\d+\.\d+[\d.]*)/)?.[1];
    return version && { ...server, version };
  } catch {
    return undefined;
  }
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}
