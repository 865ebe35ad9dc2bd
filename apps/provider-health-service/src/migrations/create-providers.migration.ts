import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateProviders1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE provider (
        name text PRIMARY KEY COLLATE "C",
        kind text NOT NULL,
        base_url text NOT NULL,
        priority integer NOT NULL,
        weight double precision NOT NULL,
        cost_per_million_tokens double precision,
        models text[] NOT NULL,
        tags text[] NOT NULL,
        policy jsonb NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE transition (
        provider text NOT NULL COLLATE "C",
        version integer NOT NULL,
        from_status text NOT NULL,
        to_status text NOT NULL,
        reason text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (provider, version)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE transition, provider`);
  }
}
