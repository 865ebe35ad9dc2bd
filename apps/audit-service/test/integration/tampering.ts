import pg from 'pg';
import { growTree, type TreeHead } from '../../src/log/tree-growth.js';
import { INSERT_TILE_PARTS, tilePartColumns } from '../../src/log/tile-columns.js';

/** Who may do anything to the database of the log, triggers or not: an operator who lies, or a restored backup. */
export class Tamperer {
  constructor(private readonly databaseUrl: string) {}

  /** Statements in one transaction, which no trigger sees. */
  async run(...statements: [sql: string, parameters?: unknown[]][]): Promise<void> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query('SET LOCAL session_replication_role = replica');
      for (const [sql, parameters] of statements) await client.query(sql, parameters);
      await client.query('COMMIT');
    } finally {
      await client.end();
    }
  }

  /** Makes of the log what it was at a size, or might have been. */
  async rewindTo(leafHashes: readonly Buffer[]): Promise<void> {
    const empty: TreeHead = { size: 0, edge: Buffer.alloc(0) };
    const { size, edge, parts } = growTree(empty, leafHashes);
    await this.run(
      ['DELETE FROM event WHERE seq >= $1', [size]],
      ['DELETE FROM event_address WHERE seq >= $1', [size]],
      ['DELETE FROM tile_part'],
      [INSERT_TILE_PARTS, tilePartColumns(parts)],
      ['UPDATE log_head SET size = $1, edge = $2', [size, edge]],
    );
  }
}
