import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseConnection } from '@gatehouse/database';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntitySubscriberInterface, type QueryRunner } from 'typeorm';
import { OUTBOX_CHANNEL, type TransactionalExecutor } from './outbox.js';

/** Replicas that do not relay tell the one that does at most this often. */
const PAUSE_MS = 20;

/**
 * Wakes the relay of the service when something has been committed, in this process or, by `NOTIFY`, in another. Not in
 * the transaction itself: PostgreSQL has transactions that notify commit one after the other, each with its own write to
 * disk. A bell that is not heard, because the process was killed before it rang, costs time and nothing else: the relay
 * looks every two seconds.
 */
@Injectable()
export class OutboxBell implements OnModuleInit {
  private readonly open = new WeakSet<QueryRunner>();
  private readonly subscriber: EntitySubscriberInterface = {
    afterTransactionCommit: ({ queryRunner }) => this.committed(queryRunner),
  };
  private wakeOwn: () => boolean = () => false;
  private telling = false;
  private again = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly database: DatabaseConnection,
  ) {}

  onModuleInit(): void {
    // Only then has the DataSource its list of subscribers.
    void this.database.whenReady().then(
      () => this.dataSource.subscribers.push(this.subscriber),
      () => {},
    );
  }

  /** @param wake wakes the relay of this process, and says whether it is the relay of the service */
  wakes(wake: () => boolean): void {
    this.wakeOwn = wake;
  }

  /** Rings with the commit of the transaction that `executor` is in; at once where each statement is a transaction. */
  ringFor(executor: TransactionalExecutor): void {
    const runner = (executor as { queryRunner?: QueryRunner }).queryRunner ?? (executor as QueryRunner);
    if (runner.isTransactionActive) this.open.add(runner);
    else this.ring();
  }

  private committed(runner: QueryRunner): void {
    // A savepoint is not the end of the transaction.
    if (!runner.isTransactionActive && this.open.delete(runner)) this.ring();
  }

  private ring(): void {
    if (this.wakeOwn()) return;
    this.again = true;
    if (!this.telling) void this.tell();
  }

  private async tell(): Promise<void> {
    this.telling = true;
    while (this.again) {
      this.again = false;
      await this.dataSource.query(`NOTIFY ${OUTBOX_CHANNEL}`).catch(() => {});
      await sleep(PAUSE_MS, undefined, { ref: false });
    }
    this.telling = false;
  }
}
