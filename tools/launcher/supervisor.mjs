// Keeps programs running: each in a process group of its own, started again with back-off when it dies.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '../refusal.mjs';
import { SECONDS_TO_STOP } from './ledger.mjs';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
/** A program that ran this long has recovered: its next death counts as the first. */
const STEADY_MS = 10_000;
const ATTEMPTS_TO_START = 4;
const SECONDS_TO_START = 120;

/**
 * Starts a program and keeps it running. `up` of what it answers resolves when the program is ready for the first
 * time, and rejects with a Refusal when that cannot be brought about.
 *
 * A program is `{ name, command, args, options, stopSignal, engine, prepare?(), isReady(pid), explain?() }`;
 * `explain` answers the lines of its log that say why it ended. `onChange(kept)` tells of its coming and going.
 */
export function keepRunning(program, { ledger, log, onChange = () => {} }) {
  return new KeptProgram(program, ledger, log, onChange);
}

class KeptProgram {
  pid;
  ready = false;
  #stopped = new AbortController();
  #life;
  #child;

  constructor(program, ledger, log, onChange) {
    this.program = program;
    this.ledger = ledger;
    this.log = log;
    this.onChange = onChange;
    this.up = new Promise((resolve, reject) => {
      this.#life = this.#live(resolve, reject).catch(reject);
    });
  }

  /** Asks it to stop, ends its whole group when it does not, and resolves when it is gone. */
  async stop() {
    this.#stopped.abort();
    this.#child?.kill(this.program.stopSignal);
    const impatience = setTimeout(() => this.kill(), SECONDS_TO_STOP * 1000);
    await this.#life;
    clearTimeout(impatience);
  }

  /** Ends its whole group at once. */
  kill() {
    this.#stopped.abort();
    if (this.#child?.pid !== undefined) killGroup(this.#child.pid);
  }

  async #live(onFirstReady, onGivingUp) {
    let begun = false;
    for (let deaths = 0; !this.#stopped.signal.aborted;) {
      const since = Date.now();
      const ended = this.#spawn();
      if (await this.#becomesReady(ended, begun ? Infinity : since + SECONDS_TO_START * 1000)) {
        begun = true;
        this.#change({ pid: this.#child.pid, ready: true });
        onFirstReady();
      }
      const reason = await ended;
      this.#change({ pid: undefined, ready: false });
      if (this.#stopped.signal.aborted) break;

      const why = [`${this.program.name} ${reason}`, ...(this.program.explain?.() ?? [])].join('\n  ');
      deaths = Date.now() - since > STEADY_MS ? 1 : deaths + 1;
      if (!begun && deaths >= ATTEMPTS_TO_START) return onGivingUp(new Refusal(`${why}\nIt does not start.`));
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (deaths - 1), LONGEST_PAUSE_MS);
      this.log.say(`${why}; starting it again in ${pause / 1000} s`);
      await sleep(pause, undefined, { signal: this.#stopped.signal }).catch(() => {});
    }
    onGivingUp(new Refusal(`${this.program.name} was stopped.`)); // of no effect once it has been ready
  }

  /** Answers a promise of why it ended. */
  #spawn() {
    const { name, command, args, options, stopSignal, engine = false } = this.program;
    try {
      this.program.prepare?.();
    } catch (error) {
      return Promise.resolve(`cannot be started: ${error.message}`);
    }
    const child = spawn(command, args, { ...options, detached: true });
    const { pid } = child;
    if (pid !== undefined) this.ledger.add({ name, pid, stopSignal, engine });
    if (child.stdout) this.log.follow(name, child.stdout);
    if (child.stderr) this.log.follow(name, child.stderr);
    this.#child = child;
    return new Promise((resolve) => {
      child.once('error', (error) => resolve(`cannot be started: ${error.message}`));
      child.once('exit', (code, signal) =>
        resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`),
      );
    }).then((reason) => {
      this.#child = undefined;
      if (pid !== undefined) {
        killGroup(pid); // whatever it had started
        this.ledger.remove(pid);
      }
      return reason;
    });
  }

  async #becomesReady(ended, deadline) {
    let over = false;
    void ended.then(() => (over = true));
    while (!over && !this.#stopped.signal.aborted) {
      if (await this.program.isReady(this.#child?.pid)) return !over;
      if (Date.now() > deadline) {
        const why = [
          `${this.program.name} was not ready after ${SECONDS_TO_START} s`,
          ...(this.program.explain?.() ?? []),
        ];
        this.log.say(why.join('\n  '));
        this.kill();
      }
      await sleep(50);
    }
    return false;
  }

  #change(state) {
    if (state.ready === this.ready) return;
    Object.assign(this, state);
    this.onChange(this);
  }
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
  }
}
