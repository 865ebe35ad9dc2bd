// A replica of a service: it answers `audit.note` and hears `providers.noted`, hears `providers.moved` in the order of its
// keys, and does what is named `-once` once for each message id. A message says itself what its handler is to do.
import 'reflect-metadata';
import { connectRedisTransport, Idempotent, RedisTransportModule } from '@gatehouse/redis-transport';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { controllerOf, heapInUse, options, serve } from './child.mjs';
import { Ledger } from './ledger.mjs';

const { service, transport } = options;
const ledger = new Ledger(options.ledger);

async function handle(task, context) {
  const id = context.getMessageId();
  await ledger.begin(service, {
    id,
    at: Date.now(),
    deadline: context.getDeadline(),
    delivery: context.getDeliveryCount(),
  });
  if (task.kills) process.kill(process.pid, 'SIGKILL');
  if (task.fails) throw new Error('A message that nobody can handle');
  if (task.workMs) await new Promise((resolve) => setTimeout(resolve, task.workMs));
  if (task.gate) await ledger.pass(task.gate);
  await ledger.apply(service, id);
  await ledger.end(service, id);
  return { answerTo: task.n };
}

const parameters = [Payload(), Ctx()];
const Handlers = controllerOf(Controller, {
  note: { run: handle, parameters, decorators: [MessagePattern('audit.note')] },
  noteOnce: { run: handle, parameters, decorators: [MessagePattern('audit.note-once'), Idempotent()] },
  noted: { run: handle, parameters, decorators: [EventPattern('providers.noted')] },
  notedOnce: { run: handle, parameters, decorators: [EventPattern('providers.noted-once'), Idempotent()] },
  moved: { run: handle, parameters, decorators: [EventPattern('providers.moved', { ordered: 'key' })] },
});

class AppModule {}
Module({
  imports: [RedisTransportModule.forRootAsync({ useFactory: () => ({ service, ...transport }) })],
  controllers: [Handlers],
})(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
connectRedisTransport(app, { service });
await app.init();
await app.startAllMicroservices();
serve({ heap: heapInUse });
