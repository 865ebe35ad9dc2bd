import { availability, NEW_PROVIDER, recordOutcome } from '@gatehouse/provider-health-rules';
import { randomOf } from './random.mjs';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** So long everything goes well, so that what the rules know of the past is there. */
const WARM_UP_MS = 15 * MINUTE_MS;
const START_MS = Date.UTC(2026, 0, 1);

/**
 * An hour in which calls that come at random, `callsPerSecond` on average, fail with the probability `errorRate`. The fleet
 * calls the provider whenever it is available; a call takes no time.
 *
 * @returns `{ changes, detectedAfterMs, unavailableMs, calls, keptAway }`: changes of the status, when it first became
 *   unhealthy if it did, for how long it was not called, calls in all, and good calls that were not made
 */
export function simulateHour({ callsPerSecond, errorRate, policy, seed }) {
  const random = randomOf(seed);
  const begin = START_MS + WARM_UP_MS;
  const end = begin + HOUR_MS;
  const result = { changes: 0, detectedAfterMs: undefined, unavailableMs: 0, calls: 0, keptAway: 0 };
  let health = { ...NEW_PROVIDER };
  let now = START_MS;
  for (;;) {
    now += (-Math.log(1 - random()) / callsPerSecond) * 1000;
    if (now >= end) return result;
    const fails = random() < errorRate && now >= begin;
    if (now >= begin) result.calls++;
    if (!availability(health, now).available) {
      result.keptAway += fails ? 0 : 1;
      continue;
    }
    const outcome = fails ? { kind: 'failure', class: 'server' } : { kind: 'success' };
    const before = health.unhealthyUntil;
    const next = recordOutcome(health, outcome, now, policy);
    health = next.health;
    if (health.unhealthyUntil !== undefined && health.unhealthyUntil !== before)
      result.unavailableMs += Math.min(health.unhealthyUntil, end) - now;
    if (now < begin) continue;
    result.changes += next.transitions.length;
    if (next.transitions.some(({ to }) => to === 'unhealthy')) result.detectedAfterMs ??= now - begin;
  }
}
