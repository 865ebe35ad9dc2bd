import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IndexPasswordResets1764500000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // For those that expired, which are few among all accounts.
    await runner.query(`
      CREATE INDEX account_password_reset_expiry ON account (password_reset_expires_at)
      WHERE password_reset_expires_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX account_password_reset_expiry`);
  }
}
