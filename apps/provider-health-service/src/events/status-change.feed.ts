import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseConnection } from '@gatehouse/database';
import { RelayAlarm } from '@gatehouse/outbox';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type NumberedChange, RecentChanges } from './recent-changes.js';
import { TRANSITIONS_CHANNEL, TransitionRepository } from './transition.repository.js';

/** Looked at so often, should a notification be lost. */
const POLL_MS = 2_000;
const PAUSE_MS = 500;
const PAGE = 200;
const MOST_RECENT = 2_000;

/**
 * The changes of all providers as they are committed, by whatever replica. PostgreSQL tells of each commit; what is read is
 * read by number, so a notification that is lost, doubled or late costs time and nothing else.
 */
@Injectable()
export class StatusChangeFeed implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(StatusChangeFeed.name);
  private readonly stopping = new AbortController();
  private readonly alarm = new RelayAlarm();
  private readonly news = new EventEmitter().setMaxListeners(0);
  private recent?: RecentChanges;
  private last = -1;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: DatabaseConnection,
    private readonly transitions: TransitionRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.work = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    this.alarm.ring();
    await this.work;
  }

  /** How far the numbers have come, by PostgreSQL itself: another replica may have told a reader more than is known here. */
  position(): Promise<{ epoch: string; last: number }> {
    return this.transitions.position();
  }

  /**
   * A page of what comes after a number, and the number to go on after; empty when nothing has come.
   * Numbers up to `last` were committed before the page is read, so what is not in it does not come any more.
   */
  async after(sequence: number): Promise<{ changes: NumberedChange[]; next: number }> {
    const { last } = this;
    if (last <= sequence) return { changes: [], next: sequence };
    const changes = this.recent?.after(sequence, PAGE) ?? (await this.transitions.after(sequence, PAGE));
    const end = changes.at(-1)?.sequence ?? sequence;
    return { changes, next: changes.length < PAGE ? Math.max(end, last) : end };
  }

  /** Resolves when something has come after `sequence`. @throws when the signal aborts before */
  async beyond(sequence: number, signal: AbortSignal): Promise<void> {
    if (this.last <= sequence) await once(this.news, 'change', { signal });
  }

  private async run(): Promise<void> {
    let said = false;
    await this.database.whenReady().catch(() => {});
    while (!this.stopping.signal.aborted) {
      try {
        await this.follow(() => (said = false));
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        if (!said) this.logger.warn({ err: error }, 'Changes of status cannot be followed, trying again');
        said = true;
        await sleep(PAUSE_MS, undefined, { signal: this.stopping.signal }).catch(() => {});
      }
    }
  }

  private async follow(followed: () => void): Promise<void> {
    const client = await this.database.openClient('status-changes');
    try {
      let connected = true;
      client.on('notification', () => this.alarm.ring()).on('error', () => {});
      client.on('end', () => {
        connected = false;
        this.alarm.ring();
      });
      await client.query(`LISTEN ${TRANSITIONS_CHANNEL}`);
      while (connected && !this.stopping.signal.aborted) {
        await this.catchUp();
        followed();
        await this.alarm.wait(POLL_MS);
      }
    } finally {
      await client.end().catch(() => {});
    }
  }

  private async catchUp(): Promise<void> {
    if (this.recent === undefined) {
      const { last } = await this.transitions.position();
      this.recent = new RecentChanges(last, MOST_RECENT);
      this.last = last;
    }
    for (;;) {
      const changes = await this.transitions.after(this.last, PAGE);
      const end = changes.at(-1);
      if (end === undefined) return;
      this.recent.add(changes);
      this.last = end.sequence;
      this.news.emit('change');
    }
  }
}
