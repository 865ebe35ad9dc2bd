// A service that asks, publishes and broadcasts, and notes how each of its requests ended.
import 'reflect-metadata';
import {
  Broadcaster,
  EventPublisher,
  RedisTransportHealth,
  RedisTransportModule,
} from '@gatehouse/redis-transport';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { firstValueFrom } from 'rxjs';
import { heapInUse, options, serve } from './child.mjs';
import { Ledger } from './ledger.mjs';

const { service = 'client', transport } = options;
const ledger = new Ledger(options.ledger);
const AUDIT = Symbol('AUDIT');

class AppModule {}
Module({
  imports: [
    RedisTransportModule.forRootAsync({ useFactory: () => ({ service, ...transport }) }),
    RedisTransportModule.registerClient({ name: AUDIT, service: 'audit', idempotent: ['audit.note-once'] }),
  ],
})(AppModule);

const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
const audit = app.get(AUDIT);
const events = app.get(EventPublisher);

/** Sends a request; answers how it ended, and how many milliseconds after its deadline (less than 0: before). */
async function ask({ id, task, timeoutMs, pattern = 'audit.note' }) {
  const deadline = Date.now() + timeoutMs;
  const end = await firstValueFrom(audit.send(pattern, task, { id, timeoutMs })).then(
    ({ answerTo }) => (answerTo === task.n ? 'answered' : `answered with ${answerTo}`),
    (error) => error.type ?? String(error),
  );
  return { id, end, lateMs: Date.now() - deadline };
}

/** Does it as often as it takes until Redis has done it. */
async function insist(work) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error.status !== 503) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Publishes an event; answers when Redis had it. */
async function emit({ id, task, pattern = 'providers.noted', key }) {
  await insist(() => events.emit(pattern, task, { id, key }));
  return Date.now();
}

/** Revokes these: first in what receivers load, then by a broadcast each. */
async function revoke(numbers) {
  for (const n of numbers) {
    await ledger.addTo('revoked', n);
    await insist(() => app.get(Broadcaster).publish('auth.revoked', { n }));
  }
}

/** Does the work of every message, so many at a time; answers in their order. */
async function each(messages, atOnce, work) {
  const ends = [];
  let next = 0;
  const worker = async () => {
    while (next < messages.length) {
      const index = next++;
      ends[index] = await work(messages[index]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return ends;
}

serve({
  ask: ({ messages, atOnce = 64 }) => each(messages, atOnce, ask),
  emit: ({ messages, atOnce = 64 }) => each(messages, atOnce, emit),
  revoke,
  heap: heapInUse,
  awaitingReplies: async () => (await app.get(RedisTransportHealth).check()).awaitingReplies,
});
