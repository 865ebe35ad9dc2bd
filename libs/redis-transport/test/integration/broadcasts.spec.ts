import { type BroadcastHandler, BroadcastReceiver, Broadcaster } from '@gatehouse/redis-transport';
import { RedisDoor } from '../../../../test/support/redis-door.js';
import { eventually, redisSettings, TransportWorld } from './transport-fixture.js';

interface Revocation {
  session: string;
}

interface AuthBroadcasts {
  'auth.revoked': Revocation;
}

const position = (world: TransportWorld) => `${world.namespace}:{auth}:broadcasts:auth.revoked`;
const tail = (world: TransportWorld) => `${position(world)}:tail`;

/** A receiver that notes what is applied and how often it loads. */
function noting(): BroadcastHandler<Revocation> & { applied: string[]; reloads: number } {
  return {
    applied: [],
    reloads: 0,
    apply({ session }) {
      this.applied.push(session);
    },
    reload() {
      this.reloads++;
    },
  };
}

describe('broadcasts', () => {
  let world: TransportWorld;
  let broadcaster: Broadcaster<AuthBroadcasts>;

  const receive = async (handler: BroadcastHandler<Revocation>, redis = redisSettings) => {
    const app = await world.start({ service: 'audit', redis });
    const feed = app
      .get<BroadcastReceiver<AuthBroadcasts>>(BroadcastReceiver)
      .subscribe('auth.revoked', handler);
    await eventually(() => feed.sequence !== undefined, 'the first load');
    return feed;
  };
  beforeEach(async () => {
    world = new TransportWorld();
    broadcaster = (await world.start({ service: 'auth' })).get(Broadcaster);
  });
  afterEach(() => world.end());

  it('reach every process, each once and in sequence', async () => {
    await broadcaster.publish('auth.revoked', { session: 'first' });
    const receivers = [noting(), noting()];
    for (const receiver of receivers) await receive(receiver);
    const sessions = Array.from({ length: 100 }, (_, index) => `s${index}`);
    for (const session of sessions) await broadcaster.publish('auth.revoked', { session });
    await eventually(() => receivers.every(({ applied }) => applied.length >= 100), 'the broadcasts');
    for (const { applied } of receivers) expect(applied).toEqual(sessions);
  });

  it('carry no token, and wait for none', async () => {
    const identity = () => Promise.reject(new Error('No token is to be had'));
    const app = await world.start({ service: 'provider-health', identity });
    const received: Readonly<Record<string, string>>[] = [];
    await receive({
      apply: (_revocation, headers) => void received.push(headers),
      reload: () => undefined,
    });
    await app.get<Broadcaster<AuthBroadcasts>>(Broadcaster).publish('auth.revoked', { session: 'one' });
    await eventually(() => received.length === 1, 'the broadcast');
    expect(received[0]).toMatchObject({ sender: 'provider-health' });
    expect(received[0]).not.toHaveProperty('authorization');
  });

  it('that were missed are applied from the tail, without loading', async () => {
    await broadcaster.publish('auth.revoked', { session: 'first' });
    const receiver = noting();
    const proxy = await new RedisDoor().open();
    const feed = await receive(receiver, proxy.settings);
    await proxy.close();
    for (const session of ['a', 'b', 'c']) await broadcaster.publish('auth.revoked', { session });
    expect(receiver.applied).toEqual([]);
    await proxy.open();
    await eventually(() => feed.sequence === 4, 'sequence 4');
    expect(receiver.applied).toEqual(['a', 'b', 'c']);
    expect(receiver.reloads).toBe(1);
    await proxy.close();
  });

  it('that were missed and are not kept any more make it load anew', async () => {
    await broadcaster.publish('auth.revoked', { session: 'first' });
    const receiver = noting();
    const feed = await receive(receiver);
    await world.redis
      .multi()
      .hincrby(position(world), 'sequence', 5)
      .del(tail(world))
      .xadd(tail(world), '6-0', 'headers', '{"message-id":"six"}', 'data', '{"session":"six"}')
      .exec();
    await eventually(() => feed.sequence === 6, 'sequence 6');
    expect(receiver.applied).toEqual([]);
    expect(receiver.reloads).toBe(2);
    await broadcaster.publish('auth.revoked', { session: 'seven' });
    await eventually(() => receiver.applied.length === 1, 'the next broadcast');
  });

  it('of another generation make it load anew', async () => {
    await broadcaster.publish('auth.revoked', { session: 'first' });
    const receiver = noting();
    const feed = await receive(receiver);
    const before = feed.generation;
    await world.redis.del(position(world), tail(world));
    await broadcaster.publish('auth.revoked', { session: 'again' });
    await eventually(() => feed.generation !== before && feed.sequence === 1, 'the new generation');
    expect(receiver.reloads).toBeGreaterThan(1);
  });

  it('that Redis forgot and numbered again make it load anew', async () => {
    for (const session of ['a', 'b']) await broadcaster.publish('auth.revoked', { session });
    const receiver = noting();
    const feed = await receive(receiver);
    // A crash that lost the last write, and another broadcast in its place.
    await world.redis
      .multi()
      .del(tail(world))
      .xadd(tail(world), '1-0', 'headers', '{"message-id":"a"}', 'data', '{}')
      .xadd(tail(world), '2-0', 'headers', '{"message-id":"other"}', 'data', '{}')
      .exec();
    await eventually(() => receiver.reloads === 2, 'the second load');
    expect(feed.sequence).toBe(2);
  });

  it('are followed again after applying or loading failed', async () => {
    await broadcaster.publish('auth.revoked', { session: 'first' });
    const receiver = noting();
    let failures = 0;
    const feed = await receive({
      apply: (revocation, headers) => receiver.apply(revocation, headers),
      reload() {
        if (receiver.reloads++ === 1) throw new Error('the snapshot is away');
      },
    });
    const apply = receiver.apply.bind(receiver);
    receiver.apply = (revocation, headers) => {
      if (failures++ === 0) throw new Error('odd');
      return apply(revocation, headers);
    };
    await broadcaster.publish('auth.revoked', { session: 'second' });
    await eventually(() => receiver.reloads === 3 && feed.sequence === 2, 'the third load');
  });

  it('have an age that stays small without a sender and grows without Redis', async () => {
    const feed = await receive(noting());
    await eventually(() => feed.ageMs() < 1_000, 'a small age');
    const before = feed.ageMs();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await eventually(() => feed.ageMs() < before + 250, 'an age that was renewed');
    await feed.stop();
    const stopped = feed.ageMs();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(feed.ageMs()).toBeGreaterThan(stopped);
  });
});
