import { v7 as uuidv7 } from 'uuid';
import { type KillableRedis, startKillableRedis } from '../../tools/testing/killable-redis.mjs';
import { eventually } from '../support/eventually.js';
import { type FreshDatabase, freshDatabase } from '../support/postgres.js';
import { expectCurrent, type ReceiverState, range } from './broadcasts.js';
import { FaultWorld } from './fault-world.js';
import { type End, idsOf, messages, type OutgoingMessage } from './messages.js';
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
  beforeEach(async () => {
    redis = await startKillableRedis();
    world = new FaultWorld(redis.settings);
  });
  afterEach(async () => {
    await world.end();
    await redis.remove();
  });

  const distinct = (label: string, count: number): OutgoingMessage[] =>
    messages(label, count).map((message) => ({ ...message, id: uuidv7() }));

  it('by kill -9 leaves every request an end by its deadline, and comes back with what it had', async () => {
    const services = ['audit', 'audit', 'auth'].map((name) => world.service(name));
    const [client] = await Promise.all([world.client(), ...services]);
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
    const client = await world.client();
    await client.call('emit', { messages: messages('before', SOME) });
    const mark = await redis.mark();
    const inTheLastSecond = messages('after', SOME);
    await client.call('emit', { messages: inTheLastSecond });
    await redis.loseSince(mark);
    await redis.start();
    await world.service('audit');
    await expectHandledOnce(world, 'audit', messages('before', SOME));
    await expectEmptyStreams(world, ['{providers}:events']);

    // Whoever still has them publishes them again with the same ids.
    await client.call('emit', { messages: [...messages('before', SOME), ...inTheLastSecond] });
    await expectEmptyStreams(world, ['{providers}:events']);
    await expectHandledOnce(world, 'audit', [...messages('before', SOME), ...inTheLastSecond]);
  });

  it('and forgets acknowledgements delivers again, which changes nothing', async () => {
    const [client] = await Promise.all([world.client(), world.service('audit')]);
    const sent = messages('event', SOME, { gate: 'work' });
    await client.call('emit', { messages: sent });
    const begun = async (times: number) => (await world.ledger.runsOf('audit')).length === times * SOME;
    await eventually('all taken', () => begun(1));
    const mark = await redis.mark();
    await world.ledger.open('work');
    await expectEmptyStreams(world, ['{providers}:events']);
    await redis.loseSince(mark);
    await redis.start();
    await eventually('all delivered again', () => begun(2));
    await expectEmptyStreams(world, ['{providers}:events']);
    await expectHandledOnce(world, 'audit', sent);
  });

  it('and loses broadcasts makes receivers load anew, also when their numbers are given out again', async () => {
    const [client, receiver] = await Promise.all([world.client(), world.receiver()]);
    await client.call('revoke', range(1, SOME));
    await expectCurrent(receiver, SOME);
    const mark = await redis.mark();
    await client.call('revoke', range(SOME + 1, 2 * SOME));
    const before = await expectCurrent(receiver, 2 * SOME);
    receiver.pause();
    await redis.loseSince(mark);
    await redis.start();
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
    let database: FreshDatabase;
    beforeEach(async () => {
      database = await freshDatabase('outbox');
    });
    afterEach(() => database.drop());

    it('loses nothing that another service keeps before the row is deleted', async () => {
      const producer = await world.producer(database.url);
      const sent = distinct('audited', SOME);
      const mark = await redis.mark();
      await producer.call('commit', { topic: 'request', messages: sent });
      const waiting = world.key('{audit}:requests');
      await eventually('the requests', async () => (await world.redis.xlen(waiting)) === SOME);
      await redis.loseSince(mark);
      await redis.start();
      await world.service('audit');
      await eventually('an empty outbox', async () => (await producer.call<number>('kept')) === 0);
      expect(await world.ledger.effectsOf('audit')).toEqual(idsOf(sent));
    });

    it('loses events whose rows were deleted because Redis had them', async () => {
      const producer = await world.producer(database.url);
      const [before, inTheLastSecond] = [distinct('before', SOME), distinct('after', SOME)];
      const ship = async (shipped: OutgoingMessage[]) => {
        await producer.call('commit', { topic: 'event', messages: shipped });
        await eventually('an empty outbox', async () => (await producer.call<number>('kept')) === 0);
      };
      await ship(before);
      const mark = await redis.mark();
      await ship(inTheLastSecond);
      await redis.loseSince(mark);
      await redis.start();
      await world.service('audit');
      await expectHandledOnce(world, 'audit', before);
      await expectEmptyStreams(world, ['{providers}:events']);
    });
  });
});
