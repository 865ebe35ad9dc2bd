// A process that verifies tokens by itself and hears of auth-service what is revoked.
import { openAccessControl } from '@gatehouse/access-control';
import { redisSettings } from '@gatehouse/environment';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { answer, options } from '../answers.mjs';

const EVERY_MS = 1;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

const { redisUrl, ...rest } = options;
const { verifier, revocations, roles } = await openAccessControl({
  ...{ ...rest, redis: redisSettings({ REDIS_URL: redisUrl, REDIS_DB: 0 }) },
});
while (!revocations.isFresh || roles.version === undefined) await sleep(10);

answer({
  /** Bytes of the heap in use, and how many revocations there are in it. */
  memory() {
    collect();
    collect();
    return { heap: process.memoryUsage().heapUsed, revocations: revocations.size };
  },

  /** When the token was refused, by the clock that all processes of a machine share; nanoseconds. */
  async refusedAt({ token }) {
    for (;;) {
      try {
        await verifier.verify(token);
      } catch (error) {
        if (error.status === 401) return String(process.hrtime.bigint());
        throw error;
      }
      await sleep(EVERY_MS);
    }
  },
});
