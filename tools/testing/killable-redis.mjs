// A Redis of a test's own, to be killed. It keeps its data as that of the launcher does: append-only file, everysec.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findRedisServer } from '../engines/redis-server.mjs';
import { redisProgram } from '../engines/redis.mjs';
import { freePorts, HOST } from '../launcher/ports.mjs';
import { homeOf } from '../root.mjs';
import { makeTestHome } from './test-home.mjs';

const FIRST_PORT = 20_000;
const SECONDS_TO_START = 30;
const PASSWORD = 'to-be-killed';

/** Starts one. What runs on when the tests are killed is ended by the next run of them. */
export async function startKillableRedis() {
  const server = await findRedisServer({ home: homeOf(), say: (text) => console.error(text) });
  const [port] = await freePorts(FIRST_PORT + Math.floor(Math.random() * 900), 1);
  const testHome = await makeTestHome();
  const program = redisProgram({ server, home: testHome.home, port, password: PASSWORD });
  const redis = new KillableRedis(program, port, testHome);
  await redis.start();
  return redis;
}

class KillableRedis {
  #program;
  #testHome;
  #child;

  constructor(program, port, testHome) {
    this.#program = program;
    this.#testHome = testHome;
    this.url = program.url;
    this.settings = { host: HOST, port, db: 0, password: PASSWORD, tls: false };
  }

  /** Starts it on the data that are there. */
  async start() {
    const { name, command, args, options, stopSignal, engine } = this.#program;
    const child = spawn(command, args, options);
    this.#child = child;
    this.#testHome.ledger.add({ name, pid: child.pid, stopSignal, engine });
    for (const until = Date.now() + SECONDS_TO_START * 1000; !(await this.#program.isReady(child.pid));) {
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`Redis does not start: ${this.#program.explain()}`);
      await sleep(20);
    }
  }

  /** Ends it, by default with -9. */
  async kill(signal = 'SIGKILL') {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    this.#testHome.ledger.remove(child.pid);
  }

  /** How long its file is once everything is in it that was acknowledged until now, for `loseSince`. */
  async mark() {
    const client = new Redis(this.url);
    try {
      // While the system writes to the disk, Redis holds back what it has acknowledged.
      while (!/aof_buffer_length:0\r/.test(await client.info('persistence'))) await sleep(10);
    } finally {
      client.disconnect();
    }
    return statSync(this.#file()).size;
  }

  /**
   * Ends it as a machine does that loses its power: with -9, and what it wrote since the mark never got to the disk.
   */
  async loseSince(mark) {
    await this.kill();
    truncateSync(this.#file(), mark);
  }

  /** Ends it and removes its data. */
  async remove() {
    await this.kill();
    this.#testHome.remove();
  }

  /** Redis 7 keeps the file in parts, of which the last grows; 6.2 has one. */
  #file() {
    const data = this.#program.options.cwd;
    const names = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /appendonly\.aof(\.\d+\.incr\.aof)?$/.test(name),
    );
    if (names.length !== 1) throw new Error(`Not one append-only file: ${names}`);
    return join(data, names[0]);
  }
}
