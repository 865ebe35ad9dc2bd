import { DatabaseConnection, DatabaseModule } from '@gatehouse/database';
import { CreateOutbox1700000000000, OutboxMessage } from '@gatehouse/outbox';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { eventuallyHolds } from '../../../../test/support/eventually.js';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { freshNamespace, removeNamespace } from '../../../../test/support/redis.js';
import { AuditClientModule, type AuditEntry, SecurityAudit } from '../../src/index.js';
import { AppendStandIn, transportOf } from './append.stand-in.js';

const entry = (action = 'test.done'): AuditEntry => ({
  action,
  outcome: 'success',
  actor: { type: 'system' },
});

describe('the audit client', () => {
  let database: FreshDatabase;
  let namespace: string;
  const started: INestApplicationContext[] = [];

  let audited: AppendStandIn;

  async function startAuditService(): Promise<void> {
    started.push(await audited.start(namespace));
  }

  async function startProducer(): Promise<INestApplicationContext> {
    const module = await Test.createTestingModule({
      imports: [
        transportOf('orders', namespace),
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
    audited = new AppendStandIn();
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
    await eventuallyHolds(() => expect(audited.stored.size).toBe(2));
    expect(audited.stored.get(id)).toMatchObject({
      category: 'provider',
      action: 'order.paid',
      context: { service: 'orders' },
      producer: 'orders',
      producerSeq: 1,
      seq: 1,
    });
    await eventuallyHolds(async () => expect(await waiting(app)).toBe(0));
    expect(audited.authorizations).toEqual(new Set(['Bearer token-of-orders']));
  });

  it('keeps events while audit-service is away and delivers each when it comes', async () => {
    const app = await startProducer();
    const audit = app.get(SecurityAudit);
    const ids = await Promise.all(Array.from({ length: 450 }, () => audit.logAccessEvent(entry())));
    expect(await waiting(app)).toBe(450);
    audited.deliveries = 0;
    await startAuditService();
    await eventuallyHolds(async () => expect(await waiting(app)).toBe(0));
    expect([...audited.stored.keys()].sort()).toEqual(ids.sort());
    expect(
      [...audited.stored.values()]
        .map(({ producerSeq }) => producerSeq)
        .sort((a, b) => Number(a) - Number(b)),
    ).toEqual(ids.map((_, index) => index));
    expect(audited.deliveries).toBeGreaterThanOrEqual(3);
  });

  it('sets aside what is refused, alone or with its whole delivery, and tells the rest', async () => {
    const app = await startProducer();
    const audit = app.get(SecurityAudit);
    for (const action of ['test.done', 'test.invalid', 'test.done', 'test.malformed', 'test.done']) {
      await audit.logEvent('admin', entry(action));
    }
    await startAuditService();
    await eventuallyHolds(() => expect(audited.stored.size).toBe(3));
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
    await eventuallyHolds(() => expect(audited.stored.size).toBe(1));
    await Promise.all(Array.from({ length: 20 }, () => app.get(SecurityAudit).logAuthEvent(entry())));
    await app.close();
    expect(audited.stored.size).toBe(21);
  });
});
