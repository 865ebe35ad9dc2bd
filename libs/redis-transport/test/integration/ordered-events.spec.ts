import { EventPublisher } from '@gatehouse/redis-transport';
import { Controller, type Type } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { eventually, TransportWorld } from './transport-fixture.js';

interface StatusChanged {
  provider: string;
  n: number;
}

interface ProviderEvents {
  'providers.status-changed': StatusChanged;
  'providers.retired': StatusChanged;
}

describe("events that are handled in order, `ordered: 'key'`", () => {
  let world: TransportWorld;
  let begun: StatusChanged[];
  let ended: StatusChanged[];
  let atWork: Map<string, number>;
  let work: (event: StatusChanged) => Promise<void>;
  const stream = () => `${world.namespace}:{providers}:events`;
  const empty = async () => (await world.redis.xlen(stream())) === 0;
  const of = (events: StatusChanged[], provider: string) =>
    events.filter((event) => event.provider === provider).map(({ n }) => n);
  const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

  function subscriber(): Type {
    @Controller()
    class Subscriber {
      @EventPattern<string>('providers.status-changed', { ordered: 'key' })
      async changed(@Payload() event: StatusChanged) {
        begun.push(event);
        const together = (atWork.get(event.provider) ?? 0) + 1;
        atWork.set(event.provider, together);
        try {
          if (together > 1) throw new Error('two at once');
          await work(event);
          ended.push(event);
        } finally {
          atWork.set(event.provider, (atWork.get(event.provider) ?? 0) - 1);
        }
      }
    }
    return Subscriber;
  }
  const replica = (limits = {}) => world.start({ service: 'audit', controllers: [subscriber()], limits });
  const publisher = async () => {
    const app = await world.start({ service: 'provider-health' });
    return app.get<EventPublisher<ProviderEvents>>(EventPublisher);
  };
  const emit = (events: EventPublisher<ProviderEvents>, provider: string, n: number) =>
    events.emit('providers.status-changed', { provider, n }, { key: provider });

  beforeEach(() => {
    world = new TransportWorld();
    begun = [];
    ended = [];
    atWork = new Map();
    work = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
  });
  afterEach(() => world.end());

  it('come one by one for each key, over all replicas, and different keys at the same time', async () => {
    const events = await publisher();
    for (const n of upTo(50)) for (const provider of ['a', 'b', 'c']) await emit(events, provider, n);
    await replica({ batchSize: 7, claimIdleMs: 5_000 });
    await replica({ batchSize: 7, claimIdleMs: 5_000 });
    await eventually(empty, 'an empty stream');
    for (const provider of ['a', 'b', 'c']) expect(of(ended, provider)).toEqual(upTo(50));
    expect(begun).toHaveLength(150);
    expect(begun.map(({ provider }) => provider).join('')).not.toBe('abc'.repeat(50));
  });

  it('wait for one that failed, while others go on', async () => {
    let failures = 2;
    work = ({ provider, n }) =>
      provider === 'a' && n === 0 && failures-- > 0
        ? Promise.reject(new Error('not yet'))
        : Promise.resolve();
    await replica({ claimIdleMs: 100 });
    const events = await publisher();
    for (const n of upTo(5)) for (const provider of ['a', 'b']) await emit(events, provider, n);
    await eventually(() => of(ended, 'b').length === 5, 'the other key');
    expect(of(ended, 'a')).toEqual([]);
    await eventually(empty, 'an empty stream');
    expect(of(ended, 'a')).toEqual(upTo(5));
    expect(of(begun, 'a')).toEqual([0, 0, 0, 1, 2, 3, 4]);
  });

  it('go on after one that was put aside', async () => {
    work = ({ n }) => (n === 0 ? Promise.reject(new Error('never')) : Promise.resolve());
    await replica({ claimIdleMs: 100, maxDeliveries: 2 });
    const events = await publisher();
    for (const n of upTo(4)) await emit(events, 'a', n);
    await eventually(empty, 'an empty stream');
    expect(of(ended, 'a')).toEqual([1, 2, 3]);
    expect(await world.redis.xlen(`${stream()}:dead:audit`)).toBe(1);
  });

  it('go on after a consumer died with the first one, though others take every place', async () => {
    const events = await publisher();
    await world.redis.xgroup('CREATE', stream(), 'audit', '0', 'MKSTREAM');
    for (const n of upTo(20)) await emit(events, 'a', n);
    await world.redis.xreadgroup('GROUP', 'audit', 'dead', 'COUNT', 2, 'STREAMS', stream(), '>');
    await replica({ maxInFlight: 3 });
    await eventually(empty, 'an empty stream');
    expect(of(begun, 'a')).toEqual(upTo(20));
  });

  it('wait for others of the owner with the same key, which their service passes over', async () => {
    await replica();
    const events = await publisher();
    await emit(events, 'a', 0);
    await events.emit('providers.retired', { provider: 'a', n: 1 }, { key: 'a' });
    await emit(events, 'a', 2);
    await eventually(empty, 'an empty stream');
    expect(of(ended, 'a')).toEqual([0, 2]);
  });

  it('are left to others when their consumer stops', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    work = ({ n }) => (n === 0 ? released : Promise.resolve());
    const app = await replica();
    const events = await publisher();
    for (const n of upTo(3)) await emit(events, 'a', n);
    await eventually(() => begun.length === 1, 'the first');
    const closed = app.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    release();
    await closed;
    expect(of(begun, 'a')).toEqual([0]);
    await replica();
    await eventually(empty, 'an empty stream');
    expect(of(ended, 'a')).toEqual([0, 1, 2]);
  });

  it('leave nothing behind of their keys', async () => {
    await replica();
    const events = await publisher();
    await Promise.all(upTo(2_000).map((n) => emit(events, `provider-${n}`, n)));
    expect(await world.redis.exists(`${stream()}:keys`)).toBe(1);
    await eventually(async () => (await world.redis.exists(`${stream()}:keys`)) === 0, 'no keys');
    expect(ended).toHaveLength(2_000);
  });
});
