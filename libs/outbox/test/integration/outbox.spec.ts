import { DatabaseConnection, DatabaseModule } from '@gatehouse/database';
import { type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { eventuallyHolds } from '../../../../test/support/eventually.js';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import {
  CreateOutbox1700000000000,
  DeliveryRefusedError,
  Outbox,
  type OutboxDelivery,
  type OutboxDestination,
  OutboxMessage,
  OutboxModule,
  OutboxRelay,
  type OutboxVerdict,
} from '../../src/index.js';
import { OUTBOX_CHANNEL } from '../../src/outbox.js';
import { OutboxStore } from '../../src/outbox.store.js';
import { RelayAlarm } from '../../src/relay.alarm.js';

/** A destination as real ones are: it keeps what it takes by id, and what it takes twice it keeps once. */
class Ledger implements OutboxDestination {
  readonly topic = 'audit';
  readonly batchSize = 10;
  readonly batchLength = 10_000;
  readonly kept = new Map<string, number>();
  readonly order: number[] = [];
  away = false;
  loseNextAnswer = false;

  async deliver(messages: readonly OutboxDelivery[]): Promise<OutboxVerdict[]> {
    if (this.away) throw new Error('connect ECONNREFUSED');
    if (messages.some(({ payload }) => payload === 'poison'))
      throw new DeliveryRefusedError('payload-too-large');
    const verdicts = messages.map((message): OutboxVerdict => {
      if (message.payload === 'bad') return { id: message.id, accepted: false, reason: 'malformed' };
      const before = this.kept.get(message.id);
      if (before === undefined) this.order.push(message.producerSeq);
      else expect(before).toBe(message.producerSeq);
      this.kept.set(message.id, message.producerSeq);
      return { id: message.id, accepted: true };
    });
    if (this.loseNextAnswer) {
      this.loseNextAnswer = false;
      throw new Error('deadline-exceeded');
    }
    return verdicts;
  }
}

describe('the outbox', () => {
  let database: FreshDatabase;
  let ledger: Ledger;
  const started: INestApplicationContext[] = [];

  async function replica(destination: OutboxDestination = ledger): Promise<INestApplicationContext> {
    const module = await Test.createTestingModule({
      imports: [
        DatabaseModule.forRootAsync({
          useFactory: () => ({
            url: database.url,
            applicationName: 'outbox-test',
            entities: [OutboxMessage],
            migrations: [CreateOutbox1700000000000],
          }),
        }),
        OutboxModule,
      ],
    }).compile();
    module.useLogger(false);
    module.get(OutboxRelay).register(destination);
    await module.init();
    await module.get(DatabaseConnection).whenReady();
    started.push(module);
    return module;
  }

  const add = (app: INestApplicationContext, payload = 'good', id = uuidv7()) =>
    app
      .get(DataSource)
      .transaction((manager) => app.get(Outbox).add(manager, { id, topic: 'audit', payload }));
  const waiting = (app: INestApplicationContext) => app.get(DataSource).getRepository(OutboxMessage).count();
  const leads = (app: INestApplicationContext) => app.get(OutboxRelay).status.leads;
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

  beforeEach(async () => {
    database = await freshDatabase('outbox');
    ledger = new Ledger();
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((app) => app.close()));
    await database.drop();
  });

  it('ships what committed, in order, and nothing of what was rolled back, without a hole in the numbers', async () => {
    const app = await replica();
    for (let index = 0; index < 40; index++) {
      const work = app.get(DataSource).transaction(async (manager) => {
        await app.get(Outbox).add(manager, { id: uuidv7(), topic: 'audit', payload: 'good' });
        if (index % 3 === 0) throw new Error('changed my mind');
      });
      await work.catch(() => {});
    }
    await eventuallyHolds(() => expect(ledger.kept.size).toBe(26));
    expect(ledger.order).toEqual(upTo(26));
    await eventuallyHolds(async () => expect(await waiting(app)).toBe(0));
  });

  it('adds a message unless something is so, in one statement with the question', async () => {
    const app = await replica();
    const outbox = app.get(Outbox);
    const message = () => ({ id: uuidv7(), topic: 'audit', payload: 'good' });
    const isRefused = {
      sql: `EXISTS (SELECT FROM outbox_rejected WHERE reason = $1)`,
      parameters: ['enough'],
    };
    const addUnless = () => outbox.addUnless(app.get(DataSource), isRefused, message());
    expect(await addUnless()).toBe(true);
    await app.get(DataSource).query(
      `INSERT INTO outbox_rejected (id, topic, payload, created_at, producer_seq, reason)
       VALUES ($1, 'audit', '', now(), 0, 'enough')`,
      [uuidv7()],
    );
    expect(await addUnless()).toBe(false);
    await eventuallyHolds(() => expect(ledger.kept.size).toBe(1));
    expect(await waiting(app)).toBe(0);
  });

  it('keeps the payload byte for byte', async () => {
    const payload = '{"b": 1, "a":1.0,  "b":2}';
    const seen: string[] = [];
    const app = await replica({
      ...{ topic: 'audit', batchSize: 10, batchLength: 10_000 },
      deliver: async (messages) => {
        seen.push(...messages.map((message) => message.payload));
        return messages.map(({ id }) => ({ id, accepted: true }));
      },
    });
    await add(app, payload);
    await eventuallyHolds(() => expect(seen).toEqual([payload]));
  });

  it('does not miss a transaction that commits after later ones were shipped', async () => {
    const app = await replica();
    const slow = app.get(DataSource).createQueryRunner();
    await slow.startTransaction();
    await app.get(Outbox).add(slow.manager, { id: uuidv7(), topic: 'audit', payload: 'good' });
    await add(app);
    await add(app);
    await eventuallyHolds(() => expect(ledger.kept.size).toBe(2));
    await slow.commitTransaction();
    await slow.release();
    await eventuallyHolds(() => expect(ledger.order).toEqual([0, 1, 2]));
  });

  describe('when its relay never looks by itself', () => {
    const wait = Object.getOwnPropertyDescriptor(RelayAlarm.prototype, 'wait') ?? {};

    beforeEach(() => {
      Object.defineProperty(RelayAlarm.prototype, 'wait', {
        ...wait,
        value(this: RelayAlarm) {
          return (wait.value as RelayAlarm['wait']).call(this, 1_000_000);
        },
      });
    });

    afterEach(() => Object.defineProperty(RelayAlarm.prototype, 'wait', wait));

    it('ships with each commit of the process that relays, also of a single statement', async () => {
      const app = await replica();
      await eventuallyHolds(() => expect(leads(app)).toBe(true));
      await add(app);
      await eventuallyHolds(() => expect(ledger.kept.size).toBe(1));
      const message = { id: uuidv7(), topic: 'audit', payload: 'good' };
      await app.get(Outbox).add(app.get(DataSource), message);
      await eventuallyHolds(() => expect(ledger.kept.size).toBe(2));
      await app.get(DataSource).transaction(async (manager) => {
        const add = (payload: string) =>
          app.get(Outbox).add(manager, { id: uuidv7(), topic: 'audit', payload });
        await manager.transaction((inner) =>
          app.get(Outbox).add(inner, { id: uuidv7(), topic: 'audit', payload: 'good' }),
        );
        await add('good');
      });
      await eventuallyHolds(() => expect(ledger.kept.size).toBe(4));
    });

    it('ships with commits of other replicas, which tell after the commit and many at a time', async () => {
      const first = await replica();
      await eventuallyHolds(() => expect(leads(first)).toBe(true));
      const second = await replica();
      const listener = await second.get(DatabaseConnection).openClient('test');
      let told = 0;
      listener.on('notification', () => told++);
      await listener.query(`LISTEN ${OUTBOX_CHANNEL}`);
      for (let index = 0; index < 5; index++) {
        await add(second);
        await eventuallyHolds(() => expect(ledger.kept.size).toBe(index + 1));
      }
      expect(told).toBeGreaterThan(0);
      told = 0;
      await Promise.all(upTo(200).map(() => add(second)));
      await eventuallyHolds(() => expect(ledger.kept.size).toBe(205));
      expect(told).toBeLessThan(100);
      await listener.end();
    });
  });

  it('sends again what an answer was lost for, under the same number, and loses nothing in an outage', async () => {
    const app = await replica();
    ledger.loseNextAnswer = true;
    await add(app);
    await add(app);
    await eventuallyHolds(async () => expect(await waiting(app)).toBe(0));
    ledger.away = true;
    for (let index = 0; index < 25; index++) await add(app);
    await eventuallyHolds(() => expect(app.get(OutboxRelay).status.trouble).toContain('ECONNREFUSED'));
    expect(await waiting(app)).toBe(25);
    ledger.away = false;
    await eventuallyHolds(async () => expect(await waiting(app)).toBe(0));
    expect(ledger.order).toEqual(upTo(27));
    expect(app.get(OutboxRelay).status.trouble).toBeUndefined();
  });

  it('sets a refused message aside with the reason, and ships the others', async () => {
    const app = await replica();
    await Promise.all(['good', 'bad', 'good', 'poison', 'good'].map((payload) => add(app, payload)));
    await eventuallyHolds(() => expect(ledger.kept.size).toBe(3));
    await eventuallyHolds(async () => expect(await waiting(app)).toBe(0));
    const rejected: unknown = await app
      .get(DataSource)
      .query('SELECT payload, reason FROM outbox_rejected ORDER BY payload');
    expect(rejected).toEqual([
      { payload: 'bad', reason: 'malformed' },
      { payload: 'poison', reason: 'payload-too-large' },
    ]);
    expect(app.get(OutboxRelay).status).toMatchObject({ accepted: 3, refused: 2 });
  });

  it('has one relay at a time, and another takes over when it is cut off or stops', async () => {
    const first = await replica();
    await eventuallyHolds(() => expect(leads(first)).toBe(true));
    const second = await replica();
    await add(second);
    await eventuallyHolds(() => expect(ledger.kept.size).toBe(1));
    expect(leads(second)).toBe(false);
    await second.get(DataSource).query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE locktype = 'advisory' AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    await add(second);
    await eventuallyHolds(() => expect(ledger.kept.size).toBe(2));
    expect([leads(first), leads(second)].filter(Boolean)).toHaveLength(1);
    const [leader, other] = leads(first) ? [first, second] : [second, first];
    await leader.close();
    await add(other);
    await eventuallyHolds(() => expect(ledger.kept.size).toBe(3));
    expect(leads(other)).toBe(true);
    expect(ledger.order).toEqual([0, 1, 2]);
  });

  it('ships what is left when it shuts down', async () => {
    const app = await replica();
    await eventuallyHolds(() => expect(leads(app)).toBe(true));
    await Promise.all(upTo(30).map(() => add(app)));
    await app.close();
    expect(ledger.kept.size).toBe(30);
  });

  it('numbers without a gap or a double even when two relays number at once', async () => {
    ledger.away = true;
    const app = await replica();
    const connection = app.get(DatabaseConnection);
    const clients = await Promise.all(upTo(3).map(() => connection.openClient('test')));
    await Promise.all([
      ...upTo(300).map(() => add(app)),
      ...clients.map(async (client) => {
        for (let round = 0; round < 30; round++) await new OutboxStore(client).number('audit');
      }),
    ]);
    for (const client of clients) await new OutboxStore(client).number('audit');
    const rows = await app.get(DataSource).getRepository(OutboxMessage).find();
    const numbers = rows.map(({ producerSeq }) => Number(producerSeq)).sort((a, b) => a - b);
    expect(numbers).toEqual(upTo(300));
    await Promise.all(clients.map((client) => client.end()));
  });
});
