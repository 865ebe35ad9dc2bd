import { mkdirSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { demandGivenEngines, givenPostgres, givenRedis } from '../tools/engines/engines.mjs';
import { embeddedPostgres } from '../tools/engines/postgres-package.mjs';
import { postgresProgram } from '../tools/engines/postgres.mjs';
import { findRedisServer } from '../tools/engines/redis-server.mjs';
import { redisProgram } from '../tools/engines/redis.mjs';
import { Log } from '../tools/launcher/log.mjs';
import { freePorts } from '../tools/launcher/ports.mjs';
import { Secrets } from '../tools/launcher/secrets.mjs';
import { keepRunning } from '../tools/launcher/supervisor.mjs';
import { homeOf } from '../tools/root.mjs';

const FIRST_PORT = 21_000;

/** The engines of a run: of its own, or those that the environment names. */
export class Engines {
  #kept = [];
  /** What else the machine does. */
  #loadBefore = loadavg()[0];
  #log = new Log({ output: process.stderr });

  constructor({ env, home, ledger, say }) {
    this.env = env;
    this.home = home;
    this.ledger = ledger;
    this.say = say;
  }

  /**
   * The ways in which Redis can be run here, `{ suffix, start }`; `start()` answers `{ url, stop() }`. A server that
   * was given is taken as it is: nobody knows whether it persists.
   */
  redisVariants() {
    const given = givenRedis(this.env);
    if (given !== undefined) {
      this.say('Redis was given: nothing is measured with a persisting one');
      return [{ suffix: '', start: () => this.#takeGiven(given) }];
    }
    return [
      { suffix: '', start: () => this.startRedis() },
      { suffix: '/persisting', start: () => this.#startRedis('disk', true) },
    ];
  }

  /** A Redis that writes nothing to disk, or the one that was given: `{ url, stop() }`. */
  startRedis() {
    const given = givenRedis(this.env);
    return given === undefined ? this.#startRedis('memory', false) : this.#takeGiven(given);
  }

  /** PostgreSQL, with durable commits: `{ url, pid, stop() }`. One that was given has no `pid`. */
  async startPostgres() {
    const given = givenPostgres(this.env);
    if (given !== undefined) return this.#takeGiven(given);
    const home = join(this.home, 'tables');
    mkdirSync(home, { recursive: true });
    const port = await this.#freePort();
    const password = new Secrets(home).read('postgres-password');
    return this.#keep(postgresProgram({ home, port, password }));
  }

  /** The machine, and how quiet it was, in a line. */
  async describe() {
    const redis = givenRedis(this.env) ? 'a Redis that was given' : `Redis ${(await this.#server()).version}`;
    const postgres = givenPostgres(this.env)
      ? 'a PostgreSQL that was given'
      : `PostgreSQL ${embeddedPostgres().version}`;
    const model = cpus()[0]?.model.trim() || 'unknown';
    const load = `load average ${this.#loadBefore.toFixed(1)} before the run`;
    return `${availableParallelism()} cores (${model}), ${load}, Node ${process.versions.node}, ${redis}, ${postgres}`;
  }

  async stop() {
    await Promise.all(this.#kept.map((engine) => engine.stop()));
  }

  async #takeGiven(url) {
    await demandGivenEngines(this.env);
    return { url, stop: async () => {} };
  }

  async #startRedis(name, persisting) {
    const home = join(this.home, name);
    mkdirSync(home, { recursive: true });
    const port = await this.#freePort();
    const password = new Secrets(home).read('redis-password');
    return this.#keep(redisProgram({ server: await this.#server(), home, port, password, persisting }));
  }

  async #keep(program) {
    const kept = keepRunning(program, { ledger: this.ledger, log: this.#log });
    this.#kept.push(kept);
    await kept.up;
    return { url: program.url, pid: kept.pid, stop: () => kept.stop() };
  }

  async #freePort() {
    const [port] = await freePorts(FIRST_PORT + Math.floor(Math.random() * 900), 1);
    return port;
  }

  #server() {
    return findRedisServer({ home: homeOf(), say: this.say });
  }
}
