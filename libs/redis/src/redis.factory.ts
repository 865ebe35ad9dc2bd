import { Logger } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import { CommandConnection } from './command.connection.js';
import type { RedisConnection } from './redis.connection.js';
import type { RedisRole, RedisSettings } from './redis-settings.js';

/** What `createRedis` tells of the connection: once when it goes, once when it is back. */
export interface RedisLogger {
  log(message: string): void;
  warn(message: string): void;
}

export interface RedisConnectionOptions {
  /** Name of the connection in `CLIENT LIST`, e.g. `auth-service:commands`. */
  name: string;
  role: RedisRole;
  logger?: RedisLogger;
}

const COMMAND_TIMEOUT_MS = 5_000;
const PING_EVERY_MS = 5_000;
const LONGEST_RETRY_MS = 1_000;

const OPTIONS_OF_ROLE: Readonly<Record<RedisRole, RedisOptions>> = {
  commands: {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
  },
  blocking: { enableOfflineQueue: false, maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false },
  subscriber: { maxRetriesPerRequest: null },
};

/**
 * Opens a connection in the background and keeps it for ever: Redis may be away now and come later. The caller
 * closes it. An outage is logged once, and so is its end.
 */
export function createRedis(settings: RedisSettings, options: RedisConnectionOptions): Redis {
  const Connection = options.role === 'commands' ? CommandConnection : Redis;
  const redis = new Connection({
    host: settings.host,
    port: settings.port,
    db: settings.db,
    username: settings.username,
    password: settings.password,
    ...(settings.tls ? { tls: {} } : {}),
    connectionName: options.name,
    connectTimeout: COMMAND_TIMEOUT_MS,
    // How long the end of a process may be held up by a socket that does not close.
    disconnectTimeout: 500,
    retryStrategy: (attempt) => Math.min(50 * attempt, LONGEST_RETRY_MS),
    ...OPTIONS_OF_ROLE[options.role],
  });
  reportOutages(redis, settings, options);
  leaveSilentPeers(redis);
  return redis;
}

/** Waits until the connection is ready, but not longer than `limitMs` and never with an error. */
export function firstConnection(redis: RedisConnection, limitMs: number): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      redis.off('ready', done).off('close', done);
      resolve();
    };
    const timer = setTimeout(done, limitMs);
    redis.once('ready', done).once('close', done);
  });
}

function reportOutages(
  redis: Redis,
  settings: RedisSettings,
  { name, logger }: RedisConnectionOptions,
): void {
  const log = logger ?? new Logger('Redis');
  const where = `Redis at ${settings.host}:${settings.port}`;
  let reason = 'the connection was closed';
  let away = false;
  redis.on('error', (error: Error) => {
    reason = error.message === '' ? error.name : error.message;
  });
  redis.on('reconnecting', () => {
    if (!away) log.warn(`${where} is away for ${name} (${reason}); trying again until it answers`);
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.log(`${where} is back for ${name}`);
    away = false;
  });
}

/**
 * Gives a connection up whose peer vanished without a word, so that another is made. (ioredis' own `socketTimeout`
 * may end the connection that came after: redis/ioredis#2147.)
 */
function leaveSilentPeers(redis: Redis): void {
  let connection = 0;
  redis.on('ready', () => connection++);
  const ask = setInterval(() => {
    if (redis.status !== 'ready') return;
    const asked = connection;
    const silent = setTimeout(() => {
      if (redis.status === 'ready' && connection === asked) redis.disconnect(true);
    }, COMMAND_TIMEOUT_MS).unref();
    redis.ping().then(
      () => clearTimeout(silent),
      () => undefined,
    );
  }, PING_EVERY_MS).unref();
  redis.once('end', () => clearInterval(ask));
}
