export { isRedisUnavailable } from './redis-failures.js';
export { toFields } from './redis-fields.js';
export {
  createRedis,
  firstConnection,
  type RedisConnectionOptions,
  type RedisLogger,
} from './redis.factory.js';
export { RedisHealth } from './redis.health.js';
export { RedisModule, type RedisModuleAsyncOptions, type RedisModuleOptions } from './redis.module.js';
export { loadScript, RedisScript } from './redis.script.js';
export type { RedisConnection } from './redis.connection.js';
export type { RedisAddress, RedisRole, RedisSettings, SingleRedisSettings } from './redis-settings.js';
export { REDIS } from './redis.tokens.js';
