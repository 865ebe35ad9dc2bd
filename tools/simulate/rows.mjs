import { simulateHour } from './hour.mjs';
import { POLICIES } from './policies.mjs';

export const CALLS_PER_SECOND = [0.1, 1, 10, 100];
export const ERROR_RATES = [0.01, 0.05, 0.1, 0.2, 0.5, 1];
const HOUR_MS = 3_600_000;

/** With few calls an hour says little: more of them. */
const hoursOf = (callsPerSecond) => (callsPerSecond >= 100 ? 5 : callsPerSecond >= 10 ? 10 : 50);

/** A row for each traffic, error rate and policy; the same each time. */
export function simulateRows({ traffics = CALLS_PER_SECOND, errorRates = ERROR_RATES } = {}) {
  return traffics.flatMap((callsPerSecond) =>
    errorRates.flatMap((errorRate) =>
      Object.keys(POLICIES)
        .filter((policy) => POLICIES[policy](callsPerSecond) !== undefined)
        .map((policy) => rowOf({ callsPerSecond, errorRate, policy })),
    ),
  );
}

/**
 * @returns `{ callsPerSecond, errorRate, policy, hours, changesPerHour, detectedIn, detectedAfterMs, unavailable, keptAway }`:
 *   hours in which it became unhealthy, the median of when, and the shares of time and of good calls for which it was
 *   not called
 */
function rowOf({ callsPerSecond, errorRate, policy }) {
  const rules = POLICIES[policy](callsPerSecond);
  const hours = Array.from({ length: hoursOf(callsPerSecond) }, (_, seed) =>
    simulateHour({ callsPerSecond, errorRate, policy: rules, seed: seed + 1 }),
  );
  const sum = (of) => hours.reduce((total, hour) => total + of(hour), 0);
  const detected = hours.map(({ detectedAfterMs }) => detectedAfterMs).filter((ms) => ms !== undefined);
  const good = sum(({ calls }) => calls) * (1 - errorRate);
  return {
    ...{ callsPerSecond, errorRate, policy, hours: hours.length },
    changesPerHour: sum(({ changes }) => changes) / hours.length,
    detectedIn: detected.length,
    detectedAfterMs: detected.sort((a, b) => a - b)[Math.floor(detected.length / 2)],
    unavailable: sum(({ unavailableMs }) => unavailableMs) / hours.length / HOUR_MS,
    keptAway: good < 1 ? undefined : sum(({ keptAway }) => keptAway) / good,
  };
}
