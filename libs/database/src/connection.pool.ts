import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { DatabaseNotReadyError } from './database.errors.js';
import { PooledConnection } from './pooled.connection.js';

/** PostgreSQL is taken to be there when it has answered anything within this time; else it is asked first. */
const HEARD_MS = 1_000;

/** The connections of the `DataSource`, for paths where a transaction of TypeORM costs more than what it is for. */
@Injectable()
export class ConnectionPool {
  private heardAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Has work done that holds a connection. As it begins PostgreSQL has been there within the last second: what the work
   * does elsewhere before its first statement is not done in vain, but for as many as there are connections, and only when
   * PostgreSQL stops answering in that very moment. A transaction that is open meanwhile promises no more.
   *
   * @throws what `isDatabaseUnavailable` knows, before any work is done, when there is no connection to be had
   */
  async use<Result>(work: (connection: PooledConnection) => Promise<Result>): Promise<Result> {
    if (!this.dataSource.isInitialized) throw new DatabaseNotReadyError();
    // Of the driver for PostgreSQL, which is the only one here.
    const { master } = this.dataSource.driver as unknown as { master: Pool };
    const connection = new PooledConnection(await master.connect(), () => {
      this.heardAt = performance.now();
    });
    try {
      if (performance.now() - this.heardAt > HEARD_MS) await connection.query('SELECT 1');
      return await work(connection);
    } finally {
      connection.release();
    }
  }
}
