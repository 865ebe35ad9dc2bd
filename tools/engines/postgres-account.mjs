// PostgreSQL refuses to run as root. A root shell runs it in a user namespace, where the same files belong to
// `nobody`, or else under another account. Data that exists is reopened in the way it was made, which its owner tells.
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Refusal } from '../refusal.mjs';
import { root } from '../root.mjs';

const NOBODY = 65_534;
const NAMESPACE = ['unshare', '-U', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];

/**
 * How to run PostgreSQL on a data folder: `{ words, ids, describe }`, the words to put before the command,
 * the `uid` and `gid` to spawn it with.
 */
export function postgresAccount(dataFolder, postgres) {
  const me = process.getuid();
  const owner = existsSync(dataFolder) ? statSync(dataFolder) : undefined;
  if (me !== 0) {
    if (owner && owner.uid !== me) throw new Refusal(`${dataFolder} belongs to another user. ${ADVICE}`);
    return { words: [], ids: {} };
  }
  if (owner && owner.uid !== 0) return { words: [], ids: { uid: owner.uid, gid: owner.gid } };
  if (works([...NAMESPACE, postgres, '--version'])) return { words: NAMESPACE, ids: {} };
  if (owner)
    throw new Refusal(
      `${dataFolder} was made by root in a user namespace, which is forbidden here. ${ADVICE}`,
    );
  const ids = accounts().find(
    (ids) => works([postgres, '--version'], ids) && works(['ls', dirname(dataFolder)], ids),
  );
  if (ids) return { words: [], ids };
  throw new Refusal(
    `PostgreSQL does not run as root, and no other account can reach ${dirname(dataFolder)}. ${ADVICE}`,
  );
}

const ADVICE = 'Run as an ordinary user, move the folder (GATEHOUSE_HOME), or set DATABASE_URL.';

/** Makes a folder that belongs to the account. */
export function makeFolder(path, { ids }) {
  mkdirSync(path, { mode: 0o700 });
  give(path, { ids });
}

export function give(path, { ids }) {
  if (ids.uid !== undefined) chownSync(path, ids.uid, ids.gid);
}

/** Whoever called sudo, whoever owns the repository, nobody. */
function accounts() {
  const { SUDO_UID, SUDO_GID } = process.env;
  const repository = statSync(root);
  return [
    { uid: Number(SUDO_UID ?? 0), gid: Number(SUDO_GID ?? 0) },
    { uid: repository.uid, gid: repository.gid },
    { uid: NOBODY, gid: NOBODY },
  ].filter(({ uid }) => uid !== 0);
}

function works([command, ...args], ids = {}) {
  return spawnSync(command, args, { ...ids, cwd: '/', stdio: 'ignore' }).status === 0;
}
