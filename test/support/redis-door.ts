import { Door } from './door.js';
import { type TestRedisSettings, testRedisSettings, testRedisUrl } from './redis.js';

/** A door to the Redis of the tests, or to another. */
export class RedisDoor extends Door {
  constructor(address = testRedisUrl()) {
    super(new URL(address));
  }

  /** How a process is to connect. */
  get settings(): TestRedisSettings {
    return testRedisSettings(this.url);
  }
}
