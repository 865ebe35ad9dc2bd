import { createServer, type Server } from 'node:net';

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  createRedis,
  firstConnection,
  isRedisUnavailable,
  loadScript,
  REDIS,
  type RedisConnection,
  RedisHealth,
  RedisModule,
  type RedisSettings,
} from '@gatehouse/redis';
import { testRedisSettings } from '../../../../test/support/redis.js';

Logger.overrideLogger(false);

const settings = testRedisSettings();
const silent = { log: () => undefined, warn: () => undefined };

async function unusedPort(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('createRedis', () => {
  it('fails a command at once, as unavailable, while Redis is away', async () => {
    const redis = createRedis(
      { ...settings, port: await unusedPort() },
      { name: 'test', role: 'commands', logger: silent },
    );
    await firstConnection(redis, 5_000);
    const error = await redis.get('key').catch((reason: unknown) => reason);
    expect(isRedisUnavailable(error)).toBe(true);
    redis.disconnect();
  });

  it('says once that Redis is away, however often it tries', async () => {
    const lines: string[] = [];
    const logger = { log: () => undefined, warn: (line: string) => lines.push(line) };
    const redis = createRedis(
      { ...settings, port: await unusedPort() },
      { name: 'test', role: 'commands', logger },
    );
    for (let attempt = 0; attempt < 3; attempt++) {
      await new Promise((resolve) => redis.once('reconnecting', resolve));
    }
    expect(lines).toEqual([expect.stringMatching(/is away for test \(connect ECONNREFUSED/)]);
    redis.disconnect();
  });
});

describe('RedisScript', () => {
  let redis: RedisConnection;
  beforeAll(async () => {
    redis = createRedis(settings, { name: 'test', role: 'commands', logger: silent });
    await firstConnection(redis, 5_000);
  });
  afterAll(() => redis.disconnect());

  it('runs on a Redis that does not know it yet, and again after it was forgotten', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'gatehouse-')), 'echo.lua');
    writeFileSync(file, `-- ${Math.random()}\nreturn {KEYS[1], ARGV[1]}`);
    const script = loadScript(pathToFileURL(file));
    expect(await script.run(redis, ['key'], ['value'])).toEqual(['key', 'value']);
    await redis.script('FLUSH');
    expect(await script.run(redis, ['key'], [7])).toEqual(['key', '7']);
  });

  it('passes an error of the script on', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'gatehouse-')), 'fail.lua');
    writeFileSync(file, "return redis.error_reply('NOPE')");
    await expect(loadScript(pathToFileURL(file)).run(redis, [])).rejects.toThrow('NOPE');
  });
});

describe('RedisModule', () => {
  const moduleFor = (redis: RedisSettings) =>
    Test.createTestingModule({
      imports: [RedisModule.forRootAsync({ useFactory: () => ({ settings: redis, name: 'test' }) })],
    }).compile();

  it('is connected when the application starts', async () => {
    const app = await moduleFor(settings);
    expect(await app.get<RedisConnection>(REDIS).ping()).toBe('PONG');
    await app.get(RedisHealth).check();
    await app.close();
  });

  it('starts without Redis and says so by its health', async () => {
    const app = await moduleFor({ ...settings, port: await unusedPort() });
    await expect(app.get(RedisHealth).check()).rejects.toThrow();
    await app.close();
  });
});
