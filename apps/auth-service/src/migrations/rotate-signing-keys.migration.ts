import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RotateSigningKeys1764300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE signing_key ADD COLUMN active_from timestamptz`);
    await runner.query(`UPDATE signing_key SET active_from = created_at`);
    await runner.query(`
      ALTER TABLE signing_key
        ALTER COLUMN active_from SET NOT NULL,
        ALTER COLUMN public_jwk DROP NOT NULL,
        ALTER COLUMN sealed_private_key DROP NOT NULL,
        ADD CHECK ((algorithm = 'HS256') = (public_jwk IS NULL)),
        ADD CHECK ((algorithm = 'HS256') = (sealed_private_key IS NULL))`);
    // How often the keys have changed, and how many of the changes verifiers have been told of. One row.
    await runner.query(`
      CREATE TABLE signing_key_changes (
        one boolean PRIMARY KEY CHECK (one),
        made bigint NOT NULL,
        announced bigint NOT NULL
      )`);
    await runner.query(`INSERT INTO signing_key_changes VALUES (true, 0, 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE signing_key_changes`);
    await runner.query(`DELETE FROM signing_key WHERE algorithm = 'HS256'`);
    await runner.query(`
      ALTER TABLE signing_key
        DROP COLUMN active_from,
        ALTER COLUMN public_jwk SET NOT NULL,
        ALTER COLUMN sealed_private_key SET NOT NULL`);
  }
}
