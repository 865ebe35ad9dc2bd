// A process that follows the broadcasts `auth.revoked`: it holds in memory what was revoked, and notes how it came by it.
import 'reflect-metadata';
import { BroadcastReceiver, RedisTransportModule } from '@gatehouse/redis-transport';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { options, serve } from './child.mjs';
import { Ledger } from './ledger.mjs';

const ledger = new Ledger(options.ledger);

class AppModule {}
Module({
  imports: [
    RedisTransportModule.forRootAsync({ useFactory: () => ({ service: 'receiver', ...options.transport }) }),
  ],
})(AppModule);

const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
let revoked = new Set();
const steps = [];
const feed = app.get(BroadcastReceiver).subscribe('auth.revoked', {
  apply({ n }) {
    revoked.add(n);
    steps.push(n);
  },
  async reload() {
    revoked = new Set((await ledger.membersOf('revoked')).map(Number));
    steps.push('reload');
  },
});

serve({
  state: () => ({ revoked: [...revoked].sort((a, b) => a - b), steps, ageMs: feed.ageMs() }),
});
