// A Redis of a test's own, to be killed. It keeps its data as that of the launcher does: append-only file, everysec.
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findRedisServer } from '../engines/redis-server.mjs';
import { redisProgram } from '../engines/redis.mjs';
import { HOST } from '../launcher/ports.mjs';
import { homeOf } from '../root.mjs';
import { KillableEngine, killableHome } from './killable-engine.mjs';

export async function startKillableRedis() {
  const server = await findRedisServer({ home: homeOf(), say: (text) => console.error(text) });
  const { port, password, testHome } = await killableHome();
  const program = redisProgram({ server, home: testHome.home, port, password });
  const redis = new KillableRedis(program, testHome);
  redis.settings = { host: HOST, port, db: 0, password, tls: false };
  await redis.start();
  return redis;
}

class KillableRedis extends KillableEngine {
  get url() {
    return this.program.url;
  }

  /** By default with -9. */
  kill(signal = 'SIGKILL') {
    return this.end(signal);
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

  async remove() {
    await this.kill();
    this.removeData();
  }

  /** Redis 7 keeps the file in parts, of which the last grows; 6.2 has one. */
  #file() {
    const data = this.program.options.cwd;
    const names = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /appendonly\.aof(\.\d+\.incr\.aof)?$/.test(name),
    );
    if (names.length !== 1) throw new Error(`Not one append-only file: ${names}`);
    return join(data, names[0]);
  }
}
