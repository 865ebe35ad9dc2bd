import type { AuditEvents, AuditRequests } from '@gatehouse/audit-contracts';
import { EventPublisher, type RequestClient, RedisTransportModule } from '@gatehouse/redis-transport';
import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { firstValueFrom } from 'rxjs';
import { eventuallyHolds } from '../../../../test/support/eventually.js';
import { testRedisSettings } from '../../../../test/support/redis.js';
import { anEvent, AuditApi, AuditWorld } from './audit-fixture.js';

describe('audit.append', () => {
  const world = new AuditWorld();
  let app: NestFastifyApplication;
  let producer: INestApplicationContext;
  let audit: RequestClient<AuditRequests>;
  let identity: string;

  const append = (events: unknown[], token = world.writer) =>
    firstValueFrom(
      audit.send('audit.append', { events } as AuditRequests['audit.append']['payload'], { token }),
    );
  beforeAll(async () => {
    app = await world.start();
    const replica = await world.replica();
    await app.startAllMicroservices();
    await replica.startAllMicroservices();
    const module = await Test.createTestingModule({
      imports: [
        RedisTransportModule.forRootAsync({
          useFactory: () => ({
            ...{ service: 'auth', redis: testRedisSettings(), namespace: world.namespace },
            identity: () => Promise.resolve(identity),
          }),
        }),
        RedisTransportModule.registerClient({ name: 'AUDIT', service: 'audit' }),
      ],
    }).compile();
    identity = world.writer;
    producer = await module.init();
    audit = producer.get<RequestClient<AuditRequests>>('AUDIT');
  });

  afterAll(async () => {
    await producer.close();
    await world.stop();
  });

  it('appends over the transport, as the service that sends', async () => {
    const event = anEvent();
    const { results } = await append([event, { broken: true }]);
    expect(results).toMatchObject([
      { id: event.id, seq: 0 },
      { id: null, error: 'malformed' },
    ]);
    const { items } = await new AuditApi(app, world.reader).search();
    expect(items).toMatchObject([{ id: event.id, submittedBy: 'auth-service' }]);
  });

  it('stores each event once, however many replicas share the requests and however often it is sent', async () => {
    const events = Array.from({ length: 300 }, () => anEvent({ action: 'test.shared' }));
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => append(events.slice(index * 10, index * 10 + 20))),
    );
    const seqs = new Map<string, Set<number>>();
    for (const result of answers.flatMap(({ results }) => results)) {
      if ('error' in result) throw new Error(result.error);
      seqs.set(result.id, (seqs.get(result.id) ?? new Set()).add(result.seq));
    }
    expect(seqs.size).toBe(300);
    expect([...seqs.values()].every(({ size }) => size === 1)).toBe(true);
  });

  it('refuses a sender without the right, and a batch that is none', async () => {
    const stranger = await world.issuer.service('stranger', ['audit:read']);
    await expect(append([anEvent()], stranger)).rejects.toMatchObject({ type: 'insufficient-permission' });
    await expect(append([anEvent()], 'nonsense')).rejects.toMatchObject({ type: 'unauthenticated' });
    await expect(append([])).rejects.toMatchObject({ type: 'validation-failed', status: 400 });
  });

  it('takes events of producers without a database from the stream, once each, of who may append', async () => {
    const events: EventPublisher<AuditEvents> = producer.get(EventPublisher);
    const api = new AuditApi(app, world.reader);
    const [told, other] = [anEvent({ action: 'test.told' }), anEvent({ action: 'test.other' })];
    identity = await world.issuer.service('stranger', ['audit:read']);
    await events.emit('audit.recorded', other, { id: other.id });
    identity = world.writer;
    await events.emit('audit.recorded', told, { id: told.id });
    await events.emit('audit.recorded', told, { id: told.id });
    await eventuallyHolds(async () => {
      const { items } = await api.search('?action=test.*');
      expect(items.filter(({ action }) => action === 'test.told')).toHaveLength(1);
    });
    const { items } = await api.search('?action=test.other');
    expect(items).toEqual([]);
  });
});
