import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { givenPostgres, givenRedis } from './engines/engines.mjs';
import { Secrets } from './launcher/secrets.mjs';
import { ALL_SERVICES, entry, serviceEnvironment } from './launcher/services.mjs';
import { Refusal, runTool } from './refusal.mjs';
import { homeOf, loadDotEnv, root } from './root.mjs';

/**
 * Runs a program of one service beside it, on the PostgreSQL that is configured or, when the launcher runs, on its own.
 *
 * @param command the program, `dist/<command>.js`, and what the user called
 * @param kept variables whose given values count, in place of the launcher's
 */
export function runServiceCommand(command, { kept = [] } = {}) {
  return runTool(() => {
    loadDotEnv();
    const service = findService(command, process.argv[2]);
    const program = entry(service, command);
    if (!existsSync(program))
      throw new Refusal(`${service.name} has no ${command}, or is not built: run node tools/setup.mjs`);
    // A service reads all of its configuration also for this; what does not matter here is the launcher's.
    const env = serviceEnvironment(service, {
      env: process.env,
      port: 0,
      gateway: 'http://127.0.0.1:3000',
      engines: {
        postgres: { url: givenPostgres(process.env) ?? runningPostgres() },
        redis: { url: givenRedis(process.env) },
      },
      secrets: new Secrets(homeOf()),
    });
    for (const name of kept) keepGiven(env, name);
    process.exitCode =
      spawnSync(process.execPath, [program], { cwd: root, env, stdio: 'inherit' }).status ?? 1;
  });
}

/** A variable or its `_FILE`, where either was given. */
function keepGiven(env, name) {
  const names = [name, `${name}_FILE`];
  if (names.every((given) => process.env[given] === undefined)) return;
  for (const given of names) env[given] = process.env[given];
}

function findService(command, name) {
  const service = ALL_SERVICES.find((known) => known.name === name);
  if (service) return service;
  const names = ALL_SERVICES.map((known) => known.name).join(' | ');
  throw new Refusal(`npm run ${command} -- ${names}${name ? `\nThere is no service "${name}".` : ''}`);
}

function runningPostgres() {
  try {
    return JSON.parse(readFileSync(join(homeOf(), 'state.json'), 'utf8')).postgres.url;
  } catch {
    throw new Refusal(
      'No PostgreSQL: set DATABASE_URL, or start the suite with npm start (which migrates by itself).',
    );
  }
}
