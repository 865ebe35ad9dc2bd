import { eventually } from '../support/eventually.js';
import type { Child } from './child.js';
import { FaultWorld } from './fault-world.js';
import { type End, messages } from './messages.js';
import { expectEmptyStreams, expectEnded } from './oracle.js';
import { scale } from './scale.js';

const REQUESTS = scale(300, 3_000);
/** More than are sent before the client is killed. */
const EVENTS = 50_000;

describe('clients that are killed with -9', () => {
  const world = new FaultWorld();
  let other: Child;
  afterAll(() => world.end());
  const requests = world.key('{audit}:requests');

  /** What a client asks for and does not live to hear of. */
  const abandoned = (call: Promise<unknown>) => expect(call).rejects.toThrow('client has ended');

  it('leave requests that nobody handles when their time is over', async () => {
    const client = await world.client();
    const sent = messages('expired', 50, { timeoutMs: 1_000 });
    const deadline = Date.now() + 1_000;
    const asked = abandoned(client.call('ask', { messages: sent }));
    await eventually('the requests', async () => (await world.redis.xlen(requests)) === sent.length);
    await client.kill();
    await asked;
    await eventually('their deadline', () => Date.now() > deadline + 500);

    await world.service('audit');
    await expectEmptyStreams(world, ['{audit}:requests']);
    expect(await world.ledger.runsOf('audit')).toEqual([]);
  });

  it('leave requests that are handled once while there is time, and disturb nobody else', async () => {
    const [victim, undisturbed] = await Promise.all([world.client(), world.client()]);
    other = undisturbed;
    const [lost, kept] = [
      messages('lost', REQUESTS, { workMs: 5 }),
      messages('kept', REQUESTS, { workMs: 5 }),
    ];
    const isLost = (id: string) => id.startsWith('lost-');
    const asked = abandoned(victim.call('ask', { messages: lost, atOnce: REQUESTS }));
    const ended = other.call<End[]>('ask', { messages: kept });
    await eventually('some of them', async () => (await world.ledger.effectsOf('audit')).some(isLost));
    await victim.kill();
    await asked;

    expectEnded(await ended, kept);
    await expectEmptyStreams(world, ['{audit}:requests']);
    const runs = await world.ledger.runsOf('audit');
    expect(new Set(runs.map(({ id }) => id)).size).toBe(runs.length);
    const handled = await world.ledger.effectsOf('audit');
    expect(handled).toEqual(expect.arrayContaining(kept.map(({ id }) => id)));
    expect(handled.some(isLost)).toBe(true);
  });

  it('leave each event to every service or to none', async () => {
    const [victim] = await Promise.all([world.client(), world.service('auth')]);
    const sent = messages('event', EVENTS);

    const published = abandoned(victim.call('emit', { messages: sent, atOnce: 8 }));
    await eventually('some of them', async () => (await world.ledger.countEffectsOf('auth')) > 20);
    await victim.kill();
    await published;

    await expectEmptyStreams(world);
    const heard = await world.ledger.effectsOf('auth');
    const heardByAudit = (await world.ledger.effectsOf('audit')).filter((id) => id.startsWith('event-'));
    expect(heardByAudit).toEqual(heard);
  });

  it('leave nothing in Redis', async () => {
    expectEnded(await other.call('ask', { messages: messages('last', 1) }), messages('last', 1));
    const livingClientAndServices = 3;
    await eventually(
      'no channel of the dead',
      async () => (await world.channels()).length === livingClientAndServices,
    );
    await world.killAll();
    await eventually('no channel', async () => (await world.channels()).length === 0);
    const keys = (await world.redis.keys(`${world.namespace}:*`)).sort();
    const streams = ['{audit}:requests', '{auth}:requests', '{providers}:events'];
    expect(keys).toEqual(streams.map((stream) => world.key(stream)));
  });
});
