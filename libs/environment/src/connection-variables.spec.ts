import { z } from 'zod';
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
