import { z } from 'zod';
import { EnvironmentError } from './environment.errors.js';
import { addresses, flag, integer } from './variable-types.js';

/**
 * How Redis is reached: `REDIS_URL` or `REDIS_HOST` for one server, `REDIS_SENTINELS` for the master that they name,
 * `REDIS_CLUSTER_NODES` for a cluster; and how to log in.
 */
export const redisVariables = {
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL', abort: true })
    .refine(
      (url) => /^\/?\d*$/.test(new URL(url).pathname),
      'must end in the number of a database, or nothing',
    )
    .optional(),
  REDIS_HOST: z.string().optional(),
  REDIS_PORT: integer({ min: 1, max: 65_535 }).default(6379),
  REDIS_DB: integer({ max: 15 }).default(0),
  REDIS_USERNAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_TLS: flag().default(false),
  REDIS_SENTINELS: addresses().optional(),
  /** What the sentinels call the master. */
  REDIS_SENTINEL_NAME: z.string().optional(),
  /** Of the sentinels themselves. */
  REDIS_SENTINEL_PASSWORD: z.string().optional(),
  /** Some nodes of a cluster; they name the others. */
  REDIS_CLUSTER_NODES: addresses().optional(),
};

type RedisVariables = z.output<z.ZodObject<typeof redisVariables>>;

type Address = z.output<ReturnType<typeof addresses>>[number];

interface Login {
  db: number;
  username?: string;
  password?: string;
  /** To every server, and to the sentinels. */
  tls: boolean;
}

/** Where and as whom to connect to Redis: one server, the master that sentinels name, or a cluster. */
export type RedisConnectionSettings = Login &
  (
    | Address
    | { sentinels: Address[]; sentinelName: string; sentinelPassword?: string }
    | { clusterNodes: Address[] }
  );

/**
 * What the variables say together: one server at 127.0.0.1 when they say nothing. `REDIS_URL` comes before
 * `REDIS_HOST` and its companions.
 *
 * @throws EnvironmentError when they contradict each other
 */
export function redisSettings(environment: RedisVariables): RedisConnectionSettings {
  const problems = contradictions(environment);
  if (problems.length > 0) throw new EnvironmentError(problems);
  const { REDIS_SENTINELS, REDIS_CLUSTER_NODES, REDIS_URL } = environment;
  const login = {
    db: environment.REDIS_DB,
    username: environment.REDIS_USERNAME,
    password: environment.REDIS_PASSWORD,
    tls: environment.REDIS_TLS,
  };
  if (REDIS_CLUSTER_NODES !== undefined) return { ...login, clusterNodes: REDIS_CLUSTER_NODES };
  if (REDIS_SENTINELS !== undefined) {
    return {
      ...login,
      sentinels: REDIS_SENTINELS,
      sentinelName: environment.REDIS_SENTINEL_NAME ?? '',
      sentinelPassword: environment.REDIS_SENTINEL_PASSWORD,
    };
  }
  if (REDIS_URL !== undefined) return { ...login, ...partsOf(new URL(REDIS_URL), login) };
  return { ...login, host: environment.REDIS_HOST ?? '127.0.0.1', port: environment.REDIS_PORT };
}

function partsOf(url: URL, { db, password }: Login): Login & Address {
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 6379 : Number(url.port),
    db: url.pathname.length > 1 ? Number(url.pathname.slice(1)) : db,
    username: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? password : decodeURIComponent(url.password),
    tls: url.protocol === 'rediss:',
  };
}

function contradictions(environment: RedisVariables): string[] {
  const problems: string[] = [];
  const { REDIS_URL, REDIS_HOST, REDIS_SENTINELS, REDIS_SENTINEL_NAME, REDIS_SENTINEL_PASSWORD } =
    environment;
  const { REDIS_CLUSTER_NODES, REDIS_DB } = environment;
  const one = REDIS_URL === undefined ? { REDIS_HOST } : { REDIS_URL };
  const ways = Object.entries({ ...one, REDIS_SENTINELS, REDIS_CLUSTER_NODES })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (ways.length > 1) problems.push(`${ways.join(', ')}: set only one of them`);
  if (REDIS_SENTINELS !== undefined && REDIS_SENTINEL_NAME === undefined)
    problems.push('REDIS_SENTINEL_NAME: is required, what the sentinels call the master');
  if (REDIS_SENTINELS === undefined && (REDIS_SENTINEL_NAME ?? REDIS_SENTINEL_PASSWORD) !== undefined)
    problems.push('REDIS_SENTINELS: is required where the name or the password of sentinels is set');
  if (REDIS_CLUSTER_NODES !== undefined && REDIS_DB !== 0)
    problems.push('REDIS_DB: must be 0, a cluster has no other database');
  return problems;
}
