/** Injection token of the `commands` connection of the process, a `RedisConnection`. */
export const REDIS = Symbol('REDIS');

/** Injection token of the `RedisModuleOptions` in force. */
export const REDIS_MODULE_OPTIONS = Symbol('REDIS_MODULE_OPTIONS');
