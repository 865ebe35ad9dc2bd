// Where consumers write down what they did: on the Redis of the tests, which nothing kills.
import { Redis } from 'ioredis';

/** Changes something for a message id, unless that was done. */
const APPLY = `
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 1 then
  redis.call('RPUSH', KEYS[2], ARGV[1])
end`;

export class Ledger {
  #redis;
  #prefix;

  constructor({ url, prefix }) {
    this.#redis = new Redis(url, { enableAutoPipelining: true });
    this.#prefix = prefix;
  }

  /** A handler begins with a message. */
  async begin(service, run) {
    await this.#redis.rpush(`${this.#prefix}:runs:${service}`, JSON.stringify({ ...run, by: process.pid }));
  }

  /** Does the work of a message: it changes something once for each message id, and notes in which order. */
  async apply(service, id) {
    const keys = ['effects', 'order'].map((name) => `${this.#prefix}:${name}:${service}`);
    await this.#redis.eval(APPLY, keys.length, ...keys, id, process.pid);
  }

  /** A handler has done what it does; it only has to say so. */
  async end(service, id) {
    await this.#redis.rpush(`${this.#prefix}:ends:${service}`, id);
  }

  /** Waits until the test opens the gate. */
  async pass(gate) {
    while ((await this.#redis.sismember(`${this.#prefix}:gates`, gate)) === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async addTo(set, member) {
    await this.#redis.sadd(`${this.#prefix}:${set}`, member);
  }

  async membersOf(set) {
    return this.#redis.smembers(`${this.#prefix}:${set}`);
  }
}
