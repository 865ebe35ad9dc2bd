import { existsSync, openSync, readFileSync, writeSync } from 'node:fs';

const NUMBER_BYTES = 4;

/** What a replica has handled: how many, and, where it is told to, their numbers in a file that outlives kill -9. */
export class Handled {
  count = 0;
  lastAt = 0;
  #file;
  #bytes = Buffer.alloc(NUMBER_BYTES);

  note(n) {
    this.count++;
    this.lastAt = now();
    if (this.#file === undefined) return;
    this.#bytes.writeUInt32LE(n);
    writeSync(this.#file, this.#bytes);
  }

  /** From now on every number goes to the end of the file. */
  recordTo(path) {
    this.#file = openSync(path, 'a');
  }

  forget() {
    this.count = 0;
    this.lastAt = 0;
  }
}

/** Milliseconds since 1970 with fractions, to be compared between processes of one machine. */
export function now() {
  return performance.timeOrigin + performance.now();
}

/** How often each of the messages from 0 on was handled, by all replicas together. */
export function timesHandled(paths, messages) {
  const times = new Uint32Array(messages);
  for (const path of paths.filter(existsSync)) {
    const bytes = readFileSync(path);
    for (let at = 0; at + NUMBER_BYTES <= bytes.length; at += NUMBER_BYTES) times[bytes.readUInt32LE(at)]++;
  }
  return times;
}
