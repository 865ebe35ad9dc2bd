import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../statistics.mjs';

/** Events under way at a time: enough that neither side waits for a round trip. */
export const EVENTS_IN_FLIGHT = 256;
const LOOK_EVERY_MS = 20;
const PATIENCE_MS = 30_000;

/** What is measured in each round, and the results that it gives. */
const MEASUREMENTS = [
  {
    take: (side, { roundMs }) => side.client.ask('askFor', { ms: roundMs, inFlight: 1 }),
    results: [
      { name: 'rpc-latency-p50', unit: 'ms', better: 'lower', of: ({ p50 }) => p50 },
      { name: 'rpc-latency-p99', unit: 'ms', better: 'lower', of: ({ p99 }) => p99 },
    ],
  },
  {
    take: (side, { roundMs }) => side.client.ask('askFor', { ms: roundMs, inFlight: 64 }),
    results: [
      { name: 'rpc-throughput-64', unit: 'requests/s', better: 'higher', of: ({ perSecond }) => perSecond },
    ],
  },
  {
    take: takeEvents,
    results: [
      { name: 'events-per-second', unit: 'events/s', better: 'higher', of: ({ perSecond }) => perSecond },
    ],
  },
];

export async function warmUp(sides, { warmUpMs, events }) {
  for (const side of sides) {
    await side.client.ask('askFor', { ms: warmUpMs, inFlight: 64 });
    await takeEvents(side, { events });
    await side.client.ask('askFor', { ms: warmUpMs / 3, inFlight: 1 });
  }
}

/** Measures everything in turns. Answers, for each result, `{ name, unit, better, figures: [one for each side] }`. */
export async function compare(sides, sizes) {
  const taken = MEASUREMENTS.map(() => sides.map(() => []));
  for (let round = 0; round < sizes.rounds; round++) {
    for (const [index, { take }] of MEASUREMENTS.entries()) {
      for (const [which, side] of sides.entries()) {
        taken[index][which].push(await withCpu(side, () => take(side, sizes)));
      }
    }
  }
  return MEASUREMENTS.flatMap(({ results }, index) =>
    results.map(({ of, ...result }) => ({
      ...result,
      figures: taken[index].map((rounds) => figureOf(rounds, of)),
    })),
  );
}

/** From the first emit until the replicas have handled the last one. */
async function takeEvents(side, { events }) {
  await side.forget();
  const begun = await side.client.ask('emit', { from: 0, count: events, inFlight: EVENTS_IN_FLIGHT });
  const expected = events * side.handledBy;
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const { count, lastAt } = await side.handled();
    if (count >= expected) return { messages: events, perSecond: events / ((lastAt - begun) / 1000) };
    if (Date.now() > until) throw new Error(`${side.name}: ${count} of ${expected} events were handled`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** Adds the CPU of all parts together, and how many cores each of them kept busy. */
async function withCpu(side, take) {
  const [before, begun] = [await side.cpuSeconds(), performance.now()];
  const taken = await take();
  const [after, seconds] = [await side.cpuSeconds(), (performance.now() - begun) / 1000];
  const used = Object.entries(after).map(([part, total]) => [part, total - before[part]]);
  return {
    ...taken,
    cpuSeconds: used.reduce((sum, [, each]) => sum + each, 0),
    cores: Object.fromEntries(used.map(([part, each]) => [part, each / seconds])),
  };
}

function figureOf(rounds, of) {
  const middle = (field) => median(rounds.map((round) => round[field]));
  const parts = Object.keys(rounds[0].cores);
  return {
    value: median(rounds.map(of)),
    ...(rounds[0].p50 === undefined ? {} : { p50: middle('p50'), p99: middle('p99') }),
    cpuSeconds: middle('cpuSeconds'),
    cores: Object.fromEntries(parts.map((part) => [part, median(rounds.map(({ cores }) => cores[part]))])),
    messages: middle('messages'),
  };
}
