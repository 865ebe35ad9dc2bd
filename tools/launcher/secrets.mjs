import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './files.mjs';

/** Secrets for development, generated on first use, each in a file of its own that only its owner reads. */
export class Secrets {
  #folder;

  constructor(home) {
    this.#folder = join(home, 'secrets');
  }

  /** The file of a secret of 32 random bytes, as base64url unless told otherwise. */
  file(name, encoding = 'base64url') {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, name);
    if (!existsSync(path)) writeWhole(path, randomBytes(32).toString(encoding));
    return path;
  }

  /** Keeps a secret that somebody else has made. */
  write(name, value) {
    writeWhole(this.file(name), value);
  }

  read(name) {
    return readFileSync(this.file(name), 'utf8').trim();
  }
}
