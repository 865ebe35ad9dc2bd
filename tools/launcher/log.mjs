import { createInterface } from 'node:readline';

const COLOURS = [36, 32, 35, 33, 34, 96, 92, 95];

/** One log of many programs, each line with the name of its program before it. */
export class Log {
  #width;
  #colours = new Map();

  constructor({ width = 10, output = process.stdout } = {}) {
    this.#width = width;
    this.output = output;
    output.on('error', () => {}); // whoever read it has gone; the suite goes on
  }

  /** A line of the launcher itself. */
  say(text) {
    for (const line of text.split('\n')) this.line('gatehouse', line);
  }

  line(name, text) {
    const prefix = `${name.padEnd(this.#width)} |`;
    this.output.write(`${this.output.isTTY ? this.#coloured(name, prefix) : prefix} ${text}\n`);
  }

  follow(name, stream) {
    createInterface({ input: stream }).on('line', (text) => this.line(name, text));
  }

  #coloured(name, prefix) {
    if (!this.#colours.has(name)) this.#colours.set(name, COLOURS[this.#colours.size % COLOURS.length]);
    return `\u001b[${this.#colours.get(name)}m${prefix}\u001b[0m`;
  }
}
