import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commandLineOf, identify } from '../launcher/identity.mjs';
import { Refusal } from '../refusal.mjs';
import { LogFile } from './log-file.mjs';
import { give, makeFolder, postgresAccount } from './postgres-account.mjs';
import { embeddedPostgres } from './postgres-package.mjs';

const USER = 'gatehouse';
const ENVIRONMENT = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };

/**
 * The embedded PostgreSQL as a program for the supervisor, with its data in `<home>/postgres`.
 * Makes the data when there is none.
 */
export function postgresProgram({ home, port, password, settings = {} }) {
  const data = resolve(home, 'postgres');
  const { initdb, postgres, version } = embeddedPostgres();
  const account = postgresAccount(data, postgres);
  if (!existsSync(data)) makeData(data, initdb, account, password);
  demandSameMajor(data, version);
  const log = new LogFile(join(home, 'logs/postgres.log'));
  const options = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 300,
    ...settings,
  };
  const parameters = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command, ...args] = [...account.words, postgres, '-D', data, ...parameters];
  return {
    name: 'postgres',
    command,
    args,
    options: { ...account.ids, cwd: '/', env: ENVIRONMENT, stdio: log.stdio },
    stopSignal: 'SIGINT', // SIGTERM waits until every client has left
    engine: true,
    url: `postgres://${USER}:${password}@127.0.0.1:${port}`,
    prepare: () => removePidOfAnother(data),
    isReady: (pid) => statusOf(data, pid) === 'ready',
    explain: () =>
      log
        .lines()
        .filter((line) => /\b(FATAL|PANIC):/.test(line))
        .slice(-5),
  };
}

/** Made beside and then renamed: what is named `postgres` is complete. */
function makeData(data, initdb, account, password) {
  const making = `${data}.making`;
  const passwordFile = `${data}.password`;
  rmSync(making, { recursive: true, force: true });
  makeFolder(making, account);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  give(passwordFile, account);
  const locale = ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['-U', USER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const [command, ...args] = [...account.words, initdb, '-D', making, ...access, ...locale];
  const made = spawnSync(command, args, { ...account.ids, cwd: '/', env: ENVIRONMENT, encoding: 'utf8' });
  rmSync(passwordFile);
  if (made.status !== 0) {
    rmSync(making, { recursive: true, force: true });
    throw new Refusal(
      `PostgreSQL could not make its data in ${data}:\n${made.stderr || made.error?.message}`,
    );
  }
  renameSync(making, data);
}

function demandSameMajor(data, version) {
  const made = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (version.split('.')[0] === made) return;
  throw new Refusal(
    `${data} was made by PostgreSQL ${made}; this is ${version}. Dump it with the former version of Gatehouse, ` +
      'or start with empty data: npm start -- --fresh',
  );
}

/** The pid file as PostgreSQL keeps it: the first line its pid, the eighth its status. */
function pidFile(data) {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

function statusOf(data, pid) {
  const lines = pidFile(data);
  return Number(lines[0]) === pid ? lines[7]?.trim() : undefined;
}

/** A pid file left by a killed server, whose number another program has got since, would stop the start. */
function removePidOfAnother(data) {
  const pid = Number(pidFile(data)[0]);
  if (!pid || !identify(pid)) return;
  if (commandLineOf(pid).includes(data)) {
    throw new Refusal(`Another PostgreSQL (process ${pid}) runs on ${data}. End it first: kill -INT ${pid}`);
  }
  rmSync(join(data, 'postmaster.pid'));
}
