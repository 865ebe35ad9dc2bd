// An engine of a test's own, to be stopped and killed, with a home of its own for its data.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../launcher/ports.mjs';
import { makeTestHome } from './test-home.mjs';

const FIRST_PORT = 20_000;
const SECONDS_TO_START = 30;

/** What is needed to make the program of an engine. */
export async function killableHome() {
  const [port] = await freePorts(FIRST_PORT + Math.floor(Math.random() * 900), 1);
  return { port, password: 'to-be-killed', testHome: await makeTestHome() };
}

/** What runs on when the tests are killed is ended by the next run of them. */
export class KillableEngine {
  #testHome;
  #child;

  constructor(program, testHome) {
    this.program = program;
    this.#testHome = testHome;
  }

  /** Starts it on the data that are there. */
  async start() {
    const { name, command, args, options, stopSignal, engine, prepare } = this.program;
    prepare?.();
    const child = spawn(command, args, options);
    this.#child = child;
    this.#testHome.ledger.add({ name, pid: child.pid, stopSignal, engine });
    for (const until = Date.now() + SECONDS_TO_START * 1000; !(await this.program.isReady(child.pid));) {
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`${name} does not start: ${this.program.explain()}`);
      await sleep(20);
    }
  }

  /** Ends it, if it runs. */
  async end(signal) {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    this.#testHome.ledger.remove(child.pid);
  }

  /** Removes its data, when it has ended. */
  removeData() {
    this.#testHome.remove();
  }
}
