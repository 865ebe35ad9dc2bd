import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  // How far what is kept beside the leaves was compared with them; whoever goes on begins there.
  `CREATE TABLE log_sweep (
     id smallint PRIMARY KEY DEFAULT 0 CHECK (id = 0),
     next_seq bigint NOT NULL DEFAULT 0,
     last_finished_at timestamptz
   )`,
  `INSERT INTO log_sweep DEFAULT VALUES`,
];

export class CreateSweep1700000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE log_sweep');
  }
}
