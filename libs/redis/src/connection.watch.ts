import { Logger } from '@nestjs/common';
import type { Cluster, Redis } from 'ioredis';

/** What is told of a connection: once when Redis goes, once when it is back. */
export interface RedisLogger {
  log(message: string): void;
  warn(message: string): void;
}

/** Longest silence of a server that was asked something. */
export const SILENCE_MS = 5_000;
const PING_EVERY_MS = 5_000;

/** Tells each outage of a part of Redis once, and its end. */
export class OutageReporter {
  private readonly away = new Set<string>();
  private readonly logger: RedisLogger;

  /** @param name of the connection, as in `CLIENT LIST` */
  constructor(
    private readonly name: string,
    logger?: RedisLogger,
  ) {
    this.logger = logger ?? new Logger('Redis');
  }

  /** @param where what Redis is called, e.g. `Redis at 127.0.0.1:6379` */
  watch(redis: Redis | Cluster, where: string): void {
    let reason = 'the connection was closed';
    redis.on('error', (error: Error) => {
      reason = error.message === '' ? error.name : error.message;
      // Sentinels that do not answer are asked again before anything else is told.
      if (redis.status === 'connecting') this.gone(where, reason);
    });
    redis.on('reconnecting', () => this.gone(where, reason));
    redis.on('ready', () => this.back(where));
  }

  /** The nodes of a cluster one by one: it can go on without one of them. */
  watchNodes(cluster: Cluster): void {
    cluster.on('+node', (node: Redis) => {
      const where = `Redis at ${node.options.host}:${node.options.port}`;
      node.on('error', (error) => this.gone(where, error.message));
      node.on('ready', () => this.back(where));
    });
  }

  private gone(where: string, reason: string): void {
    if (this.away.has(where)) return;
    this.away.add(where);
    this.logger.warn(`${where} is away for ${this.name} (${reason}); trying again until it answers`);
  }

  private back(where: string): void {
    if (this.away.delete(where)) this.logger.log(`${where} is back for ${this.name}`);
  }
}

/**
 * Gives a connection up whose peer vanished without a word, so that another is made. (ioredis' own `socketTimeout`
 * may end the connection that came after: redis/ioredis#2147.)
 */
export function leaveSilentPeers(redis: Redis): void {
  let connection = 0;
  redis.on('ready', () => connection++);
  const ask = setInterval(() => {
    if (redis.status !== 'ready') return;
    const asked = connection;
    const silent = setTimeout(() => {
      if (redis.status === 'ready' && connection === asked) redis.disconnect(true);
    }, SILENCE_MS).unref();
    redis.ping().then(
      () => clearTimeout(silent),
      () => undefined,
    );
  }, PING_EVERY_MS).unref();
  redis.once('end', () => clearInterval(ask));
}
