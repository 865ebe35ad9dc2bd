import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { freePorts, HOST } from '../../tools/launcher/ports.mjs';
import { MeasuredProcess } from '../measured-process.mjs';
import { cpuSecondsOfTree } from '../process-cpu.mjs';
import { Databases, query } from './databases.mjs';

const script = (name) => fileURLToPath(new URL(`${name}.process.mjs`, import.meta.url));
const FIRST_PORT = 22_000;
/** No limit is what is measured. */
const UNLIMITED = '1000000/60';

export const PASSWORD = 'a long enough phrase';

/** auth-service on a database and in a namespace of its own, and whoever is measured beside it. */
export class AuthWorld {
  #processes = [];
  #signal;
  /** As long as that of production: it is in each key. */
  namespace = `b${randomBytes(4).toString('hex')}`;
  #registered = 0;
  url;
  /** Emails of accounts that may sign in. */
  accounts = [];

  /** Starts all of it with so many accounts, has `work` done, and ends it. @param env what auth-service is told beside the usual */
  static async use({ engines, signal, accounts, env }, work) {
    const world = await AuthWorld.#open({ engines, signal });
    try {
      await world.startService(env);
      world.accounts = await world.register(accounts);
      return await work(world);
    } finally {
      await world.close();
    }
  }

  static async #open({ engines, signal }) {
    const world = new AuthWorld();
    world.#signal = signal;
    world.postgres = await engines.startPostgres();
    world.redisServer = await engines.startRedis();
    world.redis = new Redis(world.redisServer.url);
    world.databases = new Databases(world.postgres.url);
    return world;
  }

  /** Starts auth-service and its callers. */
  async startService(more) {
    this.database = await this.databases.create('auth');
    const url = await this.freeUrl();
    this.url = url;
    const env = {
      HOST,
      PORT: new URL(url).port,
      ISSUER: 'https://platform.example.com',
      AUTH_DATABASE_URL: this.database,
      REDIS_URL: this.redisServer.url,
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      MAX_SESSIONS_PER_USER: '1000',
      LOG_LEVEL: 'fatal',
      LOGIN_LIMIT_PER_ADDRESS: UNLIMITED,
      LOGIN_LIMIT_PER_ACCOUNT: UNLIMITED,
      LOGIN_LIMIT_PER_ADDRESS_AND_ACCOUNT: UNLIMITED,
      REGISTER_LIMIT_PER_ADDRESS: UNLIMITED,
      ...more,
    };
    this.service = await this.start('auth-service', { env, namespace: this.namespace });
    this.load = await this.start('load', { url });
  }

  /**
   * Starts better-auth and its callers. It hashes by argon2id with these parameters, and renews a session that is older than
   * `updateAge` seconds, and gives out an access token with it; without them it is as it comes.
   */
  async startBetterAuth({ argon2, updateAge, accessTokens } = {}) {
    const url = await this.freeUrl();
    const database = await this.databases.create('better_auth');
    const service = await this.start('better-auth', { url, database, argon2, updateAge, accessTokens });
    return { service, load: await this.start('load', { url }), origin: url };
  }

  async start(name, options) {
    return this.startScript(script(name), options);
  }

  /** A process of another group, which ends with this world. */
  async startScript(file, options) {
    const started = await MeasuredProcess.start(file, options, { signal: this.#signal });
    this.#processes.push(started);
    return started;
  }

  /** Registers so many more, and resolves to their emails. */
  async register(count) {
    const emails = Array.from({ length: count }, () => `account-${++this.#registered}@example.com`);
    const calls = emails.map((email) => ({
      ...{ method: 'POST', path: '/v1/auth/register' },
      body: { email, password: PASSWORD },
    }));
    await this.load.ask('callEach', { calls, status: 201, inFlight: 2 });
    return emails;
  }

  /** Signs in with each of the accounts: the answers' bodies. */
  async signIn(emails) {
    const calls = emails.map((email) => loginCall(email));
    const answers = await this.load.ask('callEach', { calls, status: 200, inFlight: 2 });
    return answers.map(({ text }) => JSON.parse(text));
  }

  query(statement, values) {
    return query(this.database, statement, values);
  }

  /** The hash of an account's password, with the parameters that auth-service has chosen. */
  async passwordHash(email) {
    const [{ password_hash: phc }] = await this.query('SELECT password_hash FROM account WHERE email = $1', [
      email,
    ]);
    return phc;
  }

  /** Seconds of CPU of PostgreSQL and Redis so far; undefined where it cannot be known. */
  engineCpuSeconds() {
    const postgres = cpuSecondsOfTree(this.postgres.pid);
    const redis = cpuSecondsOfTree(this.redisServer.pid);
    return postgres === undefined || redis === undefined ? undefined : postgres + redis;
  }

  async close() {
    await Promise.all(this.#processes.map((each) => each.end('SIGKILL')));
    for await (const keys of this.redis.scanStream({ match: `${this.namespace}:*`, count: 500 })) {
      if (keys.length > 0) await this.redis.unlink(...keys);
    }
    this.redis.disconnect();
    await this.databases.remove();
    await Promise.all([this.postgres.stop(), this.redisServer.stop()]);
  }

  async freeUrl() {
    const [port] = await freePorts(FIRST_PORT + Math.floor(Math.random() * 900), 1);
    return `http://${HOST}:${port}`;
  }
}

export function loginCall(email, password = PASSWORD) {
  return { method: 'POST', path: '/v1/auth/login', body: { email, password } };
}
