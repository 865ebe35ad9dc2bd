// A service with an outbox: what it commits is told to `audit` by a request, or to everybody by an event.
import 'reflect-metadata';
import { DatabaseConnection, DatabaseModule } from '@gatehouse/database';
import {
  CreateOutbox1700000000000,
  Outbox,
  OutboxMessage,
  OutboxModule,
  OutboxRelay,
} from '@gatehouse/outbox';
import { EventPublisher, RedisTransportModule } from '@gatehouse/redis-transport';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { firstValueFrom } from 'rxjs';
import { DataSource } from 'typeorm';
import { options, serve } from './child.mjs';

const { transport, database } = options;
const AUDIT = Symbol('AUDIT');

const batch = { batchSize: 50, batchLength: 512 * 1024 };

/** Delivers each message of a topic by itself; it is accepted when `deliver` resolves. */
const destination = (topic, deliver) => ({
  topic,
  ...batch,
  deliver: (messages) =>
    Promise.all(
      messages.map(async ({ id, payload }) => {
        await deliver(id, JSON.parse(payload));
        return { id, accepted: true };
      }),
    ),
});

function registerDestinations(relay, audit, events) {
  // As audit events: a message is accepted when the service that keeps it has answered.
  relay.register(
    destination('request', (id, task) =>
      firstValueFrom(audit.send('audit.note', task, { id, timeoutMs: 3_000 })),
    ),
  );
  // As changes of status: a message is accepted when Redis has it.
  relay.register(destination('event', (id, task) => events.emit('providers.noted', task, { id })));
}

class AppModule {}
Module({
  imports: [
    RedisTransportModule.forRootAsync({ useFactory: () => ({ service: 'producer', ...transport }) }),
    RedisTransportModule.registerClient({ name: AUDIT, service: 'audit' }),
    DatabaseModule.forRootAsync({
      useFactory: () => ({
        url: database,
        applicationName: 'producer',
        entities: [OutboxMessage],
        migrations: [CreateOutbox1700000000000],
      }),
    }),
    OutboxModule,
  ],
  providers: [
    {
      provide: 'DESTINATIONS',
      inject: [OutboxRelay, AUDIT, EventPublisher],
      useFactory: registerDestinations,
    },
  ],
})(AppModule);

const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
await app.get(DatabaseConnection).whenReady();
serve({
  /** Commits messages of a topic, all in one transaction. */
  commit: ({ topic, messages }) =>
    app.get(DataSource).transaction(async (manager) => {
      for (const { id, task } of messages)
        await app.get(Outbox).add(manager, { id, topic, payload: JSON.stringify(task) });
    }),
  /** How many messages have not been accepted yet. */
  kept: () => app.get(DataSource).getRepository(OutboxMessage).count(),
});
