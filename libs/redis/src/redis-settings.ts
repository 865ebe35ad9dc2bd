export interface RedisAddress {
  host: string;
  port: number;
}

interface RedisLogin {
  /** Number of the database; publish/subscribe ignores it, so channel names must hold it. A cluster has only 0. */
  db: number;
  username?: string;
  password?: string;
  tls: boolean;
}

/** One Redis. */
export interface SingleRedisSettings extends RedisAddress, RedisLogin {}

/** A Redis and its replicas, whose master the sentinels name. */
export interface SentinelRedisSettings extends RedisLogin {
  sentinels: readonly RedisAddress[];
  /** What the sentinels call the master, e.g. `mymaster`. */
  sentinelName: string;
  sentinelPassword?: string;
}

/** A cluster, of which some nodes are known. */
export interface ClusterRedisSettings extends RedisLogin {
  clusterNodes: readonly RedisAddress[];
}

/** Where Redis is and how to log in; `redisSettings(environment)` of `@gatehouse/environment` gives it. */
export type RedisSettings = SingleRedisSettings | SentinelRedisSettings | ClusterRedisSettings;

/**
 * What a connection is for.
 * - `commands`: short commands and scripts. Nothing queues while Redis is away: a command fails at once, and no
 *   command waits longer than five seconds. Commands of one turn of the event loop travel together.
 * - `blocking`: `XREADGROUP BLOCK` and its like on one key, one caller at a time, for less than five seconds each:
 *   every connection is asked now and then whether it lives.
 * - `subscriber`: `SUBSCRIBE`; subscriptions come back by themselves after a reconnect.
 */
export type RedisRole = 'commands' | 'blocking' | 'subscriber';

/** What messages call this Redis. It holds no secret. */
export function nameOf(settings: RedisSettings): string {
  const list = (addresses: readonly RedisAddress[]) =>
    addresses.map(({ host, port }) => `${host}:${port}`).join(', ');
  if ('clusterNodes' in settings) return `Redis (cluster of ${list(settings.clusterNodes)})`;
  if ('sentinels' in settings)
    return `Redis ("${settings.sentinelName}" of the sentinels ${list(settings.sentinels)})`;
  return `Redis at ${list([settings])}`;
}
