import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddDeviceEpoch1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE account ADD COLUMN device_epoch integer NOT NULL DEFAULT 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE account DROP COLUMN device_epoch`);
  }
}
