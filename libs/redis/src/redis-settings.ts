export interface RedisAddress {
  host: string;
  port: number;
}

interface RedisLogin {
  /** Number of the database; publish/subscribe ignores it, so channel names must hold it. */
  db: number;
  username?: string;
  password?: string;
  tls: boolean;
}

/** One Redis. */
export interface SingleRedisSettings extends RedisAddress, RedisLogin {}

/** Where Redis is and how to log in; `redisSettings(environment)` of `@gatehouse/environment` gives it. */
export type RedisSettings = SingleRedisSettings;

/**
 * What a connection is for.
 * - `commands`: short commands and scripts. Nothing queues while Redis is away: a command fails at once, and no
 *   command waits longer than five seconds. Commands of one turn of the event loop travel together.
 * - `blocking`: `XREADGROUP BLOCK` and its like on one key, one caller at a time, for less than five seconds each:
 *   every connection is asked now and then whether it lives.
 * - `subscriber`: `SUBSCRIBE`; subscriptions come back by themselves after a reconnect.
 */
export type RedisRole = 'commands' | 'blocking' | 'subscriber';
