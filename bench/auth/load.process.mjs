// The callers, apart from the service that they call.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, options } from '../answers.mjs';
import { percentile } from '../statistics.mjs';
import { HttpCalls } from './http-calls.mjs';

const LOOK_EVERY_MS = 2;

const http = new HttpCalls(options.url);

answer({
  /** Makes each call once and resolves to the answers, in their order. */
  async callEach({ calls, status, inFlight = 1 }) {
    const answers = [];
    let next = 0;
    await atOnce(inFlight, async () => {
      while (next < calls.length) {
        const at = next++;
        answers[at] = await http.expect(status, calls[at]);
      }
    });
    return answers;
  },

  /**
   * Makes the calls over and over for so long, with so many under way, each followed by a pause. `lateMs` is how late this
   * process itself was, the 99th percentile: no latency can be told closer than that.
   */
  async callFor({ calls, status, inFlight, ms, pauseMs = 0 }) {
    const delay = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS });
    delay.enable();
    const begun = performance.now();
    const latencies = [];
    let next = 0;
    await atOnce(inFlight, async () => {
      while (performance.now() < begun + ms) {
        const { ms: took } = await http.expect(status, calls[next++ % calls.length]);
        latencies.push(took);
        if (pauseMs > 0) await sleep(pauseMs);
      }
    });
    delay.disable();
    const lateMs = Math.max(0, delay.percentile(99) / 1e6 - LOOK_EVERY_MS);
    return { ...summary(latencies, performance.now() - begun), lateMs };
  },

  /** Refreshes for so long: each of the tokens is one client, which goes on with what it was given. */
  async refreshFor({ refreshTokens, ms }) {
    const begun = performance.now();
    const latencies = [];
    const clients = refreshTokens.map(async (first) => {
      let refreshToken = first;
      while (performance.now() < begun + ms) {
        const call = { method: 'POST', path: '/v1/auth/refresh', body: { refreshToken } };
        const { text, ms: took } = await http.expect(200, call);
        latencies.push(took);
        ({ refreshToken } = JSON.parse(text));
      }
      return refreshToken;
    });
    const left = await Promise.all(clients);
    return { ...summary(latencies, performance.now() - begun), refreshTokens: left };
  },

  /**
   * Makes so many calls a second, whatever becomes of them. Resolves, when all are answered, to how long that took and each
   * `{ status, ms }`.
   */
  async flood({ calls, perSecond, ms }) {
    const begun = performance.now();
    const answers = [];
    const underWay = [];
    while (performance.now() < begun + ms) {
      const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
      for (; underWay.length < due;) {
        const call = http.call(calls[underWay.length % calls.length]);
        underWay.push(call.then(({ status, ms: took }) => answers.push({ status, ms: took })));
      }
      await sleep(5);
    }
    await Promise.all(underWay);
    return { answers, ms: performance.now() - begun };
  },

  /** Makes the calls of each kind in turns, in a new order each time. Resolves to the times of each kind. */
  async compare({ kinds, rounds, status }) {
    const times = kinds.map(() => []);
    for (let round = 0; round < rounds; round++) {
      for (const kind of shuffled(kinds.keys())) {
        const calls = kinds[kind];
        times[kind].push((await http.expect(status, calls[round % calls.length])).ms);
      }
    }
    return times;
  },
});

function summary(latencies, ms) {
  latencies.sort((a, b) => a - b);
  return {
    messages: latencies.length,
    perSecond: latencies.length / (ms / 1000),
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

function shuffled(values) {
  return [...values]
    .map((value) => [Math.random(), value])
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value);
}

async function atOnce(inFlight, work) {
  await Promise.all(Array.from({ length: inFlight }, work));
}
