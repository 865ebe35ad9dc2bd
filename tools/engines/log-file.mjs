import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The log of an engine: a file, so that the engine does not depend on the launcher that reads it. */
export class LogFile {
  #path;
  /** For the `stdio` of a program that writes here. */
  stdio;

  constructor(path) {
    mkdirSync(dirname(path), { recursive: true });
    this.#path = path;
    const descriptor = openSync(path, 'w', 0o600);
    this.stdio = ['ignore', descriptor, descriptor];
  }

  lines() {
    return readFileSync(this.#path, 'utf8').split('\n').filter(Boolean);
  }
}
