import { connectRedisTransport, EventPublisher, RedisTransportModule } from '@gatehouse/redis-transport';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { firstValueFrom } from 'rxjs';
import { patternsOf } from './messages.mjs';

const LOGGER = { logger: ['error', 'fatal'] };

function transportOf({ url, namespace, limits }, service) {
  const redis = {
    host: url.hostname,
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    username: url.username || undefined,
    password: decodeURIComponent(url.password) || undefined,
    tls: url.protocol === 'rediss:',
  };
  return RedisTransportModule.forRootAsync({ useFactory: () => ({ service, redis, namespace, limits }) });
}

export async function startReplica(options, controller) {
  class AppModule {}
  Module({ imports: [transportOf(options, options.service)], controllers: [controller] })(AppModule);
  const app = await NestFactory.create(AppModule, new FastifyAdapter(), LOGGER);
  connectRedisTransport(app, { service: options.service });
  await app.init();
  await app.startAllMicroservices();
}

export async function openClient(options) {
  const { service } = options;
  const { request, event } = patternsOf(service);
  class ClientModule {}
  Module({
    imports: [transportOf(options, 'bench'), RedisTransportModule.registerClient({ name: service, service })],
  })(ClientModule);
  const app = await NestFactory.createApplicationContext(ClientModule, LOGGER);
  const client = app.get(service);
  const events = app.get(EventPublisher);
  return {
    ask: (payload) => firstValueFrom(client.send(request, payload)),
    emit: (payload) => events.emit(event, payload),
  };
}
