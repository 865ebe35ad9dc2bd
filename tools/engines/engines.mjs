// Which PostgreSQL and which Redis: what was given, else what can be had without asking anybody.
import { connect } from 'node:net';
import { freePorts } from '../launcher/ports.mjs';
import { Refusal } from '../refusal.mjs';
import { given, withoutPassword } from './given.mjs';
import { embeddedPostgres } from './postgres-package.mjs';
import { postgresProgram } from './postgres.mjs';
import { demandRedisGroup, givenRedisGroup } from './redis-group.mjs';
import { pingRedis } from './redis-ping.mjs';
import { findRedisServer } from './redis-server.mjs';
import { redisProgram } from './redis.mjs';

/** The URL of the PostgreSQL server that the environment names, or undefined. */
export function givenPostgres(env) {
  return given(env, 'DATABASE_URL');
}

/** The URL of the Redis that the environment names, by `REDIS_URL` or by `REDIS_HOST` and its companions. */
export function givenRedis(env) {
  const url = given(env, 'REDIS_URL');
  if (url || !env.REDIS_HOST) return url;
  const whole = new URL(`${env.REDIS_TLS === 'true' ? 'rediss' : 'redis'}://${env.REDIS_HOST}`);
  whole.port = env.REDIS_PORT ?? '6379';
  whole.username = encodeURIComponent(env.REDIS_USERNAME ?? '');
  whole.password = encodeURIComponent(given(env, 'REDIS_PASSWORD') ?? '');
  whole.pathname = env.REDIS_DB ? `/${env.REDIS_DB}` : '';
  return whole.href;
}

/** An engine that was given and does not answer is an error, never a reason to take another. */
export async function demandGivenEngines(env) {
  const postgres = givenPostgres(env);
  if (postgres) await demandPostgres(postgres);
  const group = givenRedisGroup(env);
  if (group) return demandRedisGroup(group);
  const redis = givenRedis(env);
  if (redis) await demandRedis(redis);
}

/** Makes sure that both engines can be had, and answers a word on each. */
export async function prepareEngines({ env, home, say }) {
  await demandGivenEngines(env);
  const [postgres, redis, group] = [givenPostgres(env), givenRedis(env), givenRedisGroup(env)];
  const embedded = postgres ? undefined : embeddedPostgres();
  const server = redis || group ? undefined : await findRedisServer({ home, say });
  const redisElsewhere = () => (group ? `Redis, ${group.name}` : `Redis at ${withoutPassword(redis)}`);
  return {
    postgres: embedded
      ? `PostgreSQL ${embedded.version} (embedded)`
      : `PostgreSQL at ${withoutPassword(postgres)}`,
    redis: server ? `Redis ${server.version} (${server.origin})` : redisElsewhere(),
  };
}

/**
 * Brings both engines up: `keep(program)` starts one and keeps it running. Their data is in `home`; a server that
 * has to be fetched goes to `cache`.
 * Answers `{ postgres: { url }, redis: { url } }`; in place of its URL the name of a Redis of several servers.
 */
export async function startEngines({
  env,
  home,
  cache = home,
  secrets,
  firstPort,
  keep,
  say,
  postgresSettings,
}) {
  const [postgresPort, redisPort] = await freePorts(firstPort, 2);
  const postgres = givenPostgres(env) ?? (await startPostgres());
  const group = givenRedisGroup(env);
  const redis = group ? { name: group.name } : { url: givenRedis(env) ?? (await startRedis()) };
  return { postgres: { url: postgres }, redis };

  async function startPostgres() {
    const password = secrets.read('postgres-password');
    const program = postgresProgram({ home, port: postgresPort, password, settings: postgresSettings });
    await keep(program);
    return program.url;
  }

  async function startRedis() {
    const server = await findRedisServer({ home: cache, say });
    const program = redisProgram({ server, home, port: redisPort, password: secrets.read('redis-password') });
    await keep(program);
    return program.url;
  }
}

async function demandRedis(url) {
  try {
    await pingRedis(url);
  } catch (error) {
    throw new Refusal(
      `The Redis that was given, ${withoutPassword(url)}, does not answer: ${error.message}.\n` +
        'Start it, or leave REDIS_URL and REDIS_HOST out to have one started for you.',
    );
  }
}

async function demandPostgres(url) {
  const { hostname, port } = new URL(url);
  try {
    await new Promise((resolve, reject) => {
      const socket = connect({
        host: hostname.replace(/^\[|\]$/g, ''),
        port: Number(port || 5432),
        timeout: 5000,
      });
      socket.once('connect', () => resolve(socket.destroy()));
      socket.once('timeout', () => socket.destroy(new Error('no answer within 5 s')));
      socket.once('error', reject);
    });
  } catch (error) {
    throw new Refusal(
      `The PostgreSQL that was given, ${withoutPassword(url)}, cannot be reached: ${error.message}.\n` +
        'Start it, or leave DATABASE_URL out to have one started for you.',
    );
  }
}
