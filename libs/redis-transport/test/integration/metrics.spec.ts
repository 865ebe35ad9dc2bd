import { EventPublisher, RedisTransportMetrics, type RequestClient } from '@gatehouse/redis-transport';
import { Controller, type INestApplication } from '@nestjs/common';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { RedisDoor } from '../../../../test/support/redis-door.js';
import { eventually, TransportWorld } from './transport-fixture.js';

interface AuditRequests {
  'audit.note': { payload: Record<string, never>; answer: number };
  'audit.nowhere': { payload: Record<string, never>; answer: number };
}

interface ProviderEvents {
  'providers.status-changed': { provider: string };
}

describe('metrics', () => {
  let world: TransportWorld;
  let hold: Promise<void> | undefined;
  const requests = () => `${world.namespace}:{audit}:requests`;
  const events = () => `${world.namespace}:{providers}:events`;

  @Controller()
  class AuditController {
    @MessagePattern('audit.note')
    async note() {
      await hold;
      return 1;
    }

    @EventPattern<string>('providers.status-changed')
    changed() {
      throw new Error('never');
    }
  }
  const audit = (options = {}) =>
    world.start({
      service: 'audit',
      controllers: [AuditController],
      limits: { maxDeliveries: 2, claimIdleMs: 100, maxDeadLetters: 1 },
      ...options,
    });
  /** The values of a metric, by its labels. */
  const read = async (app: INestApplication, name: string) => {
    const metric = app.get(RedisTransportMetrics).registry.getSingleMetric(name);
    const { values } = (await metric?.get()) ?? { values: [] };
    return Object.fromEntries(
      values.map(({ labels, value }) => [Object.values(labels).join(' '), value]),
    ) as Record<string, number>;
  };

  beforeEach(() => {
    world = new TransportWorld();
    hold = undefined;
  });
  afterEach(() => world.end());

  it('tell what waits and what is at work', async () => {
    const client = await world.start({ service: 'auth', asks: ['audit'] });
    const app = await audit({ limits: { maxInFlight: 2, claimIdleMs: 5_000 } });
    let release: () => void = () => undefined;
    hold = new Promise((resolve) => (release = resolve));
    const ask = () =>
      firstValueFrom(client.get<RequestClient<AuditRequests>>('audit').send('audit.note', {}));
    const answers = [ask(), ask(), ask()];
    await eventually(
      async () => (await read(app, 'gatehouse_transport_in_flight'))[requests()] === 2,
      'two at work',
    );
    expect((await read(app, 'gatehouse_transport_queue_length'))[requests()]).toBe(3);
    expect((await read(app, 'gatehouse_transport_oldest_age_seconds'))[requests()]).toBeGreaterThan(0);
    expect(await read(client, 'gatehouse_transport_awaiting_replies')).toEqual({ '': 3 });
    release();
    await Promise.all(answers);
    await eventually(
      async () => (await read(app, 'gatehouse_transport_queue_length'))[requests()] === 0,
      'an empty queue',
    );
    expect(await read(client, 'gatehouse_transport_awaiting_replies')).toEqual({ '': 0 });
    expect(await read(app, 'gatehouse_transport_deliveries_total')).toEqual({ [`${requests()} done`]: 3 });
  });

  it('tell how long answers took and what they were', async () => {
    const app = await world.start({ service: 'auth', asks: ['audit'] });
    await audit();
    const client = app.get<RequestClient<AuditRequests>>('audit');
    await firstValueFrom(client.send('audit.note', {}));
    await firstValueFrom(client.send('audit.nowhere', {})).catch(() => undefined);
    const text = await app.get(RedisTransportMetrics).registry.metrics();
    expect(text).toContain(
      'gatehouse_transport_reply_seconds_count{service="audit",pattern="audit.note",outcome="answer"} 1',
    );
    expect(text).toContain(
      'gatehouse_transport_reply_seconds_count{service="audit",pattern="audit.nowhere",outcome="unknown-pattern"} 1',
    );
  });

  it('count claims, deliveries after the first, and dead letters', async () => {
    const app = await audit();
    const publisher = (await world.start({ service: 'provider-health' })).get<EventPublisher<ProviderEvents>>(
      EventPublisher,
    );
    for (const provider of ['a', 'b']) await publisher.emit('providers.status-changed', { provider });
    const stream = events();
    const count = async (name: string) => (await read(app, `gatehouse_transport_${name}_total`))[stream];
    await eventually(async () => (await count('dead_letters')) === 2, 'the dead letters');
    expect(await count('claims')).toBe(2);
    expect(await count('redeliveries')).toBe(2);
    expect(await count('dead_letters_dropped')).toBe(1);
    expect(await read(app, 'gatehouse_transport_deliveries_total')).toEqual({
      [`${stream} retry`]: 2,
      [`${stream} bury`]: 2,
    });
  });

  it('count what was sent again', async () => {
    const way = await new RedisDoor().open();
    const app = await world.start({
      service: 'auth',
      asks: ['audit'],
      idempotent: ['audit.note'],
      redis: way.settings,
    });
    await audit();
    await way.close();
    const answer = firstValueFrom(app.get<RequestClient<AuditRequests>>('audit').send('audit.note', {}));
    await eventually(
      async () => ((await read(app, 'gatehouse_transport_resends_total'))['audit'] ?? 0) > 0,
      'another try',
    );
    await way.open();
    expect(await answer).toBe(1);
    await way.close();
  });

  it('leave out what only Redis knows while it is away, and go on', async () => {
    const way = await new RedisDoor().open();
    const app = await audit({ redis: way.settings });
    await eventually(async () => requests() in (await read(app, 'gatehouse_transport_queue_length')));
    await way.close();
    await eventually(
      async () => !(requests() in (await read(app, 'gatehouse_transport_queue_length'))),
      'no length',
    );
    expect(await read(app, 'gatehouse_transport_in_flight')).toMatchObject({ [requests()]: 0 });
  });
});
