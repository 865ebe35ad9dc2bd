// A service with a database that tells audit events in its transactions, and keeps a ledger of those that committed.
import 'reflect-metadata';
import { AuditClientModule, SecurityAudit } from '@gatehouse/audit-client';
import { DatabaseConnection, DatabaseModule } from '@gatehouse/database';
import { CreateOutbox1700000000000, OutboxMessage } from '@gatehouse/outbox';
import { RedisTransportModule } from '@gatehouse/redis-transport';
import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { options, serve } from './child.mjs';

Logger.overrideLogger(false);
const { service, database, redis, token } = options;

class CreateLedger1700000000001 {
  async up(runner) {
    await runner.query('CREATE TABLE ledger (event_id uuid PRIMARY KEY)');
  }
  async down(runner) {
    await runner.query('DROP TABLE ledger');
  }
}

class Producer {}
Module({
  imports: [
    DatabaseModule.forRootAsync({
      useFactory: () => ({
        ...{ url: database, applicationName: service, entities: [OutboxMessage] },
        migrations: [CreateOutbox1700000000000, CreateLedger1700000000001],
      }),
    }),
    RedisTransportModule.forRootAsync({
      useFactory: () => ({ service, redis, namespace: 'gatehouse', identity: async () => token }),
    }),
    AuditClientModule.forRoot({ producer: service }),
  ],
})(Producer);

const app = await NestFactory.createApplicationContext(Producer, { logger: false });
await app.get(DatabaseConnection).whenReady();
const source = app.get(DataSource);
const audit = app.get(SecurityAudit);
let working = false;
let work = Promise.resolve();

/** A business transaction: what it did, and the event that tells it, are there together or not at all. */
const transact = () =>
  source.transaction(async (manager) => {
    const actor = { type: 'user', id: `${service}-user`, name: 'Ada' };
    const id = await audit.enlist(manager).logAuthEvent({ action: 'auth.login', outcome: 'success', actor });
    await manager.query('INSERT INTO ledger (event_id) VALUES ($1)', [id]);
  });

async function workOn(everyMs) {
  while (working) {
    // PostgreSQL may be away: then nothing was done, and nothing is told.
    await transact().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

const rows = async (table) => Number((await source.query(`SELECT count(*) FROM ${table}`))[0].count);

serve({
  begin({ everyMs }) {
    working = true;
    work = workOn(everyMs);
  },
  async end() {
    working = false;
    await work;
  },
  /** How many events wait in its outbox, and how many were given up. */
  waiting: () => rows('outbox_message'),
  rejected: () => rows('outbox_rejected'),
  ledger: async () => (await source.query('SELECT event_id FROM ledger')).map((row) => row.event_id),
});
