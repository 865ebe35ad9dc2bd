import { eventually } from '../support/eventually.js';
import type { Child } from './child.js';
import { FaultWorld } from './fault-world.js';
import { type End, messages } from './messages.js';
import { expectEmptyStreams, expectEnded, expectHandledOnce } from './oracle.js';
import { scale } from './scale.js';

const GOOD = scale(200, 2_000);
/** Waiting for each delivery doubles: the poison is gone in seconds. */
const SOON = { claimIdleMs: 400, maxDeliveries: 3 };

describe('a poison message among good ones', () => {
  const world = new FaultWorld();
  let client: Child;
  let replicas: Child[];
  beforeAll(async () => {
    const services = ['audit', 'audit', 'auth'].map((name) => world.service(name, { limits: SOON }));
    [client, replicas] = await Promise.all([world.client(), Promise.all(services)]);
  });
  afterAll(() => world.end());

  const deadLetters = async (stream: string): Promise<string[]> => {
    const entries = await world.redis.xrange(world.key(stream), '-', '+');
    return entries.map(([, fields]) => {
      const headers = JSON.parse(fields[fields.indexOf('headers') + 1] ?? '{}') as Record<string, string>;
      return headers['message-id'] ?? '?';
    });
  };
  /** Poison in the middle. */
  const mixed = <T>(good: readonly T[], poison: readonly T[]): T[] => [
    ...good.slice(0, good.length / 2),
    ...poison,
    ...good.slice(good.length / 2),
  ];

  it('that no handler can handle is put aside, for each service that failed, and holds nobody up', async () => {
    const good = messages('good', GOOD);
    const poison = messages('poison', 3, { fails: true });
    await client.call('emit', { messages: mixed(good, poison) });
    for (const service of ['audit', 'auth']) {
      await expectHandledOnce(world, service, good);
      const aside = `{providers}:events:dead:${service}`;
      await eventually(aside, async () => (await deadLetters(aside)).length === poison.length);
      expect((await deadLetters(aside)).sort()).toEqual(poison.map(({ id }) => id));
      const runs = (await world.ledger.runsOf(service)).filter(({ id }) => id.startsWith('poison'));
      expect(runs.map(({ delivery }) => delivery).sort()).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
    }
    await expectEmptyStreams(world, ['{providers}:events']);
  });

  it('that kills each process that takes it is put aside in the end, and the good ones are handled', async () => {
    const [first, second] = replicas as [Child, Child];
    let stopped = false;
    /** As a supervisor does: a process that ended is started again. */
    const supervise = async (replica: Child) => {
      await replica.end();
      if (!stopped) await supervise(await world.service('audit', { limits: SOON }));
    };
    // One that is killed while it starts ends the supervision too.
    const supervision = Promise.allSettled([supervise(first), supervise(second)]);
    const earlier = await world.ledger.effectsOf('audit');
    const good = messages('survivor', GOOD, { workMs: 20 });
    const killer = messages('killer', 1, { kills: true });
    const ends = await client.call<End[]>('ask', { messages: mixed(good, killer) });
    expectEnded(
      ends.filter(({ id }) => id.startsWith('survivor')),
      good,
    );
    expect(ends.find(({ id }) => id.startsWith('killer'))).toMatchObject({ end: 'delivery-failed' });
    await expectHandledOnce(world, 'audit', good, earlier);
    expect(await deadLetters('{audit}:requests:dead')).toEqual(['killer-0']);
    await expectEmptyStreams(world, ['{audit}:requests']);
    const deaths = (await world.ledger.runsOf('audit')).filter(({ id }) => id.startsWith('killer'));
    expect(deaths.map(({ delivery }) => delivery)).toEqual([1, 2, 3]);
    stopped = true;
    await world.killAll();
    await supervision;
  });
});
