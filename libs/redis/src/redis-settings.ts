/** Where one Redis is and how to log in; `redisSettings(environment)` of `@gatehouse/environment` gives it. */
export interface RedisSettings {
  host: string;
  port: number;
  /** Number of the database; publish/subscribe ignores it, so channel names must hold it. */
  db: number;
  username?: string;
  password?: string;
  tls: boolean;
}

/**
 * What a connection is for.
 * - `commands`: short commands and scripts. Nothing queues while Redis is away: a command fails at once, and no
 *   command waits longer than five seconds. Commands of one turn of the event loop travel together.
 * - `blocking`: `XREADGROUP BLOCK` and its like, one caller at a time, for less than five seconds each: every
 *   connection is asked now and then whether it lives.
 * - `subscriber`: `SUBSCRIBE`; subscriptions come back by themselves after a reconnect.
 */
export type RedisRole = 'commands' | 'blocking' | 'subscriber';
