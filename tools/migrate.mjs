// npm run migrate -- auth-service: brings one service's database up to date, on the PostgreSQL that is configured
// or, when the launcher runs, on its own.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { givenPostgres, givenRedis } from './engines/engines.mjs';
import { Secrets } from './launcher/secrets.mjs';
import { ALL_SERVICES, entry, serviceEnvironment } from './launcher/services.mjs';
import { Refusal, runTool } from './refusal.mjs';
import { homeOf, loadDotEnv, root } from './root.mjs';

await runTool(() => {
  loadDotEnv();
  const service = findService(process.argv[2]);
  const migrate = entry(service, 'migrate');
  if (!existsSync(migrate)) throw new Refusal(`${service.name} is not built: run node tools/setup.mjs`);
  // A service reads all of its configuration also to migrate; of this only the database matters here.
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
  process.exitCode = spawnSync(process.execPath, [migrate], { cwd: root, env, stdio: 'inherit' }).status ?? 1;
});

function findService(name) {
  const service = ALL_SERVICES.find((known) => known.name === name);
  if (service) return service;
  const names = ALL_SERVICES.map((known) => known.name).join(' | ');
  throw new Refusal(`npm run migrate -- ${names}${name ? `\nThere is no service "${name}".` : ''}`);
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
