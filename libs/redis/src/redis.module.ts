import {
  type DynamicModule,
  type FactoryProvider,
  Inject,
  Module,
  type ModuleMetadata,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { RedisConnection } from './redis.connection.js';
import { createRedis, firstConnection } from './redis.factory.js';
import { RedisHealth } from './redis.health.js';
import type { RedisSettings } from './redis-settings.js';
import { REDIS, REDIS_MODULE_OPTIONS } from './redis.tokens.js';

export interface RedisModuleOptions {
  settings: RedisSettings;
  /** Who connects, for `CLIENT LIST`, e.g. `auth-service`. */
  name: string;
}

export interface RedisModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  inject?: FactoryProvider['inject'];
  useFactory: FactoryProvider<RedisModuleOptions>['useFactory'];
}

const START_WAIT_MS = 2_000;

/**
 * One `commands` connection for the whole process, injected by `REDIS`. The start waits for it a moment and goes on
 * without it; it is closed after everything else has shut down.
 */
@Module({})
export class RedisModule implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: RedisConnection) {}

  static forRootAsync(options: RedisModuleAsyncOptions): DynamicModule {
    return {
      module: RedisModule,
      global: true,
      imports: options.imports ?? [],
      providers: [
        { provide: REDIS_MODULE_OPTIONS, inject: options.inject ?? [], useFactory: options.useFactory },
        { provide: REDIS, inject: [REDIS_MODULE_OPTIONS], useFactory: connect },
        RedisHealth,
      ],
      exports: [REDIS, RedisHealth],
    };
  }

  onApplicationShutdown(): void {
    this.redis.disconnect();
  }
}

async function connect({ settings, name }: RedisModuleOptions): Promise<RedisConnection> {
  const redis = createRedis(settings, { name: `${name}:commands`, role: 'commands' });
  await firstConnection(redis, START_WAIT_MS);
  return redis;
}
