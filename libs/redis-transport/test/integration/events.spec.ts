import { DependencyUnavailableError } from '@gatehouse/problem-details';
import { EventPublisher, RedisTransportContext } from '@gatehouse/redis-transport';
import { Controller, type Type } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Observable } from 'rxjs';
import { eventually, TransportWorld } from './transport-fixture.js';

interface StatusChanged {
  provider: string;
}

interface ProviderEvents {
  'providers.status-changed': StatusChanged;
  'providers.retired': StatusChanged;
}

/** Handles `providers.status-changed` and notes each delivery; throws as long as `fails` says so. */
function subscriber(
  deliveries: { by: string; provider: string; count: number; headers: Record<string, string> }[],
  by: string,
  fails: (event: StatusChanged, count: number) => Error | undefined = () => undefined,
): Type {
  @Controller()
  class Subscriber {
    @EventPattern<string>('providers.status-changed')
    handle(@Payload() event: StatusChanged, @Ctx() context: RedisTransportContext): Observable<void> {
      const count = context.getDeliveryCount();
      deliveries.push({ by, provider: event.provider, count, headers: { ...context.getHeaders() } });
      return new Observable((observer) => {
        const timer = setImmediate(() => {
          const error = fails(event, count);
          if (error === undefined) observer.complete();
          else observer.error(error);
        });
        return () => clearImmediate(timer);
      });
    }
  }
  return Subscriber;
}

