import type { AppendResult, AuditEvent } from '@gatehouse/audit-contracts';
import { DatabaseConnection, DatabaseModule } from '@gatehouse/database';
import { CreateOutbox1700000000000, OutboxMessage } from '@gatehouse/outbox';
import { ProblemFilter, ValidationFailedError } from '@gatehouse/problem-details';
import {
  connectRedisTransport,
  RedisTransportContext,
  RedisTransportModule,
} from '@gatehouse/redis-transport';
import { Controller, type INestApplication, type INestApplicationContext, Logger } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { eventuallyHolds } from '../../../../test/support/eventually.js';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { freshNamespace, removeNamespace, testRedisSettings } from '../../../../test/support/redis.js';
import { AuditClientModule, type AuditEntry, SecurityAudit } from '../../src/index.js';

const stored = new Map<string, AuditEvent & { seq: number }>();
const authorizations = new Set<string | undefined>();
let deliveries = 0;

/** What audit-service answers, without its log: events are kept by id. */
@Controller()
class AppendController {
  @MessagePattern('audit.append')
  append(@Payload() { events }: { events: AuditEvent[] }, @Ctx() context: RedisTransportContext) {
    deliveries++;
    authorizations.add(context.getHeader('authorization'));
    if (events.some(({ action }) => action === 'test.invalid')) throw new ValidationFailedError([]);
    const results = events.map((event): AppendResult => {
      if (event.action === 'test.malformed') return { id: event.id, error: 'malformed' };
      const seq = stored.get(event.id)?.seq ?? stored.size;
      stored.set(event.id, { ...event, seq });
      return { id: event.id, seq, leafHash: 'aGFzaA==' };
    });
    return { results };
  }
}

const entry = (action = 'test.done'): AuditEntry => ({
  action,
  outcome: 'success',
  actor: { type: 'system' },
});

describe('the audit client', () => {
  let database: FreshDatabase;
  let namespace: string;
  const started: INestApplicationContext[] = [];

  const transport = (service: string) =>
    RedisTransportModule.forRootAsync({
      useFactory: () => ({
        service,
        redis: testRedisSettings(),
        namespace,
        identity: () => Promise.resolve(`token-of-${service}`),
      }),
    });

  async function startAuditService(): Promise<INestApplication> {
    const module = await Test.createTestingModule({
      imports: [transport('audit')],
      controllers: [AppendController],
    }).compile();
    const app: INestApplication = module.createNestApplication(new FastifyAdapter());
    app.useGlobalFilters(new ProblemFilter());
    connectRedisTransport(app, { service: 'audit' });
    await app.startAllMicroservices();
    await app.init();
    started.push(app);
    return app;
  }

  async function startProducer(): Promise<INestApplicationContext> {
    const module = await Test.createTestingModule({
      imports: [
        transport('orders'),
        DatabaseModule.forRootAsync({
          useFactory: () => ({
            url: database.url,
            applicationName: 'orders',
            entities: [OutboxMessage],
            migrations: [CreateOutbox1700000000000],
          }),
        }),
        AuditClientModule.forRoot({ producer: 'orders' }),
      ],
    }).compile();
    await module.init();
    await module.get(DatabaseConnection).whenReady();
    started.push(module);
    return module;
  }

  const waiting = (app: INestApplicationContext) => app.get(DataSource).getRepository(OutboxMessage).count();

  beforeAll(() => void Logger.overrideLogger(false));

  beforeEach(async () => {
    database = await freshDatabase('audit_client');
    namespace = freshNamespace('audit-client');
    stored.clear();
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((app) => app.close()));
    await removeNamespace(namespace);
    await database.drop();
  });

  it('tells what committed, numbered, as the service itself, and keeps silent of what did not', async () => {
    await startAuditService();
    const app = await startProducer();
    const audit = app.get(SecurityAudit);
    await audit.logAuthEvent(entry('auth.login'));
    await app
      .get(DataSource)
      .transaction(async (manager) => {
        await audit.enlist(manager).logAccessEvent(entry('order.cancelled'));
        throw new Error('rolled back');
      })
      .catch(() => {});
    const id = await app
      .get(DataSource)
      .transaction((manager) => audit.enlist(manager).logProviderEvent(entry('order.paid')));
    await eventuallyHolds(() => expect(stored.size).toBe(2));
    expect(stored.get(id)).toMatchObject({
      category: 'provider',
      action: 'order.paid',
      context: { service: 'orders' },
      producer: 'orders',
      producerSeq: 1,
      seq: 1,
    });
    await eventuallyHolds(async () => expect(await waiting(app)).toBe(0));
    expect(authorizations).toEqual(new Set(['Bearer token-of-orders']));
  });

  it('keeps events while audit-service is away and delivers each when it comes', async () => {
    const app = await startProducer();
    const audit = app.get(SecurityAudit);
    const ids = await Promise.all(Array.from({ length: 450 }, () => audit.logAccessEvent(entry())));
    expect(await waiting(app)).toBe(450);
    deliveries = 0;
    await startAuditService();
    await eventuallyHolds(async () => expect(await waiting(app)).toBe(0));
    expect([...stored.keys()].sort()).toEqual(ids.sort());
    expect(
      [...stored.values()].map(({ producerSeq }) => producerSeq).sort((a, b) => Number(a) - Number(b)),
    ).toEqual(ids.map((_, index) => index));
    expect(deliveries).toBeGreaterThanOrEqual(3);
  });

  it('sets aside what is refused, alone or with its whole delivery, and tells the rest', async () => {
    const app = await startProducer();
    const audit = app.get(SecurityAudit);
    for (const action of ['test.done', 'test.invalid', 'test.done', 'test.malformed', 'test.done']) {
      await audit.logEvent('admin', entry(action));
    }
    await startAuditService();
    await eventuallyHolds(() => expect(stored.size).toBe(3));
    await eventuallyHolds(async () => expect(await waiting(app)).toBe(0));
    const rejected: unknown = await app
      .get(DataSource)
      .query('SELECT reason FROM outbox_rejected ORDER BY reason');
    expect(rejected).toEqual([{ reason: 'malformed' }, { reason: 'validation-failed' }]);
  });

  it('delivers what is left before it shuts down', async () => {
    await startAuditService();
    const app = await startProducer();
    await app.get(SecurityAudit).logAuthEvent(entry());
    await eventuallyHolds(() => expect(stored.size).toBe(1));
    await Promise.all(Array.from({ length: 20 }, () => app.get(SecurityAudit).logAuthEvent(entry())));
    await app.close();
    expect(stored.size).toBe(21);
  });
});
