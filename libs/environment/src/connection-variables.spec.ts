import { z } from 'zod';
import { EnvironmentError } from './environment.errors.js';
import { databaseUrl, databaseVariables } from './database-variables.js';
import { readEnvironment } from './read-environment.js';
import { redisSettings, redisVariables } from './redis-variables.js';

const redis = (source: Record<string, string>) =>
  redisSettings(readEnvironment(z.object(redisVariables), source));
const database = (source: Record<string, string>) =>
  databaseUrl(
    readEnvironment(z.object(databaseVariables('AUTH_DATABASE_URL')), source),
    'AUTH_DATABASE_URL',
    'gatehouse_auth',
  );

describe('redisSettings', () => {
  it('reads the variables one by one', () => {
    expect(
      redis({
        REDIS_HOST: 'redis',
        REDIS_PORT: '6380',
        REDIS_DB: '2',
        REDIS_PASSWORD: 'p',
        REDIS_TLS: 'true',
      }),
    ).toEqual({
      host: 'redis',
      port: 6380,
      db: 2,
      username: undefined,
      password: 'p',
      tls: true,
    });
  });

  it('prefers REDIS_URL', () => {
    expect(redis({ REDIS_URL: 'rediss://me:p%40ss@[::1]:6390/3', REDIS_HOST: 'other' })).toEqual({
      host: '::1',
      port: 6390,
      db: 3,
      username: 'me',
      password: 'p@ss',
      tls: true,
    });
    expect(redis({ REDIS_URL: 'redis://cache' })).toMatchObject({
      host: 'cache',
      port: 6379,
      db: 0,
      tls: false,
    });
  });

  it('refuses a URL of another kind', () => {
    expect(() => redis({ REDIS_URL: 'http://cache' })).toThrow(/REDIS_URL/);
    expect(() => redis({ REDIS_URL: 'cache' })).toThrow(/REDIS_URL: must be a redis/);
    expect(() => redis({ REDIS_URL: 'redis://cache/name' })).toThrow(/number of a database/);
  });

  it('reads sentinels', () => {
    const sentinels = { REDIS_SENTINELS: 'one:26379, [::1]:26380', REDIS_SENTINEL_NAME: 'mymaster' };
    expect(redis({ ...sentinels, REDIS_SENTINEL_PASSWORD: 's', REDIS_PASSWORD: 'p', REDIS_DB: '3' })).toEqual(
      {
        sentinels: [
          { host: 'one', port: 26_379 },
          { host: '::1', port: 26_380 },
        ],
        sentinelName: 'mymaster',
        sentinelPassword: 's',
        db: 3,
        username: undefined,
        password: 'p',
        tls: false,
      },
    );
  });

  it('reads the nodes of a cluster', () => {
    expect(
      redis({ REDIS_CLUSTER_NODES: '10.0.0.1:7000,redis-2.example.com:7001', REDIS_TLS: 'true' }),
    ).toEqual({
      clusterNodes: [
        { host: '10.0.0.1', port: 7_000 },
        { host: 'redis-2.example.com', port: 7_001 },
      ],
      db: 0,
      username: undefined,
      password: undefined,
      tls: true,
    });
  });

  it.each(['one', 'one:', ':1', 'one:0', 'one:65536', 'one:1,two', '::1:26379', ',', 'redis://one:1'])(
    'refuses "%s" for addresses',
    (text) => {
      expect(() => redis({ REDIS_CLUSTER_NODES: text })).toThrow(/REDIS_CLUSTER_NODES: must be host:port/);
    },
  );

  it.each([
    [
      { REDIS_URL: 'redis://one', REDIS_CLUSTER_NODES: 'one:1' },
      'REDIS_URL, REDIS_CLUSTER_NODES: set only one',
    ],
    [
      { REDIS_HOST: 'one', REDIS_SENTINELS: 'one:1', REDIS_SENTINEL_NAME: 'm', REDIS_CLUSTER_NODES: 'one:1' },
      'REDIS_HOST, REDIS_SENTINELS, REDIS_CLUSTER_NODES: set only one',
    ],
    [{ REDIS_SENTINELS: 'one:1' }, 'REDIS_SENTINEL_NAME: is required'],
    [{ REDIS_SENTINEL_NAME: 'mymaster' }, 'REDIS_SENTINELS: is required'],
    [{ REDIS_URL: 'redis://one', REDIS_SENTINEL_PASSWORD: 'p' }, 'REDIS_SENTINELS: is required'],
    [{ REDIS_CLUSTER_NODES: 'one:1', REDIS_DB: '1' }, 'REDIS_DB: must be 0'],
  ])('refuses %j', (source, problem) => {
    expect(() => redis(source)).toThrow(EnvironmentError);
    expect(() => redis(source)).toThrow(problem);
  });
});

describe('databaseUrl', () => {
  it("replaces the server's database by the service's own", () => {
    expect(database({ DATABASE_URL: 'postgres://u:p@db:5432/postgres?sslmode=require' })).toBe(
      'postgres://u:p@db:5432/gatehouse_auth?sslmode=require',
    );
  });

  it("takes the service's own URL as it is", () => {
    expect(database({ DATABASE_URL: 'postgres://db/x', AUTH_DATABASE_URL: 'postgres://own/here' })).toBe(
      'postgres://own/here',
    );
  });

  it('says what to set when neither is there', () => {
    expect(() => database({})).toThrow(/DATABASE_URL: is required, or AUTH_DATABASE_URL/);
  });
});
