import {
  createRedis,
  firstConnection,
  isRedisUnavailable,
  redisErrorCode,
  type RedisConnection,
  type RedisSettings,
  type SentinelRedisSettings,
} from '@gatehouse/redis';
import { eventually } from '../../../../test/support/eventually.js';
import {
  MASTER_NAME,
  REPLICATED_PASSWORDS,
  type ReplicatedRedis,
  startReplicated,
} from '../../../../test/support/redis-sentinels.js';
import { RedisServers } from '../../../../test/support/redis-servers.js';

describe('createRedis, over sentinels', () => {
  const servers = new RedisServers();
  const opened: { disconnect(): void }[] = [];
  const lines: string[] = [];
  const logger = { log: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  let replicated: ReplicatedRedis;
  let settings: SentinelRedisSettings;
  let redis: RedisConnection;

  const connect = (to: RedisSettings) => {
    const connection = createRedis(to, { name: 'test', role: 'commands', logger });
    opened.push(connection);
    return connection;
  };
  const written = (value: string) =>
    redis.set('key', value).then(
      () => true,
      (error: unknown) => error as Error,
    );

  beforeAll(async () => {
    await servers.prepare(5);
    replicated = await startReplicated(servers);
    settings = {
      sentinels: replicated.sentinels.map(({ host, port }) => ({ host, port })),
      sentinelName: MASTER_NAME,
      sentinelPassword: REPLICATED_PASSWORDS.sentinel,
      password: REPLICATED_PASSWORDS.redis,
      db: 0,
      tls: false,
    };
    redis = connect(settings);
    await firstConnection(redis, 5_000);
  }, 60_000);
  afterAll(async () => {
    for (const connection of opened) connection.disconnect();
    await servers.end();
  });

  it('leads to the master', async () => {
    expect(await written('1')).toBe(true);
    expect(await replicated.master.client.get('key')).toBe('1');
  });

  it('is made anew when it turns out to lead to a replica', async () => {
    const { host, port } = replicated.replica;
    const { password } = settings;
    const wrong = connect({ host, port, password, db: 0, tls: false });
    await firstConnection(wrong, 5_000);
    const id = await wrong.client('ID');
    const error = await wrong.set('key', '2').catch((reason: unknown) => reason);
    expect(redisErrorCode(error)).toBe('READONLY');
    expect(isRedisUnavailable(error)).toBe(true);
    await eventually('another connection', async () => (await wrong.client('ID')) !== id);
    wrong.disconnect();
  });

  it('fails at once while no sentinel answers, and says so', async () => {
    lines.length = 0;
    const lost = connect({ ...settings, sentinels: [{ host: '127.0.0.1', port: 1 }] });
    await eventually('a line', () => lines.length > 0);
    expect(lines).toEqual([
      expect.stringMatching(
        /^Redis \("gatehouse-test" of the sentinels 127.0.0.1:1\) is away for test \(All sentinels are unreachable/,
      ),
    ]);
    expect(isRedisUnavailable(await lost.get('key').catch((reason: unknown) => reason))).toBe(true);
  });

  it('leads to the replica that they choose after the master was killed', async () => {
    const { master, replica } = replicated;
    await eventually('the copy', async () => (await replica.client.get('key')) === '1');
    lines.length = 0;
    await master.kill();
    const error = await eventually('an error', async () => {
      const outcome = await written('2');
      return outcome !== true && outcome;
    });
    expect(isRedisUnavailable(error)).toBe(true);
    await eventually('the new master', async () => (await written('3')) === true);
    expect(await replica.client.get('key')).toBe('3');
    expect(lines).toEqual([
      expect.stringMatching(/ is away for test \(/),
      expect.stringMatching(/ is back for test$/),
    ]);
  }, 60_000);
});
