import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateHealthChecks1764400000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE provider ADD COLUMN health_check jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE provider DROP COLUMN health_check`);
  }
}
