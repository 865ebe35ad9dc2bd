import { eventually } from './eventually.js';
import { isInStep } from './redis-cluster.js';
import type { RedisServer, RedisServers } from './redis-servers.js';

/** What the sentinels call the master. */
export const MASTER_NAME = 'gatehouse-test';
/** Of the servers, and of the sentinels. */
export const REPLICATED_PASSWORDS = {
  redis: 'password-of-redis',
  sentinel: 'password-of-sentinels',
} as const;

export interface ReplicatedRedis {
  readonly master: RedisServer;
  readonly replica: RedisServer;
  readonly sentinels: readonly RedisServer[];
}

/** A master, a replica, and three sentinels of which two decide. Prepare five servers. */
export async function startReplicated(servers: RedisServers): Promise<ReplicatedRedis> {
  const { redis: password, sentinel: sentinelPassword } = REPLICATED_PASSWORDS;
  const login = [`requirepass ${password}`, `masterauth ${password}`];
  const master = await servers.start(login, { password });
  const following = [...login, `replicaof ${master.host} ${master.port}`];
  const replica = await servers.start(following, { password });
  await eventually('the replica', () => isInStep(replica));
  const watch = [
    `sentinel monitor ${MASTER_NAME} ${master.host} ${master.port} 2`,
    `sentinel auth-pass ${MASTER_NAME} ${password}`,
    `sentinel down-after-milliseconds ${MASTER_NAME} 1000`,
    `sentinel failover-timeout ${MASTER_NAME} 1000`,
    `requirepass ${sentinelPassword}`,
    `sentinel sentinel-pass ${sentinelPassword}`,
  ];
  const startSentinel = () => servers.start(watch, { sentinel: true, password: sentinelPassword });
  const sentinels = await Promise.all([startSentinel(), startSentinel(), startSentinel()]);
  await eventually('the sentinels to know each other and the replica', async () => {
    const known = await Promise.all(
      sentinels.map(async ({ client }) => {
        const fields = (await client.call('SENTINEL', 'MASTER', MASTER_NAME)) as string[];
        return ['num-other-sentinels', 'num-slaves'].map((name) => fields[fields.indexOf(name) + 1]).join();
      }),
    );
    return known.every((counts) => counts === '2,1');
  });
  return { master, replica, sentinels };
}
