import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAccounts1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE account (
        id uuid PRIMARY KEY,
        email text NOT NULL UNIQUE,
        display_name text,
        role text NOT NULL,
        status text NOT NULL CHECK (status IN ('active', 'disabled')),
        password_hash text NOT NULL,
        epoch integer NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    // One row, made with the first admin: it stays when that admin is deleted, so that there is never a second "first".
    await runner.query(`CREATE TABLE first_admin (made boolean PRIMARY KEY CHECK (made))`);
    await runner.query(`
      CREATE TABLE signing_key (
        kid text PRIMARY KEY,
        algorithm text NOT NULL,
        public_jwk jsonb NOT NULL,
        sealed_private_key text NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE service_account (
        client_id text PRIMARY KEY,
        permissions text[] NOT NULL,
        secret_hash bytea NOT NULL,
        updated_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE service_account, signing_key, first_admin, account`);
  }
}
