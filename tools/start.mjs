// The launcher: `npm start`. Starts real engines, the services and a gateway on this machine, for development.
//
//   launcher/suite.mjs       what is started, and in which order
//   launcher/supervisor.mjs  keeps a program running
//   launcher/ledger.mjs      what a killed launcher left, and its end
//   launcher/gateway.mjs     one origin before the replicas
//   engines/engines.mjs      which PostgreSQL and which Redis
import { join } from 'node:path';
import { readArguments, USAGE } from './launcher/arguments.mjs';
import { takeLock } from './launcher/lock.mjs';
import { Log } from './launcher/log.mjs';
import { Suite } from './launcher/suite.mjs';
import { Refusal, runTool } from './refusal.mjs';
import { homeOf, loadDotEnv } from './root.mjs';

await runTool(async () => {
  loadDotEnv();
  const options = readArguments(process.argv.slice(2), process.env);
  if (options.help) return console.log(USAGE);
  const home = homeOf();
  const lock = takeHome(home);
  const suite = new Suite({ home, env: process.env, options, log: new Log({ width: 17 }) });
  try {
    const asked = askedToStop(suite);
    await Promise.race([suite.start(), asked]);
    await asked;
  } finally {
    await suite.stop();
    lock.release();
  }
  suite.log.say('stopped');
});
// A pipe that somebody else holds open must not keep a finished launcher.
process.exit();

function takeHome(home) {
  const lock = takeLock(join(home, 'launcher.lock'));
  if (lock.release) return lock;
  throw new Refusal(
    `A launcher (process ${lock.holder.pid}) runs with ${home} already. Nothing was started.\n` +
      'Stop that one, or choose another folder and other ports: GATEHOUSE_HOME, GATEHOUSE_PORT.',
  );
}

/** Resolves on Ctrl-C, SIGTERM, a closed terminal, or when a program that started this one is gone. */
function askedToStop(suite) {
  return new Promise((resolve) => {
    let asked;
    const stop = (reason) => {
      // npm passes a Ctrl-C on that the terminal has sent already: only a later one is a second one.
      if (asked) return Date.now() - asked > 1000 && suite.kill();
      asked = Date.now();
      suite.log.say(`${reason}: stopping`);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
    if (process.channel) process.once('disconnect', () => stop('the parent process has gone'));
  });
}
