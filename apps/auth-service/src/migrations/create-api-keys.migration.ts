import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateApiKeys1764800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_key (
        id uuid PRIMARY KEY,
        owner_id uuid NOT NULL REFERENCES account ON DELETE CASCADE,
        name text NOT NULL,
        hash bytea NOT NULL,
        permissions text[] NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        last_used_at timestamptz
      )`);
    await runner.query(`CREATE INDEX api_key_owner ON api_key (owner_id, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE api_key`);
  }
}
