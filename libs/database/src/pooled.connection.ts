import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';

/** What statements are run by: TypeORM's `EntityManager` in its transaction, or a `PooledConnection` without one. */
export interface StatementExecutor {
  /** @returns the rows of a SELECT */
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/** Something that is so or not when a statement runs which has it in its WHERE. */
export interface StatementCondition {
  /** Constant text, with `$1`, `$2`, … for the parameters. */
  sql: string;
  parameters: unknown[];
}

const NAMES = new Map<string, string>();

/**
 * A connection of the pool, for a while. Each statement is a transaction of its own; PostgreSQL parses it once on each
 * connection and soon plans it no more, so the text of a statement is constant and what varies is a parameter.
 */
export class PooledConnection implements StatementExecutor {
  private failure: Error | undefined;

  /** @param answered hears of each answer, a refusal of the statement too */
  constructor(
    private readonly client: PoolClient,
    private readonly answered: () => void,
  ) {
    client.on('error', this.fail);
  }

  async query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    try {
      const { rows } = await this.client.query<Row>({ name: nameOf(sql), text: sql, values: parameters });
      this.answered();
      return rows;
    } catch (error) {
      // What PostgreSQL itself says has a severity; anything else leaves nobody knowing what the connection is at.
      if (error instanceof Error && 'severity' in error) this.answered();
      else this.fail(error as Error);
      throw error;
    }
  }

  /** Gives it back to the pool, or closes it when it is of no more use. */
  release(): void {
    this.client.off('error', this.fail);
    this.client.release(this.failure);
  }

  private readonly fail = (error: Error): void => {
    this.failure = error;
  };
}

/** A statement in a transaction of TypeORM, prepared as those of a `PooledConnection` are. */
export async function queryPrepared<Row extends object>(
  manager: EntityManager,
  sql: string,
  parameters: unknown[],
): Promise<Row[]> {
  if (manager.queryRunner === undefined) return manager.query(sql, parameters);
  const client = (await manager.queryRunner.connect()) as PoolClient;
  return (await client.query<Row>({ name: nameOf(sql), text: sql, values: parameters })).rows;
}

function nameOf(sql: string): string {
  let name = NAMES.get(sql);
  if (name === undefined) {
    name = `gatehouse_${NAMES.size}`;
    NAMES.set(sql, name);
  }
  return name;
}
