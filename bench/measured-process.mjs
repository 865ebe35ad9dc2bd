import { fork } from 'node:child_process';

/** A process of a measurement, which answers what it is asked (`answers.mjs`). It ends with this one. */
export class MeasuredProcess {
  #child;
  #asked = new Map();
  #count = 0;
  #ended;

  /** Starts a script with options, and resolves when it is ready to be asked. */
  static async start(script, options, { signal }) {
    signal.throwIfAborted();
    const started = new MeasuredProcess();
    await started.#start(script, options, signal);
    return started;
  }

  /** Asks it, and resolves to its answer; rejects when it cannot answer, or ends before. */
  ask(what, input) {
    return new Promise((resolve, reject) => {
      const id = ++this.#count;
      this.#asked.set(id, { resolve, reject });
      this.#child.send({ id, what, input }, (error) => error && this.#take(id)?.reject(error));
    });
  }

  /** User and system time since it was started. */
  cpuSeconds() {
    return this.ask('cpuSeconds');
  }

  /** Ends it, and resolves when it is gone. */
  async end(signal = 'SIGTERM') {
    this.#child.kill(signal);
    await this.#ended;
  }

  #start(script, options, signal) {
    const child = fork(script, [JSON.stringify(options)], { signal, killSignal: 'SIGKILL' });
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('exit', resolve));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.on('exit', (code, by) => {
        const error = new Error(`${script} was ended, ${by ?? `code ${code}`}`);
        reject(error);
        for (const id of [...this.#asked.keys()]) this.#take(id).reject(error);
      });
      child.on('message', ({ ready, id, answer, error }) => {
        if (ready) return resolve();
        const asked = this.#take(id);
        if (error === undefined) asked?.resolve(answer);
        else asked?.reject(new Error(error));
      });
    });
  }

  #take(id) {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked;
  }
}
