import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  // The last checkpoint that was signed, of each name that the log has had.
  `CREATE TABLE checkpoint (
     origin text COLLATE "C" PRIMARY KEY,
     size bigint NOT NULL CHECK (size >= 0),
     root bytea NOT NULL CHECK (length(root) = 32),
     note text NOT NULL,
     signed_at timestamptz NOT NULL DEFAULT now()
   )`,
  `CREATE TRIGGER checkpoint_stays BEFORE DELETE OR TRUNCATE ON checkpoint
     FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  `CREATE TRIGGER checkpoint_only_grows BEFORE UPDATE ON checkpoint
     FOR EACH ROW WHEN (NEW.size < OLD.size OR NEW.origin <> OLD.origin OR (NEW.size = OLD.size AND NEW.root <> OLD.root))
     EXECUTE FUNCTION refuse_change()`,

  // What is wrong with the log, as whoever looks after it has found: a row each, gone when it is right again.
  `CREATE TABLE log_finding (
     source text PRIMARY KEY,
     seq bigint,
     detail text NOT NULL,
     found_at timestamptz NOT NULL DEFAULT now()
   )`,
];

export class CreateCheckpoints1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE checkpoint, log_finding');
  }
}
