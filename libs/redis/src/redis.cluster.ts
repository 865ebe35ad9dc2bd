import { Cluster, Command, type Redis, type RedisOptions } from 'ioredis';
import { writeTurnsTogether } from './command.writer.js';
import { leaveSilentPeers } from './connection.watch.js';
import type { RedisConnection } from './redis.connection.js';
import type { RedisAddress } from './redis-settings.js';

const SLOTS = 16_384;
const REFRESH_EVERY_MS = 5_000;

/**
 * The client of a cluster. A command follows the slot of its key (`MOVED`, `ASK`, `TRYAGAIN`); one whose node is away
 * fails at once, and nothing is sent a second time that may have been done.
 */
export function connectCluster(
  nodes: readonly RedisAddress[],
  options: RedisOptions,
  retryDelay: (attempt: number) => number,
): Cluster {
  const cluster = new Cluster([...nodes], {
    redisOptions: options,
    clusterRetryStrategy: retryDelay,
    enableOfflineQueue: false,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshInterval: REFRESH_EVERY_MS,
    // A name stays a name, so that the certificate is compared with it and every connection looks it up anew.
    dnsLookup: (name, done) => done(null, name),
  });
  // The driver connects to a node with the first command, and fails those that come before it is connected.
  const connect = (node: Redis) => {
    if (cluster.status === 'ready' && node.status === 'wait') node.connect().catch(() => undefined);
  };
  cluster.on('+node', (node: Redis) => {
    writeTurnsTogether(node);
    leaveSilentPeers(node);
    const asking = node.asking.bind(node);
    // The driver leaves the answer alone: cut off, it would be an unhandled rejection.
    node.asking = () => {
      const asked = asking();
      asked.catch(() => undefined);
      return asked;
    };
    process.nextTick(connect, node);
  });
  cluster.on('ready', () => cluster.nodes().forEach(connect));
  return cluster;
}

/** The slot of a key in a cluster. */
export function slotOf(key: string): number {
  return new Command('get', [key]).getSlot() ?? 0;
}

/**
 * The server that holds a key, for commands that are about a connection to it: `CLIENT UNBLOCK`, `TIME`. Undefined
 * while that node of the cluster is away.
 */
export function serverOf(redis: RedisConnection, key: string): RedisConnection | undefined {
  if (!(redis instanceof Cluster)) return redis;
  return nodeOf(redis, redis.slots[slotOf(key)]?.[0]);
}

/** Whether Redis can serve every key now; an error when it does not, at once or after five seconds. */
export async function demandAnswer(redis: RedisConnection): Promise<void> {
  if (!(redis instanceof Cluster)) {
    await redis.ping();
    return;
  }
  const owners = new Set(Array.from({ length: SLOTS }, (_, slot) => redis.slots[slot]?.[0]));
  await Promise.all(
    [...owners].map(async (address) => {
      const node = nodeOf(redis, address);
      if (node === undefined) {
        // Its keys may be elsewhere by now; whoever asks again will know.
        redis.refreshSlotsCache();
        throw new Error(`The node ${address ?? 'of some keys'} of the cluster is away`);
      }
      await node.ping();
    }),
  );
}

function nodeOf(cluster: Cluster, address: string | undefined): Redis | undefined {
  return cluster.nodes('all').find(({ options }) => `${options.host}:${options.port}` === address);
}
