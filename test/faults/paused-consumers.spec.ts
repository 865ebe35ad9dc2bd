import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import type { Child } from './child.js';
import { FaultWorld } from './fault-world.js';
import { type End, idsOf, messages } from './messages.js';
import { expectEmptyStreams, expectEnded, expectHandledOnce } from './oracle.js';

const COUNT = 40;

describe('a consumer that is paused by SIGSTOP', () => {
  const world = new FaultWorld();
  let client: Child;
  let paused: Child;
  beforeAll(async () => {
    [client, paused] = await Promise.all([world.client(), world.service('audit')]);
  });
  afterAll(() => world.end());

  /** The message ids of this label with which the process has begun, sorted. */
  const takenBy = async ({ pid }: Child, label: string): Promise<string[]> =>
    (await world.ledger.runsOf('audit'))
      .filter(({ by, id }) => by === pid && id.startsWith(label))
      .map(({ id }) => id)
      .sort();

  it('longer than the claim time is overtaken, and changes nothing twice when it ends late', async () => {
    const requests = messages('once-request', COUNT, { gate: 'first' });
    const events = messages('once-event', COUNT, { gate: 'first' });
    const sent = [...requests, ...events];
    const ended = client.call<End[]>('ask', { messages: requests });
    await client.call('emit', { messages: events });
    await eventually('all taken', async () => (await takenBy(paused, 'once')).length === sent.length);
    paused.pause();

    const other = await world.service('audit');
    await eventually('all taken over', async () => (await takenBy(other, 'once')).length === sent.length);
    await world.ledger.open('first');
    expectEnded(await ended, requests);
    await expectHandledOnce(world, 'audit', sent);
    await expectEmptyStreams(world);

    paused.resume();
    await eventually(
      'the late ends',
      async () => (await world.ledger.countEndsOf('audit')) === 2 * sent.length,
    );
    await expectHandledOnce(world, 'audit', sent);
    expect(await takenBy(paused, 'once')).toEqual(idsOf(sent));
    expect(await takenBy(other, 'once')).toEqual(idsOf(sent));
    expect(await client.call('awaitingReplies')).toBe(0);

    await other.kill();
    const later = messages('later', COUNT);
    expectEnded(await client.call('ask', { messages: later }), later);
    await expectEmptyStreams(world);
  });

  it('does not take the work back from the one that overtook it', async () => {
    const events = messages('taken', COUNT, { gate: 'second' });
    await client.call('emit', { messages: events });
    await eventually('all taken', async () => (await takenBy(paused, 'taken')).length === COUNT);
    paused.pause();
    const other = await world.service('audit');
    await eventually('all taken over', async () => (await takenBy(other, 'taken')).length === COUNT);
    paused.resume();
    // Time enough to renew what it has not got any more, and to take it over.
    await sleep(1_500);
    const rows = await world.redis.xpending(world.key('{providers}:events'), 'audit', '-', '+', 1_000);
    const owners = new Set((rows as [string, string][]).map(([, name]) => name.split(':')[2]));
    expect(owners).toEqual(new Set([String(other.pid)]));
    expect(await takenBy(other, 'taken')).toHaveLength(COUNT);
    expect(await takenBy(paused, 'taken')).toHaveLength(COUNT);
    await world.ledger.open('second');
    await expectEmptyStreams(world);
    await other.kill();
  });

  it('while nobody else is there leaves its callers an end, and handles nothing whose time is over', async () => {
    paused.pause();
    const expired = messages('expired', COUNT, { timeoutMs: 800 });
    expectEnded(await client.call('ask', { messages: expired }), expired, ['deadline-exceeded']);
    paused.resume();
    await expectEmptyStreams(world, ['{audit}:requests']);
    expect(await takenBy(paused, 'expired')).toEqual([]);
  });
});
