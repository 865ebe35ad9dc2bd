import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseConnection, retryDelayMs } from '@gatehouse/database';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Client } from 'pg';
import type { KeeperTask } from './keeper-task.js';

/** "logk", and the number of this lock. */
const KEEPER_LOCK = [0x6c6f676b, 1];
const TAKE_OVER_POLL_MS = 500;
/** For a task that waits for something that is away. */
const STOP_MS = 5_000;

/**
 * Looks after the log: of its replicas one at a time (a session lock on a connection of its own); when that one dies another
 * takes over. The tasks bear two at once for a moment: the one that lost its connection may not know it yet.
 */
@Injectable()
export class LogKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(LogKeeper.name);
  private readonly tasks: KeeperTask[] = [];
  private readonly troubles = new Map<string, string>();
  private readonly stop = new AbortController();
  private running?: Promise<void>;

  constructor(private readonly database: DatabaseConnection) {}

  /** To be called before the application has started. */
  register(task: KeeperTask): void {
    this.tasks.push(task);
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await Promise.race([this.running, sleep(STOP_MS, undefined, { ref: false })]);
  }

  private async run(): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      this.stop.signal.addEventListener('abort', () => resolve());
    });
    for (let attempt = 0; !this.stop.signal.aborted; attempt++) {
      try {
        await Promise.race([this.database.whenReady(), stopped]);
        if (this.stop.signal.aborted) return;
        await this.keep();
        attempt = 0;
      } catch (error) {
        this.report('looking after the log', error);
        await this.pause(retryDelayMs(attempt, Math.random()), this.stop.signal);
      }
    }
  }

  /** Waits for its turn, and then works until the connection is lost, or the shutdown. */
  private async keep(): Promise<void> {
    const client = await this.database.openClient('keeper');
    const lost = new AbortController();
    client.on('end', () => lost.abort());
    const signal = AbortSignal.any([this.stop.signal, lost.signal]);
    try {
      while (!(await lead(client))) {
        await this.pause(TAKE_OVER_POLL_MS, signal);
        if (signal.aborted) return;
      }
      this.report('looking after the log', undefined);
      await Promise.all(this.tasks.map((task) => this.repeat(task, signal)));
    } finally {
      // Also gives up the lock, so that another replica takes over at once.
      await client.end().catch(() => {});
    }
  }

  private async repeat(task: KeeperTask, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await task.run();
        this.report(task.name, undefined);
      } catch (error) {
        this.report(task.name, error);
      }
      await this.pause(task.everyMs, signal);
    }
  }

  /** Says a trouble once, and when it is over. */
  private report(what: string, error: unknown): void {
    const trouble = error === undefined ? undefined : error instanceof Error ? error.message : 'unknown';
    if (trouble === this.troubles.get(what)) return;
    if (trouble === undefined) {
      this.troubles.delete(what);
      this.logger.log(`It goes on: ${what}`);
    } else {
      this.troubles.set(what, trouble);
      this.logger.warn({ err: error }, `It does not go on, and is tried again: ${what}`);
    }
  }

  private async pause(ms: number, signal: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal }).catch(() => {});
  }
}

async function lead(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ leads: boolean }>(
    'SELECT pg_try_advisory_lock($1, $2) AS leads',
    KEEPER_LOCK,
  );
  return rows[0]?.leads === true;
}
