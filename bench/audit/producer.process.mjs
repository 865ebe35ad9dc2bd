// A producer: it sends events over the transport as an outbox does, and waits for their place in the log.
import { redisSettings } from '@gatehouse/environment';
import { openTransport } from '@gatehouse/redis-transport';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstValueFrom } from 'rxjs';
import { answer, options } from '../answers.mjs';
import { percentile } from '../statistics.mjs';
import { events } from './events.mjs';

const TIMEOUT_MS = 30_000;
/** Events of one request while it is measured how long an acknowledgement takes. */
const FEW = 20;

const { url, namespace, token } = options;
const { clients } = await openTransport({
  ...{ service: 'bench', namespace, redis: redisSettings({ REDIS_URL: url, REDIS_DB: 0 }) },
  identity: async () => token,
});
const audit = clients.of('audit', ['audit.append']);

answer({
  /** Sends for so long, with so many requests under way: acknowledged events a second. */
  async appendFor({ ms, batch, underWay }) {
    const begun = performance.now();
    let acknowledged = 0;
    const send = async () => {
      while (performance.now() < begun + ms) {
        const taken = await append(events(batch));
        acknowledged += taken;
      }
    };
    await Promise.all(Array.from({ length: underWay }, send));
    return acknowledged / ((performance.now() - begun) / 1000);
  },

  /** Sends at a rate for so long: how long acknowledgements took, milliseconds. */
  async acknowledgements({ ms, perSecond }) {
    const took = [];
    const sending = [];
    const begun = performance.now();
    for (let n = 0; (n * FEW * 1000) / perSecond < ms; n++) {
      const wait = begun + (n * FEW * 1000) / perSecond - performance.now();
      if (wait > 0) await sleep(wait);
      const sent = performance.now();
      sending.push(append(events(FEW)).then(() => took.push(performance.now() - sent)));
    }
    await Promise.all(sending);
    took.sort((a, b) => a - b);
    return { p50: percentile(took, 0.5), p99: percentile(took, 0.99) };
  },
});

async function append(batch) {
  const { results } = await firstValueFrom(
    audit.send('audit.append', { events: batch }, { timeoutMs: TIMEOUT_MS }),
  );
  const refused = results.find(({ error }) => error !== undefined);
  if (refused !== undefined) throw new Error(`An event was refused: ${refused.error}`);
  return results.length;
}
