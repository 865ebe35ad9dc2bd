// A PostgreSQL of a test's own, to be stopped and killed. It writes to the disk as that of the launcher does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresProgram } from '../engines/postgres.mjs';
import { freePorts } from '../launcher/ports.mjs';
import { makeTestHome } from './test-home.mjs';

const FIRST_PORT = 20_000;
const SECONDS_TO_START = 30;
const PASSWORD = 'to-be-killed';

/** Starts one. What runs on when the tests are killed is ended by the next run of them. */
export async function startKillablePostgres() {
  const [port] = await freePorts(FIRST_PORT + Math.floor(Math.random() * 900), 1);
  const testHome = await makeTestHome();
  const program = postgresProgram({ home: testHome.home, port, password: PASSWORD });
  const postgres = new KillablePostgres(program, testHome);
  await postgres.start();
  return postgres;
}

class KillablePostgres {
  #program;
  #testHome;
  #child;

  constructor(program, testHome) {
    this.#program = program;
    this.#testHome = testHome;
    this.url = `${program.url}/gatehouse_auth`;
  }

  /** Starts it on the data that are there. */
  async start() {
    const { name, command, args, options, stopSignal, engine, prepare } = this.#program;
    prepare();
    const child = spawn(command, args, options);
    this.#child = child;
    this.#testHome.ledger.add({ name, pid: child.pid, stopSignal, engine });
    for (const until = Date.now() + SECONDS_TO_START * 1000; !(await this.#program.isReady(child.pid));) {
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`PostgreSQL does not start: ${this.#program.explain()}`);
      await sleep(20);
    }
  }

  /** Ends it: by SIGINT whoever is connected is told, by SIGQUIT it leaves as it is and recovers at the next start. */
  async stop(signal = 'SIGINT') {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    this.#testHome.ledger.remove(child.pid);
  }

  /** Ends it and removes its data. */
  async remove() {
    await this.stop();
    this.#testHome.remove();
  }
}
