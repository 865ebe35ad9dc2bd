// A service behind the guards: it hears of auth-service what is revoked, and answers what a token may.
import 'reflect-metadata';
import {
  AccessControlModule,
  Public,
  RequirePermission,
  RevocationGate,
  RoleCatalogue,
} from '@gatehouse/access-control';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { controllerOf, heapInUse, options, serve } from './child.mjs';

const answering = (path, ...decorators) => ({
  run: () => ({ path }),
  parameters: [],
  decorators: [Get(path), ...decorators],
});

class AppModule {}
Module({
  imports: [AccessControlModule.forRoot({ ...options.access, explain: true })],
  controllers: [
    controllerOf(Controller, {
      read: answering('read', RequirePermission('providers:read')),
      change: answering('change', RequirePermission('providers:report')),
      special: answering('special', RequirePermission('special:change')),
      ping: answering('ping', Public()),
    }),
  ],
})(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
await app.init();
await app.getHttpAdapter().getInstance().ready();
const revocations = app.get(RevocationGate);

serve({
  /** What a request with the token is answered, and on revocations of which age. */
  async get({ path, token }) {
    const answer = await app.inject({ url: `/${path}`, headers: { authorization: `Bearer ${token}` } });
    const age = answer.headers['x-auth-revocations-age'];
    return { status: answer.statusCode, ageMs: age === 'Infinity' ? null : Number(age) };
  },
  state: () => ({ revocations: revocations.size, rolesVersion: app.get(RoleCatalogue).version ?? null }),
  heap: () => heapInUse(),
});
