import { eventually } from '../support/eventually.js';
import type { FaultWorld } from './fault-world.js';
import { type End, idsOf, type OutgoingMessage } from './messages.js';

/** How long after its deadline a request may end, because the process of the caller was not given a processor. */
const GRACE_MS = 2_000;

/** The streams of the transport; all that is in them was done when they are empty. */
const STREAMS = ['{audit}:requests', '{providers}:events'];

/**
 * Every one of the messages, and none besides, has changed something at the service; none was lost, none doubled.
 *
 * @param earlier ids of messages that are no part of this
 */
export async function expectHandledOnce(
  world: FaultWorld,
  service: string,
  sent: readonly { id: string }[],
  earlier: readonly string[] = [],
): Promise<void> {
  await eventually(`all of ${sent.length} messages at ${service}`, async () => {
    return (await world.ledger.countEffectsOf(service)) >= earlier.length + sent.length;
  });
  const past = new Set(earlier);
  expect((await world.ledger.effectsOf(service)).filter((id) => !past.has(id))).toEqual(idsOf(sent));
}

/** Nothing waits and nothing is pending. */
export async function expectEmptyStreams(world: FaultWorld, streams = STREAMS): Promise<void> {
  for (const stream of streams) {
    await eventually(`${stream} is empty`, async () => (await world.redis.xlen(world.key(stream))) === 0);
    for (const group of (await world.redis.xinfo('GROUPS', world.key(stream))) as unknown[][])
      expect(group[group.indexOf('pending') + 1]).toBe(0);
  }
}

/** Each of the requests ended, in the right answer or in a problem that is allowed, by its deadline. */
export function expectEnded(
  ends: readonly End[],
  sent: readonly OutgoingMessage[],
  allowed: readonly string[] = [],
): void {
  expect(idsOf(ends)).toEqual(idsOf(sent));
  expect(ends.filter(({ end }) => end !== 'answered' && !allowed.includes(end))).toEqual([]);
  expect(ends.filter(({ lateMs }) => lateMs > GRACE_MS)).toEqual([]);
}
