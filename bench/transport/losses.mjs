import { setTimeout as sleep } from 'node:timers/promises';
import { timesHandled } from './handled.mjs';
import { EVENTS_IN_FLIGHT } from './rounds.mjs';

/** Requests and events to two replicas while nothing is killed: how many of a thousand were handled once more. */
export async function countDoubled(sides, { counted, quietMs }) {
  const messages = 2 * counted;
  await Promise.all(
    sides.map(async (side) => {
      await side.record('doubled');
      await side.client.ask('ask', { from: 0, count: counted, inFlight: 64 });
      await side.client.ask('emit', { from: counted, count: counted, inFlight: 64 });
    }),
  );
  await quiet(sides, quietMs);
  return [
    {
      name: 'handled-twice-per-1000',
      unit: 'messages',
      better: 'lower',
      figures: sides.map((side) => ({ value: (doubled(side, messages) / messages) * 1000, messages })),
    },
  ];
}

/**
 * Both replicas killed with -9 in the middle of a burst of events, and started again a second later, while the client
 * goes on: how many events nobody ever handled, and how often one was handled once more.
 */
export async function countLost(sides, { burst, pauseMs, quietMs }) {
  const half = burst / 2;
  for (const side of sides) {
    await side.record('burst');
    await side.client.ask('emit', { from: 0, count: half, inFlight: EVENTS_IN_FLIGHT });
    const rest = side.client.ask('emit', { from: half, count: half, inFlight: EVENTS_IN_FLIGHT });
    await Promise.all([rest, side.killReplicas('burst', pauseMs)]);
  }
  await quiet(sides, quietMs);
  const result = (name, count) => ({
    name,
    unit: 'messages',
    better: 'lower',
    figures: sides.map((side) => ({ value: count(side, burst), messages: burst })),
  });
  return [result('lost-at-kill', lost), result('handled-twice-at-kill', doubled)];
}

function lost(side, messages) {
  return timesHandled(side.records, messages).filter((times) => times === 0).length;
}

function doubled(side, messages) {
  return timesHandled(side.records, messages).reduce((sum, times) => sum + Math.max(0, times - 1), 0);
}

/** Waits until no replica has handled anything for so long. */
async function quiet(sides, quietMs) {
  const total = async () => {
    const each = await Promise.all(sides.map((side) => side.handled()));
    return each.reduce((sum, { count }) => sum + count, 0);
  };
  let seen = await total();
  for (let since = Date.now(); Date.now() - since < quietMs;) {
    await sleep(50);
    const now = await total();
    if (now !== seen) since = Date.now();
    seen = now;
  }
}
