import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { firstValueFrom } from 'rxjs';
import { patternsOf } from './messages.mjs';

const LOGGER = { logger: ['error', 'fatal'] };

function transportOf({ url }) {
  return {
    transport: Transport.REDIS,
    options: {
      host: url.hostname,
      port: Number(url.port || 6379),
      username: url.username || undefined,
      password: decodeURIComponent(url.password) || undefined,
      ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
      retryAttempts: 1_000,
      retryDelay: 100,
    },
  };
}

export async function startReplica(options, controller) {
  class AppModule {}
  Module({ controllers: [controller] })(AppModule);
  const app = await NestFactory.create(AppModule, new FastifyAdapter(), LOGGER);
  app.connectMicroservice(transportOf(options), { inheritAppConfig: true });
  await app.init();
  await app.startAllMicroservices();
}

export async function openClient(options) {
  const { service } = options;
  const { request, event } = patternsOf(service);
  class ClientModule {}
  Module({ imports: [ClientsModule.register([{ name: service, ...transportOf(options) }])] })(ClientModule);
  const app = await NestFactory.createApplicationContext(ClientModule, LOGGER);
  const client = app.get(service);
  await client.connect();
  return {
    ask: (payload) => firstValueFrom(client.send(request, payload)),
    emit: (payload) => firstValueFrom(client.emit(event, payload), { defaultValue: undefined }),
  };
}
