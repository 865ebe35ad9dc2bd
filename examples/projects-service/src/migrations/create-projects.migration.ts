import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateProjects1795000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE project (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        text text NOT NULL,
        owner_id text NOT NULL,
        shared boolean NOT NULL,
        archived boolean NOT NULL,
        summary text,
        created_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE project`);
  }
}
