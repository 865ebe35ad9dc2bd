import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { clusterNodeConnector } from './cluster-node.connector.js';
import { writeTurnsTogether } from './command.writer.js';
import { leaveSilentPeers, OutageReporter, type RedisLogger, SILENCE_MS } from './connection.watch.js';
import { redisErrorCode } from './redis-failures.js';
import { connectCluster, slotOf } from './redis.cluster.js';
import type { RedisConnection } from './redis.connection.js';
import { nameOf, type RedisRole, type RedisSettings } from './redis-settings.js';

interface NamedConnection {
  /** Name of the connection in `CLIENT LIST`, e.g. `auth-service:commands`. */
  name: string;
  logger?: RedisLogger;
}

export interface CommandsConnectionOptions extends NamedConnection {
  role: 'commands';
}

export interface SubscriberConnectionOptions extends NamedConnection {
  role: 'subscriber';
}

export interface BlockingConnectionOptions extends NamedConnection {
  role: 'blocking';
  /** The key that is read: in a cluster it decides which node the connection leads to. */
  key: string;
}

export type RedisConnectionOptions =
  CommandsConnectionOptions | SubscriberConnectionOptions | BlockingConnectionOptions;

const LONGEST_RETRY_MS = 1_000;

const retryDelay = (attempt: number) => Math.min(50 * attempt, LONGEST_RETRY_MS);

const OPTIONS_OF_ROLE: Readonly<Record<RedisRole, RedisOptions>> = {
  commands: {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: SILENCE_MS,
  },
  blocking: { enableOfflineQueue: false, maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false },
  subscriber: { maxRetriesPerRequest: null },
};

/**
 * Opens a connection in the background and keeps it for ever: Redis may be away now and come later. The caller
 * closes it. An outage is logged once, and so is its end.
 *
 * Over sentinels it leads to the master that they name, and to the next one after a failover. In a cluster,
 * `commands` finds the node of each key; `blocking` leads to the node of its key, `subscriber` to any node.
 */
export function createRedis(settings: RedisSettings, options: CommandsConnectionOptions): RedisConnection;
export function createRedis(
  settings: RedisSettings,
  options: SubscriberConnectionOptions | BlockingConnectionOptions,
): Redis;
export function createRedis(settings: RedisSettings, options: RedisConnectionOptions): RedisConnection {
  const common = optionsOf(settings, options);
  const outages = new OutageReporter(options.name, options.logger);
  const where = nameOf(settings);
  if ('clusterNodes' in settings && options.role === 'commands') {
    const cluster = connectCluster(settings.clusterNodes, common, retryDelay);
    outages.watch(cluster, where);
    outages.watchNodes(cluster);
    return cluster;
  }
  const redis = new Redis({ ...common, ...wayTo(settings, options, common), reconnectOnError: isElsewhere });
  if (options.role === 'commands') writeTurnsTogether(redis);
  outages.watch(redis, 'clusterNodes' in settings ? `A node of ${where}` : where);
  leaveSilentPeers(redis);
  return redis;
}

/** Waits until commands go through, but not longer than `limitMs` and never with an error. */
export async function firstConnection(redis: RedisConnection, limitMs: number): Promise<void> {
  const until = Date.now() + limitMs;
  await firstAnswer(redis, limitMs);
  if (!(redis instanceof Cluster)) return;
  const nodes = redis.nodes('master').map((node) => firstAnswer(node, Math.max(0, until - Date.now())));
  await Promise.all(nodes);
}

/** After a failover a connection may lead to a replica, or to a node that the key has left. */
function isElsewhere(error: Error): boolean {
  return ['READONLY', 'MOVED'].includes(redisErrorCode(error) ?? '');
}

function firstAnswer(
  redis: Pick<RedisConnection, 'status' | 'once' | 'off'>,
  limitMs: number,
): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      redis.off('ready', done);
      redis.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, limitMs);
    redis.once('ready', done);
    redis.once('close', done);
  });
}

function optionsOf(settings: RedisSettings, { name, role }: RedisConnectionOptions): RedisOptions {
  return {
    db: settings.db,
    username: settings.username,
    password: settings.password,
    ...(settings.tls ? { tls: {} } : {}),
    connectionName: name,
    connectTimeout: SILENCE_MS,
    // How long the end of a process may be held up by a socket that does not close.
    disconnectTimeout: 500,
    retryStrategy: retryDelay,
    ...OPTIONS_OF_ROLE[role],
  };
}

function wayTo(
  settings: RedisSettings,
  options: RedisConnectionOptions,
  common: RedisOptions,
): Partial<RedisOptions> {
  if ('clusterNodes' in settings) {
    const slot = options.role === 'blocking' ? slotOf(options.key) : undefined;
    return { Connector: clusterNodeConnector(settings.clusterNodes, slot, common) };
  }
  if (!('sentinels' in settings)) return { host: settings.host, port: settings.port };
  return {
    sentinels: [...settings.sentinels],
    name: settings.sentinelName,
    sentinelPassword: settings.sentinelPassword,
    sentinelRetryStrategy: retryDelay,
    sentinelCommandTimeout: SILENCE_MS,
    enableTLSForSentinelMode: settings.tls,
    ...(settings.tls ? { sentinelTLS: {} } : {}),
  };
}
