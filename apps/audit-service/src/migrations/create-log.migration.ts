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
  // Identifiers are compared as bytes (COLLATE "C"), so that a prefix is a range. Partitions are months of the ids, so
  // that a month drops whole; what makes seq unique is the lock of the head.
  `CREATE TABLE event (
     id uuid PRIMARY KEY,
     seq bigint NOT NULL,
     category text NOT NULL,
     action text COLLATE "C" NOT NULL,
     outcome text NOT NULL,
     actor_type text NOT NULL,
     actor_id text COLLATE "C",
     target_type text,
     target_id text COLLATE "C",
     tenant text COLLATE "C",
     network cidr,
     producer text COLLATE "C" NOT NULL,
     producer_seq bigint,
     submitted_by text COLLATE "C" NOT NULL,
     occurred_at timestamptz NOT NULL,
     received_at timestamptz NOT NULL,
     content_digest bytea NOT NULL,
     key_id uuid NOT NULL,
     leaf_hash bytea NOT NULL CHECK (length(leaf_hash) = 32),
     leaf bytea NOT NULL CHECK (length(leaf) BETWEEN 1 AND 65535)
   ) PARTITION BY RANGE (id)`,
  `CREATE INDEX event_seq ON event (seq)`,
  `CREATE INDEX event_actor ON event (actor_id, seq)`,
  `CREATE INDEX event_target ON event (target_id, seq)`,
  `CREATE INDEX event_action ON event (action, seq)`,
  `CREATE INDEX event_category ON event (category, outcome, seq)`,
  `CREATE INDEX event_network ON event (network, seq)`,
  `CREATE INDEX event_occurred_at ON event (occurred_at)`,

  // Which event came from which address, by an index that only audit-service can make. Apart from the event, since an
  // erasure takes it away.
  `CREATE TABLE event_address (
     address bytea NOT NULL,
     seq bigint NOT NULL,
     event_id uuid NOT NULL,
     key_id uuid NOT NULL,
     PRIMARY KEY (address, seq)
   )`,
  `CREATE INDEX event_address_key ON event_address (key_id)`,

  // What was sent and is not in the log; its body sealed. The same thing sent again is one row that counts.
  `CREATE TABLE quarantine (
     id uuid PRIMARY KEY,
     body_digest bytea NOT NULL,
     submitted_by text NOT NULL,
     reason text NOT NULL,
     event_id text,
     detail text NOT NULL,
     sealed_body text NOT NULL,
     times bigint NOT NULL DEFAULT 1,
     first_received_at timestamptz NOT NULL DEFAULT now(),
     last_received_at timestamptz NOT NULL DEFAULT now(),
     UNIQUE (body_digest, submitted_by, reason)
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

  // A month of ids, e.g. '2026-11': 48 bits of milliseconds stand at the front of a UUIDv7.
  `CREATE FUNCTION ensure_event_month(month text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
   DECLARE
     first timestamptz := (month || '-01')::timestamp AT TIME ZONE 'UTC';
     next timestamptz := ((month || '-01')::timestamp + interval '1 month') AT TIME ZONE 'UTC';
     name text := 'event_' || replace(month, '-', '_');
   BEGIN
     IF month !~ '^\\d{4}-\\d{2}$' THEN RAISE EXCEPTION 'not a month: %', month; END IF;
     PERFORM pg_advisory_xact_lock(1734436965, 3);
     IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
     EXECUTE format('CREATE TABLE %I PARTITION OF event FOR VALUES FROM (%L) TO (%L)', name,
       lpad(to_hex((extract(epoch FROM first) * 1000)::bigint), 12, '0') || '00000000000000000000',
       lpad(to_hex((extract(epoch FROM next) * 1000)::bigint), 12, '0') || '00000000000000000000');
     EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_append_only', name);
   END $$`,
];

export class CreateLog1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE quarantine, event_address, event, log_head');
    await runner.query('DROP FUNCTION refuse_change, ensure_event_month');
  }
}
