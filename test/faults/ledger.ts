import { Redis } from 'ioredis';
import { testRedisUrl } from '../support/redis.js';

/** One beginning of a handler. */
export interface Run {
  /** The message id. */
  readonly id: string;
  /** The process. */
  readonly by: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of a request: when nobody waits for the answer any more. */
  readonly deadline?: number;
  readonly delivery: number;
}

/** What consumers wrote down of their work (`processes/ledger.mjs`): on the Redis of the tests, which nothing kills. */
export class Ledger {
  private readonly redis = new Redis(testRedisUrl());

  constructor(private readonly prefix: string) {}

  /** How processes reach it. */
  get options(): { url: string; prefix: string } {
    return { url: testRedisUrl(), prefix: this.prefix };
  }

  /** Every beginning of a handler of the service. */
  async runsOf(service: string): Promise<Run[]> {
    const lines = await this.redis.lrange(`${this.prefix}:runs:${service}`, 0, -1);
    return lines.map((line) => JSON.parse(line) as Run);
  }

  /** The message ids for which the service changed something: once each, for its change is idempotent. */
  async effectsOf(service: string): Promise<string[]> {
    return (await this.redis.hkeys(`${this.prefix}:effects:${service}`)).sort();
  }

  /** The same in the order in which they were changed. */
  async orderOf(service: string): Promise<string[]> {
    return this.redis.lrange(`${this.prefix}:order:${service}`, 0, -1);
  }

  async countEffectsOf(service: string): Promise<number> {
    return this.redis.hlen(`${this.prefix}:effects:${service}`);
  }

  /** How often handlers of the service came to their end. */
  async countEndsOf(service: string): Promise<number> {
    return this.redis.llen(`${this.prefix}:ends:${service}`);
  }

  /** Lets handlers through that wait there. */
  async open(gate: string): Promise<void> {
    await this.redis.sadd(`${this.prefix}:gates`, gate);
  }

  async remove(): Promise<void> {
    const keys = await this.redis.keys(`${this.prefix}:*`);
    if (keys.length > 0) await this.redis.unlink(...keys);
    this.redis.disconnect();
  }
}
