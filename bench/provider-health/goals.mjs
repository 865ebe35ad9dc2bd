const of = (result, name) => result.beside.find((peer) => peer.name === name)?.value;
const lessThan =
  (most, unit) =>
  ({ value }) => ({ text: `less than ${most} ${unit}`, met: value < most });

/** By the first part of the name of a result: its goal, `{ text, met }`. */
const GOALS = {
  'rest-status': lessThan(1, 'ms'),
  'rest-failure': lessThan(1, 'ms'),
  'rest-fallback-chain': lessThan(5, 'ms'),
  'fallback-chain-read': lessThan(1_000, 'ns'),
  'is-available-read': lessThan(1_000, 'ns'),
  'record-outcome': lessThan(5_000, 'ns'),
  'fleet-outcomes-per-second': (result) => ({
    text: 'at least one EVALSHA each',
    met: result.value >= of(result, 'bare-evalsha-each'),
  }),
  'fleet-convergence-p99': lessThan(50, 'ms'),
};

/** The goal of a result, or undefined when it has none. */
export function goalOf(result) {
  return GOALS[result.name.split('/')[0]]?.(result);
}
