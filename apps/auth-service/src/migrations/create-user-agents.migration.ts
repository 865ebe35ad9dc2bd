import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateUserAgents1764100000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE user_agent (id text PRIMARY KEY, text text NOT NULL, used_at timestamptz NOT NULL)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE user_agent`);
  }
}
