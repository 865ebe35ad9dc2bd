// One script on Redis for each outcome, which counts it once by its id: the least that counting for a fleet can do.
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { answer, options } from '../answers.mjs';

const IN_FLIGHT = 64;
const COUNT_ONCE = `
if redis.call('SET', KEYS[2], 1, 'NX', 'PX', 600000) then return redis.call('HINCRBY', KEYS[1], 'successes', 1) end`;

const { url, namespace } = options;
const redis = new Redis(url);
redis.defineCommand('countOnce', { numberOfKeys: 2, lua: COUNT_ONCE });

answer({
  /** Outcomes a second, with so many under way. */
  async reportFor({ ms }) {
    const begun = performance.now();
    let count = 0;
    const one = async () => {
      while (performance.now() < begun + ms) {
        await redis.countOnce(`${namespace}:{bare}`, `${namespace}:{bare}:${randomUUID()}`);
        count++;
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, one));
    return count / ((performance.now() - begun) / 1000);
  },
});
