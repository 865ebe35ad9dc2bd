import type { MigrationInterface, QueryRunner } from 'typeorm';
import { growTree, type TreeHead } from '../log/tree-growth.js';
import { INSERT_TILE_PARTS, tilePartColumns } from '../log/tile-columns.js';

const STATEMENTS = [
  // The edge of the tree: with the size all that it takes to append. It moves with the size, in one statement.
  `ALTER TABLE log_head
     ADD COLUMN edge bytea NOT NULL DEFAULT '',
     ADD COLUMN oldest_month text NOT NULL DEFAULT '2020-01' CHECK (oldest_month ~ '^\\d{4}-\\d{2}$')`,

  // The hashes of the tree in tiles of 256 (C2SP tlog-tiles), each in parts as batches added to it. Months of events
  // may go; these never do.
  `CREATE TABLE tile_part (
     level smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
     index bigint NOT NULL CHECK (index >= 0),
     first smallint NOT NULL CHECK (first BETWEEN 0 AND 255),
     hashes bytea NOT NULL CHECK (length(hashes) % 32 = 0 AND first + length(hashes) / 32 BETWEEN first + 1 AND 256),
     PRIMARY KEY (level, index, first)
   )`,
  // Hashes cannot be compressed: not to try saves the time.
  `ALTER TABLE tile_part ALTER COLUMN hashes SET STORAGE EXTERNAL`,
  `CREATE TRIGGER tile_part_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tile_part
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  `CREATE TRIGGER log_head_keeps_months BEFORE UPDATE ON log_head
     FOR EACH ROW WHEN (NEW.oldest_month < OLD.oldest_month) EXECUTE FUNCTION refuse_change()`,

  // No partition for a month that is not kept: whoever sends such an id is refused.
  `CREATE OR REPLACE FUNCTION ensure_event_month(month text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
   DECLARE
     first timestamptz := (month || '-01')::timestamp AT TIME ZONE 'UTC';
     next timestamptz := ((month || '-01')::timestamp + interval '1 month') AT TIME ZONE 'UTC';
     name text := 'event_' || replace(month, '-', '_');
   BEGIN
     IF month !~ '^\\d{4}-\\d{2}$' THEN RAISE EXCEPTION 'not a month: %', month; END IF;
     PERFORM pg_advisory_xact_lock(1734436965, 3);
     IF to_regclass(name) IS NOT NULL OR month < (SELECT oldest_month FROM log_head) THEN RETURN; END IF;
     EXECUTE format('CREATE TABLE %I PARTITION OF event FOR VALUES FROM (%L) TO (%L)', name,
       lpad(to_hex((extract(epoch FROM first) * 1000)::bigint), 12, '0') || '00000000000000000000',
       lpad(to_hex((extract(epoch FROM next) * 1000)::bigint), 12, '0') || '00000000000000000000');
     EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_append_only', name);
   END $$`,
];

const AT_ONCE = 10_000;

/** The tree of the log, for the events that are there already and those to come. */
export class CreateTree1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
    let head: TreeHead = { size: 0, edge: Buffer.alloc(0) };
    for (;;) {
      const rows = await runner.manager.query<{ leaf_hash: Buffer }[]>(
        'SELECT leaf_hash FROM event WHERE seq >= $1 AND seq < $2 ORDER BY seq',
        [head.size, head.size + AT_ONCE],
      );
      if (rows.length === 0) break;
      const growth = growTree(
        head,
        rows.map(({ leaf_hash }) => leaf_hash),
      );
      await runner.query(INSERT_TILE_PARTS, tilePartColumns(growth.parts));
      head = growth;
    }
    await runner.query('UPDATE log_head SET edge = $2 WHERE size = $1', [head.size, head.edge]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER log_head_keeps_months ON log_head');
    await runner.query('DROP TABLE tile_part');
    await runner.query('ALTER TABLE log_head DROP COLUMN edge, DROP COLUMN oldest_month');
  }
}
