import { eventually } from '../support/eventually.js';
import type { Child } from './child.js';
import { FaultWorld } from './fault-world.js';
import { type End, messages } from './messages.js';
import { expectEmptyStreams, expectEnded, expectHandledOnce } from './oracle.js';
import { scale } from './scale.js';

const EVENTS = scale(1_000, 10_000);
const REQUESTS = scale(500, 5_000);
const KEYS = 20;
const STREAMS = ['{audit}:requests', '{providers}:events'];

describe('consumers that are killed with -9', () => {
  const world = new FaultWorld();
  const killed = new Set<number>();
  let client: Child;
  let living: [Child, Child, Child];
  beforeAll(async () => {
    client = await world.client();
  });
  afterAll(() => world.end());

  /** Longer than the hiccups of this machine: only the work of the dead is taken over. */
  const start = (service: string) => world.service(service, { limits: { claimIdleMs: 1_500 } });
  const startAll = () => Promise.all([start('audit'), start('audit'), start('auth')]);
  const kill = async (victim: Child) => {
    killed.add(victim.pid);
    await victim.kill();
  };
  /** Whoever lived did each message once. */
  const expectNothingInVain = async (service: string) => {
    const living = (await world.ledger.runsOf(service)).filter(({ by }) => !killed.has(by));
    expect(new Set(living.map(({ id }) => id)).size).toBe(living.length);
  };

  it('lose nothing, do nothing in vain but what they did themselves, and leave no caller without an end', async () => {
    const [audit, otherAudit, auth] = await startAll();
    const requests = messages('request', REQUESTS, { workMs: 5, timeoutMs: 60_000 });
    const events = messages('event', EVENTS, { workMs: 5 });

    const published = client.call('emit', { messages: events });
    const ended = client.call<End[]>('ask', { messages: requests });
    const done = async () =>
      (await world.ledger.countEffectsOf('audit')) + (await world.ledger.countEffectsOf('auth'));
    await eventually('some of the work', async () => (await done()) > EVENTS / 5);
    await Promise.all([kill(audit), kill(auth)]);
    // For a moment nobody handles anything.
    await kill(otherAudit);
    living = await startAll();

    await published;
    expectEnded(await ended, requests);
    await expectHandledOnce(world, 'auth', events);
    await expectHandledOnce(world, 'audit', [...events, ...requests]);
    await expectEmptyStreams(world, STREAMS);
    await expectNothingInVain('auth');
    await expectNothingInVain('audit');
  });

  it('leave the events of a key in their order', async () => {
    const events = messages('moved', EVENTS / 2, { pattern: 'providers.moved', workMs: 2 }).map(
      (event, n) => ({ ...event, key: `key-${n % KEYS}` }),
    );
    const order = async (service: string) =>
      (await world.ledger.orderOf(service)).filter((id) => id.startsWith('moved'));
    const [audit, , auth] = living;
    // One after the other: their order is that of their publication.
    const published = client.call('emit', { messages: events, atOnce: 1 });
    await eventually('some of them', async () => (await order('audit')).length > EVENTS / 10);
    await Promise.all([kill(audit), kill(auth)]);
    await start('auth');
    await published;
    await expectEmptyStreams(world, ['{providers}:events']);
    for (const service of ['audit', 'auth']) {
      const numbers = (await order(service)).map((id) => Number(id.slice('moved-'.length)));
      expect(numbers).toHaveLength(events.length);
      for (let key = 0; key < KEYS; key++) {
        const ofKey = numbers.filter((n) => n % KEYS === key);
        expect(ofKey).toEqual([...ofKey].sort((a, b) => a - b));
      }
    }
    await eventually(
      'no key',
      async () => (await world.redis.exists(world.key('{providers}:events:keys'))) === 0,
    );
  });

  it('leave no name behind', async () => {
    const names = async (group: string) => {
      const found = await world.redis.xinfo('CONSUMERS', world.key('{providers}:events'), group);
      return (found as string[][]).map((fields) => fields[1] ?? '');
    };
    const [, otherAudit] = living;
    const isNamed = async () => (await names('audit')).some((name) => name.includes(`:${otherAudit.pid}:`));
    await client.call('emit', { messages: messages('more', 64) });
    await eventually('the name of one that lives', isNamed);
    await start('audit');
    await kill(otherAudit);
    const ofDead = (name: string) => [...killed].some((pid) => name.includes(`:${pid}:`));
    for (const group of ['audit', 'auth'])
      await eventually('no name of the dead', async () => !(await names(group)).some(ofDead));
  });
});
