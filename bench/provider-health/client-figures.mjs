import { median, percentile } from '../statistics.mjs';

const NS_PER_MS = 1e6;
const PEERS = ['opossum', 'cockatiel'];
const common = { group: 'provider-health', better: 'lower' };

/** Sides take turns, round by round, the first of which warms up; the median of the others. */
async function inTurns(rounds, sides) {
  const taken = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const [name, take] of Object.entries(sides)) {
      const value = await take();
      if (round > 0) taken[name].push(value);
    }
  return Object.entries(taken).map(([name, values]) => ({ name, value: median(values) }));
}

/** What a process is asked before each call: nanoseconds. */
export async function measureReadings(client, { rounds, readings }) {
  const sides = Object.fromEntries(
    ['fallback-chain-read', 'is-available-read'].map((what) => [
      what,
      () => client.ask('read', { what, calls: readings }),
    ]),
  );
  const figures = await inTurns(rounds, sides);
  return figures.map((figure) => ({ ...common, unit: 'ns', ...figure, beside: [] }));
}

/** What it costs the caller to say how a call went, with so many calls in the window: nanoseconds. */
export async function compareRecording(client, breakers, { recordRounds, windows, outcomes }) {
  const results = [];
  for (const before of windows)
    for (const kind of ['success', 'failure']) {
      const calls = Math.min(outcomes, Math.ceil(outcomes / (before / 10)));
      const own = { gatehouse: () => client.ask('record', { before, kind }) };
      const peers = PEERS.map((side) => [side, () => breakers.ask('record', { side, before, kind, calls })]);
      const [figure, ...beside] = await inTurns(recordRounds, { ...own, ...Object.fromEntries(peers) });
      results.push({ ...common, unit: 'ns', ...figure, name: `record-outcome/${kind}/${before}`, beside });
    }
  return results;
}

/** A call by `execute` beside the bare call: one that does nothing, and one over HTTP to another process. */
export async function compareExecution(client, breakers, { rounds, executions, fetches }) {
  const nothing = { calls: executions };
  const [bare, own, ...peers] = await inTurns(rounds, {
    bare: () => client.ask('execute', { side: 'bare', ...nothing }),
    execute: () => client.ask('execute', { side: 'execute', ...nothing }),
    ...Object.fromEntries(PEERS.map((side) => [side, () => breakers.ask('execute', { side, ...nothing })])),
  });
  const [bareFetch, ownFetch] = await inTurns(rounds, {
    'bare-fetch': () => client.ask('execute', { side: 'bare-fetch', calls: fetches }),
    'execute-fetch': () => client.ask('execute', { side: 'execute-fetch', calls: fetches }),
  });
  return [
    { ...common, unit: 'ns', ...own, name: 'execute/nothing', beside: [bare, ...peers] },
    { ...common, unit: 'ns', ...ownFetch, name: 'execute/fetch', beside: [bareFetch] },
  ];
}

/** Outcomes that the fleet counts a second, each once, reported by one process. */
export async function compareFleetOutcomes(world, client, bare, { rounds, roundMs }) {
  const cpu = async (take) => {
    const before = await world.service.cpuSeconds();
    const value = await take();
    return { value, cpuSeconds: (await world.service.cpuSeconds()) - before };
  };
  const taken = [];
  const floor = [];
  for (let round = 0; round <= rounds; round++) {
    const own = await cpu(() => client.ask('reportFor', { ms: roundMs }));
    const least = await bare.ask('reportFor', { ms: roundMs });
    if (round > 0) taken.push(own) && floor.push(least);
  }
  const value = median(taken.map((each) => each.value));
  return {
    ...{ group: 'provider-health', better: 'higher', unit: 'outcomes/s', name: 'fleet-outcomes-per-second' },
    ...{
      value,
      cpuSeconds: median(taken.map((each) => each.cpuSeconds)),
      messages: (value * roundMs) / 1000,
    },
    beside: [{ name: 'bare-evalsha-each', value: median(floor) }],
  };
}

/** From the fifth failure in one process until the last of the others knows: milliseconds. */
export async function measureConvergence([reporter, ...others], names) {
  const lags = [];
  for (const name of names) {
    const known = others.map((client) => client.ask('unavailableAt', { name }));
    const failedAt = BigInt(await reporter.ask('failFiveTimes', { name }));
    const last = (await Promise.all(known)).map(BigInt).reduce((a, b) => (a > b ? a : b));
    lags.push(Number(last - failedAt) / NS_PER_MS);
  }
  lags.sort((a, b) => a - b);
  const [p50, p99] = [percentile(lags, 0.5), percentile(lags, 0.99)];
  return { ...common, name: 'fleet-convergence-p99', unit: 'ms', value: p99, p50, p99, beside: [] };
}
