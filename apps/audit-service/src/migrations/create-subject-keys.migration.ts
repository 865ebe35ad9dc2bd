import type { MigrationInterface, QueryRunner } from 'typeorm';

const STATEMENTS = [
  // A destroyed key leaves its id, so that what it sealed is known to be erased.
  `CREATE TABLE subject_key (
     id uuid PRIMARY KEY,
     subject text COLLATE "C" NOT NULL,
     sealed text,
     created_at timestamptz NOT NULL DEFAULT now(),
     destroyed_at timestamptz,
     CHECK ((sealed IS NULL) = (destroyed_at IS NOT NULL))
   )`,
  `CREATE UNIQUE INDEX subject_key_live ON subject_key (subject) WHERE destroyed_at IS NULL`,
  `CREATE INDEX subject_key_subject ON subject_key (subject)`,
];

/** In the database of the keys. */
export class CreateSubjectKeys1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE subject_key');
  }
}
