// A process that calls providers: what it costs to ask whom to call, and to say how it went.
import { redisSettings } from '@gatehouse/environment';
import { openProviderClient } from '@gatehouse/provider-client';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, options } from '../answers.mjs';
import { nanosecondsEach } from './timing.mjs';

const LOOK_EVERY_MS = 1;
const BURST = 1_000;

const { url, namespace, token, names, upstream } = options;
const { client, flush } = await openProviderClient({
  ...{ namespace, redis: redisSettings({ REDIS_URL: url, REDIS_DB: 0 }), identity: async () => token },
});
await client.whenReady();
const [primary, ...fallbacks] = names;
const chain = { primary, fallbacks };
const bare = async () => 1;
const fetchUpstream = async () => (await fetch(upstream)).text();

answer({
  /** Nanoseconds for each of so many readings. */
  async read({ what, calls }) {
    const readings = {
      'fallback-chain-read': () => client.getFallbackChain(chain),
      'is-available-read': () => client.isProviderAvailable(primary),
    };
    return nanosecondsEach(calls, readings[what]);
  },

  /** Nanoseconds that each of a burst of outcomes costs the caller, after so many before. */
  async record({ before, kind }) {
    for (let left = before; left > 0; left -= BURST) await burst(Math.min(left, BURST));
    const begun = process.hrtime.bigint();
    for (let n = 0; n < BURST; n++) recordOne(kind);
    const took = Number(process.hrtime.bigint() - begun) / BURST;
    await flush();
    return took;
  },

  /** Reports for so long, as fast as they are acknowledged: outcomes a second. */
  async reportFor({ ms }) {
    const begun = performance.now();
    let count = 0;
    while (performance.now() < begun + ms) {
      await burst(BURST);
      count += BURST;
    }
    return count / ((performance.now() - begun) / 1000);
  },

  /** Five failures of one provider; when the last was recorded, by the clock that all processes of a machine share. */
  async failFiveTimes({ name }) {
    for (let n = 0; n < 4; n++) client.recordProviderFailure(name, { class: 'server' });
    const at = process.hrtime.bigint();
    client.recordProviderFailure(name, { class: 'server' });
    return String(at);
  },

  /** When this process knows that the provider is unavailable. */
  async unavailableAt({ name }) {
    while (client.isProviderAvailable(name).available) await sleep(LOOK_EVERY_MS);
    return String(process.hrtime.bigint());
  },

  /** Nanoseconds for each of so many calls, one after the other, by `execute` or bare. */
  async execute({ side, calls }) {
    const sides = {
      bare,
      execute: () => client.execute([primary], bare),
      'bare-fetch': fetchUpstream,
      'execute-fetch': () => client.execute([primary], fetchUpstream),
    };
    const took = await nanosecondsEach(calls, sides[side]);
    await flush();
    return took;
  },
});

function recordOne(kind) {
  if (kind === 'failure') client.recordProviderFailure(primary, { class: 'client' });
  else client.recordProviderSuccess(primary, { responseTimeMs: 12 });
}

async function burst(count) {
  for (let n = 0; n < count; n++)
    client.recordProviderSuccess(names[n % names.length], { responseTimeMs: 12 });
  await flush();
}
