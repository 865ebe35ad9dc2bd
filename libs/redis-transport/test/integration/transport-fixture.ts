import { ProblemFilter } from '@gatehouse/problem-details';
import type { SingleRedisSettings } from '@gatehouse/redis';
import {
  connectRedisTransport,
  RedisTransportModule,
  type RedisTransportOptions,
  type TransportLimits,
} from '@gatehouse/redis-transport';
import { type INestApplication, Logger, type Provider, type Type } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Redis } from 'ioredis';
import {
  freshNamespace,
  removeNamespace,
  testRedisSettings,
  testRedisUrl,
} from '../../../../test/support/redis.js';

export const redisSettings: SingleRedisSettings = testRedisSettings();

/** Short times: what takes seconds in life takes a fraction of one here. */
export const QUICK: Partial<TransportLimits> = {
  requestTimeoutMs: 5_000,
  claimIdleMs: 400,
  blockMs: 200,
  housekeepingMs: 100,
  broadcastCheckMs: 100,
};

export interface ProcessOptions extends Partial<RedisTransportOptions> {
  service: string;
  controllers?: Type[];
  providers?: Provider[];
  /** Names of services that it asks; each client is injected by that name. */
  asks?: string[];
  /** Patterns that its clients send again by themselves. */
  idempotent?: string[];
}

/** One namespace of keys, and the in-process services in it. */
export class TransportWorld {
  readonly namespace = freshNamespace('transport');
  readonly redis = new Redis(testRedisUrl());
  private readonly apps: INestApplication[] = [];

  async start(options: ProcessOptions): Promise<INestApplication> {
    const { controllers = [], providers = [], asks = [], idempotent, ...transport } = options;
    const module = await Test.createTestingModule({
      imports: [
        RedisTransportModule.forRootAsync({
          useFactory: () => ({
            redis: redisSettings,
            namespace: this.namespace,
            ...transport,
            limits: { ...QUICK, ...transport.limits },
          }),
        }),
        ...asks.map((service) => RedisTransportModule.registerClient({ name: service, service, idempotent })),
      ],
      controllers,
      providers,
    }).compile();
    Logger.overrideLogger(false);
    const app = module.createNestApplication(new FastifyAdapter());
    app.useGlobalFilters(new ProblemFilter());
    connectRedisTransport(app, { service: options.service });
    await app.startAllMicroservices();
    await app.init();
    this.apps.push(app);
    return app;
  }

  async end(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
    await removeNamespace(this.namespace);
    this.redis.disconnect();
  }
}

/** Waits until it holds, up to ten seconds. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  what = 'it to hold',
): Promise<void> {
  const until = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
