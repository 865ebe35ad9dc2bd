import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The roles that are not built in, and one row that counts their changes and how many of them all have been told of. */
export class CreateRoles1764700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE role (
         name text PRIMARY KEY,
         parent text NOT NULL,
         permissions text[] NOT NULL,
         description text,
         created_at timestamptz NOT NULL,
         updated_at timestamptz NOT NULL
       )`,
    );
    await runner.query(
      `CREATE TABLE permission_map (
         one boolean PRIMARY KEY DEFAULT true CHECK (one),
         version integer NOT NULL,
         announced integer NOT NULL
       )`,
    );
    await runner.query(`INSERT INTO permission_map (one, version, announced) VALUES (true, 1, 1)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE permission_map`);
    await runner.query(`DROP TABLE role`);
  }
}
