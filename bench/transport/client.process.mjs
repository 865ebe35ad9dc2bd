// The caller: asks and emits over one of both transports, with so many messages under way at a time.
import 'reflect-metadata';
import { answer, options } from '../answers.mjs';
import { percentile } from '../statistics.mjs';
import { now } from './handled.mjs';
import { payloadOf } from './messages.mjs';

const { openClient } = await import(`./${options.transport}.mjs`);
const client = await openClient({ ...options, url: new URL(options.url) });

answer({
  /** Asks for so long. */
  async askFor({ ms, inFlight }) {
    const latencies = [];
    const begun = now();
    let n = 0;
    await atOnce(inFlight, async () => {
      for (let at = begun; at < begun + ms;) {
        await ask(n++);
        const answered = now();
        latencies.push(answered - at);
        at = answered;
      }
    });
    const seconds = (now() - begun) / 1000;
    latencies.sort((a, b) => a - b);
    const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
    return { messages: latencies.length, perSecond: latencies.length / seconds, p50, p99 };
  },

  /** Asks once for each number. */
  ask: ({ from, count, inFlight }) => each({ from, count, inFlight }, ask),

  /** Emits each number; resolves to when it began. */
  async emit({ from, count, inFlight }) {
    const begun = now();
    await each({ from, count, inFlight }, (n) => client.emit(payloadOf(n)));
    return begun;
  },
});

async function ask(n) {
  const answered = await client.ask(payloadOf(n));
  if (answered.n !== n) throw new Error(`Asked ${n}, was answered ${JSON.stringify(answered)}`);
}

async function each({ from, count, inFlight }, work) {
  let next = from;
  await atOnce(inFlight, async () => {
    while (next < from + count) await work(next++);
  });
}

async function atOnce(inFlight, work) {
  await Promise.all(Array.from({ length: inFlight }, work));
}
