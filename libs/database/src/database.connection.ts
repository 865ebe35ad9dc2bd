import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Client } from 'pg';
import { DataSource } from 'typeorm';
import { connectClient } from './database.creator.js';
import { DatabaseNotReadyError } from './database.errors.js';
import { DATABASE_OPTIONS } from './database.tokens.js';
import { DEFAULT_STATEMENT_TIMEOUT_MS, retryDelayMs } from './database-settings.js';
import type { DatabaseOptions } from './deferred-data.source.js';
import { migrateDatabase } from './migration.runner.js';

const START_WAIT_MS = 2_000;

/**
 * Connects the injected `DataSource` in the background: creates the database, runs the migrations, and tries again
 * for as long as it takes. The start waits for it a moment and goes on without it; after the first connection the
 * pool reconnects by itself.
 */
@Injectable()
export class DatabaseConnection implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(DatabaseConnection.name);
  private readonly stopping = new AbortController();
  private readonly connected: Promise<void>;
  private settle!: { resolve: () => void; reject: (reason: Error) => void };
  private connecting?: Promise<void>;

  constructor(
    private readonly dataSource: DataSource,
    @Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions,
  ) {
    this.connected = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    // Whoever waits hears of a shutdown; where nobody waits it is no error.
    this.connected.catch(() => {});
  }

  /** What queries go through; they fail at once with `DatabaseNotReadyError` until it is connected. */
  get source(): DataSource {
    return this.dataSource;
  }

  /** Whether the first connection was made and the migrations have run. */
  get isReady(): boolean {
    return this.dataSource.isInitialized;
  }

  /** Resolves once the database is connected and migrated; rejects only when the service shuts down before. */
  whenReady(): Promise<void> {
    return this.connected;
  }

  /** Resolves when the database answered a query; throws at once, or after the time-outs of the pool, otherwise. */
  async check(): Promise<void> {
    await this.dataSource.query('SELECT 1');
  }

  /**
   * Opens a connection of its own, outside the pool, for what belongs to a session: locks, LISTEN. The caller ends it.
   *
   * @param purpose shown beside the service's name in `pg_stat_activity`
   * @throws DatabaseNotReadyError before the migrations have run
   */
  async openClient(purpose: string): Promise<Client> {
    if (!this.isReady) throw new DatabaseNotReadyError();
    const { url, applicationName, statementTimeoutMs = DEFAULT_STATEMENT_TIMEOUT_MS } = this.options;
    return connectClient(url, `${applicationName}:${purpose}`, statementTimeoutMs);
  }

  async onModuleInit(): Promise<void> {
    this.connecting = this.connectForEver();
    await Promise.race([this.connecting, sleep(START_WAIT_MS, undefined, { ref: false })]);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.connecting;
    this.settle.reject(new Error('The service is shutting down'));
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  private async connectForEver(): Promise<void> {
    let said: string | undefined;
    for (let attempt = 0; !this.stopping.signal.aborted; attempt++) {
      try {
        await this.connect();
        if (said !== undefined) this.logger.log('PostgreSQL answers, the database is ready');
        return this.settle.resolve();
      } catch (error) {
        const reason = reasonOf(error);
        if (reason !== said) this.logger.warn(`No database yet, trying again until there is one: ${reason}`);
        said = reason;
        await sleep(retryDelayMs(attempt, Math.random()), undefined, { signal: this.stopping.signal }).catch(
          () => {},
        );
      }
    }
  }

  private async connect(): Promise<void> {
    const ran = await migrateDatabase(this.options);
    if (ran.length > 0) this.logger.log(`Migrated the database: ${ran.join(', ')}`);
    await this.dataSource.initialize();
  }
}

/** One line without the connection's password: of a refused connection Node gives only the addresses and codes. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
