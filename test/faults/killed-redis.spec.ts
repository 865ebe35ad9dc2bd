import { v7 as uuidv7 } from 'uuid';
import { type KillableRedis, startKillableRedis } from '../../tools/testing/killable-redis.mjs';
import { eventually } from '../support/eventually.js';
import { type FreshDatabase, freshDatabase } from '../support/postgres.js';
import { expectCurrent, type ReceiverState, range } from './broadcasts.js';
import type { Child } from './child.js';
import { FaultWorld } from './fault-world.js';
import { type End, messages, type OutgoingMessage } from './messages.js';
import { expectEmptyStreams, expectEnded, expectHandledOnce } from './oracle.js';
import { scale } from './scale.js';

const MANY = scale(500, 5_000);
const SOME = 50;

/**
 * What Redis has acknowledged may be lost with it. With `appendfsync everysec` it has given a write to the system
 * before it acknowledges it, but for the moments in which the system writes to the disk: then it holds writes back,
 * for two seconds at most. So kill -9 of the process loses seldom anything, and a machine that fails about the last
 * second, two at most. `loseSince` is such a machine, whose last second is known exactly.
 */
describe('Redis that ends without a word', () => {
  let redis: KillableRedis;
  let world: FaultWorld;
  let database: FreshDatabase;
  let client: Child;
  let audit: Child;
  let auth: Child;
  beforeAll(async () => {
    [redis, database] = await Promise.all([startKillableRedis(), freshDatabase('outbox')]);
    world = new FaultWorld(redis.settings);
    [client, audit, auth] = await Promise.all([
      world.client(),
      world.service('audit'),
      world.service('auth'),
    ]);
  });
  afterAll(async () => {
    await world.end();
    await redis.remove();
    await database.drop();
  });

  /** The power fails: what Redis wrote since the mark is lost. Then everything is there again. */
  const failSince = async (mark: number) => {
    await redis.loseSince(mark);
    await redis.start();
  };
  /** While it runs nobody takes what is published, nor hears of the failure. */
  const whileServicesArePaused = async (work: () => Promise<void>) => {
    for (const service of [audit, auth]) service.pause();
    await work();
    for (const service of [audit, auth]) service.resume();
  };

  it('by kill -9 leaves every request an end by its deadline, and comes back with what it had', async () => {
    const [requests, events] = [messages('request', MANY, { workMs: 2 }), messages('event', MANY)];
    const published = client.call<number[]>('emit', { messages: events });
    const ended = client.call<End[]>('ask', { messages: requests });
    await eventually('some', async () => (await world.ledger.countEffectsOf('audit')) > MANY / 5);
    await redis.kill();
    const killedAt = Date.now();
    await redis.start();

    const acknowledgedAt = await published;
    expectEnded(await ended, requests, ['reply-lost', 'dependency-unavailable']);
    await expectEmptyStreams(world);
    const inDoubt = events.filter((_, n) => {
      const at = acknowledgedAt[n] ?? 0;
      return at > killedAt - 2_500 && at <= killedAt;
    });
    for (const service of ['audit', 'auth']) {
      const handled = new Set(await world.ledger.effectsOf(service));
      const lost = events.filter(({ id }) => !handled.has(id));
      expect(inDoubt).toEqual(expect.arrayContaining(lost));
    }
  });

  it('and loses its last second loses what it acknowledged in that second, and nothing else', async () => {
    const earlier = await world.ledger.effectsOf('audit');
    const [before, after] = [messages('before', SOME), messages('after', SOME)];
    await whileServicesArePaused(async () => {
      await client.call('emit', { messages: before });
      const mark = await redis.mark();
      await client.call('emit', { messages: after });
      await failSince(mark);
    });
    await expectHandledOnce(world, 'audit', before, earlier);
    await expectEmptyStreams(world);
    await expectHandledOnce(world, 'audit', before, earlier);

    // Whoever still has them publishes them again with the same ids.
    await client.call('emit', { messages: [...before, ...after] });
    await expectEmptyStreams(world);
    await expectHandledOnce(world, 'audit', [...before, ...after], earlier);
  });

  it('and forgets acknowledgements delivers again, which changes nothing', async () => {
    const earlier = await world.ledger.effectsOf('audit');
    const runsBefore = (await world.ledger.runsOf('audit')).length;
    const begun = async (times: number) =>
      (await world.ledger.runsOf('audit')).length === runsBefore + times * SOME;
    const sent = messages('forgotten', SOME, { gate: 'work' });
    await client.call('emit', { messages: sent });
    await eventually('all taken', () => begun(1));
    const mark = await redis.mark();
    await world.ledger.open('work');
    await expectEmptyStreams(world);
    await failSince(mark);
    await eventually('all delivered again', () => begun(2));
    await expectEmptyStreams(world);
    await expectHandledOnce(world, 'audit', sent, earlier);
  });

  it('and loses broadcasts makes receivers load anew, also when their numbers are given out again', async () => {
    const receiver = await world.receiver();
    await client.call('revoke', range(1, SOME));
    await expectCurrent(receiver, SOME);
    const mark = await redis.mark();
    await client.call('revoke', range(SOME + 1, 2 * SOME));
    const before = await expectCurrent(receiver, 2 * SOME);
    receiver.pause();
    await failSince(mark);
    // It has had as many broadcasts as there are now, but others.
    await client.call('revoke', range(2 * SOME + 1, 3 * SOME));
    receiver.resume();
    const { steps } = await expectCurrent(receiver, 3 * SOME);
    expect(steps.slice(before.steps.length)).toContain('reload');
    await eventually('it is current', async () => {
      return (await receiver.call<ReceiverState>('state')).ageMs < 1_000;
    });
  });

  describe('while a service ships its outbox', () => {
    let producer: Child;
    beforeAll(async () => {
      producer = await world.producer(database.url);
    });

    const outboxed = (label: string): OutgoingMessage[] =>
      messages(label, SOME).map((message) => ({ ...message, id: uuidv7() }));
    const outboxIsEmpty = () =>
      eventually('an empty outbox', async () => (await producer.call<number>('kept')) === 0);

    it('loses nothing that another service keeps before the row is deleted', async () => {
      const earlier = await world.ledger.effectsOf('audit');
      const sent = outboxed('audited');
      await whileServicesArePaused(async () => {
        const mark = await redis.mark();
        await producer.call('commit', { topic: 'request', messages: sent });
        const requests = world.key('{audit}:requests');
        await eventually('the requests', async () => (await world.redis.xlen(requests)) === SOME);
        await failSince(mark);
      });
      await outboxIsEmpty();
      await expectHandledOnce(world, 'audit', sent, earlier);
    });

    it('loses events whose rows were deleted because Redis had them', async () => {
      const earlier = await world.ledger.effectsOf('audit');
      const [before, after] = [outboxed('before'), outboxed('after')];
      await whileServicesArePaused(async () => {
        await producer.call('commit', { topic: 'event', messages: before });
        await outboxIsEmpty();
        const mark = await redis.mark();
        await producer.call('commit', { topic: 'event', messages: after });
        await outboxIsEmpty();
        await failSince(mark);
      });
      await expectHandledOnce(world, 'audit', before, earlier);
      await expectEmptyStreams(world);
      await expectHandledOnce(world, 'audit', before, earlier);
    });
  });
});
