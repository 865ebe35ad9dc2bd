import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOverrides1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE provider_override (
        provider text PRIMARY KEY COLLATE "C" REFERENCES provider (name) ON DELETE CASCADE,
        status text NOT NULL,
        reason text NOT NULL,
        until timestamptz,
        by text NOT NULL,
        at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE misconfiguration (
        provider text NOT NULL COLLATE "C",
        at timestamptz NOT NULL,
        PRIMARY KEY (provider, at)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE misconfiguration, provider_override`);
  }
}
