import { eventually } from './eventually.js';
import type { RedisServer, RedisServers } from './redis-servers.js';

/** First slots of the three masters; `{audit}` and `{providers}` are on the first, `{auth}` on the third. */
const FIRST_SLOTS = [0, 7_000, 12_000, 16_384] as const;

export interface TestCluster {
  /** Three masters. */
  readonly masters: readonly [RedisServer, RedisServer, RedisServer];
  /** Of the first master. */
  readonly replica: RedisServer;
}

/** Three masters, and a replica of the first. Prepare four servers. */
export async function startCluster(servers: RedisServers): Promise<TestCluster> {
  const settings = ['cluster-enabled yes', 'cluster-node-timeout 2000'];
  const start = (number: number) => servers.start([...settings, `cluster-config-file nodes-${number}.conf`]);
  const all = await Promise.all([start(1), start(2), start(3), start(4)]);
  const [first, second, third, replica] = all;
  const masters = [first, second, third] as const;
  for (const [index, { client }] of masters.entries()) {
    const from = FIRST_SLOTS[index] as number;
    const slots = Array.from({ length: (FIRST_SLOTS[index + 1] as number) - from }, (_, slot) => from + slot);
    await client.cluster('SET-CONFIG-EPOCH', index + 1);
    await client.cluster('ADDSLOTS', ...slots);
  }
  for (const { host, port } of all.slice(1)) await first.client.cluster('MEET', host, port);
  await eventually('every node to know every other', async () => {
    const known = await Promise.all(all.map((server) => server.says('cluster_known_nodes', 'cluster')));
    return known.every((count) => count === String(all.length));
  });
  await replica.client.cluster('REPLICATE', await first.client.cluster('MYID'));
  await eventually('the cluster', async () => {
    const states = await Promise.all(all.map((server) => server.says('cluster_state', 'cluster')));
    return states.every((state) => state === 'ok') && (await isInStep(replica));
  });
  return { masters, replica };
}

/** Whether a replica follows its master. */
export async function isInStep(replica: RedisServer): Promise<boolean> {
  return (await replica.says('master_link_status', 'replication')) === 'up';
}
