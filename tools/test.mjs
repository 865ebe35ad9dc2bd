// Runs the tests on real engines of their own: npm test [-- what jest takes]. From a workspace the first argument
// is its path, `apps/audit-service`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { demandGivenEngines, givenPostgres, givenRedis, startEngines } from './engines/engines.mjs';
import { givenRedisGroup } from './engines/redis-group.mjs';
import { Log } from './launcher/log.mjs';
import { Secrets } from './launcher/secrets.mjs';
import { keepRunning } from './launcher/supervisor.mjs';
import { Refusal, runTool } from './refusal.mjs';
import { homeOf, root } from './root.mjs';
import { planRuns, runJest } from './testing/jest.mjs';
import { makeTestHome } from './testing/test-home.mjs';

const FIRST_PORT = 20_000;
/** Where test/support/suite.ts keeps the log of each suite. */
const logFolder = join(root, '.gatehouse/test-logs');
/** What is lost when the machine fails is of no worth here. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

await runTool(async () => {
  setUp();
  rmSync(logFolder, { recursive: true, force: true });
  const args = process.argv.slice(2).map(asPathOfPackage);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort());
  const { home, ledger, remove } = await makeTestHome();
  const log = new Log({ output: process.stderr });
  const kept = [];
  try {
    if (givenRedisGroup(process.env))
      throw new Refusal('The tests work on one Redis: leave REDIS_SENTINELS and REDIS_CLUSTER_NODES out.');
    await demandGivenEngines(process.env);
    const engines = await startEngines({
      env: process.env,
      home,
      cache: homeOf(),
      secrets: new Secrets(home),
      firstPort: FIRST_PORT + Math.floor(Math.random() * 900),
      postgresSettings: FAST,
      keep(program) {
        kept.push(keepRunning(program, { ledger, log }));
        return kept.at(-1).up;
      },
      say: (text) => log.say(text),
    });
    const env = {
      ...process.env,
      DATABASE_URL: engines.postgres.url,
      REDIS_URL: engines.redis.url,
      // End-to-end tests start suites of their own: on engines of their own unless the caller gave some.
      GATEHOUSE_TEST_GIVEN: [givenPostgres(process.env) && 'postgres', givenRedis(process.env) && 'redis']
        .filter(Boolean)
        .join(),
    };
    await runAll(planRuns(args), { env, home, signal: stopping.signal });
  } finally {
    await Promise.all(kept.map((engine) => engine.stop()));
    remove();
  }
});

/** `npm test` at the root has done it already, as `pretest`. */
function setUp() {
  const { npm_lifecycle_event: event, npm_package_json: manifest } = process.env;
  if (event === 'test' && manifest === join(root, 'package.json')) return;
  const done = spawnSync(process.execPath, [join(root, 'tools/setup.mjs')], { stdio: 'inherit' });
  if (done.status !== 0) throw new Refusal('The tests were not run.');
}

/** jest takes a pattern: with the slash, `libs/redis` does not mean `libs/redis-transport` too. */
function asPathOfPackage(arg) {
  return existsSync(join(root, arg, 'package.json')) ? `${arg.replace(/\/$/, '')}/` : arg;
}

async function runAll(runs, options) {
  const total = { passed: 0, failed: 0 };
  for (const run of runs) {
    const result = await runJest(run, options);
    total.passed += result.passed;
    total.failed += result.failed;
    result.failedFiles.forEach(showLogs);
    if (result.code !== 0) process.exitCode = result.code;
    if (options.signal.aborted) throw new Refusal('Stopped.');
  }
  if (total.passed + total.failed === 0) {
    console.error('No test matches.');
    process.exitCode = 1;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
}

/** The end of what the suites of a failed file have logged. */
function showLogs(file) {
  const prefix = `${basename(file, '.spec.ts')}-`;
  const logs = existsSync(logFolder) ? readdirSync(logFolder).filter((name) => name.startsWith(prefix)) : [];
  for (const name of logs) {
    const lines = readFileSync(join(logFolder, name), 'utf8').trimEnd().split('\n');
    console.error(
      `\n--- ${join('.gatehouse/test-logs', name)}, its last lines\n${lines.slice(-60).join('\n')}`,
    );
  }
}
