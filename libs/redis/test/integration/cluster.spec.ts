import {
  createRedis,
  demandAnswer,
  firstConnection,
  isRedisUnavailable,
  type RedisConnection,
  RedisScript,
  type RedisSettings,
  serverOf,
  slotOf,
} from '@gatehouse/redis';
import type { Redis } from 'ioredis';
import { eventually } from '../../../../test/support/eventually.js';
import { startCluster, type TestCluster } from '../../../../test/support/redis-cluster.js';
import { type RedisServer, RedisServers } from '../../../../test/support/redis-servers.js';

const script = new RedisScript(`
  redis.call('INCRBY', KEYS[1], ARGV[1])
  return redis.call('INCRBY', KEYS[2], ARGV[1])`);

describe('createRedis, to a cluster', () => {
  const servers = new RedisServers();
  const opened: { disconnect(): void }[] = [];
  const lines: string[] = [];
  const logger = { log: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  let cluster: TestCluster;
  let settings: RedisSettings;
  let redis: RedisConnection;

  const keep = <T extends { disconnect(): void }>(connection: T): T => {
    opened.push(connection);
    return connection;
  };
  const masterOf = (key: string): RedisServer => {
    const slot = slotOf(key);
    return cluster.masters[slot < 7_000 ? 0 : slot < 12_000 ? 1 : 2];
  };
  /** Stands at the beginning of a move of the key's slot: source and target know of it, no key has moved. */
  const beginMove = async (key: string) => {
    const source = masterOf(key);
    const target = cluster.masters[source === cluster.masters[1] ? 2 : 1];
    const [from, to] = await Promise.all([source, target].map(({ client }) => client.cluster('MYID')));
    await target.client.cluster('SETSLOT', slotOf(key), 'IMPORTING', from as string);
    await source.client.cluster('SETSLOT', slotOf(key), 'MIGRATING', to as string);
    const move = (name: string) => source.client.migrate(target.host, target.port, name, 0, 1_000);
    const end = async () => {
      for (const { client } of [target, source, ...cluster.masters])
        await client.cluster('SETSLOT', slotOf(key), 'NODE', to as string);
    };
    return { target, move, end };
  };

  beforeAll(async () => {
    await servers.prepare(5);
    cluster = await startCluster(servers);
    const { host, port } = cluster.masters[1];
    settings = { clusterNodes: [{ host, port }], db: 0, tls: false };
    redis = keep(createRedis(settings, { name: 'test', role: 'commands', logger }));
    await firstConnection(redis, 5_000);
  }, 60_000);
  afterAll(async () => {
    for (const connection of opened) connection.disconnect();
    await servers.end();
  });

  it('finds the node of each key, at once', async () => {
    const keys = Array.from({ length: 64 }, (_, n) => `first:${n}`);
    await Promise.all(keys.map((key) => redis.set(key, key)));
    expect(await Promise.all(keys.map((key) => redis.get(key)))).toEqual(keys);
    const sizes = await Promise.all(cluster.masters.map(({ client }) => client.dbsize()));
    expect(sizes.every((size) => size > 0)).toBe(true);
    await demandAnswer(redis);
  });

  it('runs a script on nodes that do not know it', async () => {
    for (const tag of ['audit', 'auth', 'cc']) {
      expect(await script.run(redis, [`{${tag}}:a`, `{${tag}}:b`], [3])).toBe(3);
    }
    await expect(script.run(redis, ['{audit}:a', '{auth}:b'], [1])).rejects.toThrow(/share one hash tag/);
  });

  it('follows a slot that moves', async () => {
    const keys = ['{moving}:a', '{moving}:b'];
    expect(await script.run(redis, keys, [1])).toBe(1);
    const { target, move, end } = await beginMove('{moving}');
    expect(await script.run(redis, keys, [1])).toBe(2);
    await move('{moving}:a');
    const stillMoving = script.run(redis, keys, [1]);
    // Its first attempt has been answered by now.
    expect(await redis.exists('{moving}:b')).toBe(1);
    await move('{moving}:b');
    expect(await stillMoving).toBe(3);
    expect(await script.run(redis, keys, [1])).toBe(4);
    await end();
    expect(await script.run(redis, keys, [1])).toBe(5);
    expect(await target.client.get('{moving}:b')).toBe('5');
  });

  it('leads a reader to the node of its key, also after that has moved, and tells where it can be woken', async () => {
    const reader: Redis = keep(
      createRedis(settings, { name: 'test', role: 'blocking', key: '{read}', logger }),
    );
    await firstConnection(reader, 5_000);
    const woken = reader.xread('BLOCK', 4_000, 'STREAMS', '{read}', '$');
    const id = await (async () => {
      const list = (await masterOf('{read}').client.client('LIST')) as string;
      return Number(/^id=(\d+) .*cmd=xread/m.exec(list)?.[1]);
    })();
    expect(await serverOf(redis, '{read}')?.client('UNBLOCK', id)).toBe(1);
    expect(await woken).toBeNull();

    const { end } = await beginMove('{read}');
    await end();
    await redis.xadd('{read}', '1-1', 'field', 'value');
    const read = () => reader.xread('BLOCK', 100, 'STREAMS', '{read}', '0').catch(() => undefined);
    const streams = await eventually('the entry', async () => (await read()) ?? undefined);
    expect(streams[0]?.[1]).toEqual([['1-1', ['field', 'value']]]);
  });

  it('has a subscriber hear what is published on any node', async () => {
    const subscriber = keep(createRedis(settings, { name: 'test', role: 'subscriber', logger }));
    const heard: string[] = [];
    subscriber.on('message', (_channel, text) => heard.push(text));
    await subscriber.subscribe('news');
    for (const [index, { client }] of cluster.masters.entries()) await client.publish('news', String(index));
    await eventually('three messages', () => heard.length === 3);
    expect(heard.sort()).toEqual(['0', '1', '2']);
  });

  it('fails at once while a node is away, serves the others, and goes on with its replica', async () => {
    await redis.set('{audit}:kept', 'yes');
    await eventually(
      'the copy',
      async () =>
        (await cluster.replica.client.call('DBSIZE')) === (await cluster.masters[0].client.dbsize()),
    );
    await cluster.masters[0].kill();
    const error: unknown = await eventually('an error', () =>
      redis.get('{audit}:kept').then(
        () => undefined,
        (reason: unknown) => reason as Error,
      ),
    );
    expect(isRedisUnavailable(error)).toBe(true);
    await expect(demandAnswer(redis)).rejects.toThrow();
    await eventually('the replica', async () => (await redis.get('{audit}:kept')) === 'yes', { everyMs: 20 });
    await eventually('an answer of all', () => demandAnswer(redis).then(() => true));
    const said = lines.filter((line) => line.includes(`:${cluster.masters[0].port} `));
    expect(said).toEqual([expect.stringMatching(/is away for test \(connect ECONNREFUSED/)]);
  }, 60_000);

  it('says once that all of it is away, fails at once, and is there when it comes', async () => {
    const port = servers.nextPort;
    lines.length = 0;
    const early = keep(
      createRedis(
        { clusterNodes: [{ host: '127.0.0.1', port }], db: 0, tls: false },
        { name: 'early', role: 'commands', logger },
      ),
    );
    await firstConnection(early, 5_000);
    expect(isRedisUnavailable(await early.get('key').catch((reason: unknown) => reason))).toBe(true);
    for (let attempt = 0; attempt < 3; attempt++)
      await new Promise<void>((resolve) => early.once('reconnecting', resolve));
    const alone = await servers.start(['cluster-enabled yes', 'cluster-announce-ip 127.0.0.1']);
    await alone.client.cluster('ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot));
    await eventually('an answer', async () => (await early.get('key')) === null);
    expect(lines.filter((line) => line.startsWith('Redis (cluster'))).toEqual([
      expect.stringMatching(/^Redis \(cluster of 127.0.0.1:\d+\) is away for early \(/),
      expect.stringMatching(/^Redis \(cluster of 127.0.0.1:\d+\) is back for early/),
    ]);
  }, 60_000);
});