describe('events', () => {
  let world: TransportWorld;
  let deliveries: Parameters<typeof subscriber>[0];
  const stream = () => `${world.namespace}:{providers}:events`;
  const deadLetters = (service: string) => `${stream()}:dead:${service}`;
  const publisherOf = async () => {
    const app = await world.start({ service: 'provider-health', identity: async () => 'publisher-token' });
    return app.get<EventPublisher<ProviderEvents>>(EventPublisher);
  };

  beforeEach(() => {
    world = new TransportWorld();
    deliveries = [];
  });
  afterEach(() => world.end());

  it('are handled once by each of two services, with two replicas each', async () => {
    for (const service of ['audit', 'audit', 'alerts', 'alerts']) {
      await world.start({ service, controllers: [subscriber(deliveries, service)] });
    }
    const events = await publisherOf();
    const providers = Array.from({ length: 200 }, (_, index) => `provider-${index}`);
    await Promise.all(providers.map((provider) => events.emit('providers.status-changed', { provider })));
    await eventually(() => deliveries.length >= 400, '400 deliveries');
    for (const service of ['audit', 'alerts']) {
      const handled = deliveries.filter(({ by }) => by === service).map(({ provider }) => provider);
      expect(handled.sort()).toEqual([...providers].sort());
    }
  });

  it('wait for a subscriber that is deployed later', async () => {
    const events = await publisherOf();
    await events.emit('providers.status-changed', { provider: 'early' });
    await world.start({ service: 'audit', controllers: [subscriber(deliveries, 'audit')] });
    await eventually(() => deliveries.length === 1, 'the delivery');
  });

  it('carry their id and the identity of the service that published them', async () => {
    await world.start({ service: 'audit', controllers: [subscriber(deliveries, 'audit')] });
    const events = await publisherOf();
    await events.emit('providers.status-changed', { provider: 'p' }, { id: 'event-1', key: 'p' });
    await eventually(() => deliveries.length === 1, 'the delivery');
    expect(deliveries[0]?.headers).toMatchObject({
      'message-id': 'event-1',
      key: 'p',
      sender: 'provider-health',
      authorization: 'Bearer publisher-token',
    });
  });

  it('are delivered again when the handler failed, and others go on meanwhile', async () => {
    const fails = ({ provider }: StatusChanged, count: number) =>
      provider === 'shy' && count === 1 ? new Error('not yet') : undefined;
    await world.start({ service: 'audit', controllers: [subscriber(deliveries, 'audit', fails)] });
    const events = await publisherOf();
    await events.emit('providers.status-changed', { provider: 'shy' });
    await events.emit('providers.status-changed', { provider: 'bold' });
    await eventually(() => deliveries.length === 3, 'three deliveries');
    expect(deliveries.map(({ provider, count }) => `${provider} ${count}`)).toEqual([
      'shy 1',
      'bold 1',
      'shy 2',
    ]);
    await eventually(async () => (await world.redis.xlen(stream())) === 0, 'an empty stream');
  });

  it('are put aside without their token when they fail again and again', async () => {
    const fails = ({ provider }: StatusChanged) => (provider === 'poison' ? new Error('never') : undefined);
    await world.start({
      service: 'audit',
      controllers: [subscriber(deliveries, 'audit', fails)],
      limits: { maxDeliveries: 2 },
    });
    const events = await publisherOf();
    await events.emit('providers.status-changed', { provider: 'poison' });
    await events.emit('providers.status-changed', { provider: 'good' });
    await eventually(async () => (await world.redis.xlen(deadLetters('audit'))) === 1, 'the dead letter');
    const [, fields] = (await world.redis.xrange(deadLetters('audit'), '-', '+'))[0] ?? [];
    const letter = Object.fromEntries(
      (fields ?? []).flatMap((name, index, all) => (index % 2 === 0 ? [[name, all[index + 1]]] : [])),
    ) as Record<string, string>;
    expect(letter).toMatchObject({
      pattern: 'providers.status-changed',
      data: '{"provider":"poison"}',
      'delivery-count': '2',
    });
    expect(JSON.parse(letter['error'] ?? '')).toMatchObject({ type: 'internal-error' });
    expect(JSON.parse(letter['headers'] ?? '')).toHaveProperty('message-id');
    expect(letter['headers']).not.toContain('token');
    expect(deliveries.filter(({ provider }) => provider === 'good')).toHaveLength(1);
    await eventually(async () => (await world.redis.xlen(stream())) === 0, 'an empty stream');
  });

  it('wait, however often, while what the handler needs is away', async () => {
    let away = true;
    const fails = () => (away ? new DependencyUnavailableError('PostgreSQL') : undefined);
    await world.start({
      service: 'audit',
      controllers: [subscriber(deliveries, 'audit', fails)],
      limits: { maxDeliveries: 2, claimIdleMs: 100 },
    });
    const events = await publisherOf();
    await events.emit('providers.status-changed', { provider: 'p' });
    await eventually(() => deliveries.length > 4, 'more deliveries than are allowed');
    expect(deliveries.map(({ count }) => count)).toEqual(deliveries.map(() => 1));
    away = false;
    await eventually(async () => (await world.redis.xlen(stream())) === 0, 'an empty stream');
    expect(await world.redis.exists(deadLetters('audit'))).toBe(0);
  });

  it('that a service does not ask for are passed over', async () => {
    await world.start({ service: 'audit', controllers: [subscriber(deliveries, 'audit')] });
    const events = await publisherOf();
    await events.emit('providers.retired', { provider: 'p' });
    await eventually(async () => (await world.redis.xlen(stream())) === 0, 'an empty stream');
    expect(deliveries).toEqual([]);
  });

  it('are kept until the slowest service has handled them, and refused when there are too many', async () => {
    const events = (await world.start({ service: 'provider-health', limits: { maxQueuedEvents: 3 } })).get<
      EventPublisher<ProviderEvents>
    >(EventPublisher);
    await world.redis.xgroup('CREATE', stream(), 'slow', '0', 'MKSTREAM');
    await world.start({ service: 'audit', controllers: [subscriber(deliveries, 'audit')] });
    for (const provider of ['a', 'b', 'c']) await events.emit('providers.status-changed', { provider });
    await eventually(() => deliveries.length === 3, 'three deliveries');
    await expect(events.emit('providers.status-changed', { provider: 'd' })).rejects.toMatchObject({
      type: 'overloaded',
      status: 503,
    });
    expect(await world.redis.xlen(stream())).toBe(3);
    const read = (await world.redis.xreadgroup(
      'GROUP',
      'slow',
      'one',
      'COUNT',
      1,
      'STREAMS',
      stream(),
      '>',
    )) as [string, [string][]][];
    await world.redis.xack(stream(), 'slow', read[0]?.[1][0]?.[0] ?? '');
    await events.emit('providers.status-changed', { provider: 'd' });
    expect(await world.redis.xlen(stream())).toBe(3);
  });

  it('that nobody has ever asked for keep only the newest', async () => {
    const app = await world.start({ service: 'provider-health', limits: { maxQueuedEvents: 3 } });
    const events = app.get<EventPublisher<ProviderEvents>>(EventPublisher);
    for (const provider of ['a', 'b', 'c', 'd', 'e'])
      await events.emit('providers.status-changed', { provider });
    expect(await world.redis.xlen(stream())).toBe(3);
  });
});
