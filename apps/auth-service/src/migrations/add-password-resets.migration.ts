import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddPasswordResets1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // With the account, so that whatever sets a password ends an open reset in the same statement.
    await runner.query(`
      ALTER TABLE account
        ADD COLUMN password_reset_hash bytea UNIQUE,
        ADD COLUMN password_reset_expires_at timestamptz,
        ADD CHECK ((password_reset_hash IS NULL) = (password_reset_expires_at IS NULL))`);
    // For the lists of users, and for the lock on all admins.
    await runner.query(`CREATE INDEX account_role ON account (role, id)`);
    await runner.query(`CREATE INDEX account_disabled ON account (id) WHERE status = 'disabled'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX account_role, account_disabled`);
    await runner.query(
      `ALTER TABLE account DROP COLUMN password_reset_hash, DROP COLUMN password_reset_expires_at`,
    );
  }
}
