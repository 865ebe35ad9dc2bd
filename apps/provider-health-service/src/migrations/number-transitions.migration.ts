import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Numbers transitions in the order of their commits: whoever takes a number holds the row of the counter until it commits,
 * so a transition that can be read has none before it that is still to come. `epoch` is another one in another database,
 * whose numbers say nothing here.
 */
export class NumberTransitions1764300000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE transition ADD COLUMN sequence bigint`);
    await runner.query(`
      UPDATE transition SET sequence = numbered.place
        FROM (SELECT provider, version, row_number() OVER (ORDER BY at, provider, version) AS place
                FROM transition) AS numbered
       WHERE (transition.provider, transition.version) = (numbered.provider, numbered.version)`);
    await runner.query(`ALTER TABLE transition ALTER COLUMN sequence SET NOT NULL`);
    await runner.query(`CREATE UNIQUE INDEX transition_sequence ON transition (sequence)`);
    await runner.query(`
      CREATE TABLE transition_counter (
        only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        epoch text NOT NULL DEFAULT substr(md5(gen_random_uuid()::text), 1, 8),
        last bigint NOT NULL
      )`);
    await runner.query(
      `INSERT INTO transition_counter (last) SELECT coalesce(max(sequence), 0) FROM transition`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE transition_counter`);
    await runner.query(`ALTER TABLE transition DROP COLUMN sequence`);
  }
}
