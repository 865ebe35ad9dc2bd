// An nginx for the tests of deploy/nginx: on the PATH, unpacked earlier, or the distribution's, unpacked now.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Refusal } from '../refusal.mjs';
import { root } from '../root.mjs';
import { canUnpack, libraryPath, unpackPackages } from './debian-packages.mjs';

/** `nginx-core` has the program where `nginx` is but a name for it. */
const PACKAGE_LISTS = [
  ['nginx', 'libpcre2-8-0', 'libssl3'],
  ['nginx', 'libpcre2-8-0', 'libssl3t64'],
  ['nginx-core', 'libpcre3', 'libssl3'],
];
const WAYS_OUT =
  'Install one (`brew install nginx`, `apt-get install nginx`) with its module http_auth_request.';

/** Answers `{ command, env, version, origin }`. @param {{ home: string, say: (text: string) => void }} options */
export async function findNginx({ home, say }) {
  const onPath = withVersion({ command: 'nginx', env: {}, origin: 'on the PATH' });
  if (onPath) return onPath;
  const folder = resolve(home, 'engines/nginx');
  const unpacked = fromFolder(folder) ?? fromFolder(resolve(root, '.gatehouse/engines/nginx'));
  if (unpacked) return unpacked;

  const why = 'No nginx with the module http_auth_request on the PATH';
  if (!(await canUnpack()))
    throw new Refusal(`${why}, and this is no Debian or Ubuntu whose package could be fetched.\n${WAYS_OUT}`);
  say(`${why}: fetching the distribution's package (3 MB, unpacked in ${folder}, nothing is installed)`);
  const said = [];
  for (const packages of PACKAGE_LISTS) {
    try {
      await unpackPackages(folder, packages);
      const fetched = fromFolder(folder);
      if (fetched) return fetched;
      said.push(`${packages.join(', ')}: no program that runs here`);
    } catch (error) {
      said.push(`${packages.join(', ')}: ${error.message}`);
    }
  }
  throw new Refusal(`${why}, and its package could not be fetched:\n${said.join('\n')}\n${WAYS_OUT}`);
}

function fromFolder(folder) {
  const command = join(folder, 'usr/sbin/nginx');
  if (!existsSync(command)) return undefined;
  const env = { LD_LIBRARY_PATH: libraryPath(folder) };
  return withVersion({ command, env, origin: `unpacked in ${folder}` });
}

function withVersion(nginx) {
  const env = { ...process.env, ...nginx.env };
  const { stderr = '' } = spawnSync(nginx.command, ['-V'], { env, encoding: 'utf8' });
  const version = /nginx\/(\d+\.\d+\.\d+)/.exec(stderr ?? '')?.[1];
  return version && /http_auth_request_module/.test(stderr) ? { ...nginx, version } : undefined;
}
