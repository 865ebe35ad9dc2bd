// The Redis of Debian and Ubuntu, unpacked. The server is in `redis-tools`: `redis-check-rdb` is the same program under
// another name.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { libraryPath, unpackPackages } from './debian-packages.mjs';

const PACKAGES = ['redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];

/** The server that was unpacked below a folder earlier, or undefined: `{ command, argv0, env }`. */
export function unpackedRedis(folder) {
  const server = join(folder, 'usr/bin/redis-check-rdb');
  if (!existsSync(server)) return undefined;
  return { command: server, argv0: 'redis-server', env: { LD_LIBRARY_PATH: libraryPath(folder) } };
}

/** Downloads and unpacks; throws with what apt said. */
export const unpackRedis = (folder) => unpackPackages(folder, PACKAGES);
