// A replica of `audit` in a process of its own, to be killed. Notes in a hash how often each message was handled.
import 'reflect-metadata';
import { connectRedisTransport, RedisTransportModule } from '@gatehouse/redis-transport';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';

const { redis, namespace, limits, workMs } = JSON.parse(process.argv[2]);
const notes = new Redis({ ...redis, tls: undefined });

class AuditController {
  async handle(payload, context) {
    await new Promise((resolve) => setTimeout(resolve, workMs));
    await notes.hincrby(`${namespace}:handled`, context.getMessageId(), 1);
    return payload;
  }
}
const { prototype } = AuditController;
const descriptor = Object.getOwnPropertyDescriptor(prototype, 'handle');
Payload()(prototype, 'handle', 0);
Ctx()(prototype, 'handle', 1);
MessagePattern('audit.note')(prototype, 'handle', descriptor);
Controller()(AuditController);

class AuditEventsController {
  handle(payload, context) {
    return prototype.handle(payload, context);
  }
}
Payload()(AuditEventsController.prototype, 'handle', 0);
Ctx()(AuditEventsController.prototype, 'handle', 1);
EventPattern('providers.noted')(
  AuditEventsController.prototype,
  'handle',
  Object.getOwnPropertyDescriptor(AuditEventsController.prototype, 'handle'),
);
Controller()(AuditEventsController);

class AppModule {}
Module({
  imports: [
    RedisTransportModule.forRootAsync({ useFactory: () => ({ service: 'audit', redis, namespace, limits }) }),
  ],
  controllers: [AuditController, AuditEventsController],
})(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
connectRedisTransport(app, { service: 'audit' });
await app.init();
await app.startAllMicroservices();
process.send('ready');
process.on('disconnect', () => process.exit());
