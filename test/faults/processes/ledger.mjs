// Where consumers write down what they did: on the Redis of the tests, which nothing kills.
import { Redis } from 'ioredis';

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

  /** Does the work of a message: it changes something once for each message id. */
  async apply(service, id) {
    await this.#redis.hsetnx(`${this.#prefix}:effects:${service}`, id, process.pid);
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
