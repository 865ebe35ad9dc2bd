import { z } from 'zod';
import { flag, integer } from './variable-types.js';

/** How Redis is reached: `REDIS_URL`, or `REDIS_HOST` and its companions. */
export const redisVariables = {
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL', abort: true })
    .refine(
      (url) => /^\/?\d*$/.test(new URL(url).pathname),
      'must end in the number of a database, or nothing',
    )
    .optional(),
  REDIS_HOST: z.string().default('127.0.0.1'),
  REDIS_PORT: integer({ min: 1, max: 65_535 }).default(6379),
  REDIS_DB: integer({ max: 15 }).default(0),
  REDIS_USERNAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_TLS: flag().default(false),
};

type RedisVariables = z.output<z.ZodObject<typeof redisVariables>>;

/** Where and as whom to connect to Redis. */
export interface RedisConnectionSettings {
  host: string;
  port: number;
  db: number;
  username?: string;
  password?: string;
  tls: boolean;
}

/** `REDIS_URL` where it is given, else `REDIS_HOST`, `REDIS_PORT`, `REDIS_DB`, `REDIS_PASSWORD`, `REDIS_TLS`. */
export function redisSettings(environment: RedisVariables): RedisConnectionSettings {
  if (environment.REDIS_URL === undefined) {
    return {
      host: environment.REDIS_HOST,
      port: environment.REDIS_PORT,
      db: environment.REDIS_DB,
      username: environment.REDIS_USERNAME,
      password: environment.REDIS_PASSWORD,
      tls: environment.REDIS_TLS,
    };
  }
  const url = new URL(environment.REDIS_URL);
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 6379 : Number(url.port),
    db: url.pathname.length > 1 ? Number(url.pathname.slice(1)) : environment.REDIS_DB,
    username: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? environment.REDIS_PASSWORD : decodeURIComponent(url.password),
    tls: url.protocol === 'rediss:',
  };
}
