import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateMarks1764620000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE provider_mark (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        provider text NOT NULL COLLATE "C" REFERENCES provider (name) ON DELETE CASCADE,
        status text NOT NULL,
        response_time_ms double precision
      )`);
    await runner.query(`CREATE INDEX provider_mark_of ON provider_mark (provider, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE provider_mark`);
  }
}
