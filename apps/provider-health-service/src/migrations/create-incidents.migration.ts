import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateIncidents1764300000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE incident (
        id uuid PRIMARY KEY,
        provider text NOT NULL COLLATE "C",
        first_version integer NOT NULL,
        opened_at timestamptz NOT NULL,
        closed_at timestamptz,
        severity text NOT NULL,
        flaps integer NOT NULL,
        transitions integer NOT NULL,
        first_reason text NOT NULL,
        last_reason text NOT NULL,
        UNIQUE (provider, first_version)
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX incident_one_open ON incident (provider) WHERE closed_at IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE incident`);
  }
}
