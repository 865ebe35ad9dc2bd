export { isRedisUnavailable, redisErrorCode } from './redis-failures.js';
export { toFields } from './redis-fields.js';
export type { RedisLogger } from './connection.watch.js';
export { demandAnswer, serverOf, slotOf } from './redis.cluster.js';
export {
  type BlockingConnectionOptions,
  type CommandsConnectionOptions,
  createRedis,
  firstConnection,
  type RedisConnectionOptions,
  type SubscriberConnectionOptions,
} from './redis.factory.js';
export { RedisHealth } from './redis.health.js';
export { RedisModule, type RedisModuleAsyncOptions, type RedisModuleOptions } from './redis.module.js';
export { loadScript, RedisScript } from './redis.script.js';
export type { RedisConnection } from './redis.connection.js';
export type {
  ClusterRedisSettings,
  RedisAddress,
  RedisRole,
  RedisSettings,
  SentinelRedisSettings,
  SingleRedisSettings,
} from './redis-settings.js';
export { REDIS } from './redis.tokens.js';
