import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateProviderKeys1764100000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE provider_key (
        provider text PRIMARY KEY COLLATE "C" REFERENCES provider ON DELETE CASCADE,
        key_id text NOT NULL,
        origin text NOT NULL,
        sealed_key text NOT NULL,
        last4 text,
        set_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE provider_key`);
  }
}
