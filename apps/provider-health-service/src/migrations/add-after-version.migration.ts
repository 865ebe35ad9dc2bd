import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddAfterVersion1764630000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE provider ADD COLUMN after_version integer NOT NULL DEFAULT 0`);
    await runner.query(`
      UPDATE provider SET after_version = coalesce(
        (SELECT max(version) FROM transition WHERE provider = name AND at < created_at), 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE provider DROP COLUMN after_version`);
  }
}
