import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeepServiceSecrets1764600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Those that are there are the suite's own: the next start makes their secrets anew from the configuration.
    await runner.query(`ALTER TABLE service_account RENAME COLUMN client_id TO id`);
    await runner.query(`
      ALTER TABLE service_account
        DROP COLUMN secret_hash,
        DROP COLUMN updated_at,
        ADD COLUMN name text,
        ADD COLUMN built_in boolean NOT NULL DEFAULT true,
        ADD COLUMN epoch integer NOT NULL DEFAULT 0,
        ADD COLUMN created_at timestamptz NOT NULL DEFAULT now()`);
    await runner.query(`UPDATE service_account SET name = id`);
    await runner.query(`
      ALTER TABLE service_account
        ALTER COLUMN name SET NOT NULL,
        ALTER COLUMN built_in DROP DEFAULT,
        ALTER COLUMN epoch DROP DEFAULT,
        ALTER COLUMN created_at DROP DEFAULT`);
    await runner.query(`CREATE UNIQUE INDEX service_account_name ON service_account (lower(name))`);
    // The number tells which of two is the newer one, whatever clocks say.
    await runner.query(`
      CREATE TABLE service_secret (
        id uuid PRIMARY KEY,
        account_id text NOT NULL REFERENCES service_account ON DELETE CASCADE,
        number bigint GENERATED ALWAYS AS IDENTITY,
        hash bytea NOT NULL,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz
      )`);
    await runner.query(`CREATE INDEX service_secret_account ON service_secret (account_id, number)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE service_secret`);
    await runner.query(`DELETE FROM service_account`);
    await runner.query(`DROP INDEX service_account_name`);
    await runner.query(`
      ALTER TABLE service_account
        DROP COLUMN name, DROP COLUMN built_in, DROP COLUMN epoch, DROP COLUMN created_at,
        ADD COLUMN secret_hash bytea NOT NULL,
        ADD COLUMN updated_at timestamptz NOT NULL`);
    await runner.query(`ALTER TABLE service_account RENAME COLUMN id TO client_id`);
  }
}
