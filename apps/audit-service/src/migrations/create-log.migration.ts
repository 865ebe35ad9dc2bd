import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  // One row: whoever appends holds its lock from reading the size to the commit, so seq is contiguous and in
  // commit order.
  `CREATE TABLE log_head (
     id smallint PRIMARY KEY DEFAULT 0 CHECK (id = 0),
     size bigint NOT NULL CHECK (size >= 0)
   )`,
  `INSERT INTO log_head (size) VALUES (0)`,

  // The leaf is the event: its exact bytes, never made again from the columns, which are there to be searched.
  // Identifiers are compared as bytes (COLLATE "C"), so that a prefix is a range.
  `CREATE TABLE event (
     id uuid PRIMARY KEY,
     seq bigint NOT NULL UNIQUE,
     category text NOT NULL,
     action text COLLATE "C" NOT NULL,
     outcome text NOT NULL,
     actor_type text NOT NULL,
     actor_id text COLLATE "C",
     target_type text,
     target_id text COLLATE "C",
     tenant text,
     producer text NOT NULL,
     producer_seq bigint,
     submitted_by text NOT NULL,
     occurred_at timestamptz NOT NULL,
     received_at timestamptz NOT NULL,
     content_digest bytea NOT NULL,
     leaf_hash bytea NOT NULL CHECK (length(leaf_hash) = 32),
     leaf bytea NOT NULL CHECK (length(leaf) BETWEEN 1 AND 65535)
   )`,
  `CREATE INDEX event_actor ON event (actor_id, seq)`,
  `CREATE INDEX event_target ON event (target_id, seq)`,
  `CREATE INDEX event_action ON event (action, seq)`,
  `CREATE INDEX event_category ON event (category, outcome, seq)`,
  `CREATE INDEX event_occurred_at ON event (occurred_at)`,

  // What was sent and is not in the log. The same thing sent again is one row that counts.
  `CREATE TABLE quarantine (
     body_digest bytea NOT NULL,
     submitted_by text NOT NULL,
     reason text NOT NULL,
     event_id text,
     detail text NOT NULL,
     body text NOT NULL,
     times bigint NOT NULL DEFAULT 1,
     first_received_at timestamptz NOT NULL DEFAULT now(),
     last_received_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (body_digest, submitted_by, reason)
   )`,

  `CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     RAISE EXCEPTION 'the audit log is append-only: % of % is refused', TG_OP, TG_TABLE_NAME
       USING ERRCODE = 'insufficient_privilege';
   END $$`,
  `CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  `CREATE TRIGGER log_head_stays BEFORE DELETE OR TRUNCATE ON log_head
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  `CREATE TRIGGER log_head_only_grows BEFORE UPDATE ON log_head
     FOR EACH ROW WHEN (NEW.size < OLD.size) EXECUTE FUNCTION refuse_change()`,
];

export class CreateLog1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE quarantine, event, log_head');
    await runner.query('DROP FUNCTION refuse_change');
  }
}
